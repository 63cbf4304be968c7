// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Jobs;

/// <summary>What one command does.</summary>
internal interface IJob
{
    /// <summary>Whether there is something to save: such a job is waited for when it is asked to stop, however long that takes.
    /// Any other is left where it is, which may be in the middle of a read that never ends.</summary>
    bool MustFinish => false;

    /// <summary>Runs to the end, or to a good stopping place soon after <paramref name="stop"/>.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    int Run(CancellationToken stop);
}
