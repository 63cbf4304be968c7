// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using NativeMlp.Data;
using NativeMlp.Tables;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tabular.Reading.NumPy;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Tabular;

/// <summary>NumPy's files, good and broken ones.</summary>
public sealed class NumPyFileTests
{
    public static TheoryData<string> GoodArrays() => Names("io", ".npy");

    public static TheoryData<string> GoodArchives() => Names("io", ".npz");

    public static TheoryData<string> BrokenFiles() => [.. Names("malformed", ".npy"), .. Names("malformed", ".npz")];

    [Theory]
    [MemberData(nameof(GoodArrays))]
    public void Read_OfAGoodArray_FindsItsValues(string file)
    {
        TableFile table = TableReader.Read(TestFiles.PathOf("golden", "io", file), cancellation: TestContext.Current.CancellationToken);
        Check(Manifest.Entries("io", name => name == file).Single(), table.Table.Columns);
        Assert.Equal(TableFileKind.Npy, table.Format.Kind);
    }

    [Theory]
    [MemberData(nameof(GoodArchives))]
    public void Read_OfAGoodArchive_FindsItsArrays(string file)
    {
        using FileStream stream = File.OpenRead(TestFiles.PathOf("golden", "io", file));
        Dictionary<string, NpyArray> arrays = NpzArchive.Read(stream, file, maxRatio: 500).ToDictionary(array => array.Name, array => array.Array);
        JsonElement expected = Manifest.Entries("io", name => name == file).Single().GetProperty("arrays");
        Assert.Equal(expected.EnumerateObject().Count(), arrays.Count);
        Assert.All(expected.EnumerateObject(), array => Check(array.Value, arrays[array.Name].Columns));
    }

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public void Read_OfABrokenFile_IsRefusedInASentence(string file)
    {
        string path = TestFiles.PathOf("golden", "malformed", file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? e = Record.Exception(() => TableReader.Read(path, cancellation: TestContext.Current.CancellationToken));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64L << 20);
        if (file.Contains("dotdot", StringComparison.Ordinal) && e is null) return; // the name is only a key
        Assert.IsType<DataFormatException>(e);
        Assert.StartsWith(path + ": ", e.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
    }

    /// <summary>What numpy 1.24 writes for <c>np.array([["red", "1.5"], ["", "-2"], ["grün🙂", "NA"]])</c>, in each byte order and layout.</summary>
    [Theory]
    [InlineData("<U5", false)]
    [InlineData(">U5", true)]
    public void Read_OfTexts_FindsTextsNumbersAndMissingValues(string type, bool fortran)
    {
        string[,] cells = { { "red", "1.5" }, { "", "-2" }, { "grün🙂", "NA" } };
        byte[] npy = Npy(type, fortran, 3, 2, (row, column) => Utf32(cells[row, column], 5, type[0] == '>'));
        TableFile file = Read(npy);
        Assert.Equal(["red", null, "grün🙂"], file.Texts("x0"));
        Assert.Equal([1.5, -2, double.NaN], file.Numbers("x1"));
        Assert.Contains("NA", file.MissingMarks);
    }

    [Fact]
    public void Read_OfByteTexts_FindsThem()
    {
        byte[] npy = Npy("|S3", false, 2, 1, (row, _) => row == 0 ? "abc"u8.ToArray() : [.. "ö"u8, 0]);
        Assert.Equal(["abc", "ö"], Read(npy).Texts("x0"));
        Assert.EndsWith("row 1, column 'x0': 'abc' is not a number.",
            Assert.Throws<DataFormatException>(() => Read(npy, new TableReaderOptions { Columns = new Dictionary<string, CellKind> { ["x0"] = CellKind.Number } })).Message, StringComparison.Ordinal);
        Assert.Equal(["12", "07"], Read(Npy("|S2", false, 2, 1, (row, _) => row == 0 ? "12"u8.ToArray() : "07"u8.ToArray()),
            new TableReaderOptions { Columns = new Dictionary<string, CellKind> { ["x0"] = CellKind.Text } }).Texts("x0"));
    }

    [Fact]
    public void Read_OfNumbersWithSigns_ReadsThemAsTheOptionsSay()
    {
        string[] cells = ["1.234,5", "-2,5", "-9,9"];
        TableReaderOptions options = new() { DecimalSeparator = ',', ThousandsSeparator = '.', Missing = ["-9,9"] };
        Assert.Equal([1234.5, -2.5, double.NaN], Read(Npy("<U7", false, 3, 1, (row, _) => Utf32(cells[row], 7, false)), options).Numbers("x0"));
    }

    [Theory]
    [InlineData("|S2", new byte[] { 0xC3, 0x28 }, "row 1, column 1: the element is not valid utf-8 text.")]
    [InlineData("<U1", new byte[] { 0, 0, 0x11, 0x7F }, "row 1, column 1: the element is not valid utf-32 text.")]
    [InlineData("<U0", new byte[] { }, "its elements have the type '<U0'; texts of 1 to 262144 characters are read.")]
    [InlineData("<U99999999999", new byte[] { }, "its elements have the type '<U99999999999'; texts of 1 to 262144 characters are read.")]
    [InlineData("|O8", new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, "floats, integers, booleans and texts are read.")]
    public void Read_OfTextsThatCannotBe_IsRefused(string type, byte[] element, string message) =>
        Assert.EndsWith(message, Assert.Throws<DataFormatException>(() => Read(Npy(type, false, 1, 1, (_, _) => element))).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_OfNumbersThatStandForNone_FindsThemMissing()
    {
        byte[] npy = Npy("<f8", false, 3, 1, (row, _) => BitConverter.GetBytes(row == 1 ? -999.0 : row));
        Assert.Equal([0, double.NaN, 2], Read(npy, new TableReaderOptions { Missing = ["-999"] }).Numbers("x0"));
    }

    private static TableFile Read(byte[] npy, TableReaderOptions? options = null)
    {
        using var folder = new TemporaryFolder();
        return TableReader.Read(folder.Write("x.npy", npy), options, TestContext.Current.CancellationToken);
    }

    // The format of NEP 1: magic, version 1.0, the length of the header, the header, the elements.
    private static byte[] Npy(string type, bool fortran, int rows, int columns, Func<int, int, byte[]> element)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': {fortran}, 'shape': ({rows}, {columns}), }}";
        header = header.PadRight(((header.Length + 11 + 63) / 64 * 64) - 11) + "\n";
        IEnumerable<byte[]> elements = fortran
            ? Enumerable.Range(0, columns).SelectMany(column => Enumerable.Range(0, rows).Select(row => element(row, column)))
            : Enumerable.Range(0, rows).SelectMany(row => Enumerable.Range(0, columns).Select(column => element(row, column)));
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.Latin1.GetBytes(header), .. elements.SelectMany(bytes => bytes)];
    }

    private static byte[] Utf32(string text, int length, bool bigEndian)
    {
        byte[] bytes = new byte[4 * length];
        foreach ((int place, Rune rune) in text.EnumerateRunes().Index())
        {
            if (bigEndian) BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * place), rune.Value);
            else BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * place), rune.Value);
        }

        return bytes;
    }

    private static TheoryData<string> Names(string folder, string extension) =>
        [.. Manifest.Entries(folder, file => file.EndsWith(extension, StringComparison.Ordinal)).Select(entry => entry.GetProperty("file").GetString()!)];

    private static void Check(JsonElement expected, IReadOnlyList<TableColumn> columns)
    {
        double[] values = [.. expected.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
        int[] shape = [.. expected.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
        int width = shape.Length > 1 ? shape[1] : 1;
        Assert.Equal(width, columns.Count);
        for (int column = 0; column < width; column++)
        {
            double[] cells = [.. values.Where((_, i) => i % width == column)];
            Assert.Equal(cells, ((NumberColumn)columns[column]).Values.ToArray());
        }
    }
}
