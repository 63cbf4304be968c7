// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;
using NativeMlp.Tables;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Tabular;

/// <summary>How text becomes a table.</summary>
public sealed class TableReaderTests
{
    [Theory]
    [InlineData("a,b\n1,2\n3,4\n", ',')]
    [InlineData("a;b\n1;2\n3;4\n", ';')]
    [InlineData("a\tb\n1\t2\n3\t4\n", '\t')]
    [InlineData("a|b\n1|2\n3|4\n", '|')]
    [InlineData("a;b\n1,5;2\n3,25;4\n", ';')]
    [InlineData("text;b\n\"x,y,z\";2\n\"p,q,r\";4\n", ';')]
    public void Read_OfEachDelimiter_FindsIt(string text, char delimiter)
    {
        TableFile file = TableText.Read(text);
        Assert.Equal(delimiter, file.Format.Delimiter);
        Assert.Equal((2, 2), (file.Table.Columns.Count, file.Table.RowCount));
        Assert.Equal([2d, 4], file.Numbers("b"));
    }

    [Theory]
    [InlineData("a,b\r\n1,x\r\n2,y\r\n")]
    [InlineData("a,b\r1,x\r2,y\r")]
    [InlineData("a,b\n1,x\n2,y")]
    [InlineData("\uFEFFa,b\n1,x\n2,y\n")]
    [InlineData("\n\na,b\n\n1,x\n   \n2,y\n\n")]
    public void Read_OfEachLineEnd_FindsTheRows(string text)
    {
        TableFile file = TableText.Read(text);
        Assert.Equal([1d, 2], file.Numbers("a"));
        Assert.Equal(["x", "y"], file.Texts("b"));
    }

    [Fact]
    public void Read_OfQuotedCells_KeepsLineEndsDelimitersAndMarks()
    {
        TableFile file = TableText.Read("a,\"b \"\"c\"\"\"\n\"1\",\"x,\"\"y\"\"\r\nz\"\n\"-2.5\",\" \"\"\"\"\"\n");
        Assert.Equal([1, -2.5], file.Numbers("a"));
        Assert.Equal(["x,\"y\"\r\nz", " \"\""], file.Texts("b \"c\""));
    }

    [Fact]
    public void Read_OfMissingMarks_HasNoValueThere()
    {
        TableFile file = TableText.Read("a,b\n1,x\n,\nNA,N/A\nNaN,null\n?,-\n \" \" ,?\n-7,ok\n99,-7\n".Replace(" \" \" ", "\" \"", StringComparison.Ordinal), new() { Missing = ["99"] });
        Assert.Equal([1, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, -7, double.NaN], file.Numbers("a"));
        Assert.Equal(["x", null, null, null, null, null, "ok", "-7"], file.Texts("b"));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData(" +1.5e3 ", 1500)]
    [InlineData("-.5", -0.5)]
    [InlineData("5.", 5)]
    [InlineData("0.1", 0.1)]
    [InlineData("123456789012345678901234567890", 123456789012345678901234567890d)]
    [InlineData("4.9406564584124654e-324", 4.9406564584124654e-324)]
    [InlineData("2.4703282292062328e-324", 4.9406564584124654e-324)]
    [InlineData("2.4703282292062327e-324", 0)]
    [InlineData("9007199254740993", 9007199254740992)]
    [InlineData("9007199254740993.00000000000000000000000000000000001", 9007199254740994)]
    [InlineData("1.7976931348623157e308", double.MaxValue)]
    public void Read_OfANumber_IsTheNearestDouble(string cell, double value) =>
        Assert.Equal(value, TableText.Read($"a,b\n{cell},0\n").Numbers("a")[0]);

    [Theory]
    [InlineData("1,000")]
    [InlineData("$5")]
    [InlineData("12%")]
    [InlineData("0x10")]
    [InlineData("1e")]
    [InlineData("--1")]
    [InlineData("1 2")]
    [InlineData("inf")]
    [InlineData("Infinity")]
    [InlineData("1_000")]
    [InlineData("١٢")]
    public void Read_OfWhatIsNoNumber_IsText(string cell)
    {
        TableFile file = TableText.Read($"a,b\n1,0\n\"{cell}\",0\n");
        Assert.Equal(["1", cell], file.Texts("a"));
        Assert.Equal(new NotANumber(3, $"\"{cell}\""), file.NotNumbers["a"]);
    }

    [Theory]
    [InlineData("1,234,567.5", 1234567.5)]
    [InlineData("-$1,234", -1234)]
    [InlineData("€ 12", 12)]
    [InlineData("12.5 %", 12.5)]
    [InlineData("12", 12)]
    public void Read_OfGroupsAndUnitsWhenAskedFor_IsANumber(string cell, double value) =>
        Assert.Equal([value, 1], TableText.Read($"a\n\"{cell}\"\n1\n", new() { ThousandsSeparator = ',', AllowUnits = true }).Numbers("a"));

