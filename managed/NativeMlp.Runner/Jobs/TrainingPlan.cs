// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Training;

namespace NativeMlp.Runner.Jobs;

/// <summary>The settings of one training run with the defaults of the preset and the data set filled in.</summary>
internal sealed record TrainingPlan(string Data, string? DataDir, Preset? Preset, MlpOptions Network, TrainingOptions Training, double Validation)
{
    private const int Unknown = 1; // until the data are known

    public int WorkerThreads => Network.Threads == 0 ? NativeLibraryInfo.DefaultThreads : Network.Threads;

    public IReadOnlyList<int> Hidden => Network.Hidden;

    /// <summary>Whether the batch size was given. A default batch size may be reduced.</summary>
    private bool BatchIsExplicit { get; init; }

    /// <exception cref="RunnerException">No built-in data set was named.</exception>
    public static TrainingPlan From(RunnerSettings chosen)
    {
        string data = BuiltInData.NameIn(chosen);
        TrainingDefaults defaults = BuiltInDataSets.Get(data).Defaults;
        Preset? preset = Preset.Of(chosen);
        RunnerSettings presetSettings = preset?.Settings ?? new RunnerSettings();
        ulong seed = chosen.Seed ?? 1;
        int batch = chosen.Batch ?? presetSettings.Batch ?? defaults.Batch;
        IReadOnlyList<int> hidden = chosen.Hidden ?? presetSettings.Hidden ?? [defaults.Hidden];
        OptionRules.Check(OptionRules.Training, new Choices(chosen, presetSettings, hidden));
        Optimizer optimizer = ChooseOptimizer(chosen, presetSettings, defaults);
        return new TrainingPlan(
            data,
            chosen.DataDir,
            preset,
            NetworkOf(chosen, presetSettings, hidden) with { MaxBatch = batch, Seed = seed, Threads = chosen.Threads ?? 0 },
            new TrainingOptions
            {
                Epochs = chosen.Epochs ?? presetSettings.Epochs ?? defaults.Epochs,
                BatchSize = batch,
                Optimizer = optimizer with { L2 = chosen.L2 ?? ((chosen.Reg ?? preset?.Reg ?? 0) * (preset?.PenaltyFactor ?? 1)) },
                Schedule = ChooseSchedule(chosen, presetSettings),
                EarlyStopping = chosen.EarlyStopping is { } patience ? new EarlyStopping(patience) : null,
                MaxSteps = chosen.Steps ?? (chosen.Epochs is null ? presetSettings.Steps : null) ?? 0,
                Seed = seed,
                Sampling = chosen.Draw ?? presetSettings.Draw ?? BatchSampling.Shuffled,
            },
            chosen.Validation ?? presetSettings.Validation ?? 0)
        { BatchIsExplicit = chosen.Batch is not null };
    }

    /// <summary>The network that the settings describe. The sizes that depend on the data are not known yet.</summary>
    public static MlpOptions NetworkOf(RunnerSettings chosen, RunnerSettings presetSettings, IReadOnlyList<int> hidden) => new()
    {
        Inputs = Unknown,
        Hidden = hidden,
        Outputs = Unknown,
        Activation = chosen.Activation ?? Activation.Relu,
        ActivationAlpha = chosen.Alpha,
        Pieces = chosen.Pieces ?? 2,
        Norm = chosen.Norm ?? Norm.None,
        Dropout = chosen.Dropout ?? 0,
        Initialization = chosen.Init ?? presetSettings.Init ?? Initialization.Default,
        InitialStdDev = chosen.InitStd ?? presetSettings.InitStd ?? 1e-2,
        Loss = chosen.Loss ?? Loss.SoftmaxCrossEntropy,
        LabelSmoothing = chosen.LabelSmoothing ?? 0,
        LossDelta = chosen.Delta ?? 1,
    };

    /// <summary>Returns the plan for these data. A default batch size is limited to the number of rows.</summary>
    /// <exception cref="RunnerException">The given batch size is larger than the number of rows.</exception>
    public TrainingPlan FitTo(LoadedData data)
    {
        int rows = data.Train.Count;
        if (Training.BatchSize <= rows)
            return this;
        if (!BatchIsExplicit)
            return this with { Network = Network with { MaxBatch = rows }, Training = Training with { BatchSize = rows } };
        string held = data.Validation is { Count: var count }
            ? $": {Setting.Validation.Option} {Format.Real(Validation)} holds back {Format.Count(count)} of {Format.Count(rows + count)}" : "";
        throw RunnerException.Usage($"{Setting.Batch.Option} {Training.BatchSize} is larger than the {Format.Count(rows)} training rows of {Data}{held}.");
    }

    /// <summary>Returns the options of the network for these rows.</summary>
    public MlpOptions NetworkFor(Dataset train) => Network with { Inputs = train.Features, Outputs = train.Classes };

