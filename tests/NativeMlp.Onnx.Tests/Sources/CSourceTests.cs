// SPDX-License-Identifier: MIT
using NativeMlp.Onnx.Tests.Support;
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tests.Support;

namespace NativeMlp.Onnx.Tests.Sources;

/// <summary>Exported C headers, compiled in several ways: their answers have the bits of the library's.</summary>
[Trait("Starts", "Processes")]
public sealed class CSourceTests
{
    [Fact]
    public void Save_RandomNetworks_GiveTheSameBits()
    {
        for (int seed = 0; seed < 12; seed++)
        {
            Random random = new(seed);
            MlpOptions options = RandomNetwork.Options(random);
            using Mlp network = RandomNetwork.Make(options, random);
            Check(network, new CheckpointInfo(), CProgram.Compilers[seed % CProgram.Compilers.Length], random);
        }
    }

    public static TheoryData<Norm, int> Networks() => new MatrixTheoryData<Norm, int>(Enum.GetValues<Norm>(), Enumerable.Range(0, CProgram.Compilers.Length).ToArray());

    [Theory]
    [MemberData(nameof(Networks))]
    public void Save_EveryActivation_GivesTheSameBits(Norm norm, int compiler)
    {
        Random random = new(5);
        Activation[] all = Enum.GetValues<Activation>();
        using Mlp network = RandomNetwork.Make(new MlpOptions
        {
            Inputs = 4,
            Hidden = [.. all.Select((_, i) => 18 + i)],
            Outputs = 20,
            Layers = [.. all.Select(activation => new LayerOptions { Activation = activation, Norm = norm }), new LayerOptions { Activation = Activation.Identity }],
        }, random);
        Check(network, new CheckpointInfo { Mean = [1, 2, 3, 4], Scale = 0.3f }, CProgram.Compilers[compiler], random);
    }

    [Theory]
    [InlineData(TableTask.Binary, 3)]
    [InlineData(TableTask.Multiclass, 1)]
    [InlineData(TableTask.Multilabel, 1)]
    [InlineData(TableTask.Regression, 2)]
    public void Save_ATable_GivesTheSameBits(TableTask task, int networks)
    {
        using TableModel model = Samples.Model(task, Samples.All, quantiles: true, networks);
        Table table = Samples.Table(2, 200);
        using TemporaryFolder folder = new();
        CSource.Save(model, folder.File("sample.h"));
        foreach (string[] compiler in CProgram.Compilers)
            Assert.Equal(model.Predict(table).Values.ToArray(), CProgram.Predict(folder, folder.File("sample.h"), compiler, model, table));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Save_AWeightThatIsNotFinite_IsRefused(float weight)
    {
        using Mlp network = new(new MlpOptions { Inputs = 2, Hidden = [], Outputs = 2 });
        network.WriteWeights(0, [0, 0, weight, 0]);
        using TemporaryFolder folder = new();
        ArgumentException e = Assert.Throws<ArgumentException>(() => CSource.Save(network, folder.File("net.h")));
        Assert.StartsWith("Element 2 of the Weight of layer 0 gives ", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("net.h")));
    }

    [Fact]
    public void Save_ForAProcessorWithHalfPrecision_Compiles()
    {
        using Mlp network = new(new MlpOptions { Inputs = 2, Hidden = [3], Outputs = 2 });
        using TemporaryFolder folder = new();
        CSource.Save(network, folder.File("net.h"));
        const string Processor = "-march=sapphirerapids";
        Assert.SkipUnless(new Command("bash", "-c", $"gcc {Processor} -E -x c /dev/null").Run().ExitCode == 0, $"gcc does not know {Processor}");
        CProgram.Compile(folder, ["gcc", "-std=gnu11", Processor], "#include \"net.h\"\nint main(void) { return 0; }\n");
    }

    private static void Check(Mlp network, CheckpointInfo info, string[] compiler, Random random)
    {
        const int Rows = 40;
        float[] rows = [.. RandomNetwork.Numbers(random, Rows * network.Inputs).Select(x => x * 3)];
        float[] normalized = [.. rows.Select((x, i) => (x - (info.Mean.Length > 0 ? info.Mean[i % network.Inputs] : 0)) * info.Scale)];
        using TemporaryFolder folder = new();
        CSource.Save(network, folder.File("net.h"), info);
        (float[] answers, int[] classes) = CProgram.Predict(folder, folder.File("net.h"), compiler, rows, network);
        Batch batch = Batch.FromRows(normalized, Rows);
        Assert.Equal(network.Predict(batch, network.Classes > 0 ? PredictionKind.Probabilities : PredictionKind.Scores), answers);
        if (network.Classes > 0) Assert.Equal(network.PredictClasses(batch), classes);
    }
}
