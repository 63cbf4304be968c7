// SPDX-License-Identifier: MIT
using NativeMlp.Tables;
using NativeMlp.Tabular.Training;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Tabular;

/// <summary>Random tables of random schemas: each can be trained on, or a sentence says why not.</summary>
public sealed class RandomSchemasTests
{
    private static readonly string[] s_words = ["a", "b", "", "Ä", "1", "1.0", "true", "no", "2020-01-01", "x,y", "\"", "\u2028", "日本", "NaN", "-"];

    [Fact]
    public void Train_RandomSchemas_PredictOrSayWhyNot()
    {
        using TemporaryFolder folder = new();
        int trained = 0;
        for (int seed = 0; seed < 1000; seed++)
        {
            try
            {
                trained += TrainAndPredict(new Random(seed), seed % 20 == 0 ? folder.File("model") : null) ? 1 : 0;
            }
            catch (Exception e) when (e is not ArgumentException)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }

        Assert.True(trained > 500, $"only {trained} of the tables could be trained on");
    }

    private static bool TrainAndPredict(Random random, string? path)
    {
        Table table = RandomTable(random, random.Next(5, 60));
        TableSchema schema = RandomSchema(random, table);
        TableTrainingOptions options = new()
        {
            Epochs = 1,
            Hidden = [4],
            Networks = random.Next(1, 3),
            Validation = random.Next(3) * 0.15,
            Test = random.Next(2) * 0.2,
            BalancedClasses = schema.Task != TableTask.Regression && random.Next(2) == 0,
            Encoding = new TableEncodingOptions { Quantiles = random.Next(3) switch { 0 => null, 1 => true, _ => false }, Bins = random.Next(1, 9), AtomRows = random.Next(1, 5), CategoryRows = random.Next(1, 5) },
        };
        using TableTrainingResult? result = TryTrain(table, schema, options);
        if (result is null) return false;
        if (path is not null) result.Model.Save(path);
        using TableModel? loaded = path is null ? null : TableModel.Load(path);
        foreach (Table rows in (Table[])[table, AsText(table), RandomTable(random, 7)])
        {
            if (!schema.Features.All(feature => rows.TryGetColumn(feature.Name, out _))) continue;
            double[] values = result.Model.Predict(rows).Values.ToArray();
            Assert.All(values, value => Assert.True(double.IsFinite(value)));
            if (loaded is not null) Assert.Equal(values, loaded.Predict(rows).Values.ToArray());
        }

        return true;
    }

    private static TableTrainingResult? TryTrain(Table table, TableSchema schema, TableTrainingOptions options)
    {
        try
        {
            return TableTrainer.Train(table, schema, options, cancellationToken: TestContext.Current.CancellationToken);
        }
        catch (ArgumentException e)
        {
            Assert.Matches(@"^[A-Z].*(\.|\))$", e.Message.ReplaceLineEndings(" "));
            return null;
        }
    }

    private static TableSchema RandomSchema(Random random, Table table)
    {
        string[] names = [.. table.Columns.Select(column => column.Name)];
        random.Shuffle(names);
        TableTask task = (TableTask)random.Next(4);
        int labels = task is TableTask.Multilabel or TableTask.Regression ? random.Next(1, 3) : 1;
        return new TableSchema
        {
            Task = task == TableTask.Binary ? TableTask.Multiclass : task,
            Labels = names[..labels],
            Features = [.. names[labels..].Select(name => new FeatureColumn(name, (ColumnType)random.Next(4)))],
            MissingMarks = random.Next(2) == 0 ? [] : ["", "-", "NaN"],
        };
    }

    private static Table RandomTable(Random random, int rows) =>
        new([.. Enumerable.Range(0, 3 + random.Next(6)).Select(i => RandomColumn(random, s_words[i] + "column", rows))]);

    private static TableColumn RandomColumn(Random random, string name, int rows)
    {
        double missing = random.Next(3) * 0.1;
        switch (random.Next(5))
        {
            case 0:
                string[] words = [.. s_words.Take(random.Next(2, s_words.Length))];
                return TextColumn.FromValues(name, Rows(() => words[random.Next(words.Length)], null));
            case 1:
                return new NumberColumn(name, Rows(() => random.Next(2), double.NaN));
            case 2:
                return new NumberColumn(name, Rows(() => Math.Pow(10, random.Next(-320, 308)) * (random.NextDouble() - 0.5), double.NaN));
            case 3:
                return new NumberColumn(name, Rows(() => 1.5e9 + (random.Next(1000) * 3600.0), double.NaN));
            default:
                return new NumberColumn(name, Rows(() => random.Next(50) == 0 ? double.PositiveInfinity : random.Next(20), double.NaN));
        }

        T[] Rows<T>(Func<T> value, T none) => [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() < missing ? none : value())];
    }

    private static Table AsText(Table table) =>
        new([.. table.Columns.Select(column => TextColumn.FromValues(column.Name, Enumerable.Range(0, table.RowCount).Select(column.NameAt)))]);
}
