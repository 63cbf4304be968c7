// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Training;

namespace NativeMlp.Runner.Jobs;

/// <summary>Writes the settings of a run on a built-in data set in the form of a settings file. The defaults of the preset and the data set
/// are filled in.</summary>
internal static class TrainingConfig
{
    /// <param name="plan">The run.</param>
    /// <param name="chosen">The settings as given: an option without a default is written as it was given.</param>
    public static byte[] Write(TrainingPlan plan, RunnerSettings chosen) => RunConfig.Write(writer =>
    {
        Dictionary<Setting, object> resolved = Resolve(plan);
        foreach (Setting setting in Setting.Training)
        {
            if (resolved.TryGetValue(setting, out object? value))
                Write(writer, setting, value);
            else if (chosen.Texts.TryGetValue(setting, out string? text) && !IsLeftOut(setting))
                writer.WriteString(setting.Key, text);
        }

        RunConfig.WriteChoices(writer, chosen.Run);
    });

    // The folder is not a setting of the run. The penalty is written as l2.
    private static bool IsLeftOut(Setting setting) => setting == Setting.Out || setting == Setting.Reg || setting == Setting.Threads;

    private static void Write(Utf8JsonWriter writer, Setting setting, object value)
    {
        switch (value)
        {
            case double number: writer.WriteNumber(setting.Key, number); break;
            case long number: writer.WriteNumber(setting.Key, number); break;
            case ulong number: writer.WriteNumber(setting.Key, number); break;
            default: writer.WriteString(setting.Key, (string)value); break;
        }
    }

    // Only options that have an effect, because an option without an effect is refused.
    private static Dictionary<Setting, object> Resolve(TrainingPlan plan)
    {
        var values = new Dictionary<Setting, object> { [Setting.Data] = plan.Data, [Setting.Validation] = plan.Validation };
        if (plan.DataDir is { } folder) values[Setting.DataDir] = folder;
        if (plan.Preset is { } preset) values[Setting.Preset] = preset.Name;
        ResolveNetwork(values, plan.Network);
        ResolveTraining(values, plan.Training);
        ResolveSchedule(values, plan.Training.Schedule);
        ResolveOptimizer(values, plan.Training.Optimizer);
        return values;
    }

    private static void ResolveNetwork(Dictionary<Setting, object> values, MlpOptions network)
    {
        values[Setting.Hidden] = network.Hidden.Count == 0 ? "none" : string.Join(',', network.Hidden);
        if (network.Hidden.Count > 0)
        {
            values[Setting.Activation] = Words.Of(network.Activation);
            values[Setting.Norm] = Words.Of(network.Norm);
            values[Setting.Dropout] = network.Dropout;
            if (network.Activation.TakesPieces()) values[Setting.Pieces] = (long)network.Pieces;
            if ((network.ActivationAlpha ?? network.Activation.DefaultAlpha()) is { } alpha) values[Setting.Alpha] = (double)alpha;
        }

        values[Setting.Init] = Words.Of(network.Initialization);
        if (network.Initialization == Initialization.Normal) values[Setting.InitStd] = network.InitialStdDev;
        values[Setting.Loss] = Words.Of(network.Loss);
        if (network.Loss.SmoothsLabels()) values[Setting.LabelSmoothing] = network.LabelSmoothing;
        if (network.Loss.HasDelta()) values[Setting.Delta] = network.LossDelta;
    }

    private static void ResolveTraining(Dictionary<Setting, object> values, TrainingOptions training)
    {
        values[Setting.Batch] = (long)training.BatchSize;
        values[Setting.Draw] = Words.Of(training.Sampling);
        values[Setting.Epochs] = (long)training.Epochs;
        values[Setting.Seed] = training.Seed;
        if (training.MaxSteps > 0) values[Setting.Steps] = training.MaxSteps;
        if (training.EarlyStopping is { } stopping) values[Setting.EarlyStopping] = (long)stopping.Patience;
    }

    private static void ResolveSchedule(Dictionary<Setting, object> values, LearningRateSchedule schedule)
    {
        values[Setting.WarmUp] = (long)schedule.WarmUpSteps;
        switch (schedule)
        {
            case LearningRateSchedule.StepDecay decay:
                Set(ScheduleKind.Step, decay.Factor, decay.Epochs);
                break;
            case LearningRateSchedule.ReduceOnPlateau plateau:
                Set(ScheduleKind.Plateau, plateau.Factor, plateau.Patience);
                break;
            case LearningRateSchedule.Cosine:
                values[Setting.Schedule] = Words.Of(ScheduleKind.Cosine);
                break;
            case LearningRateSchedule.OneCycle:
                values[Setting.Schedule] = Words.Of(ScheduleKind.OneCycle);
                break;
            default:
                values[Setting.LrDecay] = 1.0; // constant
                break;
        }

        void Set(ScheduleKind kind, double factor, int epochs) =>
            (values[Setting.Schedule], values[Setting.LrDecay], values[Setting.LrStep]) = (Words.Of(kind), factor, (long)epochs);
    }

    private static void ResolveOptimizer(Dictionary<Setting, object> values, Optimizer optimizer)
    {
        OptimizerTraits traits = OptimizerTraits.Of(optimizer.Kind);
        values[Setting.Optimizer] = Words.Of(optimizer.Kind);
        values[Setting.Lr] = optimizer.LearningRate;
        values[Setting.L2] = optimizer.L2;
        values[Setting.ClipNorm] = optimizer.ClipNorm;
        values[Setting.ClipValue] = optimizer.ClipValue;
        values[Setting.MaxNorm] = optimizer.MaxNorm;
        if (traits.Uses(OptimizerValues.Momentum)) values[Setting.Momentum] = optimizer.Momentum;
        if (traits.Uses(OptimizerValues.Epsilon)) values[Setting.Epsilon] = optimizer.Epsilon;
        if (traits.Uses(OptimizerValues.WeightDecay)) values[Setting.WeightDecay] = optimizer.WeightDecay;
        if (traits.Uses(OptimizerValues.Betas)) (values[Setting.Beta1], values[Setting.Beta2]) = (optimizer.Beta1, optimizer.Beta2);
    }
}
