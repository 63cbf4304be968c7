// SPDX-License-Identifier: MIT
using NativeMlp.Metrics;
using NativeMlp.Tables;

namespace NativeMlp.Tests.Tables;

/// <summary>Which rows of a table are measured, and with what.</summary>
public sealed class TableEvaluationTests
{
    private static readonly TableSchema Classes = new() { Features = [new("x", ColumnType.Number)], Labels = ["y"], Task = TableTask.Binary, Weight = "w" };
    private static readonly TableSchema Targets = new() { Features = [new("x", ColumnType.Number)], Labels = ["p", "q"], Task = TableTask.Regression };
    private static readonly TableSchema Several = Targets with { Task = TableTask.Multilabel };

    [Fact]
    public void Measure_OfRowsWithoutAKnownLabel_LeavesThemOutAndCountsThem()
    {
        Table table = new([TextColumn.FromValues("y", ["no", null, "yes", "perhaps", "no", "yes"])]);
        TablePredictions predictions = Predictions(Classes, table, 0.5, [0.9, 0.1, 0.2, 0.8, 0.7, 0.3, 0.4, 0.6, 0.2, 0.8, 0.3, 0.7]);
        TableEvaluation evaluation = TableEvaluation.Measure(predictions, table);
        Assert.Equal((4, 1, 1), (evaluation.Rows, evaluation.Unlabelled, evaluation.UnknownClasses));
        Assert.Equal(0.5, evaluation.Classification!.Accuracy); // no: 0.1 and 0.8, yes: 0.3 and 0.7
        Assert.Equal(0.5, evaluation.Classification.RocAuc); // of the four pairs two are in order
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.3) + Math.Log(0.2) + Math.Log(0.7)) / 4, evaluation.Loss!.Value, 1e-12);
    }

    [Theory]
    [InlineData(0.5, 0.75)]
    [InlineData(0.25, 1.0)]
    [InlineData(0.85, 0.5)]
    public void Measure_WithAThreshold_AnswersByIt(double threshold, double accuracy)
    {
        Table table = new([TextColumn.FromValues("y", ["no", "yes", "no", "yes"])]);
        TablePredictions predictions = Predictions(Classes, table, threshold, [0.9, 0.1, 0.7, 0.3, 0.8, 0.2, 0.2, 0.8]);
        Assert.Equal(accuracy, TableEvaluation.Measure(predictions, table).Classification!.Accuracy);
    }

    [Fact]
    public void Measure_OfATableWithTheColumnOfWeights_WeighsTheRows()
    {
        TextColumn labels = TextColumn.FromValues("y", ["no", "yes"]);
        double[] values = [0.9, 0.1, 0.7, 0.3];
        Table weighted = new([labels, new NumberColumn("w", new[] { 3.0, 1.0 })]), text = new([labels, TextColumn.FromValues("w", ["3", "1"])]), plain = new([labels]);
        Assert.Equal(0.75, TableEvaluation.Measure(Predictions(Classes, weighted, 0.5, values), weighted).Classification!.Accuracy);
        Assert.Equal(0.75, TableEvaluation.Measure(Predictions(Classes, text, 0.5, values), text).Classification!.Accuracy);
        Assert.Equal(0.5, TableEvaluation.Measure(Predictions(Classes, plain, 0.5, values), plain).Classification!.Accuracy);
    }

    [Fact]
    public void Measure_OfARowWithoutAWeight_NamesIt()
    {
        Table table = new([TextColumn.FromValues("y", ["no", "yes"]), new NumberColumn("w", new[] { 1, double.NaN })]);
        ArgumentException e = Assert.Throws<ArgumentException>(() => TableEvaluation.Measure(Predictions(Classes, table, 0.5, [1, 0, 1, 0]), table));
        Assert.Contains("Row 2 has no weight in column 'w'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_OfSeveralTargets_MeasuresEach()
    {
        Table table = new([new NumberColumn("p", new[] { 1.0, 2, 3, double.NaN }), new NumberColumn("q", new[] { 10.0, 10, 40, 5 })]);
        TablePredictions predictions = Predictions(Targets, table, 0.5, [1, 10, 2, 20, 4, 40, 9, 9]);
        TableEvaluation evaluation = TableEvaluation.Measure(predictions, table);
        Assert.Equal((3, 1, 0), (evaluation.Rows, evaluation.Unlabelled, evaluation.UnknownClasses));
        Assert.Equal((1.0 / 3, 10.0 / 3), (evaluation.Targets[0].MeanAbsoluteError, evaluation.Targets[1].MeanAbsoluteError));
        double p = 1 - (1.0 / 2), q = 1 - (100.0 / 600);
        Assert.Equal((p + q) / 2, evaluation.MeanRSquared!.Value, 1e-12);
        Assert.Equal(1 - ((p + q) / 2), evaluation.Loss!.Value, 1e-12);
    }

    [Fact]
    public void Measure_OfSeveralLabels_ComparesEachWithTheThreshold()
    {
        Table table = new([TextColumn.FromValues("p", ["yes", "no", "yes"]), new NumberColumn("q", new[] { 0.0, 1, 1 })]);
        TablePredictions predictions = Predictions(Several, table, 0.4, [0.45, 0.1, 0.3, 0.6, 0.2, 0.9]);
        MultilabelMetrics metrics = TableEvaluation.Measure(predictions, table).Multilabel!;
        Assert.Equal((2 / 3.0, 1 / 6.0), (metrics.SubsetAccuracy, metrics.HammingLoss));
    }

    [Fact]
    public void MeasureGroups_OfAColumn_MeasuresTheRowsOfEachValue()
    {
        Table table = new([TextColumn.FromValues("y", ["no", "yes", "no", "yes", "yes"]), TextColumn.FromValues("g", ["b", "a", "b", null, "b"])]);
        TablePredictions predictions = Predictions(Classes, table, 0.5, [0.9, 0.1, 0.2, 0.8, 0.3, 0.7, 0.6, 0.4, 0.1, 0.9]);
        IReadOnlyList<TableGroup> groups = TableEvaluation.MeasureGroups(predictions, table, "g");
        Assert.Equal(["b", null, "a"], groups.Select(group => group.Value));
        Assert.Equal([3, 1, 1], groups.Select(group => group.Evaluation.Rows));
        Assert.Equal([2 / 3.0, 0.0, 1.0], groups.Select(group => group.Evaluation.Classification!.Accuracy!.Value));
        Assert.Null(groups[1].Evaluation.Classification!.RocAuc);
        ArgumentException e = Assert.Throws<ArgumentException>(() => TableEvaluation.MeasureGroups(predictions, table, "h"));
        Assert.Contains("'h'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_OfAnotherTable_IsRefused()
    {
        Table table = new([TextColumn.FromValues("y", ["no", "yes"])]);
        TablePredictions predictions = Predictions(Classes, table, 0.5, [1, 0, 0, 1]);
        Assert.Throws<ArgumentException>(() => TableEvaluation.Measure(predictions, table.Take([0])));
    }

    private static TablePredictions Predictions(TableSchema schema, Table table, double threshold, double[] values)
    {
        Table known = schema.Task == TableTask.Binary ? new([TextColumn.FromValues("y", ["no", "yes"])]) : table;
        int[] rows = [.. Enumerable.Range(0, known.RowCount)];
        return new TablePredictions(TableLabels.Fit(known, schema, rows), threshold, values);
    }
}
