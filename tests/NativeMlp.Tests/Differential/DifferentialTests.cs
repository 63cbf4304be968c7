// SPDX-License-Identifier: MIT
using System.Collections.Concurrent;
using System.Globalization;

namespace NativeMlp.Tests.Differential;

/// <summary>
/// Random networks beside the reference: losses, gradients, updates, moments, running statistics, predictions and evaluations,
/// within what rounding to float32 explains (<see cref="Rounding"/>). The environment may give another seed, another number
/// of networks, or one network of a seed.
/// </summary>
public sealed class DifferentialTests
{
    internal const string SeedVariable = "NATIVEMLP_DIFFERENTIAL_SEED";
    internal const string CountVariable = "NATIVEMLP_DIFFERENTIAL_COUNT";
    internal const string CaseVariable = "NATIVEMLP_DIFFERENTIAL_CASE";

    private const int Seed = 20261129;
    private const int Count = 300;

    [Fact]
    public void RandomNetworks_BesideTheReference_DifferByRoundingOnly()
    {
        int seed = Variable(SeedVariable) ?? Seed, first = Variable(CaseVariable) ?? 0;
        int end = Variable(CaseVariable) + 1 ?? Variable(CountVariable) ?? Count;
        var failures = new ConcurrentQueue<string>();
        double greatest = 0;
        long compared = 0;
        Parallel.For(first, end, number =>
        {
            var c = new RandomCase(seed, number);
            Comparison comparison = Trial.Run(c);
            if (comparison.Differences.Count > 0) failures.Enqueue($"{c}\n  {string.Join("\n  ", comparison.Differences)}");
            Interlocked.Add(ref compared, comparison.Compared);
            lock (failures) greatest = Math.Max(greatest, comparison.Greatest);
        });
        TestContext.Current.SendDiagnosticMessage($"{compared} numbers compared; the greatest difference is {greatest:P0} of what rounding explains.");
        Assert.True(failures.IsEmpty, $"{failures.Count} of {end - first} networks differ:\n{string.Join("\n", failures.Order(StringComparer.Ordinal).Take(5))}");
    }

    /// <summary>One feature without gaps is a row and a column at once, which the product of a short batch took for a row.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(64)]
    [InlineData(65)]
    public void TrainStep_WithMomentumOnOneFeature_MovesTheWeightsByTheirGradient(int rows)
    {
        const double rate = 0.25;
        using var mlp = new Mlp(new MlpOptions { Inputs = 1, Outputs = 32, Loss = Loss.MeanSquaredError, MaxBatch = rows });
        float[] before = new float[32], gradient = new float[32], after = new float[32];
        Batch batch = Batch.FromRows(Support.TestData.Normal(3, rows), rows) with { Targets = Support.TestData.Normal(4, rows * 32) };
        mlp.ReadWeights(0, before);
        mlp.ComputeGradients(batch);
        mlp.Read(TensorKind.Gradient, 0, LayerTensor.Weight, gradient);
        mlp.TrainStep(batch, Optimizer.SgdMomentum(rate));
        mlp.ReadWeights(0, after);
        for (int j = 0; j < after.Length; j++) Assert.Equal(Math.FusedMultiplyAdd(-rate, gradient[j], before[j]), after[j], 4 * Rounding.Unit * Math.Abs(before[j]));
    }

    /// <summary>What the test above meets: every kind as often as there are rounds of all, every option often.</summary>
    [Fact]
    public void RandomNetworks_OfTheSeed_MeetEveryKind()
    {
        int count = Variable(CountVariable) ?? Count;
        RandomCase[] cases = [.. Enumerable.Range(0, count).Select(number => new RandomCase(Variable(SeedVariable) ?? Seed, number))];
        EachIsMet<Activation>(cases, c => c.Network.Layers.Select(layer => layer.Activation));
        EachIsMet<Norm>(cases, c => c.Network.Layers.Select(layer => layer.Norm));
        EachIsMet<Initialization>(cases, c => c.Network.Layers.Select(layer => layer.Initialization));
        EachIsMet<Loss>(cases, c => [c.Network.Loss]);
        EachIsMet<OptimizerKind>(cases, c => [c.Optimizer.Kind]);
        foreach ((string name, Func<RandomCase, bool> has) in Options)
        {
            int met = cases.Count(has);
            Assert.True(met >= count / 50, $"{met} of {count} networks have {name}");
        }
    }

    private static (string Name, Func<RandomCase, bool> Has)[] Options =>
    [
        ("no hidden layer", c => c.Network.Hidden.Count == 0),
        ("four hidden layers", c => c.Network.Hidden.Count == 4),
        ("a layer of one", c => c.Network.Hidden.Contains(1)),
        ("a layer of 57 to 63", c => c.Network.Hidden.Any(width => width is >= 57 and <= 63)),
        ("a layer of 100 or more", c => c.Network.Hidden.Any(width => width >= 100)),
        ("batches of one row", c => c.Network.MaxBatch == 1),
        ("an odd last batch", c => c.OddRows < c.Network.MaxBatch && c.OddRows % 2 == 1),
        ("dropout", c => c.Network.Layers.Any(layer => layer.Dropout > 0)),
        ("l2", c => c.Optimizer.L2 > 0),
        ("a clipped norm", c => c.Optimizer.ClipNorm > 0),
        ("clipped values", c => c.Optimizer.ClipValue > 0),
        ("a greatest norm of weights", c => c.Optimizer.MaxNorm > 0),
        ("label smoothing", c => c.Network.LabelSmoothing > 0),
        ("class weights", c => c.Network.ClassWeights.Count > 0),
        ("sample weights", c => c.Data.HasWeights),
        ("targets", c => c.Data.HasTargets),
        ("bytes", c => c.Data.IsBytes),
        ("row numbers", c => c.Data.IsIndexed),
        ("a mean", c => c.Data.HasMean),
        ("gaps between rows", c => c.Data.HasGaps),
        ("several threads", c => c.Network.Threads > 1),
    ];

    private static void EachIsMet<T>(RandomCase[] cases, Func<RandomCase, IEnumerable<T>> kinds) where T : struct, Enum
    {
        foreach (T kind in Enum.GetValues<T>())
        {
            int met = cases.Count(c => kinds(c).Contains(kind)), least = cases.Length / Enum.GetValues<T>().Length;
            Assert.True(met >= least, $"{typeof(T).Name}.{kind} is in {met} of {cases.Length} networks, not in {least} or more");
        }
    }

    private static int? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
        ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : throw new FormatException($"{name} is '{text}'; it must be a whole number from 0 on.")
        : null;
}
