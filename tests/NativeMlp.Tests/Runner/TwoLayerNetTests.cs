// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NativeMlp.Data;
using NativeMlp.Runner;
using NativeMlp.Runner.Demos.TwoLayerNet;
using NativeMlp.Runner.Output;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Runner;

/// <summary>The walk through the course's assignment: its numbers, its pictures and its ends.</summary>
[Trait("Starts", "Processes")]
public sealed class TwoLayerNetTests
{
    private const string ToyLoss = "final loss ";

    [Fact]
    public void Demo_WithoutData_ShowsTheToyNetworkAndSaysWhatIsMissing()
    {
        using var empty = new TemporaryFolder();
        CommandResult result = Command.Runner("demo", "two-layer-net").Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.All(new[] { "3.68E-08", "1.30378789132982", "cifar-10-binary.tar.gz", "--data-dir DIR." }, word => Assert.Contains(word, result.Output, StringComparison.Ordinal));
        Assert.InRange(Number(result, ToyLoss), 0.0156, 0.0157);
        Assert.Equal(7, Regex.Count(result.Output, "  ok$", RegexOptions.Multiline)); // scores, loss, four gradients, training
        Assert.DoesNotContain("FAILED", result.Output, StringComparison.Ordinal);
        Assert.All(result.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));

        CommandResult without = Command.Runner("demo", "two-layer-net").With("NATIVEMLP__DataDir", empty.Path).Run();
        Assert.True(without.ExitCode == 3, without.ToString()); // who names a folder wants the pictures from there
        Assert.Contains("data_batch_*.bin", without.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Demo_WithPictures_TrainsBothAndWritesWeightsAndCurves()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Command.Runner(
            "demo", "two-layer-net", "--data-dir", SharedFolder.PathOf("data"), "--out", folder.File("out"), "--threads", "1").Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        double[] tests = [.. Regex.Matches(result.Output, @"test (0\.\d{4})").Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(2, tests.Length);
        Assert.InRange(tests[0], 0.22, 0.34); // a standard error of 1.4 points
        Assert.InRange(tests[1], 0.41, 0.55);
        Assert.Equal([0x89, 0x50], File.ReadAllBytes(folder.File("out/two-layer-net-weights.png"))[..2]);
        Assert.Equal("svg", XElement.Load(folder.File("out/two-layer-net-curves.svg")).Name.LocalName);
    }

    [Fact]
    public void Demo_Interrupted_EndsWithoutPictures()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent with kill");
        using var folder = new TemporaryFolder();
        CommandResult result = Command.Runner("demo", "two-layer-net", "--data-dir", SharedFolder.PathOf("data"), "--out", folder.Path).WithDefaultSignals().Run((line, process) =>
        {
            if (line.StartsWith("6  ", StringComparison.Ordinal))
            {
                new Command("kill", "-INT", $"{process.Id}").Run();
            }
        });
        Assert.True(result.ExitCode == 130, result.ToString());
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public void Demo_OnBadData_EndsInOneSentence()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("cifar-10"));
        folder.Write("cifar-10/data_batch_1.bin", new byte[5000]);
        folder.Write("cifar-10/test_batch.bin", new byte[3073]);
        Refused(3, "data_batch_1.bin", "demo", "two-layer-net", "--data-dir", folder.Path);
        Refused(3, "nowhere", "demo", "two-layer-net", "--data-dir", folder.File("nowhere"));
    }

    [Fact]
    public void Demo_Misspelt_IsExitCodeTwoWithAHint()
    {
        Refused(2, "did you mean 'two-layer-net'?", "demo", "two-layr-net");
        Refused(2, "see nativemlp demo --help.", "demo", "zebra");
        Refused(2, "did you mean '--seed'?", "demo", "two-layer-net", "--sede", "3");
        Refused(2, "--seed", "demo", "two-layer-net", "--seed", "three");
        CommandResult help = Command.Runner("demo", "--help").Run();
        Assert.True(help.ExitCode == 0, help.ToString());
        Assert.All(new[] { "hidden-layer", "two-layer-net" }, name => Assert.Contains(name, help.Output, StringComparison.Ordinal));
    }

    /// <summary>The loop itself against the golden losses, one by one: its learning rate falls at every step of the toy set.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void CourseTraining_OnTheToy_FollowsTheLosses(int run)
    {
        System.Text.Json.JsonElement golden = GoldenFile.Open("01_cs231n_toy.json").GetProperty("training")[run];
        using Mlp mlp = ToyProblem.CreateNative(threads: 1);
        CourseTraining training = new(mlp, ToyProblem.Data, null, new TrainingOptions
        {
            BatchSize = 5,
            Optimizer = Optimizer.Sgd(0.1) with { L2 = GoldenFile.L2(golden) },
            Schedule = new LearningRateSchedule.StepDecay(1, golden.GetProperty("lr_multiplier_after_each_step").GetDouble()),
            MaxSteps = 100,
            Sampling = BatchSampling.InOrder,
        });
        training.Run(_ => { }, TestContext.Current.CancellationToken);
        double[] expected = [.. golden.GetProperty("loss_history").EnumerateArray().Select(loss => loss.GetDouble())];
        Assert.Equal(expected.Length, training.Losses.Count);
        Assert.All(expected.Zip(training.Losses), pair => Assert.Equal(pair.First, pair.Second, 5e-5 * pair.First));
        Assert.Equal(100, training.Epochs.Count);
    }

    /// <summary>The course's loop written down once more: its batches, its marks, and its rate, which falls at each mark.</summary>
    [Fact]
    public void CourseTraining_WithReplacement_TakesTheStepsOfTheCourse()
    {
        const int rows = 10, batch = 4, steps = 9, stepsOfEpoch = 2; // of two batches and a half
        Dataset data = Synthetic.Moons(rows, seed: 5), validation = Synthetic.Moons(20, seed: 6);
        TrainingOptions options = new()
        {
            Epochs = 1,
            BatchSize = batch,
            Optimizer = Optimizer.Sgd(0.5),
            Schedule = new LearningRateSchedule.StepDecay(1, 0.5),
            MaxSteps = steps,
            Seed = 7,
            Sampling = BatchSampling.WithReplacement,
        };
        using Mlp mlp = Make(), other = Make();
        CourseTraining training = new(mlp, data, validation, options);
        int told = 0;
        training.Run(_ => told++, TestContext.Current.CancellationToken);

        List<double> losses = [];
        List<CourseEpoch> epochs = [];
        double rate = 0.5;
        for (int step = 0; step < steps; step++)
        {
            float[] drawn = new float[step % 3 == 2 ? rows - (2 * batch) : batch]; // an epoch's last batch has what is left
            Kernels.RandomUniform(7, (1UL << 33) + (ulong)step, drawn);
            int[] chosen = [.. drawn.Select(u => (int)(u * (double)rows))];
            StepResult result = other.TrainStep(data.AsBatch(chosen), Optimizer.Sgd(rate));
            losses.Add(result.Loss);
            if (step % stepsOfEpoch != 0) continue;
            epochs.Add(new CourseEpoch(step + 1, result.Accuracy!.Value, other.Evaluate(validation.AsBatch()).Accuracy));
            rate *= 0.5;
        }

        Assert.Equal(losses, training.Losses);
        Assert.Equal(epochs, training.Epochs);
        Assert.Equal(steps, told);

        static Mlp Make() => new(new MlpOptions { Inputs = 2, Hidden = [5], Outputs = 2, MaxBatch = batch });
    }

    [Fact]
    public void CourseTraining_ThatDiverges_NamesTheStep()
    {
        using Mlp mlp = ToyProblem.CreateNative(threads: 1);
        CourseTraining training = new(mlp, ToyProblem.Data, null, new TrainingOptions { BatchSize = 5, Optimizer = Optimizer.Sgd(1e38), MaxSteps = 100 });
        var e = Assert.Throws<RunnerException>(() => training.Run(_ => { }, TestContext.Current.CancellationToken));
        Assert.Equal(ExitCodes.Diverged, e.ExitCode);
        Assert.Contains($"step {training.Losses.Count + 1} ", e.Message, StringComparison.Ordinal);
    }

    private static double Number(CommandResult result, string label) =>
        double.Parse(result.Lines.Single(line => line.StartsWith(label, StringComparison.Ordinal))[label.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);

    private static void Refused(int exitCode, string words, params string[] arguments)
    {
        CommandResult result = Command.Runner(arguments).Run();
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)); // one sentence, no stack
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }
}
