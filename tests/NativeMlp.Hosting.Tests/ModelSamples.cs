// SPDX-License-Identifier: MIT
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tests.Tables;

namespace NativeMlp.Hosting.Tests;

/// <summary>Small models that answer differently.</summary>
internal static class ModelSamples
{
    public static readonly Person[] People = Person.Some(300);

    private static readonly TableSchema s_schema = Person.Mapping.ToSchema(TableTask.Binary, "answer");

    /// <summary>A model of a table whose answers depend on a seed.</summary>
    public static TableModel Table(ulong seed, TableSchema? schema = null, int networks = 2)
    {
        schema ??= s_schema;
        Table table = Person.Mapping.ToTable(People);
        int[] rows = [.. Enumerable.Range(0, People.Length)];
        TableEncoding encoding = TableEncoding.Fit(table, schema, rows);
        return new TableModel(encoding, TableLabels.Fit(table, schema, rows),
            [.. Enumerable.Range(0, networks).Select(i => new Mlp(new MlpOptions { Inputs = encoding.Inputs, Hidden = [16], Outputs = 2, Seed = (seed * 100) + (ulong)i }))]);
    }

    /// <summary>A model without the column "since".</summary>
    public static TableModel NarrowTable() =>
        Table(1, s_schema with { Features = [.. s_schema.Features.Where(feature => feature.Name != "since")] });

    /// <summary>A model to which the column "since" is a number.</summary>
    public static TableModel TableWithoutDates() =>
        Table(1, s_schema with { Features = [.. s_schema.Features.Select(feature => feature.Name == "since" ? feature with { Type = ColumnType.Number } : feature)] });

    public static void SaveTable(string path, ulong seed)
    {
        using TableModel model = Table(seed);
        model.Save(path);
    }

    /// <summary>A network of three inputs and two classes for features that were shifted and scaled.</summary>
    public static void SaveNetwork(string path, ulong seed, int inputs = 3, Loss loss = Loss.SoftmaxCrossEntropy)
    {
        using Mlp mlp = new(new MlpOptions { Inputs = inputs, Hidden = [8], Outputs = 2, Seed = seed, Loss = loss });
        Checkpoint.Save(mlp, path, new CheckpointInfo { Mean = new float[inputs], Scale = 0.5f });
    }

    /// <summary>The probabilities of every person.</summary>
    public static double[][] Answers(string path)
    {
        using TableModel model = TableModel.Load(path);
        TablePredictions all = model.Predict(Person.Mapping.ToTable(People));
        return [.. Enumerable.Range(0, People.Length).Select(row => all[row].ToArray())];
    }
}
