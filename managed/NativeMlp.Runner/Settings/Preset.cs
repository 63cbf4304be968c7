// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Runner.Output;
using NativeMlp.Storage;
using NativeMlp.Training;

namespace NativeMlp.Runner.Settings;

/// <summary>The preprocessing of a course's images.</summary>
internal enum PixelScale
{
    /// <summary>0 to 255, minus the mean image.</summary>
    RawMinusMeanPicture,

    /// <summary>0 to 1, minus the mean of each colour.</summary>
    UnitMinusMeanColour,
}

/// <summary>The conventions of a course's two-layer network on CIFAR-10. They differ in the factor of the penalty, the scale of
/// the pixels, and the order of an image's values. All draw batches with replacement.</summary>
/// <param name="Name">The value of --preset.</param>
/// <param name="PenaltyFactor">The factor from the course's reg to l2: 1 for reg·ΣW², 0.5 for 0.5·reg·ΣW².</param>
/// <param name="Scale">The preprocessing of the pixels.</param>
/// <param name="Order">The order of an image's values.</param>
/// <param name="Reg">The course's regularisation strength.</param>
/// <param name="Settings">All other settings of the preset.</param>
internal sealed record Preset(
    string Name, double PenaltyFactor, PixelScale Scale, PixelOrder Order, double Reg, RunnerSettings Settings)
{
    private const int Enough = 1000; // large enough that the number of steps ends the run

    public static IReadOnlyList<Preset> All { get; } =
    [
        new("cs231n-a1", 1, PixelScale.RawMinusMeanPicture, PixelOrder.ColoursLast, 0.25, Course(50, 1e-4, 1e-4, 200, steps: 1000, epochs: Enough, 0.02)),
        new("cs231n-a2", 0.5, PixelScale.RawMinusMeanPicture, PixelOrder.ColoursFirst, 0, Course(100, 1e-3, 1e-3, 100, steps: null, epochs: 10, 0.02)),
        new("eecs498-a2", 1, PixelScale.UnitMinusMeanColour, PixelOrder.ColoursFirst, 1e-4, Course(128, 1e-4, 1, 1000, steps: 3000, epochs: Enough, 0.2)),
    ];

    public static string[] Names => [.. All.Select(preset => preset.Name)];

    public static Preset? Of(RunnerSettings settings) => All.FirstOrDefault(preset => preset.Name == settings.Preset);

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
        Draw = BatchSampling.WithReplacement,
        Validation = validation,
    };
}
