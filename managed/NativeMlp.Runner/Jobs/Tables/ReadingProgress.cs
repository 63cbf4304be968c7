// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Globalization;
using NativeMlp.Runner.Output;
using NativeMlp.Tabular.Reading;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>Shows the progress of reading a file on standard error, after the first second. On a terminal, it updates a single line.</summary>
internal sealed class ReadingProgress(string name) : IProgress<TableReaderProgress>, IDisposable
{
    private static readonly TimeSpan s_terminalPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_filePeriod = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _next = s_terminalPeriod;
    private int _shown;

    public void Report(TableReaderProgress value)
    {
        if (_watch.Elapsed < _next)
            return;
        _next = _watch.Elapsed + (Console.IsErrorRedirected ? s_filePeriod : s_terminalPeriod);
        string part = value.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {100 * value.Bytes / value.Length} %");
        string line = $"nativemlp: reading {Printable.Path(name)}: {Format.Count(value.Rows)} rows{part}";
        if (Console.IsErrorRedirected)
            Console.Error.WriteLine(line);
        else
            Console.Error.Write("\r" + line.PadRight(_shown));
        _shown = line.Length;
    }

    /// <summary>Removes the line from the terminal.</summary>
    public void Dispose()
    {
        if (_shown > 0 && !Console.IsErrorRedirected)
            Console.Error.Write("\r" + new string(' ', _shown) + "\r");
    }
}
