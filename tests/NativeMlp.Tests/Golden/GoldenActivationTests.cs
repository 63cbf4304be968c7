// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Reference;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Golden;

/// <summary>Every activation on grids from denormal to huge numbers, rounded once from 60 digits.</summary>
public sealed class GoldenActivationTests
{
    private const string File = "03_activations.json";

    /// <summary>The activations of the file.</summary>
    public static TheoryData<string> Names() =>
        ["identity", "relu", "leaky_relu", "sigmoid", "tanh", "elu", "gelu", "gelu_tanh", "softplus"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Reference_OnGoldenGrid_HasItsValuesAndDerivatives(string name)
    {
        (double[] x, double[] y, double[] dy, Activation activation, double alpha) = Load(name, "float64_grid");
        for (int i = 0; i < x.Length; i++)
        {
            Near(y[i], ReferenceActivation.Value(activation, alpha, x[i]), 1e-10, 1e-13, $"{name}({x[i]:R})");
            Near(dy[i], ReferenceActivation.Derivative(activation, alpha, x[i]), 1e-10, 1e-13, $"{name}'({x[i]:R})");
        }
    }

    // A derivative taken from the output loses relative accuracy where that is saturated: absolute there.
    [Theory]
    [MemberData(nameof(Names))]
    public void Native_OnGoldenGrid_HasItsValuesAndDerivatives(string name)
    {
        (double[] x, double[] y, double[] dy, Activation activation, double alpha) = Load(name, "float32_grid");
        float[] input = Array.ConvertAll(x, value => (float)value), output = new float[x.Length], ones = new float[x.Length], slope = new float[x.Length];
        Array.Fill(ones, 1f);
        Kernels.Activate(activation, input, output, (float)alpha);
        bool fromInput = activation is Activation.Gelu or Activation.GeluTanh or Activation.Silu;
        Kernels.ActivateBackward(activation, fromInput ? input : output, ones, slope, (float)alpha);
        for (int i = 0; i < x.Length; i++)
        {
            Near((float)y[i], output[i], 1e-6, 3e-7, $"{name}({x[i]:R})");
            Near((float)dy[i], slope[i], 1e-6, 3e-7, $"{name}'({x[i]:R})");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Native_OnNonFiniteInputs_HasTheirLimits(string name)
    {
        JsonElement file = GoldenFile.Open(File);
        if (!file.GetProperty("non_finite").TryGetProperty(name, out JsonElement golden)) return; // identity
        (_, _, _, Activation activation, double alpha) = Load(name, "float32_grid");
        float[] x = [.. golden.GetProperty("x").EnumerateArray().Select(value => (float)GoldenFile.Number(value))], y = new float[x.Length];
        Kernels.Activate(activation, x, y, (float)alpha);
        int i = 0;
        foreach (JsonElement expected in golden.GetProperty("y").EnumerateArray())
        {
            if (expected.ValueKind != JsonValueKind.Null) Assert.Equal((float)GoldenFile.Number(expected), y[i]);
            i++;
        }
    }

    /// <summary>Sums and gradients are [pieces × rows × outputs] there; ours are [rows × pieces·outputs].</summary>
    [Fact]
    public void Maxout_OfGoldenCases_HasItsValuesAndGradients()
    {
        foreach (JsonElement golden in GoldenFile.Open(File).GetProperty("maxout").EnumerateArray())
        {
            int pieces = golden.GetProperty("pieces").GetInt32();
            double[,] z = GoldenFile.SideBySide(golden.GetProperty("z")), dz = GoldenFile.SideBySide(golden.GetProperty("dz"));
            double[,] y = GoldenFile.Matrix(golden.GetProperty("y")), dy = GoldenFile.Matrix(golden.GetProperty("upstream"));
            Assert.Equal(GoldenFile.Matrix(golden.GetProperty("winner")).Cast<double>(), ReferenceMaxout.Winners(z, pieces).Cast<int>().Select(p => (double)p));
            Close.Exactly(y, ReferenceMaxout.Forward(z, pieces), "y");
            Close.Exactly(dz, ReferenceMaxout.Backward(z, pieces, dy), "dz");

            int rows = y.GetLength(0), outputs = y.GetLength(1);
            float[] x = Floats(z), output = new float[y.Length], dx = new float[z.Length];
            Kernels.Maxout(rows, outputs, pieces, x, output);
            Kernels.MaxoutBackward(rows, outputs, pieces, x, Floats(dy), dx);
            Assert.Equal(Floats(y), output); // nothing is rounded: it only chooses
            Assert.Equal(Floats(dz), dx);
        }
    }

    private static float[] Floats(double[,] matrix) => [.. matrix.Cast<double>().Select(value => (float)value)];

    private static void Near(double expected, double actual, double relative, double absolute, string what)
    {
        double allowed = (relative * Math.Abs(expected)) + absolute;
        Assert.True(actual.Equals(expected) || Math.Abs(actual - expected) <= allowed, $"{what}: {actual:R}, not {expected:R}");
    }

    private static (double[] X, double[] Y, double[] Dy, Activation Activation, double Alpha) Load(string name, string grid)
    {
        JsonElement file = GoldenFile.Open(File).GetProperty(grid), golden = file.GetProperty("activations").GetProperty(name);
        Activation activation = GoldenFile.ActivationOf(name);
        return (Numbers(file.GetProperty("x")), Numbers(golden.GetProperty("y")), Numbers(golden.GetProperty("dy")), activation,
            activation == Activation.Elu ? 1 : 0.01);
    }

    private static double[] Numbers(JsonElement tensor) => GoldenFile.Values(tensor);
}
