// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Runner.Hosting;
using NativeMlp.Training;

namespace NativeMlp.Runner.Commands;

/// <summary>How a course's pictures enter the network.</summary>
internal enum PixelScale
{
    /// <summary>0 to 255, minus the mean picture.</summary>
    RawMinusMeanPicture,

    /// <summary>0 to 1, minus the mean of each colour.</summary>
    UnitMinusMeanColour,
}

/// <summary>The conventions of a course's two-layer network on CIFAR-10. They differ in the factor of the penalty, the scale of
/// the pixels and the order in which a picture's numbers stand; all draw their batches with replacement.</summary>
/// <param name="Name">As --preset has it.</param>
/// <param name="PenaltyFactor">What the course's reg is multiplied with to give l2: 1 for reg·ΣW², 0.5 for 0.5·reg·ΣW².</param>
/// <param name="Pixels">The pixels' scale.</param>
/// <param name="ColoursLast">Red, green and blue of a pixel side by side; else one colour after the other, as in the files.</param>
/// <param name="Reg">The course's regularisation strength.</param>
/// <param name="Settings">All else, as if it had been said.</param>
internal sealed record Preset(
    string Name, double PenaltyFactor, PixelScale Pixels, bool ColoursLast, double Reg, RunnerSettings Settings)
{
    private const int Colours = 3;
    private const int Enough = 1000; // for the steps to be what ends the run

    public static IReadOnlyList<Preset> All { get; } =
    [
        new("cs231n-a1", 1, PixelScale.RawMinusMeanPicture, ColoursLast: true, 0.25, Course(50, 1e-4, 1e-4, 200, steps: 1000, epochs: Enough, 0.02)),
        new("cs231n-a2", 0.5, PixelScale.RawMinusMeanPicture, ColoursLast: false, 0, Course(100, 1e-3, 1e-3, 100, steps: null, epochs: 10, 0.02)),
        new("eecs498-a2", 1, PixelScale.UnitMinusMeanColour, ColoursLast: false, 1e-4, Course(128, 1e-4, 1, 1000, steps: 3000, epochs: Enough, 0.2)),
    ];

    public static string[] Names => [.. All.Select(preset => preset.Name)];

    public static Preset? Of(RunnerSettings settings) => All.FirstOrDefault(preset => preset.Name == settings.Preset);

    /// <summary>The data as the course has them; the mean is that of the training rows.</summary>
    /// <exception cref="RunnerException">They are not CIFAR-10.</exception>
    public LoadedData Apply(LoadedData data)
    {
        if (data.Train is not { IsBytes: true, Features: Cifar10Reader.Features })
            throw RunnerException.Usage($"{Setting.Preset.Option} {Name} is for pictures: it needs {Setting.Data.Option} cifar10.");
        if (ColoursLast)
            data = data with { Train = Interleave(data.Train), Validation = data.Validation is { } held ? Interleave(held) : null, Test = Interleave(data.Test) };
        float[] mean = data.Train.ComputeMean();
        if (Pixels == PixelScale.UnitMinusMeanColour)
            MeanOfColours(mean);
        float scale = Pixels == PixelScale.RawMinusMeanPicture ? 1 : 1f / 255;
        return data with
        {
            Train = data.Train.WithNormalization(mean, scale),
            Validation = data.Validation?.WithNormalization(mean, scale),
            Test = data.Test.WithNormalization(mean, scale),
        };
    }

    private static RunnerSettings Course(int hidden, double deviation, double rate, int batch, int? steps, int epochs, double validation) => new()
    {
        Hidden = [hidden],
        Init = Initialization.Normal,
        InitStd = deviation,
        Optimizer = OptimizerKind.Sgd,
        Lr = rate,
        LrDecay = 0.95,
        Batch = batch,
        Steps = steps,
        Epochs = epochs,
        Draw = BatchDrawing.WithReplacement,
        Validation = validation,
    };

    private static Dataset Interleave(Dataset data)
    {
        int pixels = data.Features / Colours;
        byte[] turned = new byte[data.Bytes.Length];
        for (int row = 0; row < data.Count; row++)
            for (int colour = 0; colour < Colours; colour++)
                for (int pixel = 0; pixel < pixels; pixel++)
                    turned[(row * data.Features) + (pixel * Colours) + colour] = data.Bytes[(row * data.Features) + (colour * pixels) + pixel];
        return Dataset.FromBytes(data.Name, turned, data.Features, data.Labels.ToArray(), data.Classes, data.Scale);
    }

    private static void MeanOfColours(float[] mean)
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
