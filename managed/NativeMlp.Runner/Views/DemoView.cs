// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Globalization;
using NativeMlp.Data;
using NativeMlp.Runner.Commands;
using Spectre.Console;

namespace NativeMlp.Runner.Views;

/// <summary>The demonstration: a table that fills while it trains, two pictures, what they mean.</summary>
internal sealed class DemoView(Terminal terminal)
{
    private const int NameWidth = 10;
    private const int CellWidth = 33;
    private const int BarWidth = 20;
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(40);

    private readonly Dictionary<string, string[]> _cells = [];
    private LiveDisplayContext? _live;
    private long _drawn;

    /// <summary>Runs <paramref name="train"/> and shows the table: growing in place on a terminal, row by row elsewhere.</summary>
    public bool Watch(IReadOnlyList<string> sets, Func<bool> train)
    {
        string isa = NativeLibraryInfo.Active.ToString().ToLowerInvariant();
        terminal.WriteLine($"NativeMlp {InfoJob.Version} ({isa}, {Format.Threads(NativeLibraryInfo.DefaultThreads)})");
        terminal.WriteLine();
        terminal.WriteLine("Two classifiers learn four small data sets. Accuracy on 900 or 1,000 new points:");
        terminal.WriteLine();
        terminal.Ansi.MarkupLine($"{"",-NameWidth}[bold]{"linear classifier",-CellWidth}two-layer network, 64 hidden[/]");
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
        _cells[name][column] = string.Create(CultureInfo.InvariantCulture, $"[dim]{$"epoch {epoch} of {epochs}",-CellWidth}[/]");
        Redraw();
    }

    public void ShowAccuracy(string name, int column, double accuracy)
    {
        int full = (int)Math.Round(accuracy * BarWidth);
        string color = column == 0 ? "darkorange" : "green";
        string bar = $"[{color}]{new string('█', full)}[/][dim]{new string('░', BarWidth - full)}[/]";
        string number = accuracy.ToString("0.000", CultureInfo.InvariantCulture);
        _cells[name][column] = $"{number} {bar}{new string(' ', CellWidth - BarWidth - number.Length - 1)}";
        if (_live is not null)
            Redraw();
        else if (column == 1)
            terminal.Ansi.MarkupLine(Row(name));
    }

    public void ShowRegions(Dataset test, Mlp linear, Mlp network)
    {
        terminal.WriteLine();
        terminal.WriteLine($"What each answers over the plane of the {test.Name}, and some of the new points:");
        terminal.WriteLine();
        new RegionView(terminal).Draw(test, ("linear classifier", linear), ("two-layer network", network));
    }

    public void ShowClosing(TimeSpan elapsed)
    {
        terminal.WriteLine();
        terminal.WriteLine("A linear classifier can only cut the plane with straight lines, however long it");
        terminal.WriteLine("learns. Each hidden ReLU unit folds the plane along a line of its own; 64 folds");
        terminal.WriteLine("bend the border around arms and rings: that is what the hidden layer is for.");
        terminal.WriteLine();
        terminal.WriteLine($"Eight models trained in {Format.Seconds(elapsed)}. Next:");
        foreach (string command in (string[])["demo two-layer-net", "train --data xor", "train --help", "gradcheck", "info"])
            terminal.WriteLine($"  {Invocation.Program} {command}");
    }

    private void Redraw()
    {
        _drawn = Stopwatch.GetTimestamp();
        _live?.UpdateTarget(Table());
    }

    private Rows Table() => new(_cells.Keys.Select(name => new Markup(Row(name))));

    private string Row(string name) => $"{name,-NameWidth}{_cells[name][0]}{_cells[name][1]}".TrimEnd();
}
