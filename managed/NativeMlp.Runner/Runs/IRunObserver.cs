// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Training;

namespace NativeMlp.Runner.Runs;

/// <summary>Receives the events of a training run. Progress views, metrics and reports are observers.</summary>
/// <remarks>An observer must not make a run fail: if it cannot write something, it returns a sentence about it from <see cref="Finished"/>.
/// The networks of an ensemble train at the same time, so several threads may call <see cref="Stepped"/> at the same time. All other
/// members are called one at a time. A member that an observer does not implement does nothing.</remarks>
internal interface IRunObserver
{
    /// <summary>The sizes of the first part are known; <see cref="PartBegan"/> follows.</summary>
    void Started(RunStart start)
    {
    }

    /// <summary>The training of a fold or of the final model begins. All sizes may differ from part to part.</summary>
    /// <param name="fold">The number of the fold, from 1; 0 for the final model.</param>
    /// <param name="part">The sizes of the part.</param>
    void PartBegan(int fold, RunStart part)
    {
    }

    /// <summary>A network has taken a step. This method is called after each step, so it must not allocate and must return almost at once.</summary>
    /// <param name="network">The index of the network.</param>
    /// <param name="step">The results of the step.</param>
    void Stepped(int network, in StepReport step)
    {
    }

    /// <summary>A network has completed an epoch.</summary>
    /// <param name="network">The index of the network.</param>
    /// <param name="epoch">The results of the epoch. Its times are those of the whole run, including the time before an interruption.</param>
    void EpochEnded(int network, EpochReport epoch)
    {
    }

    /// <summary>The model of a fold has been trained and evaluated.</summary>
    void FoldEnded(FoldEvent fold)
    {
    }

    /// <summary>The run has ended, and its model has been saved and evaluated. This method is not called if the program fails.</summary>
    /// <returns>A sentence about what the observer could not write; null if it wrote everything, or reports the fault in another way.</returns>
    string? Finished(RunEnd end) => null;
}
