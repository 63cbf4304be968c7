// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using NativeMlp.Runner.Output;

namespace NativeMlp.Runner.Cli;

/// <summary>
/// Ctrl+C, SIGTERM, SIGHUP and a closed standard output ask the job to stop at the next step. A second signal
/// has its default effect, so that a program that hangs can still be ended from the keyboard.
/// </summary>
internal sealed class SignalLifetime(StopRequest request) : IHostLifetime, IDisposable
{
    // One request can arrive twice: `timeout`, for example, signals the process and then its group.
    private static readonly TimeSpan Echo = TimeSpan.FromMilliseconds(500);

    private readonly List<PosixSignalRegistration> _registrations = [];
    private long _asked;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        Register(PosixSignal.SIGINT, ExitCodes.Interrupted);
        Register(PosixSignal.SIGTERM, ExitCodes.Interrupted);
        Register(PosixSignal.SIGHUP, ExitCodes.HungUp);
        StandardStreams.Output.WhenPipeCloses(() => request.Ask(ExitCodes.Done));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registrations.ForEach(r => r.Dispose());

    private void Register(PosixSignal signal, int exitCode) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context => OnSignal(context, exitCode)));

    private void OnSignal(PosixSignalContext context, int exitCode)
    {
        long first = Interlocked.CompareExchange(ref _asked, Stopwatch.GetTimestamp(), 0);
        context.Cancel = first == 0 || Stopwatch.GetElapsedTime(first) < Echo;
        if (first == 0)
            request.Ask(exitCode);
    }
}
