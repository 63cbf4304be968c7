// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Storage;

/// <summary>What a checkpoint may not say: each is refused, and nothing is half loaded.</summary>
public sealed class CheckpointTests
{
    public static TheoryData<string, string> Lies() => new()
    {
        { "format", "other" },
        { "version", "3" },
        { "layout", "out,in" },
        { "inputs", "5" },
        { "hidden", "4,x" },
        { "outputs", "-1" },
        { "activations", "Sigmoid,Square" },
        { "scale", "NaN" },
        { "beta1_power", "2" },
        { "optimizer", "17" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public void Load_OfMetadataThatLie_IsRefused(string name, string value)
    {
        using var folder = new TemporaryFolder();
        SafeTensorsFile good = Good(folder);
        var metadata = new Dictionary<string, string>(good.Metadata) { [name] = value };
        new SafeTensorsFile(good.Tensors, metadata).Write(folder.File("bad"));
        Assert.Throws<DataFormatException>(() => Checkpoint.Load(folder.File("bad")));
        metadata.Remove(name);
        new SafeTensorsFile(good.Tensors, metadata).Write(folder.File("bad"));
        Assert.Throws<DataFormatException>(() => Checkpoint.Load(folder.File("bad")));
    }

    [Fact]
    public void Load_OfTensorsThatDoNotFit_NamesThem()
    {
        using var folder = new TemporaryFolder();
        SafeTensorsFile good = Good(folder);
        Refuse("layers.1.bias", null);
        Refuse("layers.0.weight", SafeTensor.FromFloats(new float[12], 4, 3));
        Refuse("layers.0.bias", SafeTensor.FromFloats([1, 2, float.NaN, 4], 4));
        Refuse("layers.2.weight", SafeTensor.FromFloats([1], 1, 1));
        Refuse("normalization.mean", SafeTensor.FromFloats([1, 2], 2));

        void Refuse(string name, SafeTensor? tensor)
        {
            var tensors = new Dictionary<string, SafeTensor>(good.Tensors);
            tensors.Remove(name);
            if (tensor is not null)
                tensors.Add(name, tensor);

            new SafeTensorsFile(tensors, good.Metadata).Write(folder.File("bad"));
            Assert.Contains(name, Assert.Throws<DataFormatException>(() => Checkpoint.Load(folder.File("bad"))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void LoadWeights_AgainstTheFilesLayout_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Good(folder);
        using Mlp mlp = Make();
        Checkpoint.LoadWeights(mlp, folder.File("good"), WeightLayout.InputsByOutputs);
        Assert.Throws<DataFormatException>(() => Checkpoint.LoadWeights(mlp, folder.File("good"), WeightLayout.OutputsByInputs));
    }

    [Fact]
    public void Save_ByManyAtOnce_LeavesOneWholeFile()
    {
        using var folder = new TemporaryFolder();
        Parallel.For(0, 20, _ => Good(folder));
        Assert.Single(Directory.EnumerateFiles(folder.Path));
        Checkpoint.Load(folder.File("good")).Dispose();
    }

    [Fact]
    public void Write_OfWhatTheFormatForbids_IsRefused()
    {
        SafeTensor one = SafeTensor.FromFloats([1], 1);
        Assert.Throws<ArgumentException>(() => new SafeTensorsFile(new Dictionary<string, SafeTensor> { ["__metadata__"] = one }));
        Assert.Throws<ArgumentException>(() => new SafeTensorsFile(new Dictionary<string, SafeTensor> { ["x"] = one with { ElementType = "F7" } }));
        Assert.Throws<ArgumentException>(() => new SafeTensorsFile(new Dictionary<string, SafeTensor> { ["x"] = one with { Shape = [2] } }));
    }

    private static Mlp Make() => new(new MlpOptions { Inputs = 3, Hidden = [4], Outputs = 2 });

    private static SafeTensorsFile Good(TemporaryFolder folder)
    {
        using Mlp mlp = Make();
        Checkpoint.Save(mlp, folder.File("good"), new CheckpointInfo { Mean = [1, 2, 3] });
        return SafeTensorsFile.Read(folder.File("good"));
    }
}
