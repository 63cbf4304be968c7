// SPDX-License-Identifier: MIT
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tabular.Training;
using NativeMlp.Tests.Support;
using NativeMlp.Tests.Tables;
using NativeMlp.Training;

namespace NativeMlp.Tests.Tabular;

/// <summary>Training of models of tables.</summary>
public sealed class TableTrainerTests
{
    private static readonly Table s_people = Person.Mapping.ToTable(Person.Some(600));
    private static readonly TableSchema s_schema = Person.Mapping.ToSchema(TableTask.Binary, "answer");
    private static readonly TableTrainingOptions s_short = new() { Epochs = 2, Hidden = [8] };

    [Fact]
    public void Train_PeopleWhoseAnswerFollowsARule_LearnsIt()
    {
        using TableTrainingResult result = Train(s_people, s_schema, new TableTrainingOptions { Test = 0.2, Networks = 1 });

        Table test = s_people.Take([.. result.Split.Test]);
        TablePredictions predictions = result.Model.Predict(test);
        int[] classes = result.Model.Labels.ReadClasses(test);
        Assert.Equal(["no", "yes"], result.Model.Labels.Names);
        Assert.True(Enumerable.Range(0, test.RowCount).Count(row => predictions.ClassOf(row) == classes[row]) > 0.8 * test.RowCount);
        Assert.Equal((120, 72, 408), (result.Split.Test.Count, result.Split.Networks[0].Validation.Count, result.Split.Networks[0].Training.Count));
    }

    /// <summary>The others are told to stop, and what stops them is not taken for the cause.</summary>
    [Fact]
    public void Train_WhereANetworkFails_StopsTheOthersAndThrowsTheCause()
    {
        var runner = new FailingRunner();
        IOException cause = Assert.Throws<IOException>(() => TableTrainer.Train(s_people, s_schema, s_short with { Networks = 2, Threads = 2 }, runner, CancellationToken.None));
        Assert.Equal("network 1", cause.Message);
        Assert.True(runner.HasStopped);
    }

    [Theory]
    [InlineData(400, "128, 64", 32, 100)]
    [InlineData(2000, "256, 128", 64, 48)]
    [InlineData(9000, "256, 128", 256, 43)]
    [InlineData(40000, "256, 128", 256, 12)]
    public void TrainingSizes_OfThePreset_FollowTheRows(int rows, string hidden, int batch, int epochs)
    {
        TrainingSizes sizes = TrainingSizes.For(rows, new TableTrainingOptions());

        Assert.Equal((hidden, batch, epochs), (string.Join(", ", sizes.Hidden), sizes.BatchSize, sizes.Epochs));
    }

    [Fact]
    public void Train_OtherThreadsAndColumnsInAnotherOrder_SavesTheSameBytes()
    {
        using TemporaryFolder folder = new();
        TableSchema turned = s_schema with { Features = [.. s_schema.Features.Reverse()] };
        foreach ((string name, Table table, TableSchema schema, int threads) in new[]
        {
            ("one", s_people, s_schema, 1), ("three", s_people, s_schema, 3), ("turned", new Table([.. s_people.Columns.Reverse()]), turned, 2),
        })
        {
            using TableTrainingResult result = Train(table, schema, s_short with { Networks = 3, Threads = threads });
            result.Model.Save(folder.File(name));
        }

        Assert.Equal(File.ReadAllBytes(folder.File("one")), File.ReadAllBytes(folder.File("three")));
        Assert.Equal(File.ReadAllBytes(folder.File("one")), File.ReadAllBytes(folder.File("turned")));
    }

