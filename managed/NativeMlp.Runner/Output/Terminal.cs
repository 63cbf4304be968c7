// SPDX-License-Identifier: MIT
using Spectre.Console;

namespace NativeMlp.Runner.Output;

/// <summary>The terminal, whose capabilities are determined once.</summary>
internal sealed class Terminal
{
    // Wide enough for every table. Also the width for files and pipes.
    private const int PlainWidth = 80;
    private const int LabelWidth = 12;
    private const int LongestLine = 20_000; // more than twice the longest path

    private Terminal(IAnsiConsole ansi, bool live, bool color) => (Ansi, IsLive, HasColor) = (ansi, live, color);

    public IAnsiConsole Ansi { get; }

    /// <summary>Whether lines can be redrawn: false for a file, a pipe or a dumb terminal.</summary>
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
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false }, // a pipe on a build server is treated like any pipe
        });
        if (redirected)
            ansi.Profile.Width = PlainWidth;
        bool live = !redirected && ansi.Profile.Capabilities.Ansi;
        return new Terminal(ansi, live, live && ansi.Profile.Capabilities.ColorSystem != ColorSystem.NoColors);
    }

    /// <summary>The width of text: that of the terminal, but limited to a readable width, also for files and pipes.</summary>
    public static int TextWidth => !Console.IsOutputRedirected && Console.WindowWidth is > 0 and < PlainWidth and int width ? width : PlainWidth;

    /// <summary>Splits the text at spaces into lines of at most <paramref name="width"/> columns. A longer word has its own line.</summary>
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

    /// <summary>Writes one line without wrapping, so that a path can be copied. Text from outside is escaped.</summary>
    public void WriteLine(string text = "") =>
        LiveRegion.Standard.Above(() => Ansi.Profile.Out.Writer.WriteLine(Printable.Text(text, LongestLine)));

    /// <summary>Writes sentences, wrapped at spaces to the width of the terminal.</summary>
    public void WriteText(string text)
    {
        foreach (string line in Wrap(text, TextWidth))
            WriteLine(line);
    }

    /// <summary>Writes a label and a text. The texts are aligned in one column, and wrapped at spaces on a narrow terminal.</summary>
    public void WriteFact(string label, string text)
    {
        IEnumerable<string> lines = TextWidth < PlainWidth ? Wrap(text, Math.Max(TextWidth - LabelWidth, 1)) : [text];
        foreach (string line in lines)
        {
            WriteCommand(label, line);
            label = "";
        }
    }

    /// <summary>Writes a label and a text without wrapping, so that the text can be copied.</summary>
    public void WriteCommand(string label, string text) => LiveRegion.Standard.Above(() =>
    {
        Ansi.Write(new Text(label.PadRight(LabelWidth), new Style(decoration: Decoration.Dim)));
        WriteLine(text);
    });

    /// <summary>Draws a region of lines that are redrawn in place, after the text that has been written.</summary>
    public void Draw(params IReadOnlyList<string> lines) => LiveRegion.Standard.Draw(Ansi.Profile.Out.Writer, Ansi.Profile.Width, lines);
}
