// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Tables;
using NativeMlp.Training;

namespace NativeMlp.Tabular.Training;

/// <summary>Trains the networks of a model, each from a seed of its own; several at once.</summary>
internal sealed class NetworkTrainer(TableTrainingOptions options, TrainingSizes sizes, float[] classWeights)
{
    public required Dataset Training { get; init; }

    public required Dataset? Validation { get; init; }

    public required TableTask Task { get; init; }

    public IProgress<TableProgress>? Progress { get; init; }

    public TrainingSizes Sizes => sizes;

    /// <summary>Trains them all.</summary>
    /// <returns>The networks, and how the training of each ended.</returns>
    public (Mlp[] Networks, TrainingResult[] Runs) Train(CancellationToken cancellationToken)
    {
        int threads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads;
        Mlp[] networks = new Mlp[options.Networks];
        TrainingResult[] runs = new TrainingResult[networks.Length];
        try
        {
            for (int i = 0; i < networks.Length; i++) networks[i] = new Mlp(Network(i, networks.Length == 1 ? threads : 1));
            // The token is not the loop's: a cancelled run has a result, too.
            Parallel.For(0, networks.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = CancellationToken.None },
                i => runs[i] = Train(networks[i], i, cancellationToken));
            return (networks, runs);
        }
        catch
        {
            foreach (Mlp? network in networks) network?.Dispose();
            throw;
        }
    }

    private TrainingResult Train(Mlp network, int index, CancellationToken cancellationToken)
    {
        EpochProgress? progress = Progress is null ? null : new EpochProgress(Progress, index, options.Networks, sizes.Epochs);
        return Trainer.Train(network, Training, Options(index), Validation, progress, cancellationToken: cancellationToken);
    }

    private MlpOptions Network(int index, int threads) => new()
    {
        Inputs = Training.Features,
        Hidden = sizes.Hidden,
        Outputs = Training.Classes + Training.TargetCount,
        Dropout = options.Dropout,
        Loss = Task switch
        {
            TableTask.Regression => Loss.MeanSquaredError,
            TableTask.Multilabel => Loss.BinaryCrossEntropy,
            _ => Loss.SoftmaxCrossEntropy,
        },
        ClassWeights = classWeights,
        MaxBatch = sizes.BatchSize,
        Threads = threads,
        Seed = options.Seed + (ulong)index,
    };

    // The epoch with the smallest validation loss is kept, however long ago it was.
    private TrainingOptions Options(int index) => new()
    {
        Epochs = sizes.Epochs,
        BatchSize = sizes.BatchSize,
        Optimizer = Optimizer.AdamW(options.LearningRate, options.WeightDecay) with { DecayBiases = true },
        Schedule = new LearningRateSchedule.Cosine(),
        EarlyStopping = Validation is null ? null : new EarlyStopping(Patience: int.MaxValue),
        Seed = options.Seed + (ulong)index,
    };

    private sealed class EpochProgress(IProgress<TableProgress> progress, int network, int networks, int epochs) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) =>
            progress.Report(new TableProgress(network, networks, epochs, value));
    }
}