    [Theory]
    [InlineData("12,34")]
    [InlineData("1,2345")]
    [InlineData(",123")]
    [InlineData("$%5")]
    public void Read_OfBadGroups_IsText(string cell) =>
        Assert.Equal(cell, TableText.Read($"a\n\"{cell}\"\n1\n", new() { ThousandsSeparator = ',', AllowUnits = true }).Texts("a")[0]);

    [Theory]
    [InlineData("a;b\n1,5;x\n2;y\n", null, 1.5)]
    [InlineData("a;b\n1.5;x\n2;y\n", null, 1.5)]
    [InlineData("a;b\n0,125;x\n2;y\n", null, 0.125)]
    [InlineData("a\tb\n1,5\tx\n2\ty\n", ',', 1.5)]
    public void Read_OfDecimalCommas_FollowsTheFile(string text, char? separator, double first) =>
        Assert.Equal([first, 2], TableText.Read(text, new() { DecimalSeparator = separator }).Numbers("a"));

    [Theory]
    [InlineData('.', "1.200,5")]
    [InlineData(',', "1,200.5")]
    public void Read_WithASeparatorOfThousands_TakesTheOtherForDecimals(char thousands, string cell) =>
        Assert.Equal([1200.5, 1200], TableText.Read($"a;b\n{cell};0\n{cell[..5]};0\n", new() { ThousandsSeparator = thousands }).Numbers("a"));

    [Fact]
    public void Read_WithOneSeparatorForBoth_IsRefused() => Assert.Contains("',' cannot separate both decimals and groups of three digits",
        Fault("a;b\n1;2\n", new() { DecimalSeparator = ',', ThousandsSeparator = ',' }), StringComparison.Ordinal);

    [Fact]
    public void Read_OfThousandsBetweenSemicolons_DoesNotTakeThemForDecimals() =>
        Assert.Equal(["1,000", "2"], TableText.Read("a;b\n1,000;x\n2;y\n").Texts("a"));

