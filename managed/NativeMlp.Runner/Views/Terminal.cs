// SPDX-License-Identifier: MIT
using Spectre.Console;

namespace NativeMlp.Runner.Views;

/// <summary>The console that people see, with what it can do decided once.</summary>
internal sealed class Terminal
{
    // Wide enough for every table here, and what a file or a pipe gets.
    private const int PlainWidth = 80;

    private Terminal(IAnsiConsole ansi, bool live, bool color) => (Ansi, IsLive, HasColor) = (ansi, live, color);

    public IAnsiConsole Ansi { get; }

    /// <summary>Whether lines may be drawn again: a terminal, not a file, a pipe or a dumb one.</summary>
    public bool IsLive { get; }

    public bool HasColor { get; }

    public static Terminal Create()
    {
        bool redirected = Console.IsOutputRedirected;
        bool noColor = redirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        IAnsiConsole ansi = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Out),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = noColor ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false }, // a build server's pipe is a pipe
        });
        if (redirected)
            ansi.Profile.Width = PlainWidth;
        bool live = !redirected && ansi.Profile.Capabilities.Ansi;
        return new Terminal(ansi, live, live && ansi.Profile.Capabilities.ColorSystem != ColorSystem.NoColors);
    }

    /// <summary>One line, never broken: a path stays a path that can be copied.</summary>
    public void WriteLine(string text = "") => Ansi.Profile.Out.Writer.WriteLine(text);

    /// <summary>Label and text, so that the texts stand in one column.</summary>
    public void WriteFact(string label, string text)
    {
        Ansi.Write(new Text(label.PadRight(12), new Style(decoration: Decoration.Dim)));
        WriteLine(text);
    }
}
