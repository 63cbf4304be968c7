// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Training;

namespace NativeMlp.Runner.Runs;

/// <summary>Told of a training run as it happens: progress views, metrics and reports are observers.</summary>
/// <remarks>An observer must not decide a run: what it cannot write it keeps to itself and returns when the run has ended.
/// The networks of an ensemble train at the same time: <see cref="Stepped"/> may be called from several threads at once, all
/// other members one call at a time. A member that an observer does not have does nothing.</remarks>
internal interface IRunObserver
{
    /// <summary>The sizes of the first part are known; <see cref="PartBegan"/> follows.</summary>
    void Started(RunStart start)
    {
    }

    /// <summary>A fold or the model itself begins, and its first step follows. Parts may differ in all their sizes.</summary>
    /// <param name="fold">Which fold, from 1; 0 for the model itself.</param>
    /// <param name="part">The sizes of the part.</param>
    void PartBegan(int fold, RunStart part)
    {
    }

    /// <summary>A network has taken a step. Called between any two steps: must not allocate and must take next to no time.</summary>
    /// <param name="network">Which network, from 0.</param>
    /// <param name="step">What the step came to.</param>
    void Stepped(int network, in StepReport step)
    {
    }

    /// <summary>A network has completed an epoch.</summary>
    /// <param name="network">Which network, from 0.</param>
    /// <param name="epoch">What the epoch came to; times are those of the whole run, the parts before an interruption included.</param>
    void EpochEnded(int network, EpochReport epoch)
    {
    }

    /// <summary>The model of a fold is trained and measured.</summary>
    void FoldEnded(FoldEvent fold)
    {
    }

    /// <summary>The run has ended, its model is saved and measured. Not called where the program fails.</summary>
    /// <returns>A sentence about what the observer could not write; null where it has written all, or tells of it otherwise.</returns>
    string? Finished(RunEnd end) => null;
}
