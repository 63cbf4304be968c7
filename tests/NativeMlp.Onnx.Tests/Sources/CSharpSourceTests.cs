// SPDX-License-Identifier: MIT
using System.Reflection;
using NativeMlp.Onnx.Tests.Support;
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tests.Support;

namespace NativeMlp.Onnx.Tests.Sources;

/// <summary>Exported C#, compiled and used.</summary>
public sealed class CSharpSourceTests
{
    [Theory]
    [InlineData(TableTask.Binary)]
    [InlineData(TableTask.Regression)]
    public void Save_ATable_AnswersTheSame(TableTask task)
    {
        using TableModel model = Samples.Model(task, Samples.All, quantiles: true);
        Table table = Samples.Table(1, 200);
        using TemporaryFolder folder = new();
        model.Save(folder.File("m.safetensors"));
        CSharpSource.Save(model, folder.File("Sample.cs"), "else\\where \"m\".safetensors");
        Assert.Equal(model.Predict(table).Values.ToArray(), Predict(File.ReadAllText(folder.File("Sample.cs")), "Sample", folder.File("m.safetensors"), model, table));
    }

    [Fact]
    public void Save_ANetwork_AnswersTheSame()
    {
        Random random = new(1);
        using Mlp network = RandomNetwork.Make(new MlpOptions { Inputs = 3, Hidden = [5], Outputs = 3 }, random);
        using TemporaryFolder folder = new();
        Checkpoint.Save(network, folder.File("m.safetensors"), new CheckpointInfo { Mean = [1, 2, 3], Scale = 0.3f });
        CSharpSource.Save(network, folder.File("my-net.cs"), "m.safetensors");
        float[] row = [4, 5, 6], normalized = [(4f - 1) * 0.3f, (5f - 2) * 0.3f, (6f - 3) * 0.3f];
        Assert.Equal(network.Predict(normalized, PredictionKind.Probabilities), PredictRows(File.ReadAllText(folder.File("my-net.cs")), "MyNet", folder.File("m.safetensors"), row, 3));
    }

    /// <summary>The probabilities that the compiled class answers for rows of numbers.</summary>
    internal static float[] PredictRows(string source, string name, string modelPath, float[] rows, int inputs)
    {
        Type type = CompiledSource.Load(source).GetType(name)!;
        using var model = (IDisposable)Activator.CreateInstance(type, modelPath)!;
        var probabilities = type.GetMethod("Probabilities")!.CreateDelegate<Answer>(model);
        return [.. rows.Chunk(inputs).SelectMany(row => probabilities(row))];
    }

    /// <summary>What the compiled class answers for the rows of a table.</summary>
    internal static double[] Predict(string source, string name, string modelPath, TableModel model, Table table)
    {
        Assembly assembly = CompiledSource.Load(source);
        Type type = assembly.GetType(name)!, row = assembly.GetType(name + "Row")!;
        using var predictor = (IDisposable)Activator.CreateInstance(type, modelPath)!;
        MethodInfo predict = type.GetMethod("Predict", [row])!;
        TableColumn[] columns = table.Find(model.Schema.Features.Select(feature => feature.Name));
        PropertyInfo[] properties = row.GetProperties();
        return [.. Enumerable.Range(0, table.RowCount).SelectMany(i =>
        {
            object record = Activator.CreateInstance(row)!;
            for (int j = 0; j < columns.Length; j++) properties[j].SetValue(record, Cell(properties[j].PropertyType, columns[j], i));
            return ((TablePrediction)predict.Invoke(predictor, [record])!).Values.ToArray();
        })];
    }

    private delegate float[] Answer(ReadOnlySpan<float> row);

    private static object? Cell(Type type, TableColumn column, int row)
    {
        if (column.IsMissing(row)) return null;
        if (type == typeof(string)) return column.NameAt(row);
        if (type == typeof(bool?)) return column.NameAt(row) is "yes" or "true" or "1";
        if (type == typeof(DateTime?)) return DateTime.UnixEpoch.AddTicks((long)(TableRows.Seconds(column, row) * TimeSpan.TicksPerSecond));
        return TableRows.Number(column, row);
    }
}
