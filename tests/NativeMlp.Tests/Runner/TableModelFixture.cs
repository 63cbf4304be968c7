// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;
using NativeMlp.Tables;
using NativeMlp.Tabular.Training;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>Models of a small table in files, trained once for all tests of a class, and the rows of the table as text.</summary>
public sealed class TableModelFixture : IDisposable
{
    public const int Rows = 240;

    private static readonly string[] Jobs = ["baker", "smith", "miller"];
    private readonly TemporaryFolder _folder = new();

    public TableModelFixture()
    {
        Csv = _folder.Write("people.csv", Encoding.UTF8.GetBytes("id,age,job,pay,label\n" + string.Concat(Enumerable.Range(0, Rows).Select(Line))));
        Directory.CreateDirectory(_folder.File("run"));
        Classes = Train("run/best.safetensors", ["label"], TableTask.Binary);
        Pay = Train("pay.safetensors", ["pay"], TableTask.Regression);
    }

    /// <summary>A file with a header line and <see cref="Rows"/> rows.</summary>
    public string Csv { get; }

    /// <summary>A model of the two classes of <c>label</c>.</summary>
    public string Classes { get; }

    /// <summary>A model of the number <c>pay</c>.</summary>
    public string Pay { get; }

    /// <summary>The features of a table that the models read: its age decides the class.</summary>
    public static Table Table => new([
        new NumberColumn("age", Enumerable.Range(0, Rows).Select(Age).ToArray()),
        TextColumn.FromValues("job", Enumerable.Range(0, Rows).Select(Job)),
        new NumberColumn("pay", Enumerable.Range(0, Rows).Select(PayOf).ToArray()),
        TextColumn.FromValues("label", Enumerable.Range(0, Rows).Select(Label)),
    ]);

    public void Dispose() => _folder.Dispose();

    private static double Age(int row) => 18 + (row * 7 % 60);

    private static string? Job(int row) => row % 11 == 0 ? null : Jobs[row % 3];

    private static double PayOf(int row) => (100 * Age(row)) + (row % 3 * 50);

    private static string Label(int row) => Age(row) < 45 ? "<=50K" : ">50K";

    private static string Line(int row) => string.Create(CultureInfo.InvariantCulture, $"n{row},{Age(row)},{Job(row)},{PayOf(row)},{Label(row)}\n");

    private string Train(string file, string[] labels, TableTask task)
    {
        TableSchema schema = new() { Features = [new("age", ColumnType.Number), new("job", ColumnType.Category)], Labels = labels, Task = task };
        using TableTrainingResult result = TableTrainer.Train(Table, schema, new TableTrainingOptions { Epochs = 40, Hidden = [16], BatchSize = 32, LearningRate = 0.02, Dropout = 0 });
        result.Model.Save(_folder.File(file));
        return _folder.File(file);
    }
}
