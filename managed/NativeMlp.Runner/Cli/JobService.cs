// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NativeMlp.Runner.Jobs;
using NativeMlp.Runner.Output;

namespace NativeMlp.Runner.Cli;

/// <summary>The exit code of the job.</summary>
internal sealed class JobOutcome
{
    public int ExitCode { get; set; } = ExitCodes.Unexpected;
}

/// <summary>
/// The hosted service that runs the job of a command. The job has its own thread, because it computes all the time.
/// No exception leaves this class, because the host would end the process with a stack trace.
/// </summary>
internal sealed partial class JobService(
    IJob job, JobOutcome outcome, StopRequest request, IHostApplicationLifetime lifetime, ILogger<JobService> logger) : BackgroundService
{
    // How long a job that saves nothing may keep running after a request to stop.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // If the job ended before the host had started, the start itself would fail.
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

    // Ends when a job that may be abandoned does not end after a request to stop.
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
        catch (Exception exception) // every exception becomes a message and an exit code
        {
            LogFailed(logger, exception);
            return Failure.Report(exception);
        }
    }

    // A reader that closes the pipe expects no message.
    private int Interrupted() => request.ExitCode == ExitCodes.Done ? ExitCodes.Done : Failure.Report(request.ExitCode, "Interrupted.");

    [LoggerMessage(Level = LogLevel.Information, Message = "{Job} started")]
    private static partial void LogStarted(ILogger logger, string job);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Job} ended with exit code {ExitCode}")]
    private static partial void LogEnded(ILogger logger, string job, int exitCode);

    // Logged at the level Debug, so that the stack trace appears only on request.
    [LoggerMessage(Level = LogLevel.Debug, Message = "The job failed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
