// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Jobs;

/// <summary>The work of one command.</summary>
internal interface IJob
{
    /// <summary>Whether the job has something to save. When such a job is asked to stop, the program waits until it has ended.
    /// Any other job is abandoned, because it may be in a read that never ends.</summary>
    bool MustFinish => false;

    /// <summary>Runs to the end, or until soon after <paramref name="stop"/> is requested.</summary>
    /// <returns>The exit code, one of <see cref="ExitCodes"/>.</returns>
    int Run(CancellationToken stop);
}
