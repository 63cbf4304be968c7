// SPDX-License-Identifier: MIT
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using NativeMlp.Tables;
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Onnx.Tests.Support;

/// <summary>The raw rows of a table as another program gives them to a graph.</summary>
internal static class TableRows
{
    /// <summary>One matrix of floats, NaN where a value is missing.</summary>
    public static float[] Matrix(TableModel model, Table table)
    {
        TableColumn[] columns = table.Find(model.Schema.Features.Select(feature => feature.Name));
        return [.. Enumerable.Range(0, table.RowCount).SelectMany(row => columns.Select(column => (float)Number(column, row)))];
    }

    /// <summary>An input for each column.</summary>
    public static NamedOnnxValue[] Columns(TableModel model, Table table, bool doubles = false) =>
        [.. model.Schema.Features.Select((feature, i) => Column(feature, model.Encoding.Features[i], table, doubles))];

    public static double Number(TableColumn column, int row) => column is NumberColumn numbers ? numbers.Values[row]
        : ((TextColumn)column)[row] is { } text ? double.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : double.NaN;

    private static NamedOnnxValue Column(FeatureColumn feature, FeatureEncoding encoding, Table table, bool doubles)
    {
        TableColumn column = table.Find([feature.Name])[0];
        int[] sizes = [table.RowCount, 1];
        IEnumerable<int> rows = Enumerable.Range(0, table.RowCount);
        if (encoding is CategoryEncoding { Numbers: false })
            return NamedOnnxValue.CreateFromTensor(feature.Name, new DenseTensor<string>(rows.Select(row => column.NameAt(row) ?? "").ToArray(), sizes));
        if (encoding is DateEncoding)
            return NamedOnnxValue.CreateFromTensor(feature.Name, new DenseTensor<double>(rows.Select(row => Seconds(column, row)).ToArray(), sizes));
        return doubles ? NamedOnnxValue.CreateFromTensor(feature.Name, new DenseTensor<double>(rows.Select(row => Number(column, row)).ToArray(), sizes))
            : NamedOnnxValue.CreateFromTensor(feature.Name, new DenseTensor<float>(rows.Select(row => (float)Number(column, row)).ToArray(), sizes));
    }

    public static double Seconds(TableColumn column, int row) => column is NumberColumn numbers ? numbers.Values[row]
        : ((TextColumn)column)[row] is { } text && DateText.TryParse(text, out double seconds) ? seconds : double.NaN;
}
