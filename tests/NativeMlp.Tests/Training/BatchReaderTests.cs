// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.State;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Training;

/// <summary>Features that are computed when they are read train as those in memory do.</summary>
public sealed class BatchReaderTests
{
    private const int Rows = 90, Features = 3, Outputs = 3;

    private static readonly float[] X = TestData.Normal(1, Rows * Features);
    private static readonly float[] Targets = [.. X.Select(value => value > 0 ? 1f : 0)];
    private static readonly int[] Labels = [.. Enumerable.Range(0, Rows).Select(row => row % Outputs)];
    private static readonly float[] Weights = [.. Enumerable.Range(0, Rows).Select(row => row < 20 ? 0 : 0.5f + (row % 5))];

    public static TheoryData<Loss, bool> LossesAndWeights =>
        new(from loss in Enum.GetValues<Loss>() from weighted in new[] { false, true } select (loss, weighted));

    [Theory]
    [MemberData(nameof(LossesAndWeights))]
    public void Train_OfComputedFeatures_GivesTheSameBytes(Loss loss, bool weighted)
    {
        Dataset memory = InMemory(loss, weighted), computed = Computed(loss, weighted);
        TrainingOptions options = new() { Epochs = 3, BatchSize = 35, Optimizer = Optimizer.Adam(0.01) };
        using Mlp first = new(Network(loss)), second = new(Network(loss));
        TrainingSession expected = new(first, memory, options, memory), actual = new(second, computed, options, computed);
        while (expected.Status is null)
        {
            StepReport step = expected.Step(), other = actual.Step();
            Assert.Equal(step.Result, other.Result);
            Assert.Equal(step.CompletedEpoch?.ValidationLoss ?? 0, other.CompletedEpoch?.ValidationLoss ?? 0, 1e-12);
            Assert.Equal(step.CompletedEpoch?.ValidationAccuracy, other.CompletedEpoch?.ValidationAccuracy);
        }

        Assert.NotNull(actual.Status);
        Assert.Equal(TestData.Parameters(first), TestData.Parameters(second));
        TrainingState state = actual.Capture();
        Assert.Equal(expected.Capture().Train, state.Train);
        expected.Restore(state);
    }

    /// <summary>Only features in memory are hashed in advance, because a source is read by one thread at a time.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PrepareCapture_OfARun_DoesNotChangeItsState(bool computed)
    {
        var source = new Source();
        Dataset memory = InMemory(Loss.SoftmaxCrossEntropy, true);
        Dataset data = computed ? Dataset.FromSource("computed", source, Features, Labels, Outputs).WithWeights(Weights) : memory;
        TrainingOptions options = new() { Epochs = 1, BatchSize = 35 };
        using Mlp first = new(Network(Loss.SoftmaxCrossEntropy)), second = new(Network(Loss.SoftmaxCrossEntropy));
        TrainingSession expected = new(first, memory, options, memory), actual = new(second, data, options, data);
        actual.PrepareCapture();
        Thread.Sleep(50); // a read by another thread would have begun
        Assert.Equal(0, source.Reads);

        TrainingState state = actual.Capture();
        Assert.Equal(expected.Capture().Train, state.Train);
        Assert.Equal(expected.Capture().Validation, state.Validation);
    }

    /// <summary>Blocks of 7 rows. With weights, the rows of the first two have the weight 0.</summary>
    [Theory]
    [MemberData(nameof(LossesAndWeights))]
    public void Evaluate_OfComputedFeaturesInBlocks_IsTheMeanOverAllRows(Loss loss, bool weighted)
    {
        using Mlp mlp = new(Network(loss));
        StepResult expected = mlp.Evaluate(InMemory(loss, weighted).AsBatch()), actual = new BatchReader(Computed(loss, weighted), 7).Evaluate(mlp);

        Assert.Equal(expected.Loss, actual.Loss, 1e-12 * Math.Abs(expected.Loss));
        Assert.Equal(actual.Loss, actual.DataLoss);
        Assert.Equal(expected.Rows, actual.Rows);
        Assert.Equal(expected.Correct, actual.Correct);
    }

    [Fact]
    public void PourFeatures_OfComputedFeaturesInBlocks_GivesEachByteOnce()
    {
        List<byte> expected = [], actual = [];
        new BatchReader(InMemory(Loss.Huber, false), 7).PourFeatures(bytes => expected.AddRange(bytes));
        new BatchReader(Computed(Loss.Huber, false), 7).PourFeatures(bytes => actual.AddRange(bytes));

        Assert.Equal(Rows * Features * sizeof(float), expected.Count);
        Assert.Equal(expected, actual);
    }

    private static MlpOptions Network(Loss loss) => new()
    {
        Inputs = Features,
        Hidden = [8],
        Outputs = Outputs,
        Loss = loss,
        MaxBatch = 35,
        ClassWeights = loss is Loss.SoftmaxCrossEntropy or Loss.BinaryCrossEntropy ? [1, 3, 0.5f] : [],
    };

    private static Dataset InMemory(Loss loss, bool weighted)
    {
        Dataset data = loss.TakesTargets() ? Dataset.FromFloats("memory", X, Features, Targets, Outputs) : Dataset.FromFloats("memory", X, Features, Labels, Outputs);
        return weighted ? data.WithWeights(Weights) : data;
    }

    private static Dataset Computed(Loss loss, bool weighted)
    {
        Dataset data = loss.TakesTargets() ? Dataset.FromSource("computed", new Source(), Features, Targets, Outputs) : Dataset.FromSource("computed", new Source(), Features, Labels, Outputs);
        return weighted ? data.WithWeights(Weights) : data;
    }

    private sealed class Source : IRowSource
    {
        public int Reads { get; private set; }

        public void Read(ReadOnlySpan<int> rows, Memory<float> features)
        {
            Reads++;
            for (int i = 0; i < rows.Length; i++) X.AsSpan(rows[i] * Features, Features).CopyTo(features.Span[(i * Features)..]);
        }
    }
}
