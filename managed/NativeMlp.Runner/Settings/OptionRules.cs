// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;

namespace NativeMlp.Runner.Settings;

/// <summary>The values that determine whether an option has an effect, regardless of where they come from.</summary>
internal sealed record Choices(RunnerSettings Explicit, RunnerSettings Preset, IReadOnlyList<int> Hidden)
{
    public bool HasHidden => Hidden.Count > 0;

    public Activation Activation => Explicit.Activation ?? Activation.Relu;

    public Initialization Init => Explicit.Init ?? Preset.Init ?? Initialization.Default;

    public Loss Loss => Explicit.Loss ?? Loss.SoftmaxCrossEntropy;

    public OptimizerKind Optimizer => Explicit.Optimizer ?? Preset.Optimizer ?? OptimizerKind.Adam;

    public ScheduleKind Schedule => Explicit.Schedule ?? ScheduleKind.Exponential;

    public bool HasDecay => (Explicit.LrDecay ?? Preset.LrDecay) is not null;
}

/// <summary>When an option has an effect.</summary>
/// <param name="Setting">The option.</param>
/// <param name="HasEffect">Whether it has an effect with these values.</param>
/// <param name="Needs">What it needs to have an effect, as the end of a sentence.</param>
internal sealed record OptionRule(Setting Setting, Func<Choices, bool> HasEffect, string Needs);

/// <summary>
/// Refuses an option that has no effect together with the others, because the user expects an effect. If it comes from the
/// environment or the settings file, which contain defaults for many runs, there is only a warning.
/// </summary>
internal static class OptionRules
{
    private const string HiddenLayers = "hidden layers, which this network does not have";

    /// <summary>The options of a network.</summary>
    public static IReadOnlyList<OptionRule> Network { get; } =
    [
        new(Setting.Activation, c => c.HasHidden, HiddenLayers),
        new(Setting.Norm, c => c.HasHidden, HiddenLayers),
        new(Setting.Dropout, c => c.HasHidden, HiddenLayers),
        new(Setting.Alpha, c => c.HasHidden && c.Activation.DefaultAlpha() is not null, One<Activation>(Setting.Activation, a => a.DefaultAlpha() is not null)),
        new(Setting.Pieces, c => c.HasHidden && c.Activation.TakesPieces(), One<Activation>(Setting.Activation, ActivationTraits.TakesPieces)),
        new(Setting.InitStd, c => c.Init == Initialization.Normal, "--init normal"),
        new(Setting.LabelSmoothing, c => c.Loss.SmoothsLabels(), One<Loss>(Setting.Loss, LossTraits.SmoothsLabels)),
        new(Setting.Delta, c => c.Loss.HasDelta(), One<Loss>(Setting.Loss, LossTraits.HasDelta)),
    ];

    /// <summary>All options of a training run that depend on others.</summary>
    public static IReadOnlyList<OptionRule> Training { get; } =
    [
        .. Network,
        OfOptimizers(Setting.Momentum, OptimizerValues.Momentum),
        OfOptimizers(Setting.Beta1, OptimizerValues.Betas),
        OfOptimizers(Setting.Beta2, OptimizerValues.Betas),
        OfOptimizers(Setting.Epsilon, OptimizerValues.Epsilon),
        OfOptimizers(Setting.WeightDecay, OptimizerValues.WeightDecay),
        OfOptimizers(Setting.AmsGrad, OptimizerValues.AmsGrad),
        OfOptimizers(Setting.Centered, OptimizerValues.Centered),
        OfOptimizers(Setting.Dampening, OptimizerValues.Dampening),
        OfOptimizers(Setting.InitialAccumulator, OptimizerValues.InitialAccumulator),
        new(Setting.Schedule, c => c.Schedule != ScheduleKind.Exponential || c.HasDecay, "--lr-decay"),
        new(Setting.LrDecay, c => c.Schedule is ScheduleKind.Exponential or ScheduleKind.Step or ScheduleKind.Plateau, "--schedule exponential, step or plateau"),
        new(Setting.LrStep, c => c.Schedule is ScheduleKind.Step or ScheduleKind.Plateau, "--schedule step or plateau"),
        new(Setting.Reg, c => c.Explicit.L2 is null, "that --l2 is not given; --l2 sets the same penalty without the convention of a course"),
    ];

    /// <summary>The options of the demonstration of the course's assignment.</summary>
    public static IReadOnlyList<OptionRule> Walk { get; } =
    [
        new(Setting.Out, c => c.Explicit.DataDir is not null, "--data-dir, without which no pictures are written"),
        new(Setting.Seed, c => c.Explicit.DataDir is not null, "--data-dir, because the toy network uses no random numbers"),
    ];

    private static OptionRule OfOptimizers(Setting setting, OptimizerValues values) =>
        new(setting, c => OptimizerTraits.Of(c.Optimizer).Uses(values), One<OptimizerKind>(Setting.Optimizer, kind => OptimizerTraits.Of(kind).Uses(values)));

    // "--optimizer adam or adamw"
    private static string One<T>(Setting setting, Func<T, bool> has) where T : struct, Enum =>
        $"{setting.Option} {Words.AnyOf(Enum.GetValues<T>().Where(has))}";

    /// <exception cref="RunnerException">An option was typed that has no effect.</exception>
    public static void Check(IReadOnlyList<OptionRule> rules, Choices choices)
    {
        foreach (OptionRule rule in rules)
        {
            if (!choices.Explicit.Origins.TryGetValue(rule.Setting, out SettingOrigin? origin) || rule.HasEffect(choices))
                continue;
            string sentence = $"{origin.Name} has no effect here: it needs {rule.Needs}.";
            if (origin.IsTyped)
                throw RunnerException.Usage(sentence);
            Failure.Warn(sentence);
        }
    }
}
