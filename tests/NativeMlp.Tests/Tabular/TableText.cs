// SPDX-License-Identifier: MIT
using System.IO.Compression;
using System.Text;
using NativeMlp.Tables;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Tabular;

/// <summary>Reads tables that a test has written down.</summary>
internal static class TableText
{
    public static TableFile Read(string text, TableReaderOptions? options = null) => Read(Encoding.UTF8.GetBytes(text), options);

    public static TableFile Read(byte[] bytes, TableReaderOptions? options = null)
    {
        using var folder = new TemporaryFolder();
        return TableReader.Read(folder.Write("table.csv", bytes), options);
    }

    public static double[] Numbers(this TableFile file, string column) =>
        file.Table.TryGetColumn(column, out TableColumn? found) ? Assert.IsType<NumberColumn>(found).Values.ToArray() : throw new ArgumentException(column);

    public static string?[] Texts(this TableFile file, string column)
    {
        Assert.True(file.Table.TryGetColumn(column, out TableColumn? found), column);
        TextColumn text = Assert.IsType<TextColumn>(found);
        return [.. Enumerable.Range(0, text.Count).Select(row => text[row])];
    }

    public static byte[] Gzip(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.SmallestSize)) gzip.Write(content);
        return stream.ToArray();
    }
}
