// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text.Json;
using NativeMlp.Tables;
using NativeMlp.Tables.Encodings;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Tables;

/// <summary>The inputs that a table becomes. The expected ones of a whole table were computed by NumPy.</summary>
public sealed class TableEncodingTests
{
    private static readonly TableEncodingOptions s_small = new() { Quantiles = true, Bins = 4, AtomRows = 4, CategoryRows = 5 };

    [Theory]
    [InlineData("quantiles", true)]
    [InlineData("standard", false)]
    public void Encode_TableWithAllKindsOfColumns_GivesTheInputsOfNumPy(string expected, bool quantiles)
    {
        using JsonDocument file = Expected();
        (Table table, int[] training) = Read(file.RootElement);

        TableEncoding encoding = TableEncoding.Fit(table, Schema(table), training, s_small with { Quantiles = quantiles });
        float[] inputs = encoding.Encode(table, AllRows(table));

        float[] right = [.. file.RootElement.GetProperty(expected).EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(value => value.GetSingle())];
        Assert.Equal(right.Length, inputs.Length);
        Assert.Equal(encoding.Inputs, encoding.InputNames.Count);
        for (int i = 0; i < right.Length; i++) Assert.Equal(right[i], inputs[i], 2e-7f);
    }

    [Fact]
    public void Encode_ColumnsInAnotherOrderOnMoreThreadsInAnotherCulture_GivesTheSameBits()
    {
        using JsonDocument file = Expected();
        (Table table, int[] training) = Read(file.RootElement);
        Table turned = new([.. table.Columns.Reverse(), new NumberColumn("not needed", new double[table.RowCount])]);
        int[] many = [.. Enumerable.Repeat(Enumerable.Range(0, table.RowCount), 20).SelectMany(rows => rows)];
        CultureInfo culture = CultureInfo.CurrentCulture;
        float[] inputs = TableEncoding.Fit(table, Schema(table), training, s_small).Encode(table, many, threads: 1);
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };

            TableEncoding other = TableEncoding.Fit(turned, Schema(turned, "not needed"), training, s_small);

            Assert.Equal(inputs, other.Encode(turned, many, threads: 3));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Encode_SomeRowsWhenTheyAreRead_GivesTheirInputs()
    {
        Table table = new([new NumberColumn("x", new double[] { 1, 2, 3, 4, 5 }), TextColumn.FromValues("c", ["a", "b", "a", "b", "b"])]);
        TableEncoding encoding = TableEncoding.Fit(table, Schema(table), AllRows(table).Span, s_small);
        var read = new EncodedRows(encoding.Bind(table), [4, 0, 2, 1], threads: 1);
        float[] three = new float[3 * encoding.Inputs], one = new float[encoding.Inputs];

        read.Read([2, 0, 2], three);
        read.Read([3], one);

        Assert.Equal(encoding.Encode(table, (int[])[2, 4, 2]), three);
        Assert.Equal(encoding.Encode(table, (int[])[1]), one);
    }