    [Fact]
    public void Train_Validation_KeepsTheEpochWithTheSmallestLoss()
    {
        using TableTrainingResult result = Train(s_people, s_schema, new TableTrainingOptions { Epochs = 12, LearningRate = 0.1, Networks = 1 });

        TrainingResult run = result.Runs.Single();
        Assert.Equal(12, run.Epochs.Count);
        Assert.Equal(run.Epochs.MinBy(epoch => epoch.ValidationLoss)!.Epoch, run.BestEpoch);
        Assert.Equal(result.Split.Networks[0].Validation, result.Validation!.Rows);
        int[] classes = result.Model.Labels.ReadClasses(s_people.Take([.. result.Validation.Rows]));
        TablePredictions predictions = result.Validation.Predictions;
        Assert.Equal(run.Epochs.Min(epoch => epoch.ValidationLoss!.Value), classes.Select((label, row) => -Math.Log(predictions[row][label])).Average(), 1e-5);
    }

    [Fact]
    public void Train_SeveralNetworks_TrainsEachFromASeedOfItsOwn()
    {
        using TableTrainingResult both = Train(s_people, s_schema, s_short with { Networks = 2 });
        using TableTrainingResult first = Train(s_people, s_schema, s_short with { Networks = 1 });

        Assert.Equal(first.Split.Networks[0].Training, both.Split.Networks[0].Training);
        Assert.NotEqual(both.Split.Networks[0].Training, both.Split.Networks[1].Training);
        Assert.NotEqual(Checkpoint.WeightsSha256(both.Model.Networks[0]), Checkpoint.WeightsSha256(both.Model.Networks[1]));
    }

    [Fact]
    public void Train_SeveralNetworks_ValidatesEachRowOnThoseThatDoNotKnowIt()
    {
        using TableTrainingResult result = Train(s_people, s_schema, s_short with { Networks = 8 });

        ValidationPredictions validation = result.Validation!;
        Assert.Equal(result.Split.Networks.SelectMany(network => network.Validation).Distinct().Order(), validation.Rows);
        float[] inputs = result.Model.Encoding.Encode(s_people, validation.Rows.ToArray());
        for (int i = 0; i < validation.Rows.Count; i++)
        {
            float[] row = inputs[(i * result.Model.Encoding.Inputs)..((i + 1) * result.Model.Encoding.Inputs)];
            double mean = Enumerable.Range(0, 8).Where(network => result.Split.Networks[network].Validation.Contains(validation.Rows[i]))
                .Average(network => (double)result.Model.Networks[network].PredictProbabilities(Batch.FromRows(row, 1))[1]);
            Assert.Equal(mean, validation.Predictions[i][1], 1e-12);
        }
    }

    [Fact]
    public void Train_ThresholdForAMetric_IsTheBestOnTheValidationRows()
    {
        using TableTrainingResult result = Train(s_people, s_schema, s_short with { Threshold = ThresholdMetric.F1 });

        int[] classes = result.Model.Labels.ReadClasses(s_people.Take([.. result.Validation!.Rows]));
        double[] probabilities = [.. classes.Select((_, i) => result.Validation.Predictions[i][1])];
        Assert.Equal(probabilities.Append(0).Max(F1), F1(result.Model.Threshold));

        double F1(double threshold)
        {
            double right = classes.Where((label, i) => label == 1 && probabilities[i] > threshold).Count();
            return 2 * right / (probabilities.Count(p => p > threshold) + classes.Count(label => label == 1));
        }
    }

    [Fact]
    public void Train_Regression_AnswersInTheUnitsOfTheTargets()
    {
        double[] x = [.. Enumerable.Range(0, 500).Select(i => i * 37 % 500 / 500.0)];
        Table table = new([new NumberColumn("x", x), new NumberColumn("y", Array.ConvertAll(x, v => 1e6 + (1e4 * v))), new NumberColumn("z", Array.ConvertAll(x, v => -v * v))]);
        TableSchema schema = new() { Features = [new FeatureColumn("x", ColumnType.Number)], Labels = ["y", "z"], Task = TableTask.Regression };

        using TableTrainingResult result = Train(table, schema, new TableTrainingOptions { Dropout = 0 });

        TablePrediction prediction = result.Model.Predict(new Dictionary<string, object?> { ["x"] = 0.5 });
        Assert.Equal(1e6 + 5e3, prediction["y"], 500.0);
        Assert.Equal(-0.25, prediction["z"], 0.05);
    }

