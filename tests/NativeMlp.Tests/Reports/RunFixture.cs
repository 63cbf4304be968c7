// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;
using NativeMlp.Data;
using NativeMlp.Runner.Reports.Records;
using NativeMlp.Runner.Runs;
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tabular.Training;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Reports;

/// <summary>Folders of small runs as training leaves them, made once for all tests of a class.</summary>
public sealed class RunFixture : IDisposable
{
    /// <summary>A name that would be markup, or end an attribute, if it were not escaped.</summary>
    public const string Hostile = "<script>alert('\"1\"')</script>&amp;\u0001";

    private const int TableRows = 300;
    private readonly TemporaryFolder _folder = new();

    public RunFixture()
    {
        Spirals = MakeSpirals("spirals", seed: 1, epochs: 12);
        OtherSpirals = MakeSpirals("other", seed: 2, epochs: 3);
        Classes = MakeTable("people", TableTask.Binary);
        Numbers = MakeTable("prices", TableTask.Regression);
    }

    public string Folder => _folder.Path;

    public string Spirals { get; }

    public string OtherSpirals { get; }

    /// <summary>A table of two classes, whose column, class and cells have the name <see cref="Hostile"/>.</summary>
    public string Classes { get; }

    public string Numbers { get; }

    /// <summary>The lines of a run's metrics.</summary>
    public static string Metrics(int epochs, bool ended) => string.Concat(Enumerable.Range(1, epochs).Select(epoch => string.Create(CultureInfo.InvariantCulture,
        $"{{\"event\":\"epoch\",\"epoch\":{epoch},\"step\":{epoch * 10},\"loss\":{1.0 / epoch},\"accuracy\":0.5,\"learning_rate\":0.01,\"validation_loss\":{1.5 / epoch},\"validation_accuracy\":null,\"seconds\":{epoch * 0.5},\"rows_per_second\":1000}}\n")))
        + (ended ? "{\"event\":\"result\",\"status\":\"done\",\"test_loss\":0.3,\"test_accuracy\":0.9,\"parameters\":10,\"weights_sha256\":\"abc\"}\n" : "");

    public void Dispose() => _folder.Dispose();

    /// <summary>The folder of a run of which there is no more than its settings and its metrics.</summary>
    public string MakeBare(string name, int epochs, bool ended)
    {
        string folder = Directory.CreateDirectory(_folder.File(name)).FullName;
        File.WriteAllText(Path.Combine(folder, RunFolder.Config), "{\"NativeMlp\":{\"Data\":\"spirals\",\"Epochs\":20,\"Hidden\":\"8\"}}");
        File.WriteAllText(Path.Combine(folder, RunFolder.Metrics), Metrics(epochs, ended));
        return folder;
    }

    private string MakeSpirals(string name, ulong seed, int epochs)
    {
        string folder = MakeBare(name, epochs, ended: true);
        File.WriteAllText(Path.Combine(folder, RunFolder.Config), string.Create(CultureInfo.InvariantCulture,
            $"{{\"NativeMlp\":{{\"Data\":\"spirals\",\"Epochs\":{epochs},\"Hidden\":[32],\"Seed\":{seed}}}}}"));
        (Dataset train, Dataset test) = BuiltInDataSets.Spirals.Generate!();
        using Mlp mlp = new(new MlpOptions { Inputs = 2, Hidden = [32], Outputs = 3, Seed = seed });
        Trainer.Train(mlp, train, new TrainingOptions { Epochs = epochs, BatchSize = 64, Optimizer = Optimizer.Adam(0.01), Seed = seed });
        Checkpoint.Save(mlp, Path.Combine(folder, RunFolder.Best), new CheckpointInfo { DataSet = "spirals" });
        TestRecordFile.Save(NetworkRecorder.Record(mlp, test, PixelOrder.Unstated, threads: 1), folder);
        return folder;
    }

    private string MakeTable(string name, TableTask task)
    {
        string folder = MakeBare(name, epochs: 5, ended: true);
        string label = task == TableTask.Regression ? "price" : "label";
        TableSchema schema = new() { Features = [new("age", ColumnType.Number), new(Hostile, ColumnType.Category)], Labels = [label], Task = task };
        Table table = new([
            new NumberColumn("age", Enumerable.Range(0, TableRows).Select(row => 18.0 + (row * 7 % 60)).ToArray()),
            TextColumn.FromValues(Hostile, Enumerable.Range(0, TableRows).Select(row => row % 3 == 0 ? Hostile : "plain")),
            task == TableTask.Regression
                ? new NumberColumn(label, Enumerable.Range(0, TableRows).Select(row => (10.0 * (row * 7 % 60)) + (row % 13)).ToArray())
                : TextColumn.FromValues(label, Enumerable.Range(0, TableRows).Select(row => row * 7 % 60 < 27 == (row % 10 > 0) ? Hostile : "other")),
        ]);
        using TableTrainingResult result = TableTrainer.Train(table, schema, new TableTrainingOptions { Epochs = 20, Hidden = [16], BatchSize = 32, LearningRate = 0.02, Dropout = 0, Test = 0.4, Networks = 1 });
        result.Model.Save(Path.Combine(folder, RunFolder.Best));
        TestRecordFile.Save(TableRecorder.Record(result.Model, table.Take([.. result.Split.Test]), threads: 1)!, folder);
        return folder;
    }
}
