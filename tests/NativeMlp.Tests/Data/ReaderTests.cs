// SPDX-License-Identifier: MIT
using System.IO.Compression;
using System.Text;
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Data;

/// <summary>What the readers take and refuse beyond the shared files: small files made here.</summary>
public sealed class ReaderTests
{
    private static readonly byte[] Idx = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, .. Enumerable.Range(0, 12).Select(i => (byte)i)];

    [Theory]
    [InlineData("x,label\n1,0\n2,1\n", 2, 1)]
    [InlineData("x,label\r\n1,0\r\n\r\n2,1", 2, 1)]
    [InlineData("\uFEFFx,y,label\n 1.5 , -2e-3 ,0\n", 1, 2)]
    public void CsvReader_OfGoodText_ReadsItsRows(string text, int rows, int features)
    {
        using var folder = new TemporaryFolder();
        Dataset data = CsvReader.ReadDataset("csv", folder.Write("good.csv", Encoding.UTF8.GetBytes(text)));
        Assert.Equal((rows, features), (data.Count, data.Features));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\n \n", "empty")]
    [InlineData("x,label\n", "no row")]
    [InlineData("x,label\n1,0,5\n", "line 2 has 3 cells", "2")]
    [InlineData("x,label\n1,0\n1\n", "line 3 has 1 cells", "2")]
    [InlineData("x,label\n1,\n", "line 2, column 2", "empty")]
    [InlineData("x,label\n\"1\",0\n", "line 2, column 1")]
    [InlineData("x,label\n1;5,0\n", "line 2, column 1")]
    [InlineData("x,label\n0x10,0\n", "line 2, column 1")]
    [InlineData("x,label\n1e39,0\n", "line 2, column 1", "finite")]
    [InlineData("x,label\nInfinity,0\n", "line 2, column 1")]
    [InlineData("x,label\n1,-1\n", "-1")]
    [InlineData("x,label\n1,0.5\n", "0.5")]
    [InlineData("label\n1\n", "one column")]
    [InlineData("1,0\n2,1\n", "line 1", "numbers")]
    public void CsvReader_OfBadText_SaysWhere(string text, params string[] words)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("bad.csv", Encoding.UTF8.GetBytes(text));
        DataFormatException e = Assert.Throws<DataFormatException>(() => CsvReader.ReadDataset("csv", path));
        Assert.Equal(path, e.Path);
        Assert.All(words, word => Assert.Contains(word, e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void CsvReader_WithGivenClasses_RefusesALabelBeyond()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("csv", "x,label\n1,2\n"u8.ToArray());
        Assert.Equal(3, CsvReader.ReadDataset("csv", path).Classes);
        Assert.Equal(5, CsvReader.ReadDataset("csv", path, classes: 5).Classes);
        Assert.Throws<DataFormatException>(() => CsvReader.ReadDataset("csv", path, classes: 2));
    }

    [Fact]
    public void IdxReader_OfGzip_KnowsItByItsContent()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal([2, 2, 3], IdxReader.Read(folder.Write("plain.gz", Idx)).Shape); // the name says nothing
        Assert.Equal(Idx[16..], IdxReader.Read(folder.Write("zipped", Gzip(Idx))).Values.ToArray());
    }

    /// <summary>What follows the data, or is missing, is never ignored.</summary>
    [Fact]
    public void IdxReader_OfTooMuchOrTooLittle_RefusesIt()
    {
        using var folder = new TemporaryFolder();
        byte[] zipped = Gzip(Idx);
        byte[][] bad =
        [
            [.. Idx, 0], Idx[..^1], Gzip([.. Idx, 0]), Gzip(Idx[..^1]), zipped[..^1], zipped[..^8], [.. zipped, 0], [.. zipped, 1, 2, 3, 4], [.. zipped, .. zipped],
            [0x1f, 0x8b], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], Gzip([]),
        ];
        for (int i = 0; i < bad.Length; i++)
        {
            string path = folder.Write("bad", bad[i]);
            Exception? e = Record.Exception(() => IdxReader.Read(path));
            Assert.True(e is DataFormatException, $"file {i}: {e?.ToString() ?? "accepted"}");
        }
    }

    /// <summary>No rows but huge rows: the product is 0 and the sizes are absurd.</summary>
    [Fact]
    public void IdxReader_OfNoImagesOfAbsurdSize_RefusesThem()
    {
        using var folder = new TemporaryFolder();
        string images = folder.Write("images", [0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]); // 0 × 50000 × 50000
        string labels = folder.Write("labels", [0, 0, 8, 1, 0, 0, 0, 0]);
        Assert.Throws<DataFormatException>(() => IdxReader.ReadDataset("absurd", images, labels));
    }

    [Fact]
    public void IdxReader_OfALabelBeyondTheClasses_SaysWhich()
    {
        using var folder = new TemporaryFolder();
        string images = folder.Write("images", Idx), labels = folder.Write("labels", [0, 0, 8, 1, 0, 0, 0, 2, 9, 10]);
        DataFormatException e = Assert.Throws<DataFormatException>(() => IdxReader.ReadDataset("idx", images, labels));
        Assert.Contains("label 1 is 10", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cifar10Reader_OfSeveralFiles_JoinsThem()
    {
        using var folder = new TemporaryFolder();
        byte[] one = [7, .. Enumerable.Repeat((byte)1, 3072)], two = [2, .. Enumerable.Repeat((byte)2, 3072)];
        Dataset data = Cifar10Reader.Read(folder.Write("one", [.. one, .. two]), folder.Write("two", Gzip(one)));
        Assert.Equal([7, 2, 7], data.Labels.ToArray());
        Assert.Equal([1, 2, 1], new[] { 0, 3072, 6144 }.Select(at => (int)data.Bytes[at]));
    }

    /// <summary>Any damage to compressed files and to checkpoints: read, or refused in one way.</summary>
    [Theory]
    [InlineData("idx.gz")]
    [InlineData("cifar.gz")]
    [InlineData("checkpoint")]
    [InlineData("weights")]
    public void Reader_OfRandomDamage_ReadsOrRefuses(string kind)
    {
        using var folder = new TemporaryFolder();
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Hidden = [3], Outputs = 2, MaxBatch = 4 });
        mlp.TrainStep(Batch.FromRows(new float[8], 4, new int[4]), Optimizer.Adam());
        byte[] good = kind switch
        {
            "idx.gz" => Gzip(Idx),
            "cifar.gz" => Gzip(new byte[3073]),
            _ => Saved(mlp, folder),
        };
        var random = new Random(2);
        for (int round = 0; round < 1000; round++)
        {
            string path = folder.Write("damaged", Damage(good, random, round));
            Exception? e = Record.Exception(() => Read(kind, mlp, path));
            Assert.True(e is null or DataFormatException, $"round {round}: {e}");
        }
    }

    private static void Read(string kind, Mlp mlp, string path)
    {
        switch (kind)
        {
            case "idx.gz":
                IdxReader.Read(path);
                break;
            case "cifar.gz":
                Cifar10Reader.Read(path);
                break;
            case "weights":
                Checkpoint.LoadWeights(mlp, path);
                break;
            default:
                Checkpoint.Load(path).Dispose();
                break;
        }
    }

    // Bytes changed, cut off, doubled or swapped for a digit: what breaks sizes more often than chance does.
    private static byte[] Damage(byte[] good, Random random, int round)
    {
        byte[] damaged = [.. good];
        for (int hits = random.Next(1, 4); hits > 0; hits--)
        {
            int at = random.Next(Math.Min(damaged.Length, 1600));
            damaged[at] = round % 2 == 0 && char.IsAsciiDigit((char)damaged[at]) ? (byte)('0' + random.Next(10)) : (byte)random.Next(256);
        }

        return (round % 5) switch
        {
            3 => damaged[..random.Next(damaged.Length)],
            4 => [.. damaged, .. damaged[random.Next(damaged.Length)..]],
            _ => damaged,
        };
    }

    private static byte[] Saved(Mlp mlp, TemporaryFolder folder)
    {
        Checkpoint.Save(mlp, folder.File("good"));
        return File.ReadAllBytes(folder.File("good"));
    }

    private static byte[] Gzip(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return stream.ToArray();
    }
}
