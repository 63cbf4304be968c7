// SPDX-License-Identifier: MIT
using System.Security.Cryptography;
using NativeMlp.Data;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Data;

/// <summary>The real data sets, by the figures that their description lists.</summary>
public sealed class SharedDataTests
{
    [Theory]
    [InlineData("mnist", 33.3184, "5923 6742 5958 6131 5842 5421 5918 6265 5851 5949", "980 1135 1032 1010 982 892 958 1028 974 1009")]
    [InlineData("fashion-mnist", 72.9404, "6000 6000 6000 6000 6000 6000 6000 6000 6000 6000", "1000 1000 1000 1000 1000 1000 1000 1000 1000 1000")]
    public void ImageSet_OfTheMnistFamily_HasItsMeanAndLabels(string name, double mean, string train, string test)
    {
        (Dataset first, Dataset second) = DataFolder.Load(name, SharedFolder.PathOf("data"));
        Assert.Equal(train, Counts(first));
        Assert.Equal(test, Counts(second));
        Assert.Equal(mean, first.ComputeMean().Average(value => (double)value), 1e-4);
        Assert.Equal((1f / 255, 0), (first.Scale, first.Mean.Length));
    }

    [Fact]
    public void Cifar10_OfTheTwoBatches_IsNormalisedByTheirMeanImage()
    {
        (Dataset train, Dataset test) = DataFolder.Load("cifar10", SharedFolder.PathOf("data"));
        Assert.Equal("1989 1981 2042 2011 2009 1925 2038 2027 2012 1966", Counts(train));
        Assert.Equal("103 89 100 103 90 86 112 102 106 109", Counts(test));
        Assert.Equal(train.ComputeMean(), train.Mean.ToArray());
        Assert.Equal(train.Mean.ToArray(), test.Mean.ToArray());
        Assert.Equal(1f / 255, test.Scale);
        double red = 0;
        for (int row = 0; row < train.Count; row++)
            red += train.Bytes[row * 3072];

        Assert.Equal(red / train.Count, train.Mean[0], 1e-4);
        // The records of the first file come first, in their order.
        using SHA256 hash = SHA256.Create();
        for (int row = 0; row < 10000; row++)
            hash.TransformBlock([(byte)train.Labels[row], .. train.Bytes.Slice(row * 3072, 3072)], 0, 3073, null, 0);

        hash.TransformFinalBlock([], 0, 0);
        Assert.Equal("cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5", Convert.ToHexStringLower(hash.Hash!));
    }

    [Theory]
    [InlineData("iris.csv", 150, 4, "50 50 50")]
    [InlineData("wine.csv", 178, 13, "59 71 48")]
    [InlineData("breast_cancer.csv", 569, 30, "212 357")]
    [InlineData("digits.csv", 1797, 64, "178 182 177 183 181 182 181 179 174 180")]
    [InlineData("higgs_test.csv.gz", 500, 28, "228 272")]
    public void CsvReader_OfATable_HasItsRowsAndLabels(string file, int rows, int features, string labels)
    {
        Dataset data = CsvReader.ReadDataset("table", TestFiles.PathOf("tabular", file));
        Assert.Equal((rows, features, labels), (data.Count, data.Features, Counts(data)));
    }

    private static string Counts(Dataset data)
    {
        int[] counts = new int[data.Classes];
        foreach (int label in data.Labels)
            counts[label]++;

        return string.Join(' ', counts);
    }
}
