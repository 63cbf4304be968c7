// SPDX-License-Identifier: MIT
using System.Text;
using NativeMlp.Data;
using NativeMlp.Metrics;
using NativeMlp.Runner.Reports.Figures;
using NativeMlp.Runner.Reports.Records;
using NativeMlp.Runner.Runs;
using NativeMlp.Tables;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Reports;

/// <summary>What is read back from the folder of a run, and what is computed from it.</summary>
public sealed class RecordTests(RunFixture runs) : IClassFixture<RunFixture>
{
    [Fact]
    public void Test_SavedAndLoaded_IsTheSame()
    {
        using TemporaryFolder folder = new();
        TestRecord test = new()
        {
            Task = TableTask.Binary,
            Names = ["no", "ja ü"],
            Threshold = 0.3,
            Scores = [0.9, 0.1, 1 / 3.0, 2 / 3.0],
            Classes = [0, 1],
            Answers = [Mlp.NoClass, 1],
            Weights = [1, 0.5],
            RowsSha256 = "00ff",
            Columns = ["a"],
            Mistakes = [new Mistake(7, "no", "ja", 0.25, ["x"], [1, 2, 255])],
            Importance = [new ColumnImportance("a", [0.1, 0.2])],
            Region = new Region(["x", "y"], [0, 1, 2, 3], 2, [0, 1, 1, 0], [0.5, 2.5], [1]),
        };
        TestRecordFile.Save(test, folder.Path);
        TestRecord read = TestRecordFile.Load(folder.Path)!;
        Assert.Equivalent(test, read, strict: true);
    }

    /// <summary>An epoch has 10 steps: 25 of them end in the third.</summary>
    [Theory]
    [InlineData("{\"Epochs\": 8}", 8)]
    [InlineData("{\"Epochs\": 8, \"Steps\": 25}", 3)]
    [InlineData("{\"Epochs\": 2, \"Steps\": 25}", 2)]
    [InlineData("{}", 0)]
    public void EpochsPlanned_OfARun_AreThoseThatItsStepsBegin(string config, int epochs)
    {
        using TemporaryFolder folder = new();
        folder.Write(RunFolder.Config, Encoding.UTF8.GetBytes(config));
        folder.Write(RunFolder.Metrics, "{\"event\":\"epoch\",\"epoch\":1,\"step\":10}\n"u8.ToArray());
        Assert.Equal(epochs, RunRecord.Read(folder.Path).EpochsPlanned);
    }

    [Fact]
    public void Test_WithABitFlipped_IsRefused()
    {
        using TemporaryFolder folder = new();
        File.Copy(Path.Combine(runs.Spirals, RunFolder.Test), folder.File(RunFolder.Test));
        byte[] bytes = File.ReadAllBytes(folder.File(RunFolder.Test));
        bytes[^100] ^= 1;
        folder.Write(RunFolder.Test, bytes);
        Assert.Throws<DataFormatException>(() => TestRecordFile.Load(folder.Path));
    }

