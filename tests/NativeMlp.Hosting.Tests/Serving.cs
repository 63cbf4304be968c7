// SPDX-License-Identifier: MIT
using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace NativeMlp.Hosting.Tests;

/// <summary>A served model whose file is looked at all the time, and what was logged.</summary>
internal sealed class Serving : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5); // a bound for a hang, not a measure

    private readonly ServiceProvider _services;

    public Serving(string path)
    {
        _services = new ServiceCollection().AddSingleton<ILoggerFactory>(Log).AddLogging()
            .AddNativeMlp("people", options => (options.Path, options.PollInterval) = (path, TimeSpan.FromMilliseconds(5)))
            .BuildServiceProvider();
        Model = _services.GetRequiredKeyedService<ServedModel>("people");
    }

    public ServedModel Model { get; }

    public LogLines Log { get; } = new();

    public void WaitForVersion(int number) => WaitFor(() => Model.VersionNumber >= number);

    public void WaitForRefusal(string word) => WaitFor(() => Log.Warnings.Any(line => line.Contains(word, StringComparison.Ordinal)));

    public void Dispose() => _services.Dispose();

    private void WaitFor(Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(condition, s_patience), string.Join('\n', Log.Lines));
}

internal sealed class LogLines : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Line)> _lines = [];

    public IEnumerable<string> Lines => _lines.Select(line => line.Line);

    public IEnumerable<string> Warnings => _lines.Where(line => line.Level == LogLevel.Warning).Select(line => line.Line);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, formatter(state, exception)));

    public void Dispose()
    {
    }
}
