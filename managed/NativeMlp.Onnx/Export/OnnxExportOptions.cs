// SPDX-License-Identifier: MIT
namespace NativeMlp.Onnx;

/// <summary>What an exported graph takes.</summary>
public enum OnnxInputs
{
    /// <summary><see cref="Float"/> where every column is a number, else <see cref="Columns"/>.</summary>
    Default = 0,

    /// <summary>One float input <c>[rows × columns]</c>, in which NaN stands for a missing value; the preprocessing is part of the
    /// graph, as operators of ONNX itself.</summary>
#pragma warning disable CA1720 // the word that ONNX, too, has for it
    Float = 1,
#pragma warning restore CA1720

    /// <summary>An input <c>[rows × 1]</c> for each column, of its name: floats, texts (the empty one where a value is missing), or float64
    /// seconds since the beginning of 1970 for dates. The preprocessing is part of the graph; texts need <c>ai.onnx.ml</c>.</summary>
    Columns = 2,

    /// <summary>One float input <c>[rows × inputs]</c>, which is encoded already: the graph is the network alone.</summary>
    Encoded = 3,
}

/// <summary>How a model is exported as ONNX.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>What the graph takes.</summary>
    public OnnxInputs Inputs { get; init; }

    /// <summary>The number of rows that the graph takes at once; null for any.</summary>
    public int? Batch { get; init; }

    /// <summary>Whether the output <c>logits</c>, the scores of the network, takes the place of <c>probabilities</c>.</summary>
    public bool Logits { get; init; }
}
