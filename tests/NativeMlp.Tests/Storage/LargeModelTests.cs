// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Storage;

/// <summary>Sizes in bytes are no ints: a model may be longer than an array.</summary>
public sealed class LargeModelTests
{
    private const long Hole = 3_000_000_000;

    // A file with a hole of 3 GB, which takes no room on the disk, in front of what is read.
    [Fact]
    public void LoadWeights_BehindThreeGigabytes_ReadsThem()
    {
        using var folder = new TemporaryFolder();
        string path = WriteSparse(folder, [1, 2, 3, 4, 5, 6]);
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Outputs = 2 });
        Checkpoint.LoadWeights(mlp, path, WeightLayout.InputsByOutputs);
        Assert.Equal([1f, 2, 3, 4, 5, 6], TestData.Parameters(mlp));
    }

    [Fact]
    public void Read_OfATensorBeyondAnArray_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        string path = WriteSparse(folder, [1, 2, 3, 4, 5, 6]);
        DataFormatException e = Assert.Throws<DataFormatException>(() => SafeTensorsFile.Read(path));
        Assert.Contains("tensor 'hole' has 3000000000 bytes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsSha256_OfMoreThanOneChunk_IsTheHashOfItsFloats()
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 1500, Hidden = [1501], Outputs = 2, MaxBatch = 1 });
        string expected = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(TestData.Parameters(mlp))));
        Assert.Equal(expected, Checkpoint.WeightsSha256(mlp));
    }

    [Fact]
    public void Load_OfMoreThanOneChunk_GivesTheSameBits()
    {
        using var folder = new TemporaryFolder();
        using var mlp = new Mlp(new MlpOptions { Inputs = 1500, Hidden = [1501], Outputs = 2, MaxBatch = 1 });
        Checkpoint.Save(mlp, folder.File("model"));
        using LoadedCheckpoint loaded = Checkpoint.Load(folder.File("model"));
        Assert.Equal(Checkpoint.WeightsSha256(mlp), Checkpoint.WeightsSha256(loaded.Mlp));
    }

    [Fact]
    public void Mlp_OfAWeightBeyondAnArray_IsRefusedBeforeAnyWork()
    {
        var options = new MlpOptions { Inputs = 70_000, Hidden = [70_000], Outputs = 2 };
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(() => new Mlp(options));
        Assert.Contains("[70000 × 70000] of layer 0 has 4900000000 elements", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Floats_OfAMatrixOfMoreThanTwoGibibytes_CountsItsBytes() =>
        Assert.Equal(2_400_000_000, WrittenTensor.Floats("weight", [20_000, 30_000], () => []).Bytes);

    /// <summary>What hashes and files receive. Nothing touches the memory of the array.</summary>
    [Fact]
    public void Pour_OfMoreThanTwoGibibytes_GivesEveryByte()
    {
        Assert.SkipUnless(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes > 4L << 30, "needs 2.4 GB of address space");
        float[] values = GC.AllocateUninitializedArray<float>(600_000_000);
        long bytes = 0;
        FloatBytes.Pour(values, chunk => bytes += chunk.Length);
        Assert.Equal(2_400_000_000, bytes);
    }

    [Fact]
    public void FromFloats_OfMoreThanAnArrayOfBytes_SaysTheMost()
    {
        Assert.SkipUnless(Heavy, "needs 2.4 GB; set NMLP_TEST_HEAVY=1");
        ArgumentException e = Assert.Throws<ArgumentException>(() => SafeTensor.FromFloats(new float[600_000_000], 600_000_000));
        Assert.Contains("536870911", e.Message, StringComparison.Ordinal);
    }

    /// <summary>The matrix [20000 × 30000] has 2.4e9 bytes.</summary>
    [Fact]
    public void Save_OfAMatrixOfMoreThanTwoGibibytes_IsReadBack()
    {
        Assert.SkipUnless(Heavy, "needs 13 GB of memory and 2.4 GB of disk; set NMLP_TEST_HEAVY=1");
        using var folder = new TemporaryFolder();
        const int inputs = 20_000, hidden = 30_000;
        float[] last = new float[hidden * 2];
        string hash;
        using (var mlp = new Mlp(new MlpOptions { Inputs = inputs, Hidden = [hidden], Outputs = 2, MaxBatch = 8, Initialization = Initialization.Zeros }))
        {
            last[^1] = 7;
            mlp.WriteWeights(1, last);
            hash = Checkpoint.WeightsSha256(mlp);
            Checkpoint.Save(mlp, folder.File("model"));
        }

        Assert.InRange(new FileInfo(folder.File("model")).Length, 2_400_000_000, 2_401_000_000);
        using LoadedCheckpoint loaded = Checkpoint.Load(folder.File("model"), maxBatch: 8);
        Assert.Equal(hash, Checkpoint.WeightsSha256(loaded.Mlp));
        Assert.Equal(HashOfZerosAndASeven(inputs, hidden), hash);
    }

    private static bool Heavy => Environment.GetEnvironmentVariable("NMLP_TEST_HEAVY") == "1";

    // Independent of the library: all bytes are 0 but those of one float before the last two biases.
    private static string HashOfZerosAndASeven(long inputs, long hidden)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] zeros = new byte[1 << 20];
        long before = 4 * ((inputs * hidden) + hidden + (2 * hidden) - 1);
        for (; before > 0; before -= Math.Min(before, zeros.Length)) hash.AppendData(zeros, 0, (int)Math.Min(before, zeros.Length));
        hash.AppendData(BitConverter.GetBytes(7f));
        hash.AppendData(zeros, 0, 8);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string WriteSparse(TemporaryFolder folder, float[] values)
    {
        string header = "{" + string.Join(',', Entry("hole", "U8", "3,1000000000", 0, Hole),
            Entry("layers.0.weight", "F32", "2,2", Hole, Hole + 16), Entry("layers.0.bias", "F32", "2", Hole + 16, Hole + 24)) + "}";
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        using FileStream file = File.Create(folder.File("sparse"));
        file.Write(length);
        file.Write(Encoding.ASCII.GetBytes(header));
        file.Seek(Hole, SeekOrigin.Current);
        foreach (float value in values) file.Write(BitConverter.GetBytes(value));
        return folder.File("sparse");
    }

    private static string Entry(string name, string type, string shape, long begin, long end) =>
        $"\"{name}\":{{\"dtype\":\"{type}\",\"shape\":[{shape}],\"data_offsets\":[{begin},{end}]}}";
}
