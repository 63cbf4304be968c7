// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Onnx.Export;

/// <summary>Numbers that an encoding tells apart, but a float32 does not.</summary>
internal static class Collision
{
    /// <summary>The first two of them as a clause; null if there are none.</summary>
    public static string? In(FeatureEncoding encoding) => encoding switch
    {
        NumberEncoding numbers => In(numbers.Knots) ?? In(numbers.Atoms),
        CategoryEncoding { Numbers: true } category => In([.. CategoryGraph.ValuesOf(category).Order()]),
        _ => null,
    };

    private static string? In(double[] ascending)
    {
        for (int i = 1; i < ascending.Length; i++)
        {
            if ((float)ascending[i] == (float)ascending[i - 1])
                return string.Create(CultureInfo.InvariantCulture, $"{ascending[i - 1]:R} and {ascending[i]:R} would be one number");
        }

        return null;
    }
}
