// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Configuration;
using NativeMlp.Runner;
using NativeMlp.Runner.Jobs;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>What is said counts, wherever it is said, or is refused.</summary>
[Trait("Starts", "Processes")]
public sealed class OptionTests
{
    // For each option that depends on others: settings with which it has no effect, and with which it has one.
    private static readonly Dictionary<Setting, (string Without, string With)> Cases = new()
    {
        [Setting.Activation] = ("Activation=tanh Hidden=none", "Activation=tanh"),
        [Setting.Norm] = ("Norm=batch Hidden=none", "Norm=batch"),
        [Setting.Dropout] = ("Dropout=0.5 Hidden=none", "Dropout=0.5"),
        [Setting.Alpha] = ("Alpha=0.2", "Alpha=0.2 Activation=leaky-relu"),
        [Setting.Pieces] = ("Pieces=3 Activation=elu", "Pieces=3 Activation=maxout"),
        [Setting.InitStd] = ("InitStd=0.1 Init=he-normal", "InitStd=0.1 Init=normal"),
        [Setting.LabelSmoothing] = ("LabelSmoothing=0.1 Loss=mse", "LabelSmoothing=0.1"),
        [Setting.Delta] = ("Delta=2", "Delta=2 Loss=huber"),
        [Setting.Momentum] = ("Momentum=0.5 Optimizer=adam", "Momentum=0.5 Optimizer=rmsprop"),
        [Setting.Beta1] = ("Beta1=0.8 Optimizer=sgd", "Beta1=0.8"),
        [Setting.Beta2] = ("Beta2=0.99 Optimizer=rmsprop", "Beta2=0.99 Optimizer=adamw"),
        [Setting.Epsilon] = ("Epsilon=1e-6 Optimizer=nesterov", "Epsilon=1e-6 Optimizer=adagrad"),
        [Setting.AmsGrad] = ("AmsGrad=true Optimizer=rmsprop", "AmsGrad=true"),
        [Setting.Centered] = ("Centered=true", "Centered=true Optimizer=rmsprop"),
        [Setting.Dampening] = ("Dampening=0.5 Optimizer=nesterov", "Dampening=0.5 Optimizer=momentum"),
        [Setting.InitialAccumulator] = ("InitialAccumulator=0.1 Optimizer=rmsprop", "InitialAccumulator=0.1 Optimizer=adagrad"),
        [Setting.WeightDecay] = ("WeightDecay=0.1", "WeightDecay=0.1 Optimizer=adamw"),
        [Setting.Schedule] = ("Schedule=exponential", "Schedule=exponential LrDecay=0.9"),
        [Setting.LrDecay] = ("LrDecay=0.5 Schedule=cosine", "LrDecay=0.5 Schedule=plateau"),
        [Setting.LrStep] = ("LrStep=5", "LrStep=5 Schedule=step"),
        [Setting.Reg] = ("Reg=0.1 L2=0.1", "Reg=0.1"),
    };

    [Fact]
    public void Options_WithoutEffect_AreRefusedEach()
    {
        Assert.Equal(OptionRules.Training.Select(rule => rule.Setting.Option).Order(), Cases.Keys.Select(setting => setting.Option).Order());
        foreach ((Setting setting, (string without, string with)) in Cases)
        {
            RunnerException refused = Assert.Throws<RunnerException>(() => TrainingPlan.From(Bind(without)));
            Assert.Equal(2, refused.ExitCode);
            Assert.StartsWith($"{setting.Option} has no effect here: it needs ", refused.Message, StringComparison.Ordinal);
            Assert.NotNull(TrainingPlan.From(Bind(with)));
        }
    }

    [Fact]
    public void Optimizer_WithItsOptions_IsWhatTheyAsk()
    {
        Optimizer adam = OptimizerOf("AmsGrad=true"), momentum = OptimizerOf("Optimizer=momentum Dampening=0.5");
        Optimizer rmsprop = OptimizerOf("Optimizer=rmsprop Centered=true"), adagrad = OptimizerOf("Optimizer=adagrad InitialAccumulator=0.1");
        Assert.Equal((true, false, 0.0, 0.0), (adam.AmsGrad, adam.Centered, adam.Dampening, adam.InitialAccumulator));
        Assert.Equal((false, false, 0.5, 0.0), (momentum.AmsGrad, momentum.Centered, momentum.Dampening, momentum.InitialAccumulator));
        Assert.Equal((false, true, 0.0, 0.0), (rmsprop.AmsGrad, rmsprop.Centered, rmsprop.Dampening, rmsprop.InitialAccumulator));
        Assert.Equal((false, false, 0.0, 0.1), (adagrad.AmsGrad, adagrad.Centered, adagrad.Dampening, adagrad.InitialAccumulator));
        static Optimizer OptimizerOf(string settings) => TrainingPlan.From(Bind(settings)).Training.Optimizer;
    }

