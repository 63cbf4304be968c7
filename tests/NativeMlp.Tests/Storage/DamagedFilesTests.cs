// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tabular.Training;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Storage;

/// <summary>No single bit of a file can change, nor can its end be missing, without being noticed.</summary>
public sealed class DamagedFilesTests
{
    [Fact]
    public void Load_OfAModelWithAnyBitFlippedOrAnyLengthCut_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Hidden = [3], Outputs = 2 });
        Checkpoint.Save(mlp, folder.File("model"));
        RefusesAllDamage(folder, path => Checkpoint.Load(path).Dispose());
    }

    [Fact]
    public void Load_OfAModelOfATableWithAnyBitFlippedOrAnyLengthCut_IsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("t.csv"), "x,label\n" + string.Concat(Enumerable.Range(0, 12).Select(row => $"{row % 5}.5,{(row % 2 == 0 ? "a" : "b")}\n")));
        TableFile file = TableReader.Read(folder.File("t.csv"), cancellation: TestContext.Current.CancellationToken);
        TableSchema schema = TableProfile.Of(file, new InferenceOptions { Labels = ["label"] }).ToSchema(file.MissingMarks);
        using TableTrainingResult result = TableTrainer.Train(file.Table, schema,
            new TableTrainingOptions { Hidden = [2], Epochs = 1, Networks = 1, Validation = 0 }, cancellationToken: TestContext.Current.CancellationToken);
        File.Delete(folder.File("t.csv"));
        result.Model.Save(folder.File("model"));
        RefusesAllDamage(folder, path => TableModel.Load(path).Dispose());
    }

    [Fact]
    public void Load_OfAStateWithAnyBitFlippedOrAnyLengthCut_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Outputs = 2 });
        var session = new TrainingSession(mlp, Synthetic.Moons(20, seed: 1), new TrainingOptions { BatchSize = 1 });
        session.Step();
        TrainingStateFile.Save(session.Capture(), folder.File("model"));
        RefusesAllDamage(folder, path => TrainingStateFile.Load(path));
    }

    private static void RefusesAllDamage(TemporaryFolder folder, Action<string> load)
    {
        byte[] content = File.ReadAllBytes(folder.File("model"));
        load(folder.File("model")); // else nothing would be shown
        string damaged = folder.File("damaged");
        for (int bit = 0; bit < content.Length * 8; bit++)
        {
            content[bit / 8] ^= (byte)(1 << (bit % 8));
            Refuses(damaged, content, load, $"bit {bit % 8} of byte {bit / 8}");
            content[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (int length = 0; length < content.Length; length++) Refuses(damaged, content.AsSpan(0, length), load, $"cut to {length} bytes");
    }

    private static void Refuses(string path, ReadOnlySpan<byte> content, Action<string> load, string what)
    {
        File.WriteAllBytes(path, content);
        try
        {
            load(path);
        }
        catch (DataFormatException)
        {
            return;
        }

        Assert.Fail($"{what} was not noticed");
    }
}
