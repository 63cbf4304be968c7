// SPDX-License-Identifier: MIT
using System.Text.Json.Serialization;

namespace NativeMlp.Tables.Encodings;

/// <summary>Encodes a date as several numbers: the seconds since the earliest date of the training rows, and its parts: month, day of
/// the month, day of the week and hour.</summary>
internal sealed class DateEncoding : FeatureEncoding
{
    private static readonly string[] s_names = ["", ".month", ".day", ".weekday", ".hour"];

    private ICellReader? _reader;

    /// <summary>The order of day and month in dates such as <c>03/04/2024</c>; null if such texts are not dates.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOrder? Order { get; init; }

    /// <summary>The earliest date, in seconds since the beginning of 1970.</summary>
    public required double Earliest { get; init; }

    /// <summary>The encoding of each of the numbers.</summary>
    public required NumberEncoding[] Parts { get; init; }

    [JsonIgnore]
    public override int Inputs => Parts.Sum(part => part.Inputs);

    private ICellReader Reader => _reader ??= CellReaders.Date(Order);

    /// <summary>Learns the encoding of dates.</summary>
    public static DateEncoding Fit(ReadOnlySpan<double> cells, TableEncodingOptions options, bool quantiles, DateOrder? order = null)
    {
        double earliest = double.PositiveInfinity;
        foreach (double cell in cells)
        {
            if (cell < earliest && double.IsFinite(cell)) earliest = cell;
        }

        earliest = double.IsFinite(earliest) ? earliest : 0;
        var parts = new NumberEncoding[s_names.Length];
        double[] numbers = new double[cells.Length];
        for (int part = 0; part < parts.Length; part++)
        {
            for (int i = 0; i < numbers.Length; i++) numbers[i] = Part(part, cells[i], earliest);
            parts[part] = NumberFit.Fit(numbers, options, quantiles, indicator: part == 0);
        }

        return new DateEncoding { Earliest = earliest, Parts = parts, Order = order };
    }

    public override double Read(double number) => Reader.Read(number);

    public override double Read(string? text) => Reader.Read(text);

    public override void Encode(double cell, Span<float> inputs)
    {
        for (int part = 0; part < Parts.Length; part++)
        {
            int length = Parts[part].Inputs;
            Parts[part].Encode(Part(part, cell, Earliest), inputs[..length]);
            inputs = inputs[length..];
        }
    }

    public override IEnumerable<string> InputNames(string column) =>
        Parts.Zip(s_names).SelectMany(pair => pair.First.InputNames(column + pair.Second));

    public override string? Problem() =>
        DateText.FromSeconds(Earliest) is null || Parts.Length != s_names.Length || Parts.Contains(null)
            ? "its earliest date or its parts are not there"
            : Order is { } order && !Enum.IsDefined(order) ? "its order of day and month is unknown"
            : Parts.Select(part => part.Problem()).FirstOrDefault(problem => problem is not null);

    private static double Part(int part, double cell, double earliest)
    {
        if (!double.IsFinite(cell) || DateText.FromSeconds(cell) is not { } date) return Cell.Missing;
        return part switch
        {
            0 => cell - earliest,
            1 => date.Month,
            2 => date.Day,
            3 => (int)date.DayOfWeek,
            _ => date.Hour,
        };
    }
}
