// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Data;

/// <summary>Every valid file of the reference folder is read with exactly its values.</summary>
public sealed class GoodFilesTests
{
    public static TheoryData<string> Files()
    {
        var files = new TheoryData<string>();
        foreach (JsonElement entry in Manifest.Entries("io", file => !file.EndsWith(".npy", StringComparison.Ordinal) && !file.EndsWith(".npz", StringComparison.Ordinal)))
            files.Add(entry.GetProperty("file").GetString()!);

        return files;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Reader_OfAGoodFile_FindsItsValues(string file)
    {
        string path = TestFiles.PathOf("golden", "io", file);
        JsonElement entry = Manifest.Entries("io", name => name == file).Single();
        switch (entry.GetProperty("format").GetString())
        {
            case "csv":
                CheckCsv(CsvReader.Read(path), entry);
                break;
            case "idx" or "idx.gz":
                IdxArray array = IdxReader.Read(path);
                Assert.Equal(Integers(entry.GetProperty("shape")), array.Shape);
                Assert.Equal(Integers(entry.GetProperty("values")), array.Values.ToArray().Select(value => (int)value));
                break;
            case "cifar-10":
                CheckCifar(Cifar10Reader.Read(path), entry);
                break;
            default:
                CheckTensors(SafeTensorsFile.Read(path), entry);
                break;
        }
    }

    [Fact]
    public void SafeTensors_WrittenAndRead_AreTheSame()
    {
        string path = TestFiles.PathOf("golden", "io", "all_dtypes.safetensors");
        SafeTensorsFile file = SafeTensorsFile.Read(path);
        using var folder = new TemporaryFolder();
        new SafeTensorsFile(file.Tensors, new Dictionary<string, string> { ["note"] = "ünïcode \"quoted\"" }).Write(folder.File("copy"));
        SafeTensorsFile copy = SafeTensorsFile.Read(folder.File("copy"));
        Assert.Equal("ünïcode \"quoted\"", copy.Metadata["note"]);
        Assert.Equal(file.Tensors.Keys, copy.Tensors.Keys);
        Assert.All(file.Tensors, pair => Assert.Equal(pair.Value.Bytes.ToArray(), copy.Tensors[pair.Key].Bytes.ToArray()));
        Assert.Single(Directory.EnumerateFiles(folder.Path)); // nothing temporary is left
    }

    [Fact]
    public void LoadWeights_OfASilentFile_NeedsItsLayout()
    {
        string path = TestFiles.PathOf("golden", "io", "net.safetensors");
        using var mlp = new Mlp(new MlpOptions { Inputs = 4, Hidden = [10], Outputs = 3 });
        Assert.Throws<DataFormatException>(() => Checkpoint.LoadWeights(mlp, path));
        Checkpoint.LoadWeights(mlp, path, WeightLayout.InputsByOutputs);
        float[] read = new float[40];
        mlp.ReadWeights(0, read);
        Assert.Equal(SafeTensorsFile.Read(path).Tensors["layers.0.weight"].GetFloats(), read);
    }

    [Theory]
    [InlineData("mnist", 60000, 10000, 784, 10)]
    [InlineData("fashion-mnist", 60000, 10000, 784, 10)]
    [InlineData("cifar10", 20000, 1000, 3072, 10)]
    [InlineData("moons", 1000, 1000, 2, 2)]
    [InlineData("circles", 1000, 1000, 2, 2)]
    [InlineData("xor", 1000, 1000, 2, 2)]
    [InlineData("spirals", 900, 900, 2, 3)]
    public void DataFolder_OfTheReferenceData_HasItsRows(string name, int train, int test, int features, int classes)
    {
        string folder = features == 2 ? TestFiles.PathOf() : SharedFolder.PathOf("data");
        Assert.True(DataFolder.Contains(name, folder));
        (Dataset first, Dataset second) = DataFolder.Load(name, folder);
        Assert.Equal((train, test), (first.Count, second.Count));
        Assert.Equal((features, classes), (first.Features, first.Classes));
        Assert.Equal(features > 2, first.IsBytes);
        Assert.Equal(first.Mean.ToArray(), second.Mean.ToArray());
        Assert.Equal(classes, first.Labels.ToArray().Distinct().Count());
    }

    private static void CheckCsv(CsvTable table, JsonElement entry)
    {
        Assert.Equal(entry.GetProperty("header").EnumerateArray().Select(name => name.GetString()), table.Header);
        Assert.Equal(entry.GetProperty("rows").EnumerateArray().SelectMany(row => row.EnumerateArray().Select(cell => cell.GetSingle())), table.Values.ToArray());
    }

    private static void CheckCifar(Dataset data, JsonElement entry)
    {
        Assert.Equal(Integers(entry.GetProperty("labels")), data.Labels.ToArray());
        JsonElement[] firstPixels = [.. entry.GetProperty("first_pixel_rgb").EnumerateArray()];
        int[] sums = Integers(entry.GetProperty("pixel_sum"));
        for (int i = 0; i < data.Count; i++)
        {
            byte[] row = data.Bytes.Slice(i * data.Features, data.Features).ToArray();
            Assert.Equal(Integers(firstPixels[i]), new int[] { row[0], row[1024], row[2048] });
            Assert.Equal(sums[i], row.Sum(value => value));
        }
    }

    private static void CheckTensors(SafeTensorsFile file, JsonElement entry)
    {
        foreach (JsonProperty expected in entry.GetProperty("tensors").EnumerateObject())
        {
            SafeTensor tensor = file.Tensors[expected.Name];
            Assert.Equal(expected.Value.GetProperty("dtype").GetString(), tensor.ElementType);
            Assert.Equal(Integers(expected.Value.GetProperty("shape")), tensor.Shape);
            Assert.Equal(expected.Value.GetProperty("values").EnumerateArray().Select(Value), tensor.GetFloats());
        }

        Assert.Equal(entry.GetProperty("tensors").EnumerateObject().Count(), file.Tensors.Count);
    }

    private static float Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String => value.GetString() switch { "NaN" => float.NaN, "Infinity" => float.PositiveInfinity, _ => float.NegativeInfinity },
        _ => (float)value.GetDouble(),
    };

    private static int[] Integers(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetInt32())];
}
