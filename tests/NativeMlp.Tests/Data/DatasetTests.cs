// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NativeMlp.Data;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Data;

public sealed class DatasetTests
{
    [Fact]
    public void Split_ByASeed_KeepsEachRowOnce()
    {
        Dataset data = Dataset.FromFloats("rows", Enumerable.Range(0, 200).Select(i => (float)i).ToArray(), 2, Enumerable.Range(0, 100).Select(i => i % 4).ToArray(), 4);
        (Dataset train, Dataset validation) = data.Split(0.25, seed: 7);
        Assert.Equal((75, 25), (train.Count, validation.Count));
        Assert.Equal(data.Values.ToArray(), train.Values.ToArray().Concat(validation.Values.ToArray()).Order());
        Assert.All(Enumerable.Range(0, validation.Count), i => Assert.Equal((int)validation.Values[2 * i] / 2 % 4, validation.Labels[i]));
        Assert.Equal(validation.Values.ToArray(), data.Split(0.25, 7).Validation.Values.ToArray());
        Assert.NotEqual(validation.Values.ToArray(), data.Split(0.25, 8).Validation.Values.ToArray());
    }

    [Fact]
    public void ComputeMean_OfBytes_IsExact()
    {
        Dataset data = Dataset.FromBytes("bytes", new byte[] { 255, 0, 254, 1, 255, 2 }, 2, new[] { 0, 0, 1 }, 2);
        Assert.Equal([(float)(764.0 / 3), 1f], data.ComputeMean());
    }

    [Fact]
    public void Data_ThatDoNotFit_AreRefused()
    {
        Assert.ThrowsAny<ArgumentException>(() => Dataset.FromFloats("bad", new float[5], 2, new int[2], 2));
        Assert.ThrowsAny<ArgumentException>(() => Dataset.FromFloats("bad", new float[4], 2, new[] { 0, 2 }, 2));
        Dataset data = Dataset.FromFloats("good", new float[4], 2, new[] { 0, 1 }, 2);
        Assert.ThrowsAny<ArgumentException>(() => data.Slice(1, 2));
        Assert.ThrowsAny<ArgumentException>(() => data.Split(1.5, 1));
        Assert.ThrowsAny<ArgumentException>(() => data.WithNormalization(new float[3], 1));
    }

    [Fact]
    public void MissingFiles_AreNamed()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in DataFolder.DataSetNames)
        {
            Assert.False(DataFolder.Contains(name, folder.Path));
            FileNotFoundException e = Assert.Throws<FileNotFoundException>(() => DataFolder.Load(name, folder.Path));
            Assert.Contains(folder.Path, e.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>The same bits on every processor and system: a change of these hashes breaks users' results.</summary>
    [Theory]
    [InlineData("xor", "e91b9feb088eb171")]
    [InlineData("circles", "97b4625211cf913b")]
    [InlineData("moons", "0b95235fe775c5ad")]
    [InlineData("spirals", "dc360516585647e8")]
    public void Synthetic_OfASeed_IsAlwaysTheSame(string name, string hash)
    {
        Dataset data = Make(name, 1);
        Assert.Equal(hash, Hash(data));
        Assert.NotEqual(Hash(data), Hash(Make(name, 2)));
        int[] counts = [.. data.Labels.ToArray().CountBy(label => label).Select(pair => pair.Value)];
        Assert.Equal(name == "spirals" ? 3 : 2, counts.Length);
        Assert.All(counts, count => Assert.InRange(count, 0.9 * 900 / counts.Length, 1.1 * 900 / counts.Length));
        Assert.All(data.Values.ToArray(), value => Assert.InRange(value, -3, 3));
    }

    private static Dataset Make(string name, ulong seed) => name switch
    {
        "xor" => Synthetic.Xor(900, seed),
        "circles" => Synthetic.Circles(900, seed),
        "moons" => Synthetic.Moons(900, seed),
        _ => Synthetic.Spirals(900, seed),
    };

    private static string Hash(Dataset data) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(data.Values)))[..16];
}
