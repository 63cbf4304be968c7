// SPDX-License-Identifier: MIT
using System.Runtime.CompilerServices;

namespace NativeMlp.Training;

/// <summary>The epochs of a run, in the order of their completion; see <see cref="Trainer.TrainEpochsAsync"/>.</summary>
public sealed class TrainingEpochs : IAsyncEnumerable<EpochReport>
{
    private readonly TrainingSession _session;
    private readonly CancellationToken _cancellationToken;
    private int _enumerated;

    internal TrainingEpochs(TrainingSession session, CancellationToken cancellationToken) =>
        (_session, _cancellationToken) = (session, cancellationToken);

    /// <summary>The result of the run; null until the enumeration has ended.</summary>
    public TrainingResult? Result { get; private set; }

    /// <summary>Trains, epoch by epoch.</summary>
    /// <param name="cancellationToken">Cancels the run, like the token with which the run was created.</param>
    /// <exception cref="InvalidOperationException">The epochs have been enumerated before.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; thrown where the next epoch is awaited.</exception>
    public IAsyncEnumerator<EpochReport> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _enumerated, 1) != 0)
            throw new InvalidOperationException("A run can be enumerated once; its epochs have been enumerated already.");
        return EnumerateAsync(default).GetAsyncEnumerator(cancellationToken);
    }

    private async IAsyncEnumerable<EpochReport> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken, cancellationToken);
        using DedicatedThread thread = new("NativeMlp training");
        TrainingActivity activity = default;
        try
        {
            activity = await thread.RunAsync(TrainingActivity.Start).ConfigureAwait(false);
            while (await thread.RunAsync(() => NextEpoch(either.Token)).ConfigureAwait(false) is { } epoch)
            {
                activity.Epoch(epoch);
                yield return epoch;
            }

            if (_session.Status is null) either.Token.ThrowIfCancellationRequested();
        }
        finally
        {
            Result = activity.End(await thread.RunAsync(_session.End).ConfigureAwait(false));
            activity.Dispose();
        }
    }

    private EpochReport? NextEpoch(CancellationToken cancellationToken)
    {
        while (_session.Status is null && !cancellationToken.IsCancellationRequested)
        {
            if (_session.Step().CompletedEpoch is { } epoch) return epoch;
        }

        return null;
    }
}
