// SPDX-License-Identifier: MIT
using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Output;

/// <summary>
/// Writes predictions as JSON objects, one per line: the <c>line</c> of the input, the kept columns in <c>input</c>, the <c>prediction</c>, and
/// the <c>probabilities</c> of the classes or labels.
/// </summary>
internal sealed class JsonAnswers : AnswerWriter, IDisposable
{
    // Names such as <=50K stay readable. Quotes and line breaks are escaped in any case.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Utf8JsonWriter _json;
    private readonly JsonEncodedText[] _names;

    public JsonAnswers(Stream output, TableLabels labels, IReadOnlyList<string> kept)
        : base(output, labels, kept)
    {
        _json = new Utf8JsonWriter(Buffer, Options);
        _names = [.. labels.Names.Select(name => JsonEncodedText.Encode(name, Options.Encoder))];
    }

    public void Dispose() => _json.Dispose();

    protected override void WriteRow(TableColumn[] columns, int row, long line, TablePredictions predictions)
    {
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteNumber("line", line);
        if (columns.Length > 0)
            WriteInput(columns, row);
        _json.WritePropertyName("prediction");
        WritePrediction(predictions, row);
        if (Labels.Task != TableTask.Regression)
        {
            _json.WritePropertyName("probabilities");
            WriteValues(predictions[row]);
        }
        _json.WriteEndObject();
        _json.Flush();
        Buffer.Write("\n"u8);
    }

    private void WriteInput(TableColumn[] columns, int row)
    {
        _json.WriteStartObject("input");
        foreach (TableColumn column in columns)
        {
            if (column is NumberColumn numbers && !numbers.IsMissing(row))
                _json.WriteNumber(column.Name, numbers.Values[row]);
            else
                _json.WriteString(column.Name, (column as TextColumn)?[row]);
        }
        _json.WriteEndObject();
    }

    private void WritePrediction(TablePredictions predictions, int row)
    {
        if (Labels.HasClasses)
            _json.WriteStringValue(_names[predictions.ClassOf(row)]);
        else if (Labels.Task == TableTask.Multilabel)
            WriteLabels(predictions[row], predictions.Threshold);
        else if (Labels.Names.Count == 1)
            _json.WriteNumberValue(predictions[row][0]);
        else
            WriteValues(predictions[row]);
    }

    private void WriteLabels(ReadOnlySpan<double> probabilities, double threshold)
    {
        _json.WriteStartArray();
        for (int label = 0; label < probabilities.Length; label++)
        {
            if (probabilities[label] > threshold)
                _json.WriteStringValue(_names[label]);
        }
        _json.WriteEndArray();
    }

    private void WriteValues(ReadOnlySpan<double> values)
    {
        _json.WriteStartObject();
        for (int i = 0; i < values.Length; i++)
            _json.WriteNumber(_names[i], values[i]);
        _json.WriteEndObject();
    }
}
