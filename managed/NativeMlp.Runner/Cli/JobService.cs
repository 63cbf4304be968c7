// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NativeMlp.Runner.Jobs;
using NativeMlp.Runner.Output;

namespace NativeMlp.Runner.Cli;

/// <summary>The exit code that the job ended with.</summary>
internal sealed class JobOutcome
{
    public int ExitCode { get; set; } = ExitCodes.Unexpected;
}

/// <summary>
/// The hosted service that trains (or does the other commands' work). The job has a thread of its own,
/// for it computes from its first moment to its last. No exception leaves: the host would end the process with a stack trace.
/// </summary>
internal sealed partial class JobService(
    IJob job, JobOutcome outcome, StopRequest request, IHostApplicationLifetime lifetime, ILogger<JobService> logger) : BackgroundService
{
    // What a job has to end by itself, once it is asked to, before it is left where it is.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A job that ended before the host had started would make the start itself fail.
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task;
        Task<int> running = Task.Factory.StartNew(() => RunJob(stoppingToken), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (await Task.WhenAny(running, LeaveAsync(stoppingToken)) == running)
            outcome.ExitCode = await running;
        else
            outcome.ExitCode = Interrupted();
        lifetime.StopApplication();
    }

    // Ends when the job was asked to stop and neither does nor has to.
    private async Task LeaveAsync(CancellationToken stop)
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = stop.Register(asked.SetResult);
        await asked.Task;
        do
            await Task.Delay(Grace, CancellationToken.None);
        while (job.MustFinish);
    }

    private int RunJob(CancellationToken stop)
    {
        try
        {
            LogStarted(logger, job.GetType().Name);
            int exitCode = job.Run(stop);
            LogEnded(logger, job.GetType().Name, exitCode);
            return exitCode == ExitCodes.Interrupted ? request.ExitCode : exitCode;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Interrupted();
        }
        catch (Exception exception) // the last line of defence: every exception becomes a sentence and an exit code
        {
            LogFailed(logger, exception);
            return Failure.Report(exception);
        }
    }

    // Who closes the pipe has read enough and wants to hear nothing more.
    private int Interrupted() => request.ExitCode == ExitCodes.Done ? ExitCodes.Done : Failure.Report(request.ExitCode, "Interrupted.");

    [LoggerMessage(Level = LogLevel.Information, Message = "{Job} started")]
    private static partial void LogStarted(ILogger logger, string job);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Job} ended with exit code {ExitCode}")]
    private static partial void LogEnded(ILogger logger, string job, int exitCode);

    // Debug, so that the stack is there for who asks and for nobody else.
    [LoggerMessage(Level = LogLevel.Debug, Message = "The job failed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
