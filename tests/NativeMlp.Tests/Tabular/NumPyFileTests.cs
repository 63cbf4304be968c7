// SPDX-License-Identifier: MIT
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
