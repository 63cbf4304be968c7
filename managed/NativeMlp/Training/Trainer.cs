// SPDX-License-Identifier: MIT
using NativeMlp.Data;

namespace NativeMlp.Training;

/// <summary>Trains a network on a data set, epoch by epoch.</summary>
/// <remarks>
/// In epoch <c>e</c> (from 1) the rows come in the order <c>Kernels.RandomPermutation(seed, e)</c>, batch by batch, the
/// last and smaller batch included, unless <see cref="TrainingOptions.Drawing"/> says otherwise. Steps allocate nothing, but
/// for a schedule that changes the rate at each of them.
/// </remarks>
public static class Trainer
{
    /// <summary>Trains on the calling thread.</summary>
    /// <param name="mlp">The network; it goes on from where it is.</param>
    /// <param name="train">The rows to train on.</param>
    /// <param name="options">How to train.</param>
    /// <param name="validation">Rows to look at after each epoch; null for none.</param>
    /// <param name="progress">Told of each epoch.</param>
    /// <param name="cancellationToken">Stops after the current step. That is no exception but
    /// <see cref="TrainingStatus.Interrupted"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="mlp"/>, <paramref name="train"/> or
    /// <paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">A data set does not fit the network, or the batch is larger than the data set
    /// or than the network was made for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value of <paramref name="options"/> is not allowed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the network.</exception>
    public static TrainingResult Train(Mlp mlp, Dataset train, TrainingOptions options, Dataset? validation = null,
        IProgress<EpochReport>? progress = null, CancellationToken cancellationToken = default)
    {
        CheckArguments(mlp, train, options, validation);
        return new TrainingRun(mlp, train, options, validation, progress, cancellationToken).Run();
    }

    /// <summary>Trains on one thread of its own. The native library keeps workers for each thread that calls it: one
    /// dedicated thread keeps their number small.</summary>
    /// <inheritdoc cref="Train"/>
    public static Task<TrainingResult> TrainAsync(Mlp mlp, Dataset train, TrainingOptions options,
        Dataset? validation = null, IProgress<EpochReport>? progress = null,
        CancellationToken cancellationToken = default)
    {
        CheckArguments(mlp, train, options, validation);
        TrainingRun run = new(mlp, train, options, validation, progress, cancellationToken);
        // The token is not the task's: a cancelled run has a result, too.
        return Task.Factory.StartNew(run.Run, CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
    }

    private static void CheckArguments(Mlp mlp, Dataset train, TrainingOptions options, Dataset? validation)
    {
        ArgumentNullException.ThrowIfNull(mlp);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        CheckFits(mlp, train, nameof(train));
        if (validation is not null) CheckFits(mlp, validation, nameof(validation));
        if (options.BatchSize > train.Count)
            Throw.Argument($"TrainingOptions.BatchSize is {options.BatchSize}; the data set '{train.Name}' has {train.Count} rows.");
        if (options.BatchSize > mlp.Options.MaxBatch)
            Throw.Argument($"TrainingOptions.BatchSize is {options.BatchSize}; the network was made for at most {mlp.Options.MaxBatch} rows (MlpOptions.MaxBatch).");
    }

    private static void CheckFits(Mlp mlp, Dataset data, string name)
    {
        if (data.Count < 1) Throw.Argument($"The data set '{data.Name}' has no rows.", name);
        if (data.Features != mlp.Inputs)
            Throw.Argument($"The data set '{data.Name}' has {data.Features} features; the network has {mlp.Inputs} inputs.", name);
        if (data.Classes > mlp.Outputs)
            Throw.Argument($"The data set '{data.Name}' has {data.Classes} classes; the network has {mlp.Outputs} outputs.", name);
    }
}
