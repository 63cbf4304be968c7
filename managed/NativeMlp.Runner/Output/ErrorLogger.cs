// SPDX-License-Identifier: MIT
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace NativeMlp.Runner.Output;

/// <summary>Writes the log to standard error, because standard output is for results. Text from outside is escaped,
/// and a stream that fails has no effect on the run (<see cref="GuardedStream"/>).</summary>
[ProviderAlias("Console")] // the name of its section in the Logging settings
internal sealed class ErrorLoggerProvider : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new ErrorLogger(categoryName);

    public void Dispose()
    {
    }

    private sealed class ErrorLogger(string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string message = string.Create(CultureInfo.InvariantCulture, $"{Word(logLevel)}: {category}[{eventId.Id}] {formatter(state, exception)}");
            LiveRegion.Standard.Above(() => Console.Error.WriteLine(Printable.Lines(exception is null ? message : $"{message}\n{exception}")));
        }

        private static string Word(LogLevel level) => level switch
        {
            LogLevel.Trace => "trce",
            LogLevel.Debug => "dbug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            _ => "crit",
        };
    }
}
