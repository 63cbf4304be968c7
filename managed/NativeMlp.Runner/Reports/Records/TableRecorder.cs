// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NativeMlp.Metrics;
using NativeMlp.Runner.Output;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Reports.Records;

/// <summary>Records the predictions of a table model for its test rows.</summary>
internal static class TableRecorder
{
    private const int MostMistakes = 12;
    private const int MostColumns = 30;
    private const int LongestCell = 40;
    private const int Repeats = 5;
    private const int MostImportanceRows = 2000;
    private const int MostImportanceCells = 200_000;
    private const int LeastImportanceRows = 100;

    /// <param name="model">The model.</param>
    /// <param name="test">The rows, with their labels.</param>
    /// <param name="threads">The number of worker threads; 0 for the default.</param>
    /// <returns>Null if no row has a label that the model knows.</returns>
    public static TestRecord? Record(TableModel model, Table test, int threads)
    {
        TablePredictions predictions = model.Predict(test, threads);
        LabelledRows truth = new(predictions, test);
        int[] rows = [.. Enumerable.Range(0, test.RowCount).Where(truth.IsKnown)];
        if (rows.Length == 0)
            return null;
        bool classes = model.Labels.HasClasses;
        TestRecord record = new()
        {
            Task = model.Labels.Task,
            Names = model.Labels.Names,
            Threshold = model.Threshold,
            Scores = Take(predictions.Values, rows, model.Labels.Names.Count),
            Classes = classes ? Take(truth.Classes, rows, 1) : [],
            Answers = classes ? [.. rows.Select(truth.AnswerOf)] : [],
            Targets = classes ? [] : Take(truth.Targets, rows, model.Labels.Names.Count),
            Weights = truth.Weights.IsEmpty ? [] : Take(truth.Weights, rows, 1),
            RowsSha256 = Fingerprint(test, model.Labels.Columns),
            Columns = [.. ColumnsShown(model).Select(column => column.Name)],
            Region = classes ? RegionOf(model, test.Take(rows), Take(truth.Classes, rows, 1)) : null,
            Importance = ImportanceOf(model, test, threads),
        };
        return record with { Mistakes = [.. Worst.Answers(record, MostMistakes).Select(row => MistakeAt(record, model, test, row, rows[row]))] };
    }

    private static IEnumerable<FeatureColumn> ColumnsShown(TableModel model) => model.Schema.Features.Take(MostColumns);

    private static T[] Take<T>(ReadOnlySpan<T> values, int[] rows, int width)
    {
        T[] taken = new T[rows.Length * width];
        for (int i = 0; i < rows.Length; i++)
            values.Slice(rows[i] * width, width).CopyTo(taken.AsSpan(i * width));
        return taken;
    }

    private static string Fingerprint(Table test, IReadOnlyList<string> labels)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (TableColumn column in test.Find(labels))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(column.Name + "\n"));
            for (int row = 0; row < column.Count; row++)
                hash.AppendData(Encoding.UTF8.GetBytes((column.NameAt(row) ?? "") + "\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static Mistake MistakeAt(TestRecord record, TableModel model, Table test, int row, int tableRow)
    {
        string[] cells = [.. ColumnsShown(model).Select(feature => CellText(test.Find([feature.Name])[0], feature, tableRow))];
        (string truth, string answer, double score) = record.Task switch
        {
            TableTask.Regression => (Join(record, name => Format.Real(record.Targets[(row * record.Width) + name])), Join(record, name => Format.Real(record[row][name])), record[row][0] - record.Targets[row * record.Width]),
            TableTask.Multilabel => (Labels(record, name => record.Holds(row, name)), Labels(record, name => record[row][name] > record.Threshold), 0),
            _ => (record.Names[record.Classes[row]], record.Answers[row] == Mlp.NoClass ? "none" : record.Names[record.Answers[row]], record.Answers[row] == Mlp.NoClass ? 0 : record[row][record.Answers[row]]),
        };
        return new Mistake(tableRow, truth, answer, score, cells, []);
    }

    private static string Join(TestRecord record, Func<int, string> text) => string.Join(", ", Enumerable.Range(0, record.Width).Select(text));

    private static string Labels(TestRecord record, Func<int, bool> holds) => string.Join(", ", record.Names.Where((_, name) => holds(name)));

    private static string CellText(TableColumn column, FeatureColumn feature, int row) => feature.Type == ColumnType.Date && column is NumberColumn dates
        ? DateText.FromSeconds(dates.Values[row])?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? ""
        : Printable.Text(column.NameAt(row) ?? "", LongestCell);

    private static Region? RegionOf(TableModel model, Table test, int[] classes)
    {
        if (model.Schema.Features is not [{ Type: ColumnType.Number } first, { Type: ColumnType.Number } second]
            || test.Find([first.Name, second.Name]) is not [NumberColumn x, NumberColumn y])
        {
            return null;
        }

        Plane plane = new([.. Enumerable.Range(0, test.RowCount).SelectMany(row => (double[])[x.Values[row], y.Values[row]])]);
        double[] centers = plane.Centers();
        Table cells = new([
            new NumberColumn(first.Name, centers.Where((_, i) => i % 2 == 0).ToArray()),
            new NumberColumn(second.Name, centers.Where((_, i) => i % 2 == 1).ToArray()),
        ]);
        TablePredictions answers = model.Predict(cells);
        return plane.ToRegion([first.Name, second.Name], [.. Enumerable.Range(0, answers.RowCount).Select(answers.ClassOf)], classes);
    }

    // Uses only some of the rows, so that the report of a large table does not take longer than its training.
    private static IReadOnlyList<ColumnImportance> ImportanceOf(TableModel model, Table test, int threads)
    {
        string[] columns = [.. model.Schema.Features.Select(feature => feature.Name)];
        int count = Math.Min(test.RowCount, Math.Clamp(MostImportanceCells / columns.Length, LeastImportanceRows, MostImportanceRows));
        if (columns.Length > MostImportanceCells / LeastImportanceRows)
            return [];
        Table rows = test.Take(SampledRows.Of(test.RowCount, count));
        return Loss(rows) is null ? [] : PermutationImportance.Measure(rows, columns, table => Loss(table) ?? double.NaN, Repeats);

        double? Loss(Table table) => TableEvaluation.Measure(model.Predict(table, threads), table).Loss;
    }
}
