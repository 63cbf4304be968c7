// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Hosting;
using NativeMlp.Runner.Output;

namespace NativeMlp.Runner.Cli;

/// <summary>The first request to stop the job early. It determines the exit code.</summary>
internal sealed class StopRequest(IHostApplicationLifetime lifetime)
{
    private const int None = -1;

    private int _exitCode = None;

    /// <summary>The exit code of the process if the job ends early.</summary>
    public int ExitCode => _exitCode == None ? ExitCodes.Interrupted : _exitCode;

    /// <summary>Asks the job to stop at its next step.</summary>
    /// <param name="exitCode">The exit code of the process if the job then ends early.</param>
    public void Ask(int exitCode)
    {
        Interlocked.CompareExchange(ref _exitCode, exitCode, None);
        lifetime.StopApplication();
    }
}
