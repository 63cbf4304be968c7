// SPDX-License-Identifier: MIT
namespace NativeMlp.State;

/// <summary>The complete state of a training run between two steps, as plain data.</summary>
/// <remarks>The order of the rows, dropout and the initial weights are functions of a seed and a position, so the state
/// contains no random generator.</remarks>
public sealed record TrainingState
{
    /// <summary>The settings that determine the bytes of the run, as names and texts.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>A fingerprint of the training rows.</summary>
    public required DataFingerprint Train { get; init; }

    /// <summary>A fingerprint of the validation rows; null if there are none.</summary>
    public DataFingerprint? Validation { get; init; }

    /// <summary>The position of the run.</summary>
    public required TrainingPosition Position { get; init; }

    /// <summary>The sums of the current epoch.</summary>
    public EpochSums Sums { get; init; }

    /// <summary>The state of the learning rate in addition to the position.</summary>
    public required ScheduleState Schedule { get; init; }

    /// <summary>The state of early stopping; null without early stopping.</summary>
    public StoppingState? Stopping { get; init; }

    /// <summary>The network's parameters and the optimizer's moments.</summary>
    public required NetworkState Network { get; init; }
}

/// <summary>The position of a run.</summary>
/// <param name="Epoch">The current epoch, from 1; 0 before the first step.</param>
/// <param name="Row">The number of rows that the epoch has used.</param>
/// <param name="Step">The number of steps taken.</param>
public readonly record struct TrainingPosition(int Epoch, int Row, long Step);

/// <summary>Sums over the steps of an epoch.</summary>
/// <param name="Loss">The sum of the loss before each step, multiplied by its rows.</param>
/// <param name="Correct">The number of correct rows.</param>
/// <param name="Rows">The number of rows.</param>
public readonly record struct EpochSums(double Loss, long Correct, long Rows);

/// <summary>The state of a schedule.</summary>
/// <param name="Rate">The learning rate that the schedule starts from, after the reductions on plateaus.</param>
/// <param name="Epochs">The number of completed epochs.</param>
/// <param name="BestLoss">The smallest loss of an epoch.</param>
/// <param name="Waited">The number of epochs since then, or since the last reduction of the rate.</param>
public readonly record struct ScheduleState(double Rate, int Epochs, double BestLoss, int Waited);

/// <summary>The state of early stopping.</summary>
/// <param name="BestEpoch">The best epoch so far, from 1; 0 for none.</param>
/// <param name="BestLoss">Its loss.</param>
/// <param name="Waited">The number of epochs without progress since then.</param>
/// <param name="Parameters">The parameters after that epoch, tensor by tensor; empty for none.</param>
public sealed record StoppingState(int BestEpoch, double BestLoss, int Waited, IReadOnlyList<float[]> Parameters);

/// <summary>A network's parameters and its optimizer's moments, tensor by tensor in the order of the layers.</summary>
/// <param name="Optimizer">The counters of the optimizer.</param>
/// <param name="Parameters">Weight, bias, and with a norm its γ, β and running statistics.</param>
/// <param name="FirstMoments">One for each parameter except the running statistics; empty if the optimizer has none.</param>
/// <param name="SecondMoments">As <paramref name="FirstMoments"/>.</param>
public sealed record NetworkState(
    OptimizerState Optimizer,
    IReadOnlyList<float[]> Parameters,
    IReadOnlyList<float[]> FirstMoments,
    IReadOnlyList<float[]> SecondMoments)
{
    /// <summary>As <see cref="FirstMoments"/>: those of AMSGrad and of centered RMSProp.</summary>
    public IReadOnlyList<float[]> ThirdMoments { get; init; } = [];
}

/// <summary>Identifies a data set.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Features">The number of features of a row.</param>
/// <param name="Classes">The number of classes; 0 if the rows have targets.</param>
/// <param name="Targets">The number of targets of a row; 0 if the rows have classes.</param>
/// <param name="Sha256">The SHA-256 of features, labels, targets, weights and normalisation, in lower-case hex.</param>
public sealed record DataFingerprint(int Rows, int Features, int Classes, int Targets, string Sha256);
