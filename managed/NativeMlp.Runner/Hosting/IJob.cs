// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Hosting;

/// <summary>What one command does.</summary>
internal interface IJob
{
    /// <summary>Runs to the end, or to a good stopping place soon after <paramref name="stop"/>.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    int Run(CancellationToken stop);
}
