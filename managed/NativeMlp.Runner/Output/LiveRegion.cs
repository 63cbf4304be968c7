// SPDX-License-Identifier: MIT
using System.Text;

namespace NativeMlp.Runner.Output;

/// <summary>Lines at the end of a terminal that are drawn over again and again. Whatever else is written, to standard output or standard
/// error, goes through <see cref="Above"/>: it stands above the region and stays there.</summary>
internal sealed class LiveRegion
{
    private const string Escape = "\x1b[";

    private readonly Lock _lock = new();
    private TextWriter _output = TextWriter.Null;
    private IReadOnlyList<string> _lines = [];

    /// <summary>The region of the program's terminal.</summary>
    public static LiveRegion Standard { get; } = new();

    /// <summary>Writes whole lines above the region.</summary>
    public void Above(Action write)
    {
        lock (_lock)
        {
            IReadOnlyList<string> lines = _lines;
            Clear();
            write();
            if (lines.Count > 0)
                Write(lines);
        }
    }

    /// <summary>Draws the region, in the place of what it was.</summary>
    /// <param name="output">The terminal, which understands ANSI sequences.</param>
    /// <param name="width">Columns of the terminal now.</param>
    /// <param name="lines">The lines, which are cut at the edge.</param>
    public void Draw(TextWriter output, int width, params IReadOnlyList<string> lines)
    {
        int most = Math.Max(width - 1, 1); // a line that reaches the edge would be broken
        lock (_lock)
        {
            _output = output;
            Write([.. lines.Select(line => line.Length <= most ? line : line[..most])]);
        }
    }

    /// <summary>Takes the lines away; what is written next stands in their place.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            if (_lines.Count == 0)
                return;
            _output.Write($"{Escape}{_lines.Count}A\r{Escape}J");
            _output.Flush();
            _lines = [];
        }
    }

    private void Write(IReadOnlyList<string> lines)
    {
        StringBuilder text = new();
        if (_lines.Count > 0)
            text.Append(Escape).Append(_lines.Count).Append('A');
        foreach (string line in lines)
            text.Append('\r').Append(line).Append(Escape).Append("K\n");
        _output.Write(text);
        _output.Flush();
        _lines = lines;
    }
}