    [Fact]
    public void Train_SeveralLabelsOfARow_AnswersForEach()
    {
        double[] x = [.. Enumerable.Range(0, 400).Select(i => i * 37 % 400 / 200.0 - 1)];
        Table table = new([new NumberColumn("x", x), new NumberColumn("high", Array.ConvertAll(x, v => v > 0 ? 1.0 : 0)),
            TextColumn.FromValues("far", x.Select(v => Math.Abs(v) > 0.5 ? "yes" : "no"))]);
        TableSchema schema = new() { Features = [new FeatureColumn("x", ColumnType.Number)], Labels = ["high", "far"], Task = TableTask.Multilabel };

        using TableTrainingResult result = Train(table, schema, new TableTrainingOptions { Dropout = 0, BalancedClasses = true });

        TablePrediction prediction = result.Model.Predict(new Dictionary<string, object?> { ["x"] = -0.9 });
        Assert.True(prediction["high"] < 0.2 && prediction["far"] > 0.8, $"{prediction["high"]}, {prediction["far"]}");
    }

    [Fact]
    public void Train_RowsWithoutALabel_LeavesThemOut()
    {
        string?[] labels = [.. Enumerable.Range(0, 100).Select(i => i % 10 == 0 ? null : i % 2 == 0 ? "a" : "b")];
        Table table = new([new NumberColumn("x", Array.ConvertAll(labels, label => label == "a" ? 1.0 : 2)), TextColumn.FromValues("label", labels)]);

        using TableTrainingResult result = Train(table, Schema(), s_short);

        Assert.Equal(10, result.RowsWithoutLabel);
        Assert.Equal(Enumerable.Range(0, 100).Where(i => i % 10 != 0), result.Split.Networks[0].Training.Concat(result.Split.Networks[0].Validation).Order());
    }

    [Fact]
    public void Train_WeightsOfRows_DecideBetweenThem()
    {
        Table table = new([new NumberColumn("x", Enumerable.Range(0, 200).Select(i => (double)(i % 2)).ToArray()), TextColumn.FromValues("label", Enumerable.Range(0, 200).Select(i => i % 4 < 2 ? "a" : "b")),
            new NumberColumn("weight", Enumerable.Range(0, 200).Select(i => i % 4 < 2 ? 9.0 : 1).ToArray())]);

        using TableTrainingResult result = Train(table, Schema() with { Weight = "weight" });

        Assert.Equal(0.9, result.Model.Predict(new Dictionary<string, object?> { ["x"] = 1 })["a"], 0.05);
    }

    [Fact]
    public void Train_BalancedClasses_CountAlike()
    {
        Table table = new([new NumberColumn("x", Enumerable.Range(0, 400).Select(i => (double)(i % 2)).ToArray()), TextColumn.FromValues("label", Enumerable.Range(0, 400).Select(i => i % 20 < 2 ? "a" : "b"))]);

        using TableTrainingResult result = Train(table, Schema(), new TableTrainingOptions { BalancedClasses = true });

        Assert.Equal(0.5, result.Model.Predict(new Dictionary<string, object?> { ["x"] = 1 })["a"], 0.05);
    }

    [Fact]
    public void CrossValidate_Folds_TestEachRowOnceOnAModelThatDoesNotKnowIt()
    {
        TableTrainingResult[] results = [.. TableTrainer.CrossValidate(s_people, s_schema, 5, s_short, cancellationToken: TestContext.Current.CancellationToken)];

        Assert.Equal(Enumerable.Range(0, 600), results.SelectMany(result => result.Split.Test).Order());
        foreach (TableTrainingResult result in results)
        {
            Assert.All(result.Split.Networks, rows =>
                Assert.Equal(Enumerable.Range(0, 600), result.Split.Test.Concat(rows.Validation).Concat(rows.Training).Order()));
            result.Dispose();
        }
    }

