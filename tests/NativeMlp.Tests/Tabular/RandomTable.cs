// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;

namespace NativeMlp.Tests.Tabular;

/// <summary>A table drawn at random, and a writer of delimited text that shares nothing with the reader.</summary>
internal sealed class RandomTable
{
    private static readonly string[] s_pieces =
        ["a", "B", "ß", "模", "😀", " ", "\n", "\r\n", ",", ";", "|", "\t", "\"", "\"\"", "'", "#", "-", ".", "0", "1e5", "é", "\u200F", "NA", "ключ"];

    private static readonly string[] s_missing = ["", "NA", "N/A", "NaN", "null", "?", "-"];

    private readonly Random _random;

    public RandomTable(int seed, int rows)
    {
        _random = new Random(seed);
        Delimiter = ",;\t|"[_random.Next(4)];
        DecimalComma = Delimiter == ';' && _random.Next(2) == 0;
        Columns = [.. Enumerable.Range(0, _random.Next(2, 9)).Select(_ => Column(rows))];
        Names = [.. Enumerable.Range(0, Columns.Length).Select(i => $"{Text().Replace("\r", "", StringComparison.Ordinal).Trim()}#{i}")];
    }

    public char Delimiter { get; }

    public bool DecimalComma { get; }

    public string[] Names { get; }

    /// <summary>For each column its cells: a double, a text, or null where there is no value.</summary>
    public object?[][] Columns { get; }

    public byte[] Write()
    {
        string lineEnd = _random.Next(2) == 0 ? "\n" : "\r\n";
        var text = new StringBuilder(_random.Next(4) == 0 ? "\uFEFF" : "");
        text.AppendJoin(Delimiter, Names.Select(name => Quoted(name))).Append(lineEnd);
        for (int row = 0; row < Columns[0].Length; row++)
        {
            text.AppendJoin(Delimiter, Columns.Select(column => Cell(column[row]))).Append(lineEnd);
            if (_random.Next(20) == 0) text.Append(lineEnd);
        }

        if (_random.Next(2) == 0) text.Length -= lineEnd.Length;
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private object?[] Column(int rows)
    {
        bool isText = _random.Next(2) == 0;
        object?[] cells = [.. Enumerable.Range(0, rows).Select(_ => _random.Next(6) == 0 ? null : isText ? Text() : (object)Number())];
        if (isText) cells[_random.Next(rows)] = "plain text"; // so that it cannot be taken for numbers
        else cells[0] = 1.5; // so that the decimal separator shows
        return cells;
    }

    private double Number() => _random.Next(4) switch
    {
        0 => _random.Next(-1000, 1000),
        1 => _random.Next(-1000, 1000) / 8d,
        2 => (_random.NextDouble() - 0.5) * Math.Pow(10, _random.Next(-300, 300)),
        _ => Finite(BitConverter.Int64BitsToDouble(_random.NextInt64())),
    };

    private static double Finite(double value) => double.IsFinite(value) ? value : 0;

    private string Text()
    {
        string text;
        do
        {
            text = string.Concat(Enumerable.Range(0, _random.Next(1, 6)).Select(_ => s_pieces[_random.Next(s_pieces.Length)]));
        }
        while (s_missing.Contains(text.Trim(), StringComparer.Ordinal));
        return text;
    }

    private string Cell(object? value) => value switch
    {
        null => s_missing[_random.Next(s_missing.Length)],
        double number => Spaced(_random.Next(5) == 0 ? $"\"{Written(number)}\"" : Written(number)),
        _ => Quoted((string)value),
    };

    private string Spaced(string cell) => _random.Next(8) == 0 ? $" {cell} " : cell;

    private string Written(double number)
    {
        string text = number.ToString(_random.Next(2) == 0 ? "R" : "E16", CultureInfo.InvariantCulture);
        return DecimalComma ? text.Replace('.', ',') : text;
    }

    // RFC 4180: a cell with a mark, a delimiter or a line end stands between marks; others may.
    private string Quoted(string text) =>
        text.AsSpan().IndexOfAny("\"\r\n") >= 0 || text.Contains(Delimiter) || text.Trim() != text || _random.Next(4) == 0
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