    /// <summary>Returns a text such as <c>Adam lr 0.001, batch 128, 10 epochs, seed 1</c>.</summary>
    public override string ToString()
    {
        Optimizer optimizer = Training.Optimizer;
        string schedule = Training.Schedule switch
        {
            LearningRateSchedule.StepDecay { Epochs: 1 } every => $" × {Format.Real(every.Factor)} an epoch",
            LearningRateSchedule.StepDecay every => $" × {Format.Real(every.Factor)} every {every.Epochs} epochs",
            LearningRateSchedule.Cosine => " along a cosine",
            LearningRateSchedule.OneCycle => " in one cycle",
            LearningRateSchedule.ReduceOnPlateau plateau => $" × {Format.Real(plateau.Factor)} on a plateau",
            _ => "",
        };
        string l2 = optimizer.L2 == 0 ? "" : $", l2 {Format.Real(optimizer.L2)}";
        string length = Training.MaxSteps > 0
            ? $"at most {Format.Count(Training.MaxSteps)} steps"
            : $"{Format.Count(Training.Epochs)} {(Training.Epochs == 1 ? "epoch" : "epochs")}";
        string sampling = Training.Sampling == BatchSampling.Shuffled ? "" : $" ({Words.Of(Training.Sampling)})";
        return $"{Words.Of(optimizer.Kind)} lr {Format.Real(optimizer.LearningRate)}{schedule}{l2}, "
            + $"batch {Training.BatchSize}{sampling}, {length}, seed {Training.Seed}";
    }

    /// <summary>The options of the network other than ReLU and softmax: empty, or such as ", gelu, layer norm, dropout 0.2, loss hinge".</summary>
    public string Extras
    {
        get
        {
            List<string> extras = [];
            if (Network.Activation != Activation.Relu) extras.Add(Words.ActivationOf(Network));
            if (Network.Norm != Norm.None) extras.Add(Words.Of(Network.Norm) + " norm");
            if (Network.Dropout > 0) extras.Add("dropout " + Format.Real(Network.Dropout));
            if (Network.Loss != Loss.SoftmaxCrossEntropy) extras.Add("loss " + Words.Of(Network.Loss));
            return string.Concat(extras.Select(extra => ", " + extra));
        }
    }

    private static Optimizer ChooseOptimizer(RunnerSettings chosen, RunnerSettings presetSettings, TrainingDefaults defaults)
    {
        OptimizerTraits traits = OptimizerTraits.Of(chosen.Optimizer ?? presetSettings.Optimizer ?? OptimizerKind.Adam);
        Optimizer optimizer = traits.Defaults;
        return optimizer with
        {
            LearningRate = chosen.Lr ?? presetSettings.Lr ?? (traits.Uses(OptimizerValues.Betas) ? defaults.AdamRate : optimizer.LearningRate),
            Momentum = Choose(OptimizerValues.Momentum, chosen.Momentum, optimizer.Momentum),
            Beta1 = Choose(OptimizerValues.Betas, chosen.Beta1, optimizer.Beta1),
            Beta2 = Choose(OptimizerValues.Betas, chosen.Beta2, optimizer.Beta2),
            Epsilon = Choose(OptimizerValues.Epsilon, chosen.Epsilon, optimizer.Epsilon),
            WeightDecay = Choose(OptimizerValues.WeightDecay, chosen.WeightDecay, optimizer.WeightDecay),
            AmsGrad = chosen.AmsGrad && traits.Uses(OptimizerValues.AmsGrad),
            Centered = chosen.Centered && traits.Uses(OptimizerValues.Centered),
            Dampening = Choose(OptimizerValues.Dampening, chosen.Dampening, 0),
            InitialAccumulator = Choose(OptimizerValues.InitialAccumulator, chosen.InitialAccumulator, 0),
            ClipNorm = chosen.ClipNorm ?? 0,
            ClipValue = chosen.ClipValue ?? 0,
            MaxNorm = chosen.MaxNorm ?? 0,
        };

        // Options that the optimizer does not use may come from the environment. They do not change the run.
        double Choose(OptimizerValues value, double? chosen, double otherwise) => traits.Uses(value) ? chosen ?? otherwise : otherwise;
    }

    private static LearningRateSchedule ChooseSchedule(RunnerSettings chosen, RunnerSettings presetSettings)
    {
        double? decay = chosen.LrDecay ?? presetSettings.LrDecay;
        if (chosen.Schedule == ScheduleKind.Plateau && decay == 1)
            throw RunnerException.Usage($"{Setting.LrDecay.Option} 1 never changes the learning rate; with {Setting.Schedule.Option} plateau it must be less than 1.");
        LearningRateSchedule schedule = (chosen.Schedule ?? ScheduleKind.Exponential) switch
        {
            ScheduleKind.Step => new LearningRateSchedule.StepDecay(chosen.LrStep ?? 10, decay ?? 0.1),
            ScheduleKind.Cosine => new LearningRateSchedule.Cosine(),
            ScheduleKind.OneCycle => new LearningRateSchedule.OneCycle(),
            ScheduleKind.Plateau => new LearningRateSchedule.ReduceOnPlateau(decay ?? 0.1, chosen.LrStep ?? 10),
            _ => decay is null or 1 ? new LearningRateSchedule.Constant() : new LearningRateSchedule.StepDecay(1, decay.Value),
        };
        return schedule with { WarmUpSteps = chosen.WarmUp ?? 0 };
    }
}
