// SPDX-License-Identifier: MIT
using System.Text;
using NativeMlp.Tables;
using NativeMlp.Tabular.Reading;

namespace NativeMlp.Tests.Tabular;

/// <summary>Tables drawn at random come back as they were written.</summary>
public sealed class RandomTableTests
{
    [Fact]
    public void Read_OfRandomTables_GivesThemBack()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var table = new RandomTable(seed, rows: 1 + (seed % 40));
            var options = new TableReaderOptions
            {
                Delimiter = seed % 2 == 0 ? table.Delimiter : null,
                DecimalSeparator = table.DecimalComma ? ',' : '.',
                HasHeader = true,
                Threads = 1 + (seed % 3),
            };
            Check(table, TableText.Read(table.Write(), options with { Delimiter = table.Delimiter }), seed);
        }
    }

    [Fact]
    public void Read_OfALongRandomTable_DoesNotDependOnTheThreads()
    {
        var table = new RandomTable(seed: 7, rows: 150_000);
        byte[] bytes = table.Write();
        Assert.True(bytes.Length > 4 << 20, "one block only");
        foreach (int threads in (int[])[1, 2, 5])
        {
            Check(table, TableText.Read(bytes, new() { Delimiter = table.Delimiter, DecimalSeparator = table.DecimalComma ? ',' : '.', HasHeader = true, Threads = threads }), threads);
        }
    }

    [Fact]
    public void Read_OfTextThatComesLate_KeepsTheCellsBefore()
    {
        var text = new StringBuilder("a,b,c\n");
        for (int row = 0; row < 400_000; row++) text.Append(row).Append(",0").Append(row % 7).Append(row == 399_000 ? ",x\n" : ",\n");
        text.Append("oops,1,2\n");
        TableFile file = TableText.Read(text.ToString());
        Assert.Equal(["0", "1", "2"], file.Texts("a")[..3]);
        Assert.Equal(new NotANumber(400_002, "oops"), file.NotNumbers["a"]);
        Assert.Equal(5, file.Numbers("b")[5]);
        Assert.Equal([null, "x"], file.Texts("c")[398_999..399_001]);
        Assert.Equal("0", Assert.IsType<TextColumn>(file.Table.Columns[0]).Distinct[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Read_OfSeveralFaults_NamesTheFirst(int threads)
    {
        var text = new StringBuilder("a,b\n");
        for (int row = 0; row < 800_000; row++) text.Append(row is 500_000 or 500_001 or 700_000 ? "1\n" : "1,2\n");
        var e = Assert.Throws<NativeMlp.Data.DataFormatException>(() => TableText.Read(text.ToString(), new() { Threads = threads }));
        Assert.Contains("line 500002, column 2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfARecordLongerThanABlock_IsWhole()
    {
        string cell = string.Concat(Enumerable.Repeat("line\r\n", 400_000));
        TableFile file = TableText.Read($"a,b\n1,\"{cell}\"\n2,y\n");
        Assert.Equal([cell, "y"], file.Texts("b"));
    }

    private static void Check(RandomTable expected, TableFile file, int seed)
    {
        Assert.Equal(expected.Names, file.Table.Columns.Select(column => column.Name));
        for (int i = 0; i < expected.Names.Length; i++)
        {
            object?[] cells = expected.Columns[i];
            if (cells.OfType<string>().Any())
            {
                Assert.Equal(cells, file.Texts(expected.Names[i]));
                continue;
            }

            double[] numbers = file.Numbers(expected.Names[i]);
            Assert.True(cells.Select(cell => cell is double number ? number : double.NaN).SequenceEqual(numbers), $"seed {seed}, column {i}");
        }
    }
}