    [Fact]
    public void History_WithALastLineCutOff_ReadsTheOthers()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File(RunFolder.Metrics), RunFixture.Metrics(3, ended: false) + "{\"event\":\"epoch\",\"epo");
        HistoryRecord history = HistoryRecord.Read(folder.Path);
        Assert.Equal([1, 2, 3], history.Epochs.Select(epoch => epoch.Epoch));
        Assert.Null(history.Result);
    }

    [Fact]
    public void History_WithABadLineInside_PassesOverIt()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File(RunFolder.Metrics), "{\"event\":\"step\"}\nnonsense\n" + RunFixture.Metrics(1, ended: true));
        HistoryRecord history = HistoryRecord.Read(folder.Path);
        Assert.Equal([1], history.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal("done", history.Result?.Status);
    }

    [Fact]
    public void Seconds_OfAnEnsemble_AreThoseOfTheSlowestNetwork()
    {
        HistoryRecord history = new([new(0, 1, 10, null, null, null, null, null, Seconds: 2.5, null), new(1, 1, 10, null, null, null, null, null, Seconds: 1.5, null)], null);
        Assert.Equal(2.5, history.Seconds);
    }

    [Fact]
    public void History_OfAResumedRun_CountsAnEpochOnce()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File(RunFolder.Metrics), RunFixture.Metrics(3, ended: true) + RunFixture.Metrics(4, ended: false));
        HistoryRecord history = HistoryRecord.Read(folder.Path);
        Assert.Equal([1, 2, 3, 4], history.Epochs.Select(epoch => epoch.Epoch));
        Assert.Null(history.Result);
    }

    /// <summary>The figures of the report are those of evaluate: the record repeats what the model measures by itself.</summary>
    [Fact]
    public void Evaluate_OfARecord_IsThatOfTheModel()
    {
        using TableModel model = TableModel.Load(Path.Combine(runs.Classes, RunFolder.Best));
        Table table = new([
            new NumberColumn("age", new double[] { 20, 30, 70, 40, 50 }),
            TextColumn.FromValues(RunFixture.Hostile, ["plain", RunFixture.Hostile, null, "plain", "new"]),
            TextColumn.FromValues("label", ["other", RunFixture.Hostile, "other", null, RunFixture.Hostile]),
        ]);
        TableEvaluation expected = model.Evaluate(table), actual = TableRecorder.Record(model, table, threads: 1)!.Evaluate();
        Assert.Equal(4, actual.Rows);
        (ClassificationMetrics a, ClassificationMetrics b) = (expected.Classification!, actual.Classification!);
        Assert.Equal((a.Accuracy, a.LogLoss, a.RocAuc, a.Brier, a.MacroF1), (b.Accuracy, b.LogLoss, b.RocAuc, b.Brier, b.MacroF1));
    }

    [Fact]
    public void Intervals_OfAnyTest_HoldTheValue()
    {
        foreach (string run in (string[])[runs.Spirals, runs.Classes, runs.Numbers])
        {
            IReadOnlyList<Measure> measures = TestIntervals.Of(TestRecordFile.Load(run)!);
            Assert.Contains(measures, measure => measure.Interval is not null);
            Assert.All(measures.Where(measure => measure is { Value: not null, Interval: not null }),
                measure => Assert.InRange(measure.Value!.Value, measure.Interval!.Value.Low, measure.Interval.Value.High));
        }
    }

    /// <summary>On a sample, the figures are those of the rows with the number of their occurrences as weights.</summary>
    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public void ClassStatistics_OfASample_AreTheMetricsWithWeights(int classes, bool hasWeights)
    {
        int[] counts = [.. Enumerable.Range(0, Rows).Select(row => row * 7 % 4)];
        double[] weights = hasWeights ? [.. Enumerable.Range(0, Rows).Select(row => 0.5 + (row % 3))] : [];
        double[] scores = [.. Enumerable.Range(0, Rows).SelectMany(row => ScoresOf(row, classes))];
        int[] truth = [.. Enumerable.Range(0, Rows).Select(row => row * 5 % classes)], answers = [.. Enumerable.Range(0, Rows).Select(row => row * 5 % 11 % classes)];
        TestRecord test = Regression([], 0) with
        {
            Task = classes == 2 ? TableTask.Binary : TableTask.Multiclass,
            Names = [.. Enumerable.Range(0, classes).Select(name => $"c{name}")],
            Scores = scores,
            Classes = truth,
            Answers = answers,
            Weights = weights,
        };
        double[] figures = new double[ClassStatistics.Count];
        new ClassStatistics(test).Compute(counts, figures);
        double[] sample = [.. counts.Select((count, row) => count * (hasWeights ? weights[row] : 1))];
        ClassificationMetrics m = classes == 2 ? ClassificationMetrics.Binary([.. scores.Where((_, i) => i % 2 == 1)], truth, sample, answers)
            : ClassificationMetrics.Multiclass(scores, classes, truth, sample, answers);
        double?[] expected = [m.Accuracy, m.BalancedAccuracy, m.MacroF1, m.RocAuc, m.AveragePrecision, m.LogLoss, m.Brier, m.Matthews];
        Assert.All(expected.Zip(figures), pair => Assert.Equal(pair.First!.Value, pair.Second, 1e-12));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TargetStatistics_OfASample_AreTheMetricsWithWeights(bool hasWeights)
    {
        int[] counts = [.. Enumerable.Range(0, Rows).Select(row => row * 7 % 4)];
        double[] weights = hasWeights ? [.. Enumerable.Range(0, Rows).Select(row => 0.5 + (row % 3))] : [];
        TestRecord test = Regression([.. Enumerable.Range(0, Rows).Select(row => row * 13 % 29 / 3.0)], 0.25) with { Weights = weights };
        double[] figures = new double[TargetStatistics.Count];
        new TargetStatistics(test, 0).Compute(counts, figures);
        RegressionMetrics m = RegressionMetrics.Compute(test.Scores, test.Targets, [.. counts.Select((count, row) => count * (hasWeights ? weights[row] : 1))]);
        double?[] expected = [m.RSquared, m.RootMeanSquaredError, m.MeanAbsoluteError, m.MeanError];
        Assert.All(expected.Zip(figures), pair => Assert.Equal(pair.First!.Value, pair.Second, 1e-12));
    }

    [Fact]
    public void PairedTest_OfOtherRows_SaysThatTheyDiffer()
    {
        PairedTest test = PairedTest.Of(RunRecord.Read(runs.Spirals), RunRecord.Read(runs.Classes));
        Assert.Null(test.PValue);
        Assert.Equal("not comparable", test.Verdict);
    }

    [Fact]
    public void PairedTest_OfARegression_CallsTheSmallerErrorBetter()
    {
        double[] truth = [.. Enumerable.Range(0, 60).Select(i => (double)i)];
        TestRecord near = Regression(truth, error: 0.1), far = Regression(truth, error: 2);
        PairedTest test = PairedTest.Of(Run("far", far), Run("near", near));
        Assert.Equal("better", test.Verdict);
        Assert.Equal((0.1 * 0.1) - (2 * 2), test.Difference!.Value, 1e-12);
        Assert.Equal("worse", PairedTest.Of(Run("near", near), Run("far", far)).Verdict);
        Assert.Equal("no clear difference", PairedTest.Of(Run("near", near), Run("near", near)).Verdict);
    }

    [Theory]
    [InlineData(2.17, 2.31, "2.15,2.20,2.25,2.30,2.35")]
    [InlineData(0, 1, "0.0,0.2,0.4,0.6,0.8,1.0")]
    [InlineData(-3, 12, "-5,0,5,10,15")]
    [InlineData(5, 5, "4.4,4.6,4.8,5.0")]
    [InlineData(0, 250_000, "0E+0,5E+4,1E+5,1.5E+5,2E+5,2.5E+5")]
    [InlineData(1_000_000, 1_000_010, "1E+6,1.000002E+6,1.000004E+6")]
    [InlineData(0.000995, 0.001, "0.000995,0.000996,0.000997")]
    public void Axis_CoveringValues_HasRoundTicks(double least, double most, string ticks)
    {
        Axis axis = Axis.Covering([least, most]);
        Assert.StartsWith(ticks, string.Join(',', axis.Ticks.Select(axis.Label)), StringComparison.Ordinal);
        Assert.True(axis.Least <= least && axis.Most >= most);
    }

    private const int Rows = 60;

    // Some rows have equal scores.
    private static double[] ScoresOf(int row, int classes)
    {
        double[] scores = [.. Enumerable.Range(0, classes).Select(c => 1.0 + (((row * (c + 3)) + c) % 7))];
        return [.. scores.Select(score => score / scores.Sum())];
    }

    private static TestRecord Regression(double[] truth, double error) => new()
    {
        Task = TableTask.Regression,
        Names = ["y"],
        Scores = [.. truth.Select((value, i) => value + (i % 2 == 0 ? error : -error))],
        Targets = truth,
        RowsSha256 = "same",
    };

    private static RunRecord Run(string name, TestRecord test) =>
        new(name, new ConfigRecord([]), new HistoryRecord([], new RunResult("done", null, null, null, null)), test, null);
}