    [Fact]
    public void Read_InAnotherCulture_IsTheSame()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            other.NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",", CurrencyDecimalSeparator = ",", NumberGroupSeparator = ".", NegativeSign = "−" };
            CultureInfo.CurrentCulture = other;
            Assert.Equal([-1.5, 2000], TableText.Read("a,b\n-1.5,x\n2e3,y\n").Numbers("a"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Read_OfANamedTextColumn_KeepsItsZeros()
    {
        TableFile file = TableText.Read("zip,n\n01234,1\n,2\n99999,3\n", new() { Columns = new Dictionary<string, CellKind> { ["zip"] = CellKind.Text } });
        Assert.Equal(["01234", null, "99999"], file.Texts("zip"));
        Assert.Equal([1d, 2, 3], file.Numbers("n"));
    }

    [Fact]
    public void Read_OfSkippedColumns_LeavesThemOut()
    {
        TableFile file = TableText.Read("a,b,c\n1,x,2\n", new() { OtherColumns = CellKind.Skip, Columns = new Dictionary<string, CellKind> { ["c"] = CellKind.Number } });
        Assert.Equal("c", Assert.Single(file.Table.Columns).Name);
    }

    [Fact]
    public void Read_OfComments_LeavesThemOutAndCountsTheirLines()
    {
        TableFile file = TableText.Read("# made by \"nobody\na,b\n1,\"x\n# not a comment\"\n#2,y\n3,z\n# end", new() { Comment = '#' });
        Assert.Equal([1d, 3], file.Numbers("a"));
        Assert.Equal(["x\n# not a comment", "z"], file.Texts("b"));
        Assert.Contains("line 4, column 2", Fault("#\na,b\n1,2\n3\n", new() { Comment = '#' }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0,1,2\n1.5,2,0\n", "0 1 2")]
    [InlineData("x,2019,2020\n1.5,2,0\n", "x 2019 2020")]
    [InlineData(",x,\n1,2,3\n", "column1 x column3")]
    [InlineData("column3,x,\n1,2,3\n", "column3 x column3_")]
    [InlineData(" x ,\" y \",\"z\"\n1,2,3\n", "x| y |z")]
    public void Read_OfAHeader_NamesTheColumns(string text, string names) =>
        Assert.Equal(names.Split(names.Contains('|') ? '|' : ' '), TableText.Read(text).Table.Columns.Select(column => column.Name));

    [Theory]
    [InlineData("1,2,0\n3,4,1\n", "line 1 should contain the column names, but '1' is a number, as in a row; if there is no header, use --no-header")]
    [InlineData("5.1,setosa\n", "but '5.1' is a number")]
    [InlineData("a,b,a\n1,2,3\n", "line 1, column 3: column 1 has the same name, 'a'")]
    [InlineData("a,b\n", "there is a header but there are no rows")]
    [InlineData("", "the file is empty")]
    [InlineData("\n \n", "the file is empty")]
    [InlineData("a,b\n1,2\n3\n", "line 3, column 2: the record ends after 1 cell, but the header names 2; column 'b' is missing")]
    [InlineData("a,b\n1,2\n\n\"x\ny\",4,5\n", "line 4, column 3: the record has 3 cells, but the header names 2")]
    [InlineData("a,b\n1,2\n3,\"x\n4,5\n", "line 3, character 3: the quotation mark here opens a cell that is not closed")]
    [InlineData("a,b\n1,2\n3,x\"y\n4,z\"\n", "line 3, column 2: quotation marks may only enclose a whole cell, or occur twice inside it")]
    [InlineData("a,b\n1,2\n3,\"x\"y\n", "line 3, column 2: quotation marks may only enclose")]
    [InlineData("a,b\n1e400,2\n", "line 2, column 1: the number is too large for a double: '1e400' (column 'a')")]
    [InlineData("a,b\n1,2\0\n", "line 2: there is a byte 0")]
    public void Read_OfAFaultyFile_NamesThePlace(string text, string message) => Assert.Contains(message, Fault(text), StringComparison.Ordinal);

    [Fact]
    public void Read_OfALargeNumberInAColumnOfText_KeepsIt() => Assert.Equal(["12e456", "ab"], TableText.Read("hash,b\n12e456,1\nab,2\n").Texts("hash"));

    [Fact]
    public void Read_OfOtherEncodings_NamesThem()
    {
        Assert.Contains("the file is UTF-16 text", Fault(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("a,b\n1,2\n"))), StringComparison.Ordinal);
        Assert.Contains("the file is UTF-16 text", Fault(Encoding.BigEndianUnicode.GetBytes("a,b\n1,2\n")), StringComparison.Ordinal);
        Assert.Contains("the file is UTF-32 text", Fault(Encoding.UTF32.GetPreamble().Concat(Encoding.UTF32.GetBytes("a,b\n1,2\n"))), StringComparison.Ordinal);
        Assert.Contains("line 3: the byte 0xFC is not UTF-8", Fault(Encoding.Latin1.GetBytes("a,b\n1,2\n3,ü\n")), StringComparison.Ordinal);
        Assert.Contains("a Parquet file", Fault("PAR1...."u8.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfGzipMembers_ReadsThemAll()
    {
        byte[] parts = [.. TableText.Gzip("a,b\n1,2\n"u8.ToArray()), .. TableText.Gzip("3,4\n"u8.ToArray())];
        Assert.Equal([1d, 3], TableText.Read(parts).Numbers("a"));
    }

    [Fact]
    public void Read_OfAHighRatio_IsRefusedUnlessAllowed()
    {
        byte[] bomb = TableText.Gzip(Encoding.ASCII.GetBytes("a,b\n1,2\n" + new string('\n', 100 << 20)));
        string message = Fault(bomb);
        Assert.Contains("a ratio above 500 is refused beyond 32 MiB", message, StringComparison.Ordinal);
        Assert.Contains("--max-ratio", message, StringComparison.Ordinal);
        Assert.Equal([1d], TableText.Read(bomb, new() { MaxRatio = 2000 }).Numbers("a"));
    }

    [Fact]
    public void Read_OfAStreamThatCannotSeek_IsTheSame()
    {
        byte[] bytes = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 400_000).Select(i => $"{i},{(i < 300_000 ? i : "x")}\n")));
        TableFile file = TableReader.Read(new OneWay(bytes), "input", cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(399_999, file.Numbers("a")[^1]);
        Assert.Equal("299999", file.Texts("b")[299_999]);
    }

    [Fact]
    public void Read_OfAnUnknownColumn_ListsTheOthers() => Assert.Contains(
        "there is no column 'c'; the columns are 'a', 'b'",
        Fault("a,b\n1,2\n", new() { Columns = new Dictionary<string, CellKind> { ["c"] = CellKind.Text } }), StringComparison.Ordinal);

    [Fact]
    public void Read_OfATextInAColumnOfNumbers_NamesTheCell() => Assert.Contains(
        "line 3, column 1: this is not a number: 'x' (column 'a')",
        Fault("a,b\n1,2\nx,2\n", new() { Columns = new Dictionary<string, CellKind> { ["a"] = CellKind.Number } }), StringComparison.Ordinal);

    private static string Fault(string text, TableReaderOptions? options = null) => Fault(Encoding.UTF8.GetBytes(text), options);

    private static string Fault(IEnumerable<byte> bytes, TableReaderOptions? options = null) =>
        Assert.Throws<NativeMlp.Data.DataFormatException>(() => TableText.Read([.. bytes], options)).Message;

    private sealed class OneWay(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1000)]);
    }
}
