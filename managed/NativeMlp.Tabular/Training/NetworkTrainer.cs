// SPDX-License-Identifier: MIT
using System.Runtime.ExceptionServices;
using NativeMlp.Data;
using NativeMlp.Tables;
using NativeMlp.Training;

namespace NativeMlp.Tabular.Training;

/// <summary>Trains the networks of a model, each with its own seed and rows, several at the same time.</summary>
internal sealed class NetworkTrainer(TrainingTable table, TableTrainingOptions options, IReadOnlyList<NetworkRows> rows)
{
    public required TableEncoding Encoding { get; init; }

    public required TableLabels Labels { get; init; }

    public required float[] ClassWeights { get; init; }

    public required TrainingSizes Sizes { get; init; }

    public IProgress<TableProgress>? Progress { get; init; }

    /// <summary>Runs the steps; null for a plain loop.</summary>
    public ISessionRunner? Runner { get; init; }

    /// <summary>Trains them all. Where one fails there will be no model: the others stop after their current step.</summary>
    /// <returns>The networks, and how the training of each ended.</returns>
    public (Mlp[] Networks, TrainingResult[] Runs) Train(CancellationToken cancellationToken)
    {
        int threads = options.Threads == 0 ? NativeLibraryInfo.DefaultThreads : options.Threads;
        Mlp[] networks = new Mlp[rows.Count];
        TrainingResult[] runs = new TrainingResult[networks.Length];
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ExceptionDispatchInfo? cause = null;
        try
        {
            for (int i = 0; i < networks.Length; i++) networks[i] = new Mlp(Network(i, networks.Length == 1 ? threads : 1));
            // The token is not passed to the loop, because a cancelled run also has a result.
            Parallel.For(0, networks.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = CancellationToken.None },
                TrainOne);
            cause?.Throw();
            return (networks, runs);
        }
        catch
        {
            foreach (Mlp? network in networks) network?.Dispose();
            throw;
        }

        // What fails after the first was stopped by it.
        void TrainOne(int i)
        {
            try
            {
                runs[i] = Train(networks[i], i, stop.Token);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref cause, ExceptionDispatchInfo.Capture(e), null);
                stop.Cancel();
            }
        }
    }

    private TrainingResult Train(Mlp network, int index, CancellationToken cancellationToken)
    {
        int threads = rows.Count == 1 ? options.Threads : 1;
        Dataset training = table.ToDataset("training", Encoding, Labels, [.. rows[index].Training], threads);
        Dataset? validation = rows[index].Validation is { Count: > 0 } held ? table.ToDataset("validation", Encoding, Labels, [.. held], threads) : null;
        TrainingOptions trained = Options(index, validation is not null);
        if (Runner is not null)
            return Runner.Run(new TrainingSession(network, training, trained, validation), index, rows.Count, cancellationToken);
        EpochProgress? progress = Progress is null ? null : new EpochProgress(Progress, index, rows.Count, Sizes.Epochs);
        return Trainer.Train(network, training, trained, validation, progress, cancellationToken: cancellationToken);
    }

    private MlpOptions Network(int index, int threads) => new()
    {
        Inputs = Encoding.Inputs,
        Hidden = Sizes.Hidden,
        Outputs = Labels.Names.Count,
        Dropout = options.Dropout,
        Loss = Labels.Task switch
        {
            TableTask.Regression => Loss.MeanSquaredError,
            TableTask.Multilabel => Loss.BinaryCrossEntropy,
            _ => Loss.SoftmaxCrossEntropy,
        },
        ClassWeights = ClassWeights,
        MaxBatch = Sizes.BatchSize,
        Threads = threads,
        Seed = options.Seed + (ulong)index,
    };

    // The epoch with the smallest validation loss is kept, even if it is long ago.
    private TrainingOptions Options(int index, bool validated) => new()
    {
        Epochs = Sizes.Epochs,
        BatchSize = Sizes.BatchSize,
        Optimizer = Optimizer.AdamW(options.LearningRate, options.WeightDecay) with { DecayBiases = true },
        Schedule = new LearningRateSchedule.Cosine(),
        EarlyStopping = validated ? new EarlyStopping(Patience: int.MaxValue) : null,
        Seed = options.Seed + (ulong)index,
    };

    private sealed class EpochProgress(IProgress<TableProgress> progress, int network, int networks, int epochs) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => progress.Report(new TableProgress(network, networks, epochs, value));
    }
}
