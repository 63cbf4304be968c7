// SPDX-License-Identifier: MIT
using NativeMlp.Reference;

namespace NativeMlp.Tests.Differential;

/// <summary>Collects what differs by more than rounding explains.</summary>
internal sealed class Comparison
{
    private readonly List<string> _differences = [];

    public IReadOnlyList<string> Differences => _differences;

    /// <summary>The greatest difference seen, as a fraction of what is allowed.</summary>
    public double Greatest { get; private set; }

    public long Compared { get; private set; }

    /// <summary>Compares numbers; each may differ by λ of its error.</summary>
    /// <param name="what">What they are.</param>
    /// <param name="expected">The reference's.</param>
    /// <param name="actual">The library's.</param>
    /// <param name="errors">Those that rounding makes.</param>
    public void Numbers(string what, ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, ReadOnlySpan<double> errors)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (!Near($"{what}[{i}]", expected[i], actual[i], errors[i])) return; // one number of a tensor is enough
        }
    }

    public bool Near(string what, double expected, double actual, double error)
    {
        double allowed = (Rounding.Confidence * error) + Rounding.Smallest, difference = Math.Abs(actual - expected);
        Compared++;
        if (difference <= allowed)
        {
            Greatest = Math.Max(Greatest, difference / allowed);
            return true;
        }

        _differences.Add($"{what} is {actual:R}, not {expected:R} ± {allowed:R}");
        return false;
    }

    public void That(bool holds, string otherwise)
    {
        if (!holds) _differences.Add(otherwise);
    }

    /// <summary>All trained tensors of all layers that are in both.</summary>
    /// <param name="mlp">The library's network.</param>
    /// <param name="kind">Which of its tensors.</param>
    /// <param name="expected">The reference's, for a layer.</param>
    /// <param name="errors">Those that rounding makes.</param>
    public void Tensors(Mlp mlp, TensorKind kind, Func<int, LayerTensor, double[]> expected, Func<int, LayerTensor, double[]> errors)
    {
        for (int l = 0; l < mlp.Layers.Count; l++)
        {
            foreach (LayerTensor tensor in mlp.Layers[l].Tensors.Where(tensor => tensor <= LayerTensor.Beta))
            {
                float[] actual = new float[mlp.Layers[l].LengthOf(tensor)];
                mlp.Read(kind, l, tensor, actual);
                Numbers($"{kind} {tensor} of layer {l}", expected(l, tensor), actual, errors(l, tensor));
            }
        }
    }
}
