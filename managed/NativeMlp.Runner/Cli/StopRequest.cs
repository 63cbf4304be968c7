// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Hosting;
using NativeMlp.Runner.Output;

namespace NativeMlp.Runner.Cli;

/// <summary>The first wish to end the job before its time, which decides the exit code.</summary>
internal sealed class StopRequest(IHostApplicationLifetime lifetime)
{
    private const int None = -1;

    private int _exitCode = None;

    /// <summary>What the process answers if the job ends early.</summary>
    public int ExitCode => _exitCode == None ? ExitCodes.Interrupted : _exitCode;

    /// <summary>Asks the job to stop at its next step.</summary>
    /// <param name="exitCode">For the process, if the job then ends early.</param>
    public void Ask(int exitCode)
    {
        Interlocked.CompareExchange(ref _exitCode, exitCode, None);
        lifetime.StopApplication();
    }
}
