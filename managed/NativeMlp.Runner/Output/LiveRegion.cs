// SPDX-License-Identifier: MIT
using System.Text;

namespace NativeMlp.Runner.Output;

/// <summary>Lines at the end of a terminal that are redrawn in place. All other output, to standard output or standard
/// error, must use <see cref="Above"/>, which writes it above the region.</summary>
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

    /// <summary>Draws the region in place of the previous one.</summary>
    /// <param name="output">The terminal, which understands ANSI sequences.</param>
    /// <param name="width">The current number of columns of the terminal.</param>
    /// <param name="lines">The lines, which are truncated at the edge.</param>
    public void Draw(TextWriter output, int width, params IReadOnlyList<string> lines)
    {
        int most = Math.Max(width - 1, 1); // a line as wide as the terminal would wrap
        lock (_lock)
        {
            _output = output;
            Write([.. lines.Select(line => line.Length <= most ? line : line[..most])]);
        }
    }

    /// <summary>Removes the lines. The next output appears in their place.</summary>
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
