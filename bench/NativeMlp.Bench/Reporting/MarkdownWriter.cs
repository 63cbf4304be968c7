// SPDX-License-Identifier: MIT
using System.Text;

namespace NativeMlp.Bench.Reporting;

/// <summary>A Markdown document in the making: headings, paragraphs and tables, a blank line between any two.</summary>
internal sealed class MarkdownWriter
{
    private readonly StringBuilder _text = new();

    public void Heading(int level, string text) => Block(new string('#', level) + " " + text);

    public void Paragraph(string text) => Block(text);

    public void List(IEnumerable<string> items) => Block(string.Join('\n', items.Select(item => "- " + item)));

    /// <summary>Nothing if there are no rows.</summary>
    public void Table(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (rows.Count == 0) return;
        StringBuilder table = new();
        Line(headings);
        Line([.. headings.Select(_ => "---")]);
        foreach (IReadOnlyList<string> row in rows) Line(row);
        Block(table.ToString());

        void Line(IReadOnlyList<string> cells) => table.Append("| ").AppendJoin(" | ", cells.Select(Escape)).Append(" |\n");
    }

    public override string ToString() => _text.ToString();

    private static string Escape(string cell) => cell.Replace("|", "\\|", StringComparison.Ordinal);

    private void Block(string text)
    {
        if (_text.Length > 0) _text.Append('\n');
        _text.Append(text.TrimEnd('\n')).Append('\n');
    }
}
