// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Data;

namespace NativeMlp.Runner.Jobs;

/// <summary>What the class numbers of a data set mean, where they mean more than a number.</summary>
internal static class ClassNames
{
    private static readonly string[] FashionMnist =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    private static readonly string[] Cifar10 =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    public static IReadOnlyList<string> For(Dataset data)
    {
        string[] names = data.Name switch
        {
            "fashion-mnist" => FashionMnist,
            "cifar10" => Cifar10,
            _ => [],
        };
        return [.. Enumerable.Range(0, data.Classes).Select(c =>
            c.ToString(CultureInfo.InvariantCulture) + (c < names.Length ? " " + names[c] : ""))];
    }
}
