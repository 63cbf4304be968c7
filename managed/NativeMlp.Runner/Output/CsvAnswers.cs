// SPDX-License-Identifier: MIT
using System.Buffers;
using System.Globalization;
using System.Text;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Output;

/// <summary>
/// Writes predictions as comma-separated values (RFC 4180): the kept columns, then <c>prediction</c>, then a column with the probability of
/// each class or label. With several targets, there is a column for each target instead.
/// </summary>
internal sealed class CsvAnswers : AnswerWriter
{
    private const int LongestNumber = 32;
    private const string Prediction = "prediction";
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");

    private readonly byte[][] _names;

    /// <exception cref="RunnerException">Two columns would have the same name.</exception>
    public CsvAnswers(Stream output, TableLabels labels, IReadOnlyList<string> kept)
        : base(output, labels, kept)
    {
        _names = [.. labels.Names.Select(name => Encoding.UTF8.GetBytes(Quoted(name)))];
        if (Header.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { Key: var name })
            throw RunnerException.Usage($"Two columns of the output would have the name {Printable.Quoted(name)}; do not keep the column of that name, or use --format jsonl.");
    }

    private bool HasSeveralTargets => Labels.Task == TableTask.Regression && Labels.Names.Count > 1;

    private IEnumerable<string> Header => Kept.Concat(HasSeveralTargets ? [] : [Prediction]).Concat(Labels.Task == TableTask.Regression && !HasSeveralTargets ? [] : Labels.Names);

    public override void WriteHeader()
    {
        Buffer.Write(Encoding.UTF8.GetBytes(string.Join(',', Header.Select(Quoted)) + "\n"));
        Flush();
    }

    protected override void WriteRow(TableColumn[] columns, int row, long line, TablePredictions predictions)
    {
        bool first = true;
        foreach (TableColumn column in columns)
        {
            Separate(ref first);
            WriteCell(column, row);
        }
        if (Labels.Task != TableTask.Regression)
        {
            Separate(ref first);
            WriteNames(predictions, row);
        }
        foreach (double value in predictions[row])
        {
            Separate(ref first);
            WriteNumber(value);
        }
        Buffer.Write("\n"u8);
    }

    private void Separate(ref bool first)
    {
        if (!first)
            Buffer.Write(","u8);
        first = false;
    }

    private void WriteCell(TableColumn column, int row)
    {
        if (column is NumberColumn numbers && !numbers.IsMissing(row))
            WriteNumber(numbers.Values[row]);
        else if (column is TextColumn text && text[row] is { } value)
            WriteText(value);
    }

    // The class, or all labels that apply.
    private void WriteNames(TablePredictions predictions, int row)
    {
        if (Labels.HasClasses)
            Buffer.Write(_names[predictions.ClassOf(row)]);
        else
            WriteText(string.Join(';', Labels.Names.Where((_, label) => predictions[row][label] > predictions.Threshold)));
    }

    private void WriteNumber(double value)
    {
        value.TryFormat(Buffer.GetSpan(LongestNumber), out int length, "R", CultureInfo.InvariantCulture);
        Buffer.Advance(length);
    }

    private void WriteText(string text)
    {
        string quoted = Quoted(text);
        int length = Encoding.UTF8.GetBytes(quoted, Buffer.GetSpan(Encoding.UTF8.GetMaxByteCount(quoted.Length)));
        Buffer.Advance(length);
    }

    // Quotes preserve spaces at either end in readers that trim, and prevent an empty text from being read as a missing value.
    private static string Quoted(string text)
    {
        bool plain = text.Length > 0 && !text.AsSpan().ContainsAny(NeedsQuotes) && text[0] != ' ' && text[^1] != ' ';
        return plain ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
