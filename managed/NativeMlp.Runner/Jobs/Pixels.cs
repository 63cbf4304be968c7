// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Storage;

namespace NativeMlp.Runner.Jobs;

/// <summary>The order of the values of a colour image in a row.</summary>
internal static class Pixels
{
    private const int Colours = 3;

    /// <summary>Whether the rows of this data set are colour images, as in CIFAR-10.</summary>
    public static bool Has(Dataset data) => data is { IsBytes: true, Features: Cifar10Reader.Features };

    /// <summary>Returns the rows of CIFAR-10 with the values of each image in another order. The mean is not copied.</summary>
    public static Dataset Arrange(Dataset data, PixelOrder order)
    {
        if (order != PixelOrder.ColoursLast)
            return data;
        int pixels = data.Features / Colours;
        byte[] turned = new byte[data.Bytes.Length];
        for (int row = 0; row < data.Count; row++)
        {
            for (int colour = 0; colour < Colours; colour++)
            {
                for (int pixel = 0; pixel < pixels; pixel++)
                    turned[(row * data.Features) + (pixel * Colours) + colour] = data.Bytes[(row * data.Features) + (colour * pixels) + pixel];
            }
        }

        return Dataset.FromBytes(data.Name, turned, data.Features, data.Labels.ToArray(), data.Classes, data.Scale).WithNames(data.ClassNames, []);
    }

    /// <summary>Returns the mean of each colour of a mean image in which the colours come first.</summary>
    public static void AverageColours(float[] mean)
    {
        int pixels = mean.Length / Colours;
        for (int colour = 0; colour < Colours; colour++)
        {
            double sum = 0;
            for (int pixel = 0; pixel < pixels; pixel++) sum += mean[(colour * pixels) + pixel];
            Array.Fill(mean, (float)(sum / pixels), colour * pixels, pixels);
        }
    }
}
