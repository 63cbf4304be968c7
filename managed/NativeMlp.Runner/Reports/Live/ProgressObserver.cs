// SPDX-License-Identifier: MIT
using System.Diagnostics;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Runs;
using NativeMlp.Training;

namespace NativeMlp.Runner.Reports.Live;

/// <summary>Shows the progress of a run. On a terminal, it redraws a region five times per second. Elsewhere, it writes a line every ten
/// seconds, but at most eighty lines in all.</summary>
internal sealed class ProgressObserver(Terminal terminal) : IRunObserver, IDisposable
{
    private const int MostPlainLines = 80;
    private const int MostSteps = 1024;
    private static readonly TimeSpan s_redraw = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_plain = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private ProgressFigures? _figures;
    private long _shown;
    private long _looked;
    private int _plainLines;
    private int _stride = 1;
    private int _untilLook = 1;

    public void Started(RunStart start)
    {
        terminal.WriteCommand("report", Path.Combine(start.Folder, RunFolder.Report));
        terminal.WriteLine();
    }

    public void PartBegan(int fold, RunStart part)
    {
        lock (_lock)
        {
            (_figures, _plainLines) = (new ProgressFigures(part), 0);
            _shown = _looked = Stopwatch.GetTimestamp();
        }
    }

    public void Stepped(int network, in StepReport step)
    {
        _figures!.Stepped(network, step);
        if (!terminal.IsLive || --_untilLook > 0)
            return;
        AdaptStride();
        if (Stopwatch.GetElapsedTime(_shown) >= s_redraw)
            Show();
    }

    public void EpochEnded(int network, EpochReport epoch)
    {
        lock (_lock)
            _figures!.EpochEnded(network, epoch);
        if (terminal.IsLive)
            return;
        if (Stopwatch.GetElapsedTime(_shown) >= s_plain && _figures.Share * MostPlainLines >= _plainLines + 1)
            ShowPlain();
    }

    public void Dispose() => Close();

    /// <summary>Removes the region and writes a line with the results of the last epoch.</summary>
    public void Close()
    {
        lock (_lock)
            LiveRegion.Standard.Clear();
        if (_figures?.Figures() is { Length: > 0 } figures)
            terminal.WriteFact("last epoch", figures);
        _figures = null; // written only once
    }

    // Reading the clock takes as long as a step of a small network, so it is read only about every ten milliseconds.
    private void AdaptStride()
    {
        long now = Stopwatch.GetTimestamp();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_looked, now);
        _looked = now;
        _stride = elapsed.TotalMilliseconds < 5 ? Math.Min(2 * _stride, MostSteps) : elapsed.TotalMilliseconds > 20 ? Math.Max(_stride / 2, 1) : _stride;
        _untilLook = _stride;
    }

    private void Show()
    {
        lock (_lock)
        {
            _shown = Stopwatch.GetTimestamp();
            terminal.Draw(_figures!.Lines(terminal.Ansi.Profile.Width));
        }
    }

    private void ShowPlain()
    {
        lock (_lock)
        {
            _shown = Stopwatch.GetTimestamp();
            _plainLines++;
            terminal.WriteLine(_figures!.PlainLine());
        }
    }
}
