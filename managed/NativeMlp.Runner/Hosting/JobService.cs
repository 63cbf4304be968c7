// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NativeMlp.Runner.Hosting;

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
    IJob job, JobOutcome outcome, IHostApplicationLifetime lifetime, ILogger<JobService> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A job that ended before the host had started would make the start itself fail.
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lifetime.ApplicationStarted.Register(started.SetResult);
        return started.Task.ContinueWith(_ => RunJob(stoppingToken), CancellationToken.None,
            TaskContinuationOptions.LongRunning, TaskScheduler.Default);
    }

    private void RunJob(CancellationToken stop)
    {
        try
        {
            LogStarted(logger, job.GetType().Name);
            outcome.ExitCode = job.Run(stop);
            LogEnded(logger, job.GetType().Name, outcome.ExitCode);
        }
        catch (Exception exception) // the last line of defence: every exception becomes a sentence and an exit code
        {
            LogFailed(logger, exception);
            outcome.ExitCode = Failure.Report(exception);
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Job} started")]
    private static partial void LogStarted(ILogger logger, string job);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Job} ended with exit code {ExitCode}")]
    private static partial void LogEnded(ILogger logger, string job, int exitCode);

    // Debug, so that the stack is there for who asks and for nobody else.
    [LoggerMessage(Level = LogLevel.Debug, Message = "The job failed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
