// SPDX-License-Identifier: MIT
using System.Text;
using NativeMlp.Data;
using NativeMlp.Tables;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Tabular;

/// <summary>Tables that are read some rows at a time.</summary>
public sealed class TableBatchReaderTests
{
    private static readonly TableReaderOptions NumberA = new()
    {
        Columns = new Dictionary<string, CellKind> { ["a"] = CellKind.Number },
    };

    [Fact]
    public void Next_OfALongFile_GivesEveryRowWithItsLine()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("t.csv", Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 300_000).Select(i => $"{i},\"x\n{i % 3}\"\n"))));
        using TableBatchReader reader = TableBatchReader.Open(path, NumberA);
        int rows = 0, batches = 0;
        for (; reader.Next() is { } batch; batches++)
        {
            ReadOnlySpan<double> numbers = ((NumberColumn)batch.Table.Columns[0]).Values;
            var text = (TextColumn)batch.Table.Columns[1];
            for (int i = 0; i < numbers.Length; i++, rows++)
            {
                Assert.Equal((rows, $"x\n{rows % 3}", 2 + (2 * rows)), ((int)numbers[i], text[i], (int)batch.Lines.Span[i]));
            }
        }

        Assert.Equal(300_000, rows);
        Assert.True(batches > 2);
    }

    [Fact]
    public void Next_OfFaultyRows_LeavesThemOutAndNamesThem()
    {
        using TableBatchReader reader = Open("a,b\n1,x\noops,y\n2\n3,\"p\"q\n1e999,x\n4,z\n", NumberA);
        TableBatch batch = reader.Next()!;
        Assert.Equal([1d, 4], ((NumberColumn)batch.Table.Columns[0]).Values.ToArray());
        Assert.Equal([2L, 7], batch.Lines.ToArray());
        Assert.Equal([(3, 1), (4, 2), (5, 2), (6, 1)], batch.Faults.Select(fault => ((int)fault.Line, fault.Column)));
        Assert.StartsWith("line 3, column 1: this is not a number: 'oops' (column 'a')", batch.Faults[0].ToString(), StringComparison.Ordinal);
        Assert.Null(reader.Next());
    }

    [Fact]
    public void Next_OfAPipe_GivesTheRowsThatAreThere()
    {
        using TableBatchReader reader = TableBatchReader.Open(new Pieces("a,b\n1,x\n2", ",y\n3,", "z"), "pipe", NumberA);
        Assert.Equal([1d], Numbers(reader.Next()!));
        Assert.Equal([2d], Numbers(reader.Next()!));
        Assert.Equal([3d], Numbers(reader.Next()!));
        Assert.Null(reader.Next());
    }

    [Fact]
    public void Open_WithoutANamedColumn_IsRefused() => Assert.Contains("there is no column 'a'", Assert.Throws<DataFormatException>(
        () => Open("x,b\n1,x\n", NumberA)).Message, StringComparison.Ordinal);

    [Fact]
    public void Next_OfAnArray_GivesItsRows()
    {
        using TableBatchReader reader = TableBatchReader.Open(TestFiles.PathOf("golden", "io", "f8.npy"), new());
        Assert.Equal(["x0", "x1", "x2", "x3"], reader.Columns);
        Assert.Equal((3, 3L), (reader.Next() is { } batch ? batch.Table.RowCount : 0, 3));
        Assert.Null(reader.Next());
    }

    private static TableBatchReader Open(string text, TableReaderOptions options) =>
        TableBatchReader.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), "text", options);

    private static double[] Numbers(TableBatch batch) => ((NumberColumn)batch.Table.Columns[0]).Values.ToArray();

    // A pipe into which one piece after the other is written.
    private sealed class Pieces(params string[] pieces) : MemoryStream
    {
        private readonly Queue<byte> _bytes = new();
        private int _given;

        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer)
        {
            if (_bytes.Count == 0 && _given < pieces.Length)
            {
                foreach (byte unit in Encoding.UTF8.GetBytes(pieces[_given++])) _bytes.Enqueue(unit);
            }

            int read = 0;
            while (read < buffer.Length && _bytes.TryDequeue(out byte next)) buffer[read++] = next;
            return read;
        }
    }
}