    [Fact]
    public void Encode_RowsThatWereNotTrainedOn_HaveNoInfluence()
    {
        Table table = new([new NumberColumn("x", new double[] { 1, 2, 3, 4, 1e9 }), TextColumn.FromValues("c", ["a", "b", "a", "b", "z"])]);
        int[] training = [0, 1, 2, 3];

        TableEncoding encoding = TableEncoding.Fit(table, Schema(table), training);

        // c first: −1, +1, or 0 where unknown; then (x − 2.5)/√1.25
        Assert.Equal([-1, (float)(-1.5 / Math.Sqrt(1.25)), 1, (float)(-0.5 / Math.Sqrt(1.25))], encoding.Encode(table, new[] { 0, 1 }));
        Assert.Equal(0, encoding.Encode(table, new[] { 4 })[0]);
    }

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.MaxValue)]
    [InlineData(-1e200)]
    [InlineData(double.NaN)]
    public void Encode_NumberFarFromAllTrainingRows_StaysFinite(double value)
    {
        foreach (bool quantiles in (bool[])[true, false])
        {
            Table table = new([new NumberColumn("x", new[] { 0.5, -3, 1e-300, 7, 7, value })]);

            TableEncoding encoding = TableEncoding.Fit(table, Schema(table), [0, 1, 2, 3, 4], s_small with { Quantiles = quantiles, AtomRows = 2 });

            Assert.All(encoding.Encode(table, new[] { 5 }), input => Assert.True(float.IsFinite(input), $"{input}"));
        }
    }

    [Fact]
    public void Encode_Dates_KeepTheirMinutesAndKnowTheirParts()
    {
        string[] texts = ["2024-02-29 23:00", "2024-02-29 23:01", "2024-03-01 00:00", "2023-12-31 12:00"];
        double[] seconds = [1709247600, 1709247660, 1709251200, 1704024000]; // by date -u -d TEXT +%s
        Table text = new([TextColumn.FromValues("when", texts)]), numbers = new([new NumberColumn("when", seconds)]);
        TableSchema schema = Schema(text) with { Features = [new FeatureColumn("when", ColumnType.Date)] };

        TableEncoding encoding = TableEncoding.Fit(text, schema, [0, 1, 2, 3]);
        float[] inputs = encoding.Encode(text, new[] { 0, 1, 2, 3 });

        Assert.Equal(["when", "when.month", "when.day", "when.weekday", "when.hour"], encoding.InputNames);
        Assert.Equal(inputs, encoding.Encode(numbers, new[] { 0, 1, 2, 3 }));
        double mean = seconds.Sum(s => s - seconds[3]) / 4, deviation = Math.Sqrt(seconds.Sum(s => Math.Pow(s - seconds[3] - mean, 2)) / 4);
        Assert.Equal(60 / deviation, inputs[5] - inputs[0], 6e-7);
        Assert.Equal((new[] { 2.0, 2, 3, 12 }[3] - 4.75) / Math.Sqrt(new[] { 2.0, 2, 3, 12 }.Sum(m => (m - 4.75) * (m - 4.75)) / 4), inputs[16], 1e-6);
    }

    [Fact]
    public void Encode_CategoryOfNumbers_KnowsANumberInAnySpelling()
    {
        double[] codes = [.. Enumerable.Range(0, 30).Select(i => i % 3 * 0.5)];
        Table table = new([new NumberColumn("code", codes)]);
        TableSchema schema = Schema(table) with { Features = [new FeatureColumn("code", ColumnType.Category)], MissingMarks = ["?"] };
        TableEncoding encoding = TableEncoding.Fit(table, schema, [.. Enumerable.Range(0, 30)]);

        float[] inputs = encoding.Encode(new Table([TextColumn.FromValues("code", ["1.0", "00", "?", null, "x"])]), new[] { 0, 1, 2, 3, 4 });

        Assert.Equal([0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], inputs);
    }

    [Fact]
    public void Encode_TableWithoutAColumn_NamesItAndThoseThatAreThere()
    {
        Table table = new([new NumberColumn("x", new double[] { 1, 2 }), new NumberColumn("y", new double[] { 1, 2 })]);
        TableEncoding encoding = TableEncoding.Fit(table, Schema(table), [0, 1]);

        ArgumentException e = Assert.Throws<ArgumentException>(() => encoding.Encode(new Table([table.Columns[0]]), new[] { 0 }));

        Assert.Equal("The column 'y' is required but missing; there is 'x'.", e.Message);
    }

    private static ReadOnlyMemory<int> AllRows(Table table) => Enumerable.Range(0, table.RowCount).ToArray();

    private static TableSchema Schema(Table table, params string[] ignored) => new()
    {
        Features = [.. table.Columns.Where(column => !ignored.Contains(column.Name)).Select(column => new FeatureColumn(column.Name, column is NumberColumn ? ColumnType.Number : ColumnType.Category))],
        Labels = ["label"],
        Task = TableTask.Binary,
    };

    private static JsonDocument Expected() => JsonDocument.Parse(File.ReadAllBytes(TestFiles.PathOf("tables", "encoding.json")));

    private static (Table Table, int[] Training) Read(JsonElement file)
    {
        TableColumn[] columns =
        [
            .. new[] { "price", "steps", "few" }.Select(name => new NumberColumn(name, Values(name, cell => cell.GetDouble(), double.NaN))),
            .. new[] { "job", "yes" }.Select(name => TextColumn.FromValues(name, Values(name, cell => cell.GetString(), null))),
        ];
        return (new Table(columns), Values("training", cell => cell.GetInt32(), 0));

        T[] Values<T>(string name, Func<JsonElement, T> read, T missing) =>
            [.. file.GetProperty(name).EnumerateArray().Select(cell => cell.ValueKind == JsonValueKind.Null ? missing : read(cell))];
    }
}
