// SPDX-License-Identifier: MIT
using NativeMlp.Onnx.Graphs;
using NativeMlp.Onnx.Tests.Support;
using NativeMlp.Tables;
using static NativeMlp.Onnx.Tests.Support.Differences;

namespace NativeMlp.Onnx.Tests.Export;

/// <summary>Models of tables as ONNX Runtime runs them, with raw rows.</summary>
public sealed class TableExportTests
{
    public static TheoryData<TableTask, bool, int> Models() => new MatrixTheoryData<TableTask, bool, int>(Enum.GetValues<TableTask>(), [false, true], [1, 3]);

    [Theory]
    [MemberData(nameof(Models))]
    public void ToBytes_ColumnsOfEveryKind_AnswerTheSame(TableTask task, bool quantiles, int networks)
    {
        using TableModel model = Samples.Model(task, Samples.All, quantiles, networks);
        Table table = Samples.Table(2, 400);
        using OnnxRun run = OnnxRun.Of(OnnxExport.ToBytes(model), TableRows.Columns(model, table));
        Check(model, table, run);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void ToBytes_Numbers_TakeOneMatrix(TableTask task, bool quantiles, int networks)
    {
        using TableModel model = Samples.Model(task, Samples.Numbers, quantiles, networks);
        Table table = Samples.Table(2, 400);
        byte[] bytes = OnnxExport.ToBytes(model);
        Assert.Equal([new OnnxOperatorSet("", 13)], OnnxReader.Model(bytes).OperatorSets);
        using OnnxRun run = OnnxRun.Of(bytes, TableRows.Matrix(model, table), model.Schema.Features.Count);
        Check(model, table, run);
    }

    [Fact]
    public void ToBytes_Encoded_TakesEncodedRows()
    {
        using TableModel model = Samples.Model(TableTask.Multiclass, Samples.All, quantiles: true);
        Table table = Samples.Table(2, 100);
        float[] rows = model.Encoding.Encode(table, Enumerable.Range(0, table.RowCount).ToArray());
        using OnnxRun run = OnnxRun.Of(OnnxExport.ToBytes(model, new OnnxExportOptions { Inputs = OnnxInputs.Encoded }), rows, model.Encoding.Inputs);
        Check(model, table, run);
    }

    [Fact]
    public void ToBytes_Numbers_NeedNoMachineLearningOperatorsInColumns()
    {
        using TableModel model = Samples.Model(TableTask.Binary, Samples.Numbers, quantiles: true);
        Table table = Samples.Table(2, 100);
        byte[] bytes = OnnxExport.ToBytes(model, new OnnxExportOptions { Inputs = OnnxInputs.Columns });
        Assert.DoesNotContain(OnnxReader.Model(bytes).OperatorSets, set => set.Domain.Length > 0);
        using OnnxRun run = OnnxRun.Of(bytes, TableRows.Columns(model, table));
        Check(model, table, run);
    }

    [Fact]
    public void ToBytes_TextAsFloat_IsRefusedByTheNameOfTheColumn()
    {
        using TableModel model = Samples.Model(TableTask.Binary, Samples.All, quantiles: false);
        ArgumentException e = Assert.Throws<ArgumentException>(() => OnnxExport.ToBytes(model, new OnnxExportOptions { Inputs = OnnxInputs.Float }));
        Assert.Contains("Column 'job' is a text", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToBytes_LogitsOfSeveralNetworks_AreRefused()
    {
        using TableModel model = Samples.Model(TableTask.Binary, Samples.Numbers, quantiles: false, networks: 2);
        Assert.Throws<ArgumentException>(() => OnnxExport.ToBytes(model, new OnnxExportOptions { Logits = true }));
    }

    [Fact]
    public void ToBytes_Metadata_NameClassesAndColumns()
    {
        using TableModel model = Samples.Model(TableTask.Binary, Samples.Numbers, quantiles: false);
        using OnnxRun run = OnnxRun.Of(OnnxExport.ToBytes(model), TableRows.Matrix(model, Samples.Table(2, 1)), 5);
        Assert.Equal("[\"<=50K\",\">50K\"]", run.Metadata["classes"]);
        Assert.Equal("[\"age\",\"constant\",\"fare-paid\",\"flag\",\"zip\"]", run.Metadata["columns"]);
    }

    [Fact]
    public void ToBytes_NumbersThatAFloatDoesNotTellApart_TakeDoublesInColumns()
    {
        double[] values = [.. Enumerable.Range(0, 1200).Select(i => 20000000.0 + (i % 3))];
        Table table = new([new NumberColumn("id", values), TextColumn.FromValues("label", values.Select(value => value % 2 == 0 ? "even" : "odd"))]);
        TableSchema schema = new() { Features = [new("id", ColumnType.Category)], Labels = ["label"], Task = TableTask.Binary };
        int[] rows = [.. Enumerable.Range(0, values.Length)];
        TableEncoding encoding = TableEncoding.Fit(table, schema, rows);
        using TableModel model = new(encoding, TableLabels.Fit(table, schema, rows), [RandomNetwork.Make(new MlpOptions { Inputs = encoding.Inputs, Outputs = 2 }, new Random(1))]);
        Assert.Throws<ArgumentException>(() => OnnxExport.ToBytes(model));
        using OnnxRun run = OnnxRun.Of(OnnxExport.ToBytes(model, new OnnxExportOptions { Inputs = OnnxInputs.Columns }), TableRows.Columns(model, table, doubles: true));
        Check(model, table, run);
    }

    private static void Check(TableModel model, Table table, OnnxRun run)
    {
        TablePredictions expected = model.Predict(table);
        if (model.Labels.Task == TableTask.Regression)
        {
            Assert.InRange(Relative([.. expected.Values], Doubles(run.Floats("prediction"))), 0, Bound);
            return;
        }

        double[] probabilities = [.. expected.Values];
        Assert.InRange(Greatest(probabilities, Doubles(run.Floats("probabilities"))), 0, Bound);
        long[] labels = run.Integers("label");
        if (model.Labels.HasClasses) Assert.Equal(Enumerable.Range(0, table.RowCount).Select(row => (long)expected.ClassOf(row)), labels);
        else Assert.Equal(probabilities.Select(p => p > model.Threshold ? 1L : 0), labels);
    }
}
