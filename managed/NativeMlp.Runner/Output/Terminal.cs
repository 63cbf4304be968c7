// SPDX-License-Identifier: MIT
using Spectre.Console;

namespace NativeMlp.Runner.Output;

/// <summary>The console that people see, with what it can do decided once.</summary>
internal sealed class Terminal
{
    // Wide enough for every table here, and what a file or a pipe gets.
    private const int PlainWidth = 80;
    private const int LabelWidth = 12;
    private const int LongestLine = 20_000; // twice the longest path, and more

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

    /// <summary>Columns for text: those of the terminal, but no more than can be read, also in a file or a pipe.</summary>
    public static int TextWidth => !Console.IsOutputRedirected && Console.WindowWidth is > 0 and < PlainWidth and int width ? width : PlainWidth;

    /// <summary>The text in lines of at most <paramref name="width"/> columns, broken at spaces; a longer word keeps a line to itself.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : line + " " + word;
            }
        }
        yield return line;
    }

    /// <summary>One line, never broken: a path stays a path that can be copied. What came from outside is escaped.</summary>
    public void WriteLine(string text = "") =>
        LiveRegion.Standard.Above(() => Ansi.Profile.Out.Writer.WriteLine(Printable.Text(text, LongestLine)));

    /// <summary>Sentences, broken at spaces where the terminal ends.</summary>
    public void WriteText(string text)
    {
        foreach (string line in Wrap(text, TextWidth))
            WriteLine(line);
    }

    /// <summary>Label and text, so that the texts stand in one column; broken at spaces where the terminal is narrow.</summary>
    public void WriteFact(string label, string text)
    {
        IEnumerable<string> lines = TextWidth < PlainWidth ? Wrap(text, Math.Max(TextWidth - LabelWidth, 1)) : [text];
        foreach (string line in lines)
        {
            WriteCommand(label, line);
            label = "";
        }
    }

    /// <summary>Label and a text that is to be copied whole: never broken.</summary>
    public void WriteCommand(string label, string text) => LiveRegion.Standard.Above(() =>
    {
        Ansi.Write(new Text(label.PadRight(LabelWidth), new Style(decoration: Decoration.Dim)));
        WriteLine(text);
    });

    /// <summary>Draws the region of lines that change, at the end of what has been written.</summary>
    public void Draw(params IReadOnlyList<string> lines) => LiveRegion.Standard.Draw(Ansi.Profile.Out.Writer, Ansi.Profile.Width, lines);
}
