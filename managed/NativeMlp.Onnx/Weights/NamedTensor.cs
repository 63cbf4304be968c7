// SPDX-License-Identifier: MIT
using System.Text.RegularExpressions;

namespace NativeMlp.Onnx.Weights;

/// <summary>A tensor of a file of weights.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sizes">Its sizes.</param>
/// <param name="Type">The type of its elements, as the file calls it.</param>
/// <param name="IsConverted">Whether its elements are rounded, or become another type.</param>
/// <param name="Content">Reads its elements, row after row.</param>
internal sealed partial record NamedTensor(string Name, IReadOnlyList<int> Sizes, string Type, bool IsConverted, Func<float[]> Content)
{
    /// <summary>Whether a layer has taken the elements.</summary>
    public bool IsRead { get; private set; }

    /// <summary>What messages call the tensor.</summary>
    public string Title => $"{Printable.Quoted(Name, 100)} [{string.Join(" × ", Sizes)}]";

    /// <summary>The module that has the tensor: the name up to its last part.</summary>
    public string Module => Name.LastIndexOf('.') is >= 0 and var at ? Name[..at] : "";

    /// <summary>What the tensor is in its module: weight, bias, running_mean, …</summary>
    public string Part => Name[(Name.LastIndexOf('.') + 1)..];

    /// <summary>Orders names as people do: <c>layers.2</c> before <c>layers.10</c>.</summary>
    public static IComparer<string> NaturalOrder { get; } = Comparer<string>.Create((a, b) => string.CompareOrdinal(Padded(a), Padded(b)));

    /// <summary>The elements, row after row, for a layer.</summary>
    public float[] Read()
    {
        IsRead = true;
        return Content();
    }

    private static string Padded(string name) => Digits().Replace(name, match => match.Value.PadLeft(20, '0'));

    [GeneratedRegex(@"\d{1,20}")]
    private static partial Regex Digits();
}
