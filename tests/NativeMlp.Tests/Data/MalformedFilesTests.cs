// SPDX-License-Identifier: MIT
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Data;

/// <summary>Every reader against every broken file of its kind, and against its own good files, damaged at random.</summary>
public sealed class MalformedFilesTests
{
    /// <summary>The readers by the folder of their broken files: each reads a file as a whole.</summary>
    private static readonly Dictionary<string, Action<string>> Readers = new()
    {
        ["cifar"] = path => Cifar10Reader.Read(path),
        ["csv"] = path => CsvReader.ReadDataset("csv", path),
        ["idx"] = path => IdxReader.Read(path),
        ["safetensors"] = path => SafeTensorsFile.Read(path),
    };

    public static TheoryData<string, string> BrokenFiles()
    {
        var files = new TheoryData<string, string>();
        foreach (JsonElement entry in Manifest.Entries("malformed", file => Readers.ContainsKey(file.Split('/')[0])))
            files.Add(entry.GetProperty("file").GetString()!, entry.GetProperty("expect").GetString()!);

        return files;
    }

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public void Reader_OfABrokenFile_DoesWhatTheManifestSays(string file, string expect)
    {
        string path = TestFiles.PathOf("golden", "malformed", file);
        Action<string> read = Readers[file.Split('/')[0]];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? e = Record.Exception(() => read(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (64L << 20) + (8 * new FileInfo(path).Length));
        if (expect.StartsWith("reject", StringComparison.Ordinal))
        {
            Assert.NotNull(e);
        }
        else if (!expect.Contains("reject", StringComparison.Ordinal) || expect.StartsWith("accept alone", StringComparison.Ordinal) || expect.StartsWith("reader accepts", StringComparison.Ordinal))
        {
            Assert.Null(e);
        }

        if (e is not null)
        {
            Assert.IsType<DataFormatException>(e);
            Assert.StartsWith(path + ": ", e.Message, StringComparison.Ordinal);
            Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void CsvReader_OnBlankLines_MakesNoRowsOfThem() =>
        Assert.Equal(2, CsvReader.Read(TestFiles.PathOf("golden", "malformed", "csv", "blank_lines.csv")).Rows);

    [Theory]
    [InlineData("0.99999999999")]
    [InlineData("16777217")]
    [InlineData("-1")]
    [InlineData("1e-60")]
    public void CsvReader_OfALabelThatIsNoClass_NamesLineAndColumn(string label)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("labels.csv", Encoding.UTF8.GetBytes($"x,label\n1,0\n2,{label}\n"));
        DataFormatException e = Assert.Throws<DataFormatException>(() => CsvReader.ReadDataset("labels", path));
        Assert.Contains("line 3, column 2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CsvReader_OfAGzipBomb_RefusesItWithoutInflatingIt()
    {
        using var folder = new TemporaryFolder();
        using (var gzip = new GZipStream(File.Create(folder.File("bomb.csv.gz")), CompressionLevel.Optimal))
        {
            byte[] zeros = new byte[1 << 20];
            for (int megabyte = 0; megabyte < 256; megabyte++)
                gzip.Write(zeros);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DataFormatException>(() => CsvReader.Read(folder.File("bomb.csv.gz")));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200L << 20);
    }

    [Fact]
    public void IdxReader_OnAPairThatDoesNotFit_RefusesIt()
    {
        DataFormatException e = Assert.Throws<DataFormatException>(() => IdxReader.ReadDataset(
            "pair",
            TestFiles.PathOf("golden", "malformed", "idx", "count_mismatch-images-idx3-ubyte"),
            TestFiles.PathOf("golden", "malformed", "idx", "count_mismatch-labels-idx1-ubyte")));
        Assert.Contains("6", e.Message, StringComparison.Ordinal);
        Assert.Contains("7", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadWeights_OfAnotherShape_NamesBoth()
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 4, Hidden = [10], Outputs = 3 });
        DataFormatException e = Assert.Throws<DataFormatException>(() => Checkpoint.LoadWeights(
            mlp, TestFiles.PathOf("golden", "malformed", "safetensors", "wrong_model_shape.safetensors"), WeightLayout.InputsByOutputs));
        Assert.Contains("[10 × 4]", e.Message, StringComparison.Ordinal);
        Assert.Contains("[4 × 10]", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Any damage may be refused or be read; nothing but the documented exception may come of it.</summary>
    [Theory]
    [InlineData("cifar")]
    [InlineData("csv")]
    [InlineData("idx")]
    [InlineData("safetensors")]
    public void Reader_OfRandomDamage_ReadsOrRefuses(string kind)
    {
        using var folder = new TemporaryFolder();
        byte[] good = Sample(kind, folder);
        var random = new Random(1);
        for (int round = 0; round < 2000; round++)
        {
            byte[] damaged = [.. good];
            for (int hits = random.Next(1, 4); hits > 0; hits--)
                damaged[random.Next(Math.Min(damaged.Length, 200))] = (byte)random.Next(256);

            string path = folder.Write("damaged", round % 4 == 0 ? damaged[..random.Next(damaged.Length)] : damaged);
            Exception? e = Record.Exception(() => Readers[kind](path));
            Assert.True(e is null or DataFormatException, $"round {round}: {e}");
        }
    }

    private static byte[] Sample(string kind, TemporaryFolder folder)
    {
        switch (kind)
        {
            case "cifar":
                return new byte[2 * 3073];
            case "csv":
                return "x,y,label\n1.5,-2,0\n3e-1,+4.25,1\n"u8.ToArray();
            case "idx":
                return [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, .. Enumerable.Range(0, 12).Select(i => (byte)i)];
            default:
                using (var mlp = new Mlp(new MlpOptions { Inputs = 2, Hidden = [3], Outputs = 2 }))
                {
                    Checkpoint.Save(mlp, folder.File("good"));
                }

                return File.ReadAllBytes(folder.File("good"));
        }
    }
}
