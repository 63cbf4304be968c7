// SPDX-License-Identifier: MIT
using NativeMlp.Runner;
using NativeMlp.Runner.Jobs.Verify;
using NativeMlp.Runner.Output;
using NativeMlp.Training;

namespace NativeMlp.Tests.Runner;

/// <summary>The runs of <c>nativemlp verify</c> and what it makes of their hashes.</summary>
public sealed class AgreedRunsTests
{
    private static readonly VerifyEvent Same =
        new(VerifyEvent.Name, "system", "processor", "avx2", 1, "gcc 12.2.0", new string('a', 64), new string('a', 64), Same: true, [], Error: null);

    public static TheoryData<string> ShortRuns() => [.. AgreedRuns.Create(withLong: false).Select(run => run.Name)];

    [Fact]
    public void Create_OfAllRuns_HasEveryOptimizerLossNormAndActivation()
    {
        IReadOnlyList<AgreedRun> runs = AgreedRuns.Create(withLong: true);
        LayerOptions[] layers = [.. runs.SelectMany(run => run.Network.Layers)];
        Assert.Equal(Enum.GetValues<OptimizerKind>(), runs.Select(run => run.Training.Optimizer.Kind).Distinct().Order());
        Assert.Equal(Enum.GetValues<Loss>(), runs.Select(run => run.Network.Loss).Distinct().Order());
        Assert.Equal(Enum.GetValues<Norm>(), runs.Select(run => run.Network.Norm).Distinct().Order());
        Assert.Equal(Enum.GetValues<Activation>(), runs.SelectMany(run => new[] { run.Network.Activation, run.Network.OutputActivation })
            .Concat(layers.Select(layer => layer.Activation)).Distinct().Order());
        Assert.Equal(runs.Count, runs.Select(run => run.Name).Distinct().Count());
        Assert.All(runs, run => Assert.Matches("^[0-9a-f]{64}$", run.WeightsSha256));
    }

    [Fact]
    public void Create_WithLong_HasARunOfItsSteps()
    {
        AgreedRun run = AgreedRuns.Create(withLong: true)[^1];
        Assert.Equal(AgreedRuns.LongSteps, run.Training.Epochs * run.Data.Count / run.Training.BatchSize);
        Assert.Equal(100_000, AgreedRuns.LongSteps);
    }

    /// <summary>A hash says something only if the network learns: it ends with a smaller loss than it began with.</summary>
    [Theory]
    [MemberData(nameof(ShortRuns))]
    public void Train_OfAShortRun_LearnsAndGivesItsHash(string name)
    {
        AgreedRun run = AgreedRuns.Create(withLong: false).Single(run => run.Name == name);
        using Mlp mlp = new(run.Network);
        double before = mlp.Evaluate(run.Data.AsBatch()).Loss;
        TrainingResult result = Trainer.Train(mlp, run.Data, run.Training, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(TrainingStatus.Completed, result.Status);
        Assert.InRange(mlp.Evaluate(run.Data.AsBatch()).Loss, 0, before);
        Assert.Equal(run.WeightsSha256, run.Train(threads: 2, TestContext.Current.CancellationToken));
    }

    /// <summary>SHA-256 of "abc", from FIPS 180-2.</summary>
    [Fact]
    public void Combine_OfHashes_IsTheHashOfTheirText() =>
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", AgreedRun.Combine(["a", "bc"]));

    [Fact]
    public void Explain_OfRows_GivesTheExitCodeOfTheWorst()
    {
        VerifyEvent different = Same with { Same = false }, missing = Same with { Same = false, WeightsSha256 = null, Error = "no process" };
        Assert.Equal(ExitCodes.Done, VerifyJob.Explain([Same, Same]));
        Assert.Equal(ExitCodes.Unexpected, VerifyJob.Explain([Same, missing]));
        Assert.Equal(ExitCodes.Different, VerifyJob.Explain([missing, different, Same]));
    }
}
