// SPDX-License-Identifier: MIT
namespace NativeMlp.Tests;

/// <summary>Rows of another width than the one that is meant are refused, not misread: what is read has exactly the length that
/// its sizes say, unless a leading dimension is given.</summary>
public sealed class RowWidthTests
{
    private const int Inputs = 2;

    private static readonly float[] FourRowsOfThree = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

    /// <summary>Calls with four rows of three for a network of two inputs, by what they are.</summary>
    private static readonly Dictionary<string, Action<Mlp>> Misread = new()
    {
        ["Predict"] = mlp => mlp.Predict(Batch.FromRows(FourRowsOfThree, 4), new float[8]),
        ["PredictClasses"] = mlp => mlp.PredictClasses(Batch.FromRows(FourRowsOfThree, 4)),
        ["TrainStep"] = mlp => mlp.TrainStep(Batch.FromRows(FourRowsOfThree, 4, [0, 1, 0, 1]), Optimizer.Sgd(0.1)),
        ["Evaluate"] = mlp => mlp.Evaluate(Batch.FromRows(FourRowsOfThree, 4, [0, 1, 0, 1])),
        ["ComputeGradients"] = mlp => mlp.ComputeGradients(Batch.FromRows(FourRowsOfThree, 4, [0, 1, 0, 1])),
        ["FindNonFinite"] = mlp => mlp.FindNonFinite(Batch.FromRows(FourRowsOfThree, 4, [0, 1, 0, 1])),
        ["bytes"] = mlp => mlp.PredictClasses(Batch.FromRows(new byte[12], 4)),
        ["indices"] = mlp => mlp.PredictClasses(Batch.FromRows(FourRowsOfThree, 4) with { Indices = new[] { 0 } }),
    };

    public static TheoryData<string> Calls() => [.. Misread.Keys];

    [Theory]
    [MemberData(nameof(Calls))]
    public void Batch_OfWiderRows_IsRefusedWithBothSizes(string call)
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = Inputs, Outputs = 2 });
        ArgumentException e = Assert.Throws<ArgumentException>(() => Misread[call](mlp));
        Assert.Contains("batch.Features has 12 elements; [4 × 2] needs exactly 8 unless batch.LeadingDimension is given.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_OfAKnownWidth_MustBeTheNetworks()
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = Inputs, Outputs = 2 });
        ArgumentException e = Assert.Throws<ArgumentException>(() => mlp.PredictClasses(Batch.FromRows(FourRowsOfThree, 4, 3)));
        Assert.Contains("rows of 3 features; the network has 2 inputs", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<ArgumentException>(() => mlp.PredictClasses(Batch.FromRows(new byte[12], 4, columns: 3)));
        Assert.Contains("rows of 3 features; the network has 2 inputs", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Batch.FromRows(FourRowsOfThree, 4, 0));
        Assert.Equal(6, mlp.PredictClasses(Batch.FromRows(FourRowsOfThree, 6, 2)).Length);
    }

    /// <summary>With a leading dimension the rows may be part of a larger matrix, and more may follow.</summary>
    [Fact]
    public void Batch_WithALeadingDimension_ReadsItsColumns()
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = Inputs, Outputs = 2 });
        float[] expected = new float[6], actual = new float[6];
        mlp.Predict(Batch.FromRows(new float[] { 1, 2, 4, 5, 7, 8 }, 3), expected);
        mlp.Predict(Batch.FromRows(FourRowsOfThree, 3, Inputs) with { LeadingDimension = 3 }, actual);
        Assert.Equal(expected, actual);
    }

    /// <summary>Kernels with an input of one element too many, by the input's name.</summary>
    private static readonly Dictionary<string, Action> LongInputs = new()
    {
        ["a"] = () => Kernels.Gemm(2, 2, 2, new float[5], new float[4], new float[4]),
        ["b"] = () => Kernels.Gemm(2, 2, 2, new float[4], new float[5], new float[4]),
        ["x"] = () => Kernels.DenseForward(2, 2, 2, new float[5], new float[4], default, new float[4]),
        ["w"] = () => Kernels.DenseForward(2, 2, 2, new float[4], new float[5], default, new float[4]),
        ["y"] = () => Kernels.DenseBackward(2, 2, 2, new float[4], new float[4], new float[5], new float[4], default, default, default),
        ["dy"] = () => Kernels.DenseBackward(2, 2, 2, new float[4], new float[4], new float[4], new float[5], default, default, default),
        ["scores"] = () => Kernels.SoftmaxCrossEntropy(2, 2, new float[5], [0, 1]),
        ["x "] = () => Kernels.Softmax(2, 2, new float[5], new float[4]),
        ["x  "] = () => Kernels.LogSoftmax(2, 2, new float[5], new float[4]),
        ["x   "] = () => Kernels.Maxout(2, 1, 2, new float[5], new float[2]),
        ["dy "] = () => Kernels.MaxoutBackward(2, 1, 2, new float[4], new float[3], new float[4]),
    };

    public static TheoryData<string> InputNames() => [.. LongInputs.Keys];

    [Theory]
    [MemberData(nameof(InputNames))]
    public void Kernel_WithALongerInput_IsRefusedByName(string input)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(LongInputs[input]);
        Assert.StartsWith(input.Trim() + " has ", e.Message, StringComparison.Ordinal);
        Assert.Contains("needs exactly", e.Message, StringComparison.Ordinal);
    }

    /// <summary>An output may be longer; what is behind the matrix is left alone.</summary>
    [Fact]
    public void Kernel_WithALongerOutput_LeavesTheRest()
    {
        float[] c = [7, 7, 7, 7, 7];
        Kernels.Gemm(2, 2, 1, [1, 2], [3, 4], c);
        Assert.Equal([3, 4, 6, 8, 7], c);
    }

    /// <summary>With a leading dimension, given even where it is the width, what follows the last row is not looked at.</summary>
    [Fact]
    public void Kernel_WithALeadingDimension_TakesALongerInput()
    {
        float[] c = new float[4];
        Kernels.Gemm(2, 2, 1, [1, 2, float.NaN], [3, 4], c, lda: 1);
        Assert.Equal([3, 4, 6, 8], c);
    }
}
