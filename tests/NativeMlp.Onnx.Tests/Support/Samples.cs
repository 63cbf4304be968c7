// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Onnx.Tests.Support;

/// <summary>Tables with every kind of column, and models of them whose networks are drawn, not trained: what they answer is not the
/// matter, only that every program answers the same.</summary>
internal static class Samples
{
    private static readonly string[] s_jobs = ["baker", "smith", "miller", "Bäcker \"?\"", "cook"];

    /// <summary>The features: numbers with and without gaps, texts, yes and no, categories that are numbers, dates.</summary>
    public static readonly FeatureColumn[] All =
    [
        new("age", ColumnType.Number), new("fare-paid", ColumnType.Number), new("constant", ColumnType.Number), new("job", ColumnType.Category), new("member", ColumnType.Boolean),
        new("zip", ColumnType.Category), new("flag", ColumnType.Boolean), new("since", ColumnType.Date),
    ];

    /// <summary>The features that are numbers.</summary>
    public static FeatureColumn[] Numbers => [.. All.Where(feature => feature.Name is "age" or "fare-paid" or "constant" or "zip" or "flag")];

    /// <summary>Makes a table.</summary>
    public static Table Table(int seed, int rows)
    {
        Random random = new(seed);
        double[] Draw(Func<double> next) => [.. Enumerable.Range(0, rows).Select(_ => next())];
        return new Table(
        [
            new NumberColumn("age", Draw(() => random.Next(17, 90))),
            new NumberColumn("fare-paid", Draw(() => random.Next(7) == 0 ? double.NaN : random.Next(9) == 0 ? -1 : Math.Exp(random.NextDouble() * 8))),
            new NumberColumn("constant", Draw(() => 3)),
            TextColumn.FromValues("job", Enumerable.Range(0, rows).Select(_ => random.Next(8) == 0 ? null : random.Next(30) == 0 ? "?" : random.Next(40) == 0 ? $"rare{random.Next(5)}" : s_jobs[random.Next(s_jobs.Length)])),
            TextColumn.FromValues("member", Enumerable.Range(0, rows).Select(_ => seed == 1 ? (random.Next(2) == 0 ? "yes" : "no") : random.Next(3) switch { 0 => "TRUE", 1 => "No", _ => "yes" })),
            new NumberColumn("zip", Draw(() => random.Next(12) == 0 ? double.NaN : 10000 + random.Next(6))),
            new NumberColumn("flag", Draw(() => random.Next(2))),
            new NumberColumn("since", Draw(() => random.Next(10) == 0 ? double.NaN : Math.Floor((random.NextDouble() * 3e9) - 1e9))),
            new NumberColumn("pay", Draw(() => (random.NextDouble() * 5000) + 100)),
            new NumberColumn("tall", Draw(() => random.Next(2))),
            TextColumn.FromValues("class", Enumerable.Range(0, rows).Select(i => $"c{(i + random.Next(2)) % 3}")),
            TextColumn.FromValues("binary", Enumerable.Range(0, rows).Select(i => i % 3 == 0 ? ">50K" : "<=50K")),
        ]);
    }

    /// <summary>Makes a model.</summary>
    /// <param name="task">What it answers.</param>
    /// <param name="features">What it reads.</param>
    /// <param name="quantiles">Whether numbers are encoded by quantiles and frequent values, too.</param>
    /// <param name="networks">How many networks answer together.</param>
    public static TableModel Model(TableTask task, FeatureColumn[] features, bool quantiles, int networks = 1)
    {
        Table table = Table(1, 1500);
        TableSchema schema = new()
        {
            Features = features,
            Task = task,
            Labels = task switch { TableTask.Binary => ["binary"], TableTask.Multiclass => ["class"], TableTask.Multilabel => ["tall", "flag"], _ => ["pay", "tall"] },
            MissingMarks = ["?", "-1", "n/a"],
        };
        int[] rows = [.. Enumerable.Range(0, table.RowCount)];
        TableEncoding encoding = TableEncoding.Fit(table, schema, rows, new TableEncodingOptions { Quantiles = quantiles });
        TableLabels labels = TableLabels.Fit(table, schema, rows);
        Random random = new(7);
        return new TableModel(encoding, labels, [.. Enumerable.Range(0, networks).Select(i => RandomNetwork.Make(new MlpOptions
        {
            Inputs = encoding.Inputs,
            Hidden = [12],
            Outputs = labels.Names.Count,
            Seed = (ulong)i + 1,
            Loss = task switch { TableTask.Multilabel => Loss.BinaryCrossEntropy, TableTask.Regression => Loss.MeanSquaredError, _ => Loss.SoftmaxCrossEntropy },
        }, random))])
        { Threshold = task == TableTask.Binary ? 0.4 : 0.5 };
    }
}
