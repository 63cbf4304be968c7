// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Training;

/// <summary>What a run does beside its steps: learning rates, early stopping, the drawing of batches.</summary>
public sealed class ScheduleTests
{
    private const int Rows = 100;
    private const int BatchRows = 25;

    private static readonly Dataset Data = Synthetic.Moons(Rows, seed: 3);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The rate of the last step of each of eight epochs of four steps; 0.4 at the start.</summary>
    public static TheoryData<LearningRateSchedule, double[]> Rates()
    {
        double[] cosine = new double[8], cycle = new double[8];
        for (int epoch = 0; epoch < 8; epoch++)
        {
            double step = (4 * epoch) + 3;
            cosine[epoch] = 0.1 + (0.3 * (1 + Math.Cos(Math.PI * step / 32)) / 2);
            double top = (0.25 * 32) - 1, first = 0.4 / 25, last = first / 1e4;
            cycle[epoch] = step <= top
                ? 0.4 + ((first - 0.4) * (1 + Math.Cos(Math.PI * step / top)) / 2)
                : last + ((0.4 - last) * (1 + Math.Cos(Math.PI * (step - top) / (31 - top))) / 2);
        }

        return new TheoryData<LearningRateSchedule, double[]>
        {
            { new LearningRateSchedule.Constant(), [0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4] },
            { new LearningRateSchedule.StepDecay(1, 0.5), [0.4, 0.2, 0.1, 0.05, 0.025, 0.0125, 0.00625, 0.003125] },
            { new LearningRateSchedule.StepDecay(3, 0.1), [0.4, 0.4, 0.4, 0.04, 0.04, 0.04, 0.004, 0.004] },
            { new LearningRateSchedule.Constant { WarmUpSteps = 10 }, [0.16, 0.32, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4] },
            { new LearningRateSchedule.Cosine(0.1), cosine },
            { new LearningRateSchedule.OneCycle(0.25), cycle },
        };
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void Schedule_OfEachKind_HasItsRates(LearningRateSchedule schedule, double[] expected)
    {
        using Mlp mlp = Make();
        TrainingResult result = Trainer.Train(mlp, Data, Options(8) with { Schedule = schedule, Optimizer = Optimizer.Sgd(0.4) }, cancellationToken: Stop);
        double[] actual = [.. result.Epochs.Select(report => report.LearningRate)];
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-7);
    }

    // A rate of 1e-30 changes nothing: after the first epoch there is no progress.
    [Fact]
    public void ReduceOnPlateau_WithoutProgress_LowersTheRate()
    {
        using Mlp mlp = Make();
        var options = Options(8) with { Optimizer = Optimizer.Sgd(1e-30), Sampling = BatchSampling.InOrder, Schedule = new LearningRateSchedule.ReduceOnPlateau(0.5, 2) };
        double[] rates = [.. Trainer.Train(mlp, Data, options, cancellationToken: Stop).Epochs.Select(report => report.LearningRate / 1e-30)];
        Assert.Equal([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25], rates.Select(rate => Math.Round(rate, 6)));
    }

    [Fact]
    public void EarlyStopping_WithoutProgress_GivesBackTheBest()
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Hidden = [12], Outputs = 2, Norm = Norm.Batch, MaxBatch = BatchRows });
        Dataset validation = Synthetic.Moons(60, seed: 4);
        List<(double Loss, float[] Parameters)> epochs = [];
        var options = Options(200) with { EarlyStopping = new EarlyStopping(3), Optimizer = Optimizer.SgdMomentum(1.5) };
        TrainingResult result = Trainer.Train(mlp, Data, options, validation, new Watch(report => epochs.Add((report.ValidationLoss!.Value, All(mlp)))), cancellationToken: Stop);
        Assert.Equal(TrainingStatus.StoppedEarly, result.Status);
        int best = epochs.FindIndex(epoch => epoch.Loss == epochs.Min(e => e.Loss));
        Assert.Equal(best + 4, epochs.Count);
        Assert.Equal(epochs[best].Parameters, All(mlp));
        Assert.Contains($"epoch {best + 1},", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MaxSteps_InTheMiddleOfAnEpoch_EndsTheRun()
    {
        using Mlp mlp = Make();
        TrainingResult result = Trainer.Train(mlp, Data, Options(10) with { MaxSteps = 6 }, cancellationToken: Stop);
        Assert.Equal((TrainingStatus.Completed, 6L, 2), (result.Status, result.Steps, result.Epochs.Count));
    }

    [Fact]
    public void Sampling_WithReplacement_IsAFunctionOfTheSeed()
    {
        string[] hashes = [.. new ulong[] { 1, 1, 2 }.Select(Train)];
        Assert.Equal(hashes[0], hashes[1]);
        Assert.NotEqual(hashes[0], hashes[2]);

        static string Train(ulong seed)
        {
            using Mlp mlp = Make();
            Trainer.Train(mlp, Data, Options(3) with { Sampling = BatchSampling.WithReplacement, Seed = seed }, cancellationToken: Stop);
            return Checkpoint.WeightsSha256(mlp);
        }
    }

    [Fact]
    public void Divergence_OfAFeatureThatIsNoNumber_IsNamedAndHarmless()
    {
        float[] features = Data.Values.ToArray();
        features[(17 * 2) + 1] = float.NaN;
        Dataset bad = Dataset.FromFloats("bad", features, 2, Data.Labels.ToArray(), 2);
        using Mlp mlp = Make();
        TrainingResult result = Trainer.Train(mlp, bad, Options(2) with { Sampling = BatchSampling.InOrder }, cancellationToken: Stop);
        Assert.Equal(TrainingStatus.Diverged, result.Status);
        Assert.Contains("the features at row 17, column 1 of the batch are not finite", result.Message, StringComparison.Ordinal);
        Assert.All(All(mlp), value => Assert.True(float.IsFinite(value)));
    }

    private static TrainingOptions Options(int epochs) => new() { Epochs = epochs, BatchSize = BatchRows };

    private static Mlp Make() => new(new MlpOptions { Inputs = 2, Hidden = [8], Outputs = 2, MaxBatch = BatchRows });

    private static float[] All(Mlp mlp)
    {
        List<float> all = [];
        for (int layer = 0; layer < mlp.Layers.Count; layer++)
        {
            foreach (LayerTensor tensor in mlp.Layers[layer].Tensors)
            {
                float[] values = new float[mlp.Layers[layer].LengthOf(tensor)];
                mlp.Read(TensorKind.Parameter, layer, tensor, values);
                all.AddRange(values);
            }
        }

        return [.. all];
    }

    private sealed class Watch(Action<EpochReport> seen) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => seen(value);
    }
}
