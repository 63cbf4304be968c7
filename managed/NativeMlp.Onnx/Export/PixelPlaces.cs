// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Storage;

namespace NativeMlp.Onnx.Export;

/// <summary>From where in a row of CIFAR-10's files, which have one colour after the other, a network takes each input.</summary>
internal static class PixelPlaces
{
    private const int Colours = 3;

    /// <summary>A place for each input; null if each stands in its own.</summary>
    public static int[]? Of(Mlp network, CheckpointInfo info)
    {
        if (info.PixelOrder != PixelOrder.ColoursLast || network.Inputs != Cifar10Reader.Features) return null;
        int pixels = network.Inputs / Colours;
        return [.. Enumerable.Range(0, network.Inputs).Select(input => (input % Colours * pixels) + (input / Colours))];
    }
}
