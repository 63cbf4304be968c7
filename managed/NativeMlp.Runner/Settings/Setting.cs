// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Data;
using NativeMlp.Training;

namespace NativeMlp.Runner.Settings;

/// <summary>
/// A setting: its key in the settings file and environment, its command-line option, the accepted
/// values and how to parse them. All three sources use the same list, so they cannot differ.
/// </summary>
internal sealed record Setting(
    string Key, string Option, string HelpName, string Accepts, string Help, Func<RunnerSettings, string, bool> TryApply)
{
    public const int MaxEpochs = 1_000_000;
    public const int MaxBatch = 1 << 20;
    public const int MaxWidth = 1 << 20;
    public const int MaxPieces = 1024;
    public const int MaxThreads = 1024;

    private const int LongestChoice = 16;

    public static Setting Data { get; } = new("Data", "--data", "NAME",
        "one of " + string.Join(", ", BuiltInDataSets.Names),
        "Data set: " + string.Join(", ", BuiltInDataSets.Names) + ".",
        (s, text) => (Find(BuiltInDataSets.Names, text, out string? name) || LooksLikeFile(text)) && Set(() => s.Data = name ?? text))
    { Choices = BuiltInDataSets.Names };

    public static Setting DataDir { get; } = new("DataDir", "--data-dir", "DIR", "a folder",
        "Folder with the data sets. Without this option, the two-dimensional sets are generated.",
        (s, text) => IsPath(text) && Set(() => s.DataDir = text));

    public static Setting Model { get; } = new("Model", "--model", "FILE", "a file",
        "Model written by train (.safetensors).",
        (s, text) => IsPath(text) && Set(() => s.Model = text));

    public static Setting Precision { get; } = Choice<Precision>("Precision", "--precision",
        "Precision to which the weights are rounded. [default: that of the file, float32 as trained]", (s, value) => s.Precision = value);

    public static Setting Hidden { get; } = new("Hidden", "--hidden", "N,N|none",
        $"widths from 1 to {MaxWidth} such as 256,128, or none",
        "Widths of the hidden layers, or none for the linear classifier. [default: " + BuiltInDataSets.Describe(d => d.Hidden) + "]",
        (s, text) => TryWidths(text, out List<int> widths) && Set(() => s.Hidden = widths))
    { AcceptsEmpty = true };

    public static Setting Preset { get; } = Word("Preset", "--preset", Settings.Preset.Names,
        "All settings of a course's image network. Other options take precedence. Needs --data " + BuiltInDataSets.Cifar10.Name + ".",
        (s, index) => s.Preset = Settings.Preset.Names[index]);

    public static Setting Activation { get; } = Choice<Activation>("Activation", "--activation",
        "Activation of the hidden layers. [default: relu]", (s, value) => s.Activation = value);

    public static Setting Alpha { get; } = Real("Alpha", "--alpha", "a number of at least 0", x => x >= 0,
        "Negative slope of leaky-relu, or alpha of elu. [default: 0.01; elu 1]", (s, x) => s.Alpha = x);

    public static Setting Pieces { get; } = Whole("Pieces", "--pieces", 2, MaxPieces,
        "Number of sums whose maximum is an output of maxout. [default: 2]", (s, n) => s.Pieces = n);

    public static Setting Norm { get; } = Choice<Norm>("Norm", "--norm",
        "Normalisation in the hidden layers. [default: none]", (s, value) => s.Norm = value);

    public static Setting Dropout { get; } = Real("Dropout", "--dropout", "a number of at least 0 and less than 1", x => x is >= 0 and < 1,
        "Probability that training sets an output of a hidden layer to 0. [default: 0]", (s, x) => s.Dropout = x);

    public static Setting Init { get; } = Choice<Initialization>("Init", "--init",
        "Initialisation of the weights. [default: he-normal, last layer lecun-normal]", (s, value) => s.Init = value);

    public static Setting InitStd { get; } = Real("InitStd", "--init-std", "a number of at least 0", x => x >= 0,
        "Standard deviation of --init normal. [default: 0.01]", (s, x) => s.InitStd = x);

    public static Setting Loss { get; } = Choice<Loss>("Loss", "--loss",
        "Loss that training minimises: softmax or binary cross-entropy, squared error, Huber, multiclass hinge. [default: softmax]", (s, value) => s.Loss = value);

    public static Setting LabelSmoothing { get; } = Real("LabelSmoothing", "--label-smoothing", "a number from 0 to 1", x => x is >= 0 and <= 1,
        "Part of the target that is distributed over all classes, for softmax. [default: 0]", (s, x) => s.LabelSmoothing = x);

    public static Setting Delta { get; } = Real("Delta", "--delta", "a number greater than 0", x => x > 0,
        "Error at which huber becomes linear, or margin of hinge. [default: 1]", (s, x) => s.Delta = x);

    public static Setting Optimizer { get; } = Choice<OptimizerKind>("Optimizer", "--optimizer",
        "Optimizer. [default: adam]", (s, value) => s.Optimizer = value);

    public static Setting Momentum { get; } = Real("Momentum", "--momentum", "a number of at least 0 and less than 1", x => x is >= 0 and < 1,
        "Momentum, for momentum, nesterov and rmsprop. [default: 0.9; rmsprop 0]", (s, x) => s.Momentum = x);

    public static Setting Beta1 { get; } = Fraction("Beta1", "--beta1", "Decay of the mean of the gradients, for adam and adamw. [default: 0.9]", (s, x) => s.Beta1 = x);

    public static Setting Beta2 { get; } = Fraction("Beta2", "--beta2", "Decay of the mean of the squared gradients, for adam and adamw. [default: 0.999]", (s, x) => s.Beta2 = x);

    public static Setting Epsilon { get; } = Real("Epsilon", "--epsilon", "a number from 1.2e-38 to less than 1", x => (float)x is >= Narrowed.Least and < 1,
        "Number added to the denominator, for adam, adamw, adagrad and rmsprop. [default: 1e-8; adagrad 1e-10]", (s, x) => s.Epsilon = x);

    public static Setting AmsGrad { get; } = Flag("AmsGrad", "--amsgrad",
        "Divides by the root of the largest mean square so far (AMSGrad), for adam and adamw.", s => s.AmsGrad = true);

    public static Setting Centered { get; } = Flag("Centered", "--centered",
        "Subtracts the squared mean of the gradients from the mean of their squares, for rmsprop.", s => s.Centered = true);

    public static Setting Dampening { get; } = Fraction("Dampening", "--dampening",
        "Fraction by which each gradient after the first is reduced before it is added to the momentum. [default: 0]", (s, x) => s.Dampening = x);

    public static Setting InitialAccumulator { get; } = Real("InitialAccumulator", "--initial-accumulator", "a number of at least 0", x => x >= 0,
        "Initial value of the sum of squares, for adagrad. [default: 0]", (s, x) => s.InitialAccumulator = x);

    public static Setting WeightDecay { get; } = Real("WeightDecay", "--weight-decay", "a number of at least 0", x => x >= 0,
        "Decoupled weight decay, for adamw. [default: 0.01]", (s, x) => s.WeightDecay = x);

    public static Setting ClipNorm { get; } = Real("ClipNorm", "--clip-norm", "a number of at least 0", x => x >= 0,
        "Maximum norm of the whole gradient; 0 for no limit. [default: 0]", (s, x) => s.ClipNorm = x);

    public static Setting ClipValue { get; } = Real("ClipValue", "--clip-value", "a number of at least 0", x => x >= 0,
        "Maximum absolute value of an element of the gradient; 0 for no limit. [default: 0]", (s, x) => s.ClipValue = x);

    public static Setting MaxNorm { get; } = Real("MaxNorm", "--max-norm", "a number of at least 0", x => x >= 0,
        "Maximum norm of the weights of one output; 0 for no limit. [default: 0]", (s, x) => s.MaxNorm = x);

    public static Setting Lr { get; } = new("Lr", "--lr", "X", "a finite float32 number greater than 0",
        "Learning rate. [default: adam and adamw " + BuiltInDataSets.Describe(d => d.AdamRate) + "; rmsprop and adagrad 0.01; others 0.1]",
        (s, text) => TryReal(text, out double x) && x > 0 && Set(() => s.Lr = x));

    public static Setting LrDecay { get; } = new("LrDecay", "--lr-decay", "X", "a number greater than 0 and at most 1",
        "Factor by which the learning rate is multiplied: after each epoch, after --lr-step epochs, or on a plateau. [default: 1; step and plateau 0.1]",
        (s, text) => TryReal(text, out double x) && x is > 0 and <= 1 && Set(() => s.LrDecay = x));

    public static Setting Schedule { get; } = Choice<ScheduleKind>("Schedule", "--schedule",
        "How the learning rate changes. [default: exponential, by --lr-decay]", (s, value) => s.Schedule = value);

    public static Setting LrStep { get; } = Whole("LrStep", "--lr-step", 1, MaxEpochs,
        "Epochs between two changes of --schedule step, or without progress for a plateau. [default: 10]", (s, n) => s.LrStep = n);

    public static Setting WarmUp { get; } = Whole("WarmUp", "--warm-up", 0, int.MaxValue,
        "Steps during which the learning rate increases from 0. [default: 0]", (s, n) => s.WarmUp = n);

    public static Setting L2 { get; } = new("L2", "--l2", "X", "a finite float32 number of at least 0",
        "Weight penalty: adds X times the sum of squared weights to the loss. [default: 0]",
        (s, text) => TryReal(text, out double x) && x >= 0 && Set(() => s.L2 = x));

    public static Setting Reg { get; } = Real("Reg", "--reg", "a number of at least 0", x => x >= 0,
        "The course's regularisation strength, in the convention of --preset. Without --preset, it is the same as --l2.", (s, x) => s.Reg = x);

    public static Setting Draw { get; } = Choice<BatchSampling>("Draw", "--draw",
        "How the rows of a batch are chosen. [default: shuffled]", (s, value) => s.Draw = value);

    public static Setting Steps { get; } = Whole("Steps", "--steps", 1, int.MaxValue,
        "Ends training after N steps. [default: the number of steps in the epochs]", (s, n) => s.Steps = n);

    public static Setting EarlyStopping { get; } = Whole("EarlyStopping", "--early-stopping", 1, MaxEpochs,
        "Ends training after N epochs without progress and restores the best weights. [default: off]", (s, n) => s.EarlyStopping = n);

    public static Setting Batch { get; } = new("Batch", "--batch", "N", $"a whole number from 1 to {MaxBatch}",
        "Rows in a training step. [default: " + BuiltInDataSets.Describe(d => d.Batch) + "; all rows if there are fewer]",
        (s, text) => TryWhole(text, 1, MaxBatch, out int n) && Set(() => s.Batch = n));

    public static Setting Epochs { get; } = new("Epochs", "--epochs", "N", $"a whole number from 1 to {MaxEpochs}",
        "Passes over the training rows. [default: " + BuiltInDataSets.Describe(d => d.Epochs) + "]",
        (s, text) => TryWhole(text, 1, MaxEpochs, out int n) && Set(() => s.Epochs = n));

    public static Setting Validation { get; } = new("Validation", "--validation", "FRACTION",
        "a number of at least 0 and less than 1",
        "Part of the training rows that is held back for validation after each epoch. [default: 0]",
        (s, text) => TryReal(text, out double x) && x is >= 0 and < 1 && Set(() => s.Validation = x));

    public static Setting Seed { get; } = new("Seed", "--seed", "N", "a whole number from 0 to 18446744073709551615",
        "Seed of the initial weights, the order of the rows and the choice of the validation rows. [default: 1]",
        (s, text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong n) && Set(() => s.Seed = n));

    public static Setting Threads { get; } = new("Threads", "--threads", "N",
        $"a whole number from 0 (the machine's default) to {MaxThreads}",
        "Number of worker threads; 0 is the machine's default. The result does not depend on it. [default: 0]",
        (s, text) => TryWhole(text, 0, MaxThreads, out int n) && Set(() => s.Threads = n));

    public static Setting Out { get; } = new("Out", "--out", "DIR", "a folder",
        "Folder for the run: its model, settings, metrics and state. [default: runs/TIME-NAME]",
        (s, text) => IsPath(text) && Set(() => s.Out = text));

    public static Setting Long { get; } = new("Long", "--long", "", "true or false",
        "Also trains one network for 100,000 steps.",
        (s, text) => bool.TryParse(text, out bool on) && Set(() => s.Long = on))
    { IsFlag = true };

    /// <summary>The settings of a network.</summary>
    public static IReadOnlyList<Setting> Network { get; } =
        [Hidden, Activation, Alpha, Pieces, Norm, Dropout, Init, InitStd, Loss, LabelSmoothing, Delta];

    /// <summary>The settings of a training run.</summary>
    public static IReadOnlyList<Setting> Training { get; } =
    [
        Data, DataDir, Preset, .. Network, Optimizer, Lr, Schedule, LrDecay, LrStep, WarmUp, Momentum, Dampening, Beta1, Beta2, Epsilon, AmsGrad, Centered,
        InitialAccumulator, L2, Reg, WeightDecay, ClipNorm, ClipValue,
        MaxNorm, Batch, Draw, Epochs, Steps, EarlyStopping, Validation, Seed, Threads, Out,
    ];

    // Created on first use, because the other classes are not initialised yet while this class is.
    public static IReadOnlyList<Setting> All => [Model, Precision, .. Training, .. RunSettings.All, Long, .. ReportSettings.All, .. TableSettings.All, .. ReadingSettings.All, .. ColumnSettings.All, .. TableTrainingSettings.Own, .. ExchangeSettings.All];

    /// <summary>Whether the option has no value on the command line.</summary>
    public bool IsFlag { get; private init; }

    /// <summary>Whether the value is a list of names (<see cref="NameList"/>): the option may be repeated.</summary>
    public bool IsList { get; private init; }

    private IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The name of the positional argument in the help, such as MODEL; null if the setting needs its option.</summary>
    public string? Argument { get; init; }

    /// <summary>Whether the setting takes all remaining words. Its text contains one word per line.</summary>
    public bool TakesMany { get; init; }

    /// <summary>Whether the empty text is a value: an empty list of layers means no hidden layers.</summary>
    public bool AcceptsEmpty { get; private init; }

    /// <summary>The path of the setting in the configuration, including <see cref="RunnerSettings.Section"/>.</summary>
    public string Path => RunnerSettings.Section + ":" + Key;

    /// <summary>Returns a message about a value that <see cref="TryApply"/> refused.</summary>
    public string Complaint(string origin, string text)
    {
        string hint = Choices.Count == 0 ? "" : Similar.Hint(text, Choices);
        return $"{origin} is {Printable.Quoted(text)}, but it must be {Accepts}{(hint.Length == 0 ? "." : hint)}";
    }

    // A few short words are shown next to the option, where they fit on a narrow terminal; others in the description.
    private static Setting Word(string key, string option, string[] words, string help, Action<RunnerSettings, int> apply)
    {
        string joined = string.Join('|', words);
        bool isShort = joined.Length <= LongestChoice;
        return new Setting(key, option, isShort ? joined : "WORD", "one of " + string.Join(", ", words),
            isShort ? help : $"{help} One of {string.Join(", ", words)}.",
            (s, text) => Find(words, text, out string? word) && Set(() => apply(s, Array.IndexOf(words, word))))
        { Choices = words };
    }

    public static Setting Choice<T>(string key, string option, string help, Action<RunnerSettings, T> apply) where T : struct, Enum =>
        Word(key, option, Words.All<T>(), help, (s, index) => apply(s, Enum.GetValues<T>()[index]));

    public static Setting Flag(string key, string option, string help, Action<RunnerSettings> apply) =>
        new(key, option, "", "true or false", help, (s, text) => bool.TryParse(text, out bool on) && (!on || Set(() => apply(s))))
        { IsFlag = true };

    /// <summary>A list of names.</summary>
    public static Setting Names(string key, string option, string helpName, string accepts, string help, Action<RunnerSettings, string[]> apply) =>
        new(key, option, helpName, $"{accepts}, with double quotation marks around a name that contains a comma", help,
            (s, text) => NameList.TryParse(text, out string[] names) && Set(() => apply(s, names)))
        { IsList = true };

    private static Setting Real(string key, string option, string accepts, Predicate<double> allowed, string help, Action<RunnerSettings, double> apply) =>
        new(key, option, "X", accepts, help, (s, text) => TryReal(text, out double x) && allowed(x) && Set(() => apply(s, x)));

    // The value is used as float32, so a value that rounds to 1 is too large.
    private static Setting Fraction(string key, string option, string help, Action<RunnerSettings, double> apply) =>
        Real(key, option, "a number of at least 0 and less than 1", x => x == 0 || (float)x is >= Narrowed.Least and < 1, help, apply);

    public static Setting Whole(string key, string option, int least, int most, string help, Action<RunnerSettings, int> apply) =>
        new(key, option, "N", $"a whole number from {least}{(most == int.MaxValue ? "" : $" to {most}")}", help,
            (s, text) => TryWhole(text, least, most, out int n) && Set(() => apply(s, n)));

    public static bool Set(Action assign)
    {
        assign();
        return true;
    }

    private static bool Find(IEnumerable<string> names, string text, out string? name)
    {
        name = names.FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
        return name is not null;
    }

    public static bool IsPath(string text) => !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal);

    /// <summary>Whether a text can only mean a file: it exists, contains a folder or an extension, or is -, the standard input.</summary>
    public static bool LooksLikeFile(string text) =>
        IsPath(text) && (text == "-" || text.AsSpan().ContainsAny("./\\") || System.IO.Path.Exists(text));

    public static bool TryReal(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite((float)value);

    private static bool TryWhole(string text, int least, int most, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;

    private static bool TryWidths(string text, out List<int> widths)
    {
        widths = [];
        if (text.Length == 0 || text.Equals("none", StringComparison.OrdinalIgnoreCase))
            return true;
        foreach (string part in text.Split(','))
        {
            if (!TryWhole(part.Trim(), 1, MaxWidth, out int width))
                return false;
            widths.Add(width);
        }
        return true;
    }
}
