// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Data;

/// <summary>Honest files that are unusual are read; what only claims sizes is held.</summary>
public sealed class ReaderLimitTests
{
    /// <summary>What <c>cat a.gz b.gz</c> gives, wherever a member ends within the reader's buffers.</summary>
    [Fact]
    public void CsvReader_OfSeveralGzipMembers_ReadsAllOfThem()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(5);
        for (int round = 0; round < 40; round++)
        {
            int members = 1 + (round % 5), rows = 0;
            var file = new List<byte>(Gzip("x,label\n"));
            for (int member = 0; member < members; member++)
            {
                int count = random.Next(3000);
                rows += count;
                file.AddRange(Gzip(string.Concat(Enumerable.Range(0, count).Select(i => $"{random.NextSingle():R},{i % 2}\n"))));
            }

            if (rows == 0) continue;
            Assert.Equal(rows, CsvReader.ReadDataset("members", folder.Write("members.csv.gz", [.. file])).Count);
        }
    }

    [Fact]
    public void CsvReader_OfGzipThatIsCutOffOrFollowed_RefusesIt()
    {
        using var folder = new TemporaryFolder();
        byte[] one = Gzip("x,label\n1,0\n"), two = Gzip("2,1\n3,1\n");
        byte[][] bad = [[.. one, .. two[..^1]], [.. one, .. two[..^8]], [.. one, .. two[..5]], [.. one, 0], [.. one, 0x1f], [.. one, .. two, 1, 2, 3]];
        foreach (byte[] content in bad)
        {
            DataFormatException e = Assert.Throws<DataFormatException>(() => CsvReader.Read(folder.Write("bad", content)));
            Assert.Contains("gzip", e.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A table of nearly all zeros, as words or genes give it: 40 MB that shrink to less than a hundredth.</summary>
    [Fact]
    public void CsvReader_OfASparseTable_ReadsItPackedAsPlain()
    {
        using var folder = new TemporaryFolder();
        const int columns = 20_000, rows = 1000;
        var text = new StringBuilder(string.Join(',', Enumerable.Range(0, columns).Select(i => $"w{i}"))).Append(",label\n");
        var random = new Random(1);
        for (int row = 0; row < rows; row++)
        {
            string[] cells = new string[columns];
            Array.Fill(cells, "0");
            for (int hit = 0; hit < 2; hit++) cells[random.Next(columns)] = "1";
            text.AppendJoin(',', cells).Append(',').Append(row % 2).Append('\n');
        }

        byte[] packed = Gzip(text.ToString());
        Assert.True(text.Length > (32 << 20) && text.Length > (16 << 20) + (64L * packed.Length), $"{text.Length} of {packed.Length} bytes");
        Dataset plain = CsvReader.ReadDataset("plain", folder.Write("plain", Encoding.UTF8.GetBytes(text.ToString())));
        Dataset zipped = CsvReader.ReadDataset("packed", folder.Write("packed", packed));
        Assert.Equal((rows, columns), (zipped.Count, zipped.Features));
        Assert.True(plain.Values.SequenceEqual(zipped.Values));
    }

    [Fact]
    public void CsvReader_OfABomb_NamesTheRatioAndTheWayOut()
    {
        using var folder = new TemporaryFolder();
        string bomb = folder.Write("bomb", Gzip("x,y\n" + new string('\n', 100 << 20)));
        DataFormatException e = Assert.Throws<DataFormatException>(() => CsvReader.Read(bomb));
        Assert.Contains("a ratio above 500 is refused", e.Message, StringComparison.Ordinal);
        Assert.Contains("gunzip", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0,1,2\n1.5,2,0\n3,4,1\n", 2)]
    [InlineData("2019,2020,label\n1.5,2,0\n", 1)]
    [InlineData("7,8\n1,0\n", 1)]
    public void CsvReader_OfAHeaderOfDigits_TakesItForAHeader(string text, int rows)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(rows, CsvReader.ReadDataset("digits", folder.Write("digits.csv", Encoding.ASCII.GetBytes(text))).Count);
    }

    [Theory]
    [InlineData("0.5,1\n2,0\n")]
    [InlineData("1,1,0\n2,2,1\n")]
    [InlineData("-1,0\n2,1\n")]
    [InlineData("1,2,0\n3,4,1\n")]
    public void CsvReader_OfAFirstRowWithoutHeader_SaysWhatToChangeAndReadsItThen(string text)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("none.csv", Encoding.ASCII.GetBytes(text));
        Assert.Contains("hasHeader: false", Assert.Throws<DataFormatException>(() => CsvReader.ReadDataset("none", path)).Message, StringComparison.Ordinal);
        Assert.Equal(2, CsvReader.ReadDataset("none", path, hasHeader: false).Count);
        Assert.Equal(2, CsvReader.Read(path, hasHeader: false).Rows);
    }

    /// <summary>Every line end, at every place of the reader's buffer.</summary>
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void CsvReader_OfLinesAcrossItsBuffer_ReadsThem(string end)
    {
        using var folder = new TemporaryFolder();
        for (int pad = 0; pad < 5; pad++)
        {
            string text = "x" + new string('x', pad) + ",y" + end + string.Concat(Enumerable.Range(0, 30_000).Select(i => $"{i},{-i}{end}"));
            CsvTable table = CsvReader.Read(folder.Write("lines.csv", Encoding.ASCII.GetBytes(text)));
            Assert.Equal(Enumerable.Range(0, 30_000).SelectMany(i => new float[] { i, -i }), table.Values.ToArray());
        }
    }

    /// <summary>The file is read line by line: what is allocated is about twice the numbers, not the text.</summary>
    [Fact]
    public void CsvReader_OfALongText_AllocatesAboutItsNumbers()
    {
        using var folder = new TemporaryFolder();
        const int rows = 200_000;
        string path = folder.File("long.csv");
        File.WriteAllText(path, "a,b\n" + string.Concat(Enumerable.Repeat("0.12345678901234567890123456789012345678901234567890,1.00000000000000000000000000000000000000000000000001\n", rows)));
        CsvReader.Read(path);
        long before = GC.GetAllocatedBytesForCurrentThread();
        CsvReader.Read(path);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (3L * 2 * rows * sizeof(float)) + (1 << 20)); // of 21 MB of text
    }

    [Fact]
    public void Readers_OfADeviceWithoutEnd_StopAtItsFirstFault()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || !File.Exists("/dev/zero"), "there is no /dev/zero");
        Assert.Contains("byte 0 is 0", Assert.Throws<DataFormatException>(() => CsvReader.Read("/dev/zero")).Message, StringComparison.Ordinal);
        Assert.Throws<DataFormatException>(() => IdxReader.Read("/dev/zero"));
        Assert.Throws<DataFormatException>(() => SafeTensorsFile.Read("/dev/zero"));
    }

    [Fact]
    public void PlainContent_OfUnknownLength_HasALimit()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || !File.Exists("/dev/zero"), "there is no /dev/zero");
        using Stream content = DataFile.Open("/dev/zero");
        byte[] chunk = new byte[1 << 24];
        DataFormatException e = Assert.Throws<DataFormatException>(() =>
        {
            for (long read = 0; read <= 2L << 30; read += content.Read(chunk))
            {
            }
        });
        Assert.Contains("at most 1073741824 bytes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PlainContent_OfAFile_HasNoLimit()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
        using Stream content = DataFile.Open(folder.Write("file", bytes), new DataLimits { UnknownLength = 10 }, out _);
        Assert.Equal(bytes, DataFile.Read(content, most: 1000));
    }

    [Theory]
    [InlineData(" {}      ", "does not begin with '{'")]
    [InlineData("\n{}      ", "does not begin with '{'")]
    [InlineData("{\"a\":\n x}", "at byte 7 of the header")]
    [InlineData("{\"a\": x} ", "at byte 6 of the header")]
    public void SafeTensors_OfABadHeader_SaysWhere(string header, string expected)
    {
        using var folder = new TemporaryFolder();
        DataFormatException e = Assert.Throws<DataFormatException>(() => SafeTensorsFile.Read(folder.Write("bad", WithHeader(header))));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SafeTensors_OfAHugeHeaderForNoData_RefusesItUnread()
    {
        using var folder = new TemporaryFolder();
        string header = "{" + string.Join(',', Enumerable.Range(0, 300_000).Select(i => $"\"tensor number {i}\":{{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}")) + "}";
        string path = folder.Write("huge", WithHeader(header));
        long before = GC.GetAllocatedBytesForCurrentThread();
        DataFormatException e = Assert.Throws<DataFormatException>(() => SafeTensorsFile.Read(path));
        Assert.Contains("it may have at most 16777216", e.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Load_OfAModelThatAsksForMuchWorkSpace_TakesFewerRows()
    {
        using var folder = new TemporaryFolder();
        using (var mlp = new Mlp(new MlpOptions { Inputs = 3, Hidden = [5], Outputs = 2, MaxBatch = 4 })) Checkpoint.Save(mlp, folder.File("model"));
        SafeTensorsFile file = SafeTensorsFile.Read(folder.File("model"));
        new SafeTensorsFile(file.Tensors, new Dictionary<string, string>(file.Metadata) { ["max_batch"] = "60000000" }).Write(folder.File("model"));
        using LoadedCheckpoint loaded = Checkpoint.Load(folder.File("model"));
        int rows = loaded.Mlp.Options.MaxBatch;
        Assert.InRange(rows * ((2L * 3) + (6L * (5 + 2))), 1, 1L << 28); // floats
        Assert.InRange(rows, 1_000_000, 60_000_000);
    }

    /// <summary>What came from outside reaches a message escaped and short.</summary>
    [Fact]
    public void Messages_OfHostileTexts_AreVisibleAndShort()
    {
        using var folder = new TemporaryFolder();
        string hostile = "\u001b[2J\u202e" + new string('x', 1 << 20);
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Outputs = 2 });
        Checkpoint.Save(mlp, folder.File("model"));
        SafeTensorsFile good = SafeTensorsFile.Read(folder.File("model"));
        new SafeTensorsFile(good.Tensors, new Dictionary<string, string>(good.Metadata) { ["loss"] = hostile }).Write(folder.File("loss"));
        string tensor = $"{{{System.Text.Json.JsonSerializer.Serialize(hostile)}:{{\"dtype\":\"F7\",\"shape\":[],\"data_offsets\":[0,0]}}}}";
        Action[] readings =
        [
            () => CsvReader.Read(folder.Write("cell", Encoding.UTF8.GetBytes("x\n" + hostile + "\n"))),
            () => CsvReader.Read(folder.Write("quote", Encoding.UTF8.GetBytes("\"" + hostile + "\n1\n"))),
            () => CsvReader.ReadDataset("label", folder.Write("label", Encoding.UTF8.GetBytes("x,y\n1," + hostile + "\n"))),
            () => CsvReader.Read(folder.File("\u001b[31mno such file")),
            () => SafeTensorsFile.Read(folder.File("\u001b[31mno such file")),
            () => SafeTensorsFile.Read(folder.Write("tensor", WithHeader(tensor))),
            () => SafeTensorsFile.Read(folder.Write(OperatingSystem.IsWindows() ? "name" : "\u001b[31mname", [1])), // which Windows refuses
            () => Checkpoint.Load(folder.File("loss")).Dispose(),
            () => DataFolder.Load(hostile, folder.Path),
        ];
        foreach (Action reading in readings)
        {
            string message = Record.Exception(reading)!.Message;
            Assert.Equal(Printable.Text(message, int.MaxValue), message);
            Assert.InRange(message.Length, 1, 3000);
        }
    }

    private static byte[] WithHeader(string header)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        return [.. length, .. bytes];
    }

    private static byte[] Gzip(string text)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return stream.ToArray();
    }
}
