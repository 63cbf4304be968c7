// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Data;

/// <summary>What is known about the data sets that have a name.</summary>
public sealed class BuiltInDataSetTests
{
    [Fact]
    public void Describe_ADefault_NamesTheGeneralOneAndThenTheOthers()
    {
        Assert.Equal("256; xor, circles, moons, spirals 64; cifar10 50", BuiltInDataSets.Describe(defaults => defaults.Hidden));
        Assert.Equal("10; xor, circles, moons 100; spirals 300", BuiltInDataSets.Describe(defaults => defaults.Epochs));
        Assert.Equal("0.001; xor, circles, moons, spirals 0.01", BuiltInDataSets.Describe(defaults => defaults.AdamRate));
    }

    [Fact]
    public void Load_Cifar10_NamesItsClasses()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("cifar-10"));
        byte[] record = new byte[1 + Cifar10Reader.Features];
        record[0] = 9; // truck
        File.WriteAllBytes(folder.File("cifar-10/data_batch_1.bin"), record);
        File.WriteAllBytes(folder.File("cifar-10/test_batch.bin"), record);
        (Dataset train, Dataset test) = DataFolder.Load("cifar10", folder.Path);
        Assert.Equal("truck", train.ClassNames[train.Labels[0]]);
        Assert.Equal("truck", test.ClassNames[test.Labels[0]]);
        Assert.Equal("truck", BuiltInDataSets.Cifar10.LoadTest(folder.Path).ClassNames[9]);
    }

    [Fact]
    public void Generate_EachSetOfThePlane_MakesOtherRowsForTesting()
    {
        BuiltInDataSet[] made = [.. BuiltInDataSets.All.Where(set => set.Generate is not null)];
        Assert.Equal(["xor", "circles", "moons", "spirals"], made.Select(set => set.Name));
        foreach ((Dataset train, Dataset test) in made.Select(set => set.Generate!()))
        {
            Assert.Equal((2, train.Classes), (train.Features, test.Classes));
            Assert.NotEqual(train.Values.ToArray(), test.Values.ToArray());
        }
    }
}
