// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Globalization;
using NativeMlp.Data;
using NativeMlp.Runner.Jobs;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using Spectre.Console;

namespace NativeMlp.Runner.Demos;

/// <summary>Shows the demonstration: a table that is filled during the training, two images, and their explanation.</summary>
internal sealed class DemoView(Terminal terminal)
{
    private const int NameWidth = 10;
    private const int NumberWidth = 5;
    private const int LongestBar = 20;
    private const int LeastCell = 13;
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(40);

    private readonly Dictionary<string, string[]> _cells = [];

    // Both cells and the name must fit into a line. A narrow terminal has shorter bars, or none.
    private readonly int _barWidth = Math.Clamp(((Terminal.TextWidth - NameWidth) / 2) - LeastCell, 0, LongestBar);
    private LiveDisplayContext? _live;
    private long _drawn;

    /// <summary>Runs <paramref name="train"/> and shows the table. On a terminal, it is updated in place; elsewhere, row by row.</summary>
    public bool Watch(IReadOnlyList<string> sets, Func<bool> train)
    {
        string isa = NativeLibraryInfo.Active.ToString().ToLowerInvariant();
        terminal.WriteLine($"NativeMlp {ProgramVersion.Text} ({isa}, {Format.Threads(NativeLibraryInfo.DefaultThreads)})");
        terminal.WriteLine();
        terminal.WriteText("Two classifiers learn four small data sets. Accuracy on 900 or 1,000 new points:");
        terminal.WriteLine();
        (string left, string right) = _barWidth == LongestBar ? ("linear classifier", "two-layer network, 64 hidden") : ("linear", "two-layer");
        terminal.Ansi.MarkupLine($"{"",-NameWidth}[bold]{left.PadRight(CellWidth)}{right}[/]");
        foreach (string name in sets)
            _cells[name] = ["", ""];
        if (!terminal.IsLive)
            return train();
        return terminal.Ansi.Live(Table()).Start(context =>
        {
            _live = context;
            bool done = train();
            _live = null;
            return done;
        });
    }

    public void ShowProgress(string name, int column, int epoch, int epochs)
    {
        if (_live is null || (Stopwatch.GetElapsedTime(_drawn) < RedrawInterval && epoch < epochs))
            return;
        string progress = CellWidth > $"epoch {epochs} of {epochs}".Length ? $"epoch {epoch} of {epochs}" : $"{epoch}/{epochs}";
        _cells[name][column] = $"[dim]{progress.PadRight(CellWidth)}[/]";
        Redraw();
    }

    public void ShowAccuracy(string name, int column, double accuracy)
    {
        int full = (int)Math.Round(accuracy * _barWidth);
        string color = column == 0 ? "darkorange" : "green";
        string bar = $"[{color}]{new string('█', full)}[/][dim]{new string('░', _barWidth - full)}[/]";
        string number = accuracy.ToString("0.000", CultureInfo.InvariantCulture);
        _cells[name][column] = $"{number} {bar}{new string(' ', CellWidth - _barWidth - NumberWidth - 1)}";
        if (_live is not null)
            Redraw();
        else if (column == 1)
            terminal.Ansi.MarkupLine(Row(name));
    }

    public void ShowRegions(Dataset test, Mlp linear, Mlp network)
    {
        terminal.WriteLine();
        terminal.WriteText($"The predictions of both over the plane of the {test.Name}, and some of the new points:");
        terminal.WriteLine();
        new RegionView(terminal).Draw(test, ("linear classifier", linear), ("two-layer network", network));
    }

    public void ShowClosing(TimeSpan elapsed)
    {
        terminal.WriteLine();
        terminal.WriteText("A linear classifier can only divide the plane with straight lines, no matter how long it learns. Each hidden ReLU unit adds a bend "
            + "along another line. With 64 units, the border can follow arms and rings. That is the purpose of the hidden layer.");
        terminal.WriteLine();
        terminal.WriteLine($"Eight models trained in {Format.Seconds(elapsed)}. Next:");
        foreach (string command in (string[])["train FILE --label COLUMN", "train --data xor", "train --help", "demo two-layer-net", "gradcheck", "info"])
            terminal.WriteLine($"  {Invocation.Program} {command}");
    }

    private int CellWidth => _barWidth + LeastCell;

    private void Redraw()
    {
        _drawn = Stopwatch.GetTimestamp();
        _live?.UpdateTarget(Table());
    }

    private Rows Table() => new(_cells.Keys.Select(name => new Markup(Row(name))));

    private string Row(string name) => $"{name,-NameWidth}{_cells[name][0]}{_cells[name][1]}".TrimEnd();
}
