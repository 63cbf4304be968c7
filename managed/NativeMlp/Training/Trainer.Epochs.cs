// SPDX-License-Identifier: MIT
using NativeMlp.Data;

namespace NativeMlp.Training;

/// <content>Runs that are enumerated epoch by epoch.</content>
public static partial class Trainer
{
    /// <summary>Prepares a run whose epochs are enumerated with <c>await foreach</c>.</summary>
    /// <remarks>The run trains on one thread of its own, and only while the next epoch is awaited: in between, the body of the loop may
    /// use the network, evaluate or save it. Leaving the loop ends the run.</remarks>
    /// <param name="mlp">The network; training continues from its parameters and moments.</param>
    /// <param name="train">The rows to train on.</param>
    /// <param name="options">The training options.</param>
    /// <param name="validation">Rows to evaluate after each epoch; null for none.</param>
    /// <param name="cancellationToken">Cancels the run after the current step. The network then has the parameters of
    /// that step, or of its best epoch (<see cref="EarlyStopping"/>).</param>
    /// <returns>The epochs, to be enumerated once; no step has been taken yet.</returns>
    /// <inheritdoc cref="Train" path="/exception"/>
    public static TrainingEpochs TrainEpochsAsync(Mlp mlp, Dataset train, TrainingOptions options, Dataset? validation = null,
        CancellationToken cancellationToken = default) =>
        new(new TrainingSession(mlp, train, options, validation), cancellationToken);
}