    [Theory]
    [InlineData("train --data moons --momentum 0.5")]
    [InlineData("gradcheck --loss mse --label-smoothing 0.1")]
    [InlineData("demo two-layer-net --seed 3")]
    [InlineData("train --data moons --schedule plateau --lr-decay 1")]
    [InlineData("train --data moons --lr ")]
    public void Option_WithoutEffect_IsExitCodeTwo(string line)
    {
        CommandResult result = Command.Runner(line.Split(' ')).Run();
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Keys_OfAllSettings_AreDifferent() =>
        Assert.Empty(Setting.All.GroupBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key));

    /// <summary>The environment has defaults for many runs: what one of them does not use is no mistake, but is said.</summary>
    [Fact]
    public void Variable_WithoutEffect_IsAWarning()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Command.Runner("train", "--data", "xor", "--epochs", "1", "--out", folder.Path).With("NATIVEMLP__Momentum", "0.5").Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("warning: The environment variable NATIVEMLP__Momentum has no effect here", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "2-2,")]
    [InlineData("\"\"", "2-2,")]
    [InlineData("null", "2-64-2,")]
    [InlineData("[8, 4]", "2-8-4-2,")]
    public void Hidden_OfTheSettingsFile_IsTakenAsItStands(string value, string network)
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory))
            File.Copy(file, folder.File(Path.GetFileName(file)));

        File.WriteAllText(folder.File("appsettings.json"), $"\ufeff{{\r\n \"NativeMlp\": {{ \"Hidden\": {value}, }} }}\r\n");
        CommandResult result = new Command("dotnet", folder.File("NativeMlp.Runner.dll"), "train", "--data", "xor", "--epochs", "1", "--out", folder.File("out")).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("network     " + network, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Hidden_ThatIsEmpty_IsNoHiddenLayer()
    {
        using var folder = new TemporaryFolder();
        string[] train = ["train", "--data", "xor", "--epochs", "1", "--out", folder.Path, "--overwrite"];
        Assert.Contains("network     2-2,", Command.Runner([.. train, "--hidden", ""]).Run().Output, StringComparison.Ordinal);
        Assert.Contains("network     2-2,", Command.Shell(folder, "NATIVEMLP__Hidden= run " + string.Join(' ', train)).Run().Output, StringComparison.Ordinal);
        Assert.Equal(0, Command.Shell(folder, "NATIVEMLP__Epochs= run " + string.Join(' ', train)).Run().ExitCode); // taken back
    }

    [Theory]
    [InlineData("", 0, "")]
    [InlineData("--batch 50", 2, "--batch 50 is larger than the 24 training rows of moons.")]
    [InlineData("--batch 24 --validation 0.1", 2, "the 22 training rows of moons: --validation 0.1 holds back 2 of 24.")]
    [InlineData("--batch 1", 0, "")]
    [InlineData("--validation 0.1", 0, "")]
    public void Batch_OfFewRows_IsAdaptedUnlessItWasAskedFor(string options, int exitCode, string sentence)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("synthetic"));
        string rows = "x,y,label\n" + string.Concat(Enumerable.Range(0, 24).Select(i => $"{i % 5},{i % 3},{i % 2}\n"));
        File.WriteAllText(folder.File("synthetic/moons_train.csv"), rows);
        File.WriteAllText(folder.File("synthetic/moons_test.csv"), rows);
        CommandResult result = Command.Runner(["train", "--data", "moons", "--data-dir", folder.Path, "--epochs", "1", "--out", folder.File("out"),
            .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Run();
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void From_BetasAndEpsilon_HandsThemToTheOptimizer()
    {
        Optimizer adam = TrainingPlan.From(Bind("Beta1=0.8 Beta2=0.99 Epsilon=1e-6")).Training.Optimizer;
        Assert.Equal((0.8, 0.99, 1e-6), (adam.Beta1, adam.Beta2, adam.Epsilon));
        Optimizer untouched = TrainingPlan.From(Bind("Optimizer=adagrad")).Training.Optimizer;
        Assert.Equal((0.01, 1e-10), (untouched.LearningRate, untouched.Epsilon));
    }

    [Theory]
    [InlineData("Beta1", "1")]
    [InlineData("Beta2", "0.99999999999")] // 1 as float32
    [InlineData("Beta1", "-0.1")]
    [InlineData("Epsilon", "0")]
    [InlineData("Epsilon", "1e-40")] // denormal
    public void TryApply_BetaOrEpsilonOutOfRange_IsRefused(string key, string text)
    {
        Setting setting = Setting.All.Single(setting => setting.Key == key);
        Assert.False(setting.TryApply(new RunnerSettings(), text));
    }

    private static RunnerSettings Bind(string settings)
    {
        IEnumerable<KeyValuePair<string, string?>> pairs = settings.Split(' ').Append("Data=moons").Select(pair => pair.Split('='))
            .Select(pair => KeyValuePair.Create($"{RunnerSettings.Section}:{pair[0]}", (string?)pair[1]));
        RunnerSettings bound = new();
        new SettingsBinder(new ConfigurationBuilder().AddInMemoryCollection(pairs).Build()).Configure(bound);
        Assert.Empty(bound.Problems);
        return bound;
    }
}
