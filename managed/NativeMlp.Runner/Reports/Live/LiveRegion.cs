// SPDX-License-Identifier: MIT
using System.Text;

namespace NativeMlp.Runner.Reports.Live;

/// <summary>Lines at the end of a terminal that are drawn over again and again.</summary>
/// <param name="output">The terminal, which understands ANSI sequences.</param>
/// <param name="width">Columns of the terminal, asked for before each drawing, because they change.</param>
internal sealed class LiveRegion(TextWriter output, Func<int> width)
{
    private const string Escape = "\x1b[";

    private int _lines;

    public void Draw(params IReadOnlyList<string> lines)
    {
        StringBuilder text = new();
        if (_lines > 0)
            text.Append(Escape).Append(_lines).Append('A');
        int most = Math.Max(width() - 1, 1); // a line that reaches the edge would be broken
        foreach (string line in lines)
            text.Append('\r').Append(line.Length <= most ? line : line[..most]).Append(Escape).Append("K\n");
        _lines = lines.Count;
        output.Write(text);
        output.Flush();
    }

    /// <summary>Takes the lines away; what is written next stands in their place.</summary>
    public void Clear()
    {
        if (_lines == 0)
            return;
        output.Write($"{Escape}{_lines}A\r{Escape}J");
        output.Flush();
        _lines = 0;
    }
}