    [Theory]
    [InlineData("a a a", 0, "Column 'label' has only the value 'a' in the 3 rows, so there is nothing to predict")]
    [InlineData("", 0, "Column 'label' has no value in the 0 rows")]
    [InlineData("a a b", 0, "The 3 rows that have a label are too few to hold a part of 0.15 back for validation. Add rows")]
    [InlineData("a a a a a a a b b b b b b b", 20, "A step takes 20 rows, but there are only 12 training rows")]
    public void Train_RowsThatAreNotEnough_SaysWhatToDo(string labels, int batch, string expected)
    {
        string[] rows = labels.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Table table = new([new NumberColumn("x", Enumerable.Range(0, rows.Length).Select(i => (double)i).ToArray()), TextColumn.FromValues("label", rows)]);

        ArgumentException e = Assert.Throws<ArgumentException>(() => Train(table, Schema(), new TableTrainingOptions { BatchSize = batch == 0 ? null : batch }));

        Assert.StartsWith(expected, e.Message);
    }

    [Fact]
    public void Train_ColumnsThatTellNothing_SaysSo()
    {
        Table table = new([new NumberColumn("x", new double[100]), TextColumn.FromValues("label", Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? "a" : "b"))]);

        ArgumentException e = Assert.Throws<ArgumentException>(() => Train(table, Schema(), new TableTrainingOptions { Networks = 1 }));

        Assert.StartsWith("None of the columns 'x' tells the 85 training rows apart", e.Message);
        Assert.StartsWith("There is no column to learn from", Assert.Throws<ArgumentException>(() => Train(table, Schema() with { Features = [] })).Message);
    }

    [Fact]
    public void Train_ClassOfWhichAllRowsAreHeldBack_NamesIt()
    {
        Table table = new([new NumberColumn("x", Enumerable.Range(0, 100).Select(i => (double)i).ToArray()), TextColumn.FromValues("label", Enumerable.Range(0, 100).Select(i => i >= 95 ? "c" : i % 2 == 0 ? "a" : "b"))]);

        ArgumentException e = Assert.Throws<ArgumentException>(() => Train(table, Schema() with { Task = TableTask.Multiclass }, s_short with { Time = "x", Test = 0.1 }));

        Assert.StartsWith("Class 'c' of column 'label' has 5 rows in the table, but none among the 77 training rows", e.Message);
    }

    [Fact]
    public void Train_WeightThatIsNoNumber_NamesTheRow()
    {
        Table table = new([new NumberColumn("x", Enumerable.Range(0, 100).Select(i => (double)i).ToArray()), TextColumn.FromValues("label", Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? "a" : "b")),
            TextColumn.FromValues("weight", Enumerable.Range(0, 100).Select(i => i == 41 ? "much" : "1"))]);

        ArgumentException e = Assert.Throws<ArgumentException>(() => Train(table, Schema() with { Weight = "weight" }, s_short));

        Assert.StartsWith("Row 42 has 'much' in column 'weight'", e.Message);
    }

    private static TableSchema Schema() => new() { Features = [new FeatureColumn("x", ColumnType.Number)], Labels = ["label"], Task = TableTask.Binary };

    private static TableTrainingResult Train(Table table, TableSchema schema, TableTrainingOptions? options = null) =>
        TableTrainer.Train(table, schema, options, cancellationToken: TestContext.Current.CancellationToken);

    // Network 1 fails as soon as network 0 trains, which then waits to be stopped.
    private sealed class FailingRunner : ISessionRunner
    {
        private readonly TaskCompletionSource _begun = new();

        public bool HasStopped { get; private set; }

        public TrainingResult Run(TrainingSession session, int network, int networks, CancellationToken cancellationToken)
        {
            if (network == 1)
            {
                _begun.Task.Wait(CancellationToken.None);
                throw new IOException("network 1");
            }

            _begun.SetResult();
            HasStopped = cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMinutes(1));
            throw new InvalidOperationException("network 0");
        }
    }
}
