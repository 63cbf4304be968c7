// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using NativeMlp.Data;
using NativeMlp.Metrics;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Runs;
using NativeMlp.Storage;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Reports.Records;

/// <summary>Saves a <see cref="TestRecord"/> as <c>test.safetensors</c> in the folder of a run, and reads it back.</summary>
internal static class TestRecordFile
{
    private const string Format = "nativemlp-test";
    private const string Version = "1";

    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(TestRecord record, string folder)
    {
        TestRecordText text = new(
            record.Names, record.Columns, [.. record.Mistakes.Select(m => new MistakeText(m.Row, m.Truth, m.Answer, m.Score, m.Cells, Convert.ToBase64String(m.Pixels)))],
            [.. record.Importance.Select(column => new ImportanceText(column.Column, column.Increases))],
            record.Region?.Inputs, record.Region?.Columns ?? 0);
        Dictionary<string, string> metadata = new()
        {
            ["format"] = Format,
            ["version"] = Version,
            [ContentHash.Name] = ContentHash.Blank,
            ["task"] = record.Task.ToString(),
            ["threshold"] = record.Threshold.ToString("R", CultureInfo.InvariantCulture),
            ["rows_sha256"] = record.RowsSha256,
            ["text"] = JsonSerializer.Serialize(text, TestRecordJson.Default.TestRecordText),
        };
        List<WrittenTensor> tensors = [Doubles("scores", record.Scores), Doubles("targets", record.Targets), Doubles("weights", record.Weights),
            Integers("classes", record.Classes), Integers("answers", record.Answers)];
        if (record.Region is { } region)
            tensors.AddRange([Doubles("region.bounds", region.Bounds), Integers("region.answers", region.Answers), Doubles("region.points", region.Points), Integers("region.classes", region.Classes)]);
        SafeTensorsWriter.Write(Path.Combine(folder, RunFolder.Test), tensors, metadata);
    }

    /// <returns>The record; null if the run has none.</returns>
    /// <exception cref="DataFormatException">The file is damaged, or was written by a newer version.</exception>
    public static TestRecord? Load(string folder)
    {
        string path = Path.Combine(folder, RunFolder.Test);
        if (!File.Exists(path))
            return null;
        using SafeTensorsSource file = new(path);
        file.ThrowIfContentChanged();
        try
        {
            TestRecord record = Read(file);
            return IsWhole(record) ? record : throw Bad(path, "its parts do not fit together");
        }
        catch (Exception e) when (e is KeyNotFoundException or JsonException or FormatException or ArgumentException)
        {
            throw Bad(path, "a part is missing or cannot be read");
        }
    }

    private static TestRecord Read(SafeTensorsSource file)
    {
        if (file.Metadata["format"] != Format || file.Metadata["version"] != Version)
            throw new FormatException();
        TestRecordText text = JsonSerializer.Deserialize(file.Metadata["text"], TestRecordJson.Default.TestRecordText) ?? throw new FormatException();
        return new TestRecord
        {
            Task = Enum.Parse<TableTask>(file.Metadata["task"]),
            Names = text.Names,
            Threshold = double.Parse(file.Metadata["threshold"], CultureInfo.InvariantCulture),
            Scores = ReadDoubles(file, "scores"),
            Classes = ReadIntegers(file, "classes"),
            Answers = ReadIntegers(file, "answers"),
            Targets = ReadDoubles(file, "targets"),
            Weights = ReadDoubles(file, "weights"),
            RowsSha256 = file.Metadata["rows_sha256"],
            Mistakes = [.. text.Mistakes.Select(m => new Mistake(m.Row, m.Truth, m.Answer, m.Score, m.Cells, Convert.FromBase64String(m.Pixels)))],
            Columns = text.Columns,
            Importance = [.. text.Importance.Select(column => new ColumnImportance(column.Column, column.Increases))],
            Region = text.RegionInputs is not { } inputs ? null : new Region(inputs, ReadDoubles(file, "region.bounds"), text.RegionColumns,
                ReadIntegers(file, "region.answers"), ReadDoubles(file, "region.points"), ReadIntegers(file, "region.classes")),
        };
    }

    private static bool IsWhole(TestRecord record)
    {
        if (record.Width == 0 || record.Scores.Length % record.Width != 0)
            return false;
        bool classes = record.Task is TableTask.Binary or TableTask.Multiclass;
        return (classes ? record.Classes.Length == record.Rows && record.Answers.Length == record.Rows : record.Targets.Length == record.Scores.Length)
            && record.Classes.All(c => (uint)c < (uint)record.Width) && record.Answers.All(c => c >= Mlp.NoClass && c < record.Width)
            && (record.Weights.Length == 0 || record.Weights.Length == record.Rows);
    }

    private static DataFormatException Bad(string path, string what) =>
        new(path, $"it holds no test answers that this version can read, because {what}; remove it, or train the model again.");

    private static WrittenTensor Doubles(string name, double[] values)
    {
        byte[] bytes = new byte[values.Length * sizeof(double)];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), values[i]);
        return new WrittenTensor(name, "F64", [values.Length], bytes.Length, sink => sink(bytes));
    }

    private static WrittenTensor Integers(string name, int[] values)
    {
        byte[] bytes = new byte[values.Length * sizeof(int)];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), values[i]);
        return new WrittenTensor(name, "I32", [values.Length], bytes.Length, sink => sink(bytes));
    }

    private static double[] ReadDoubles(SafeTensorsSource file, string name)
    {
        byte[] bytes = ReadBytes(file, name, "F64");
        return [.. Enumerable.Range(0, bytes.Length / sizeof(double)).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * sizeof(double))))];
    }

    private static int[] ReadIntegers(SafeTensorsSource file, string name)
    {
        byte[] bytes = ReadBytes(file, name, "I32");
        return [.. Enumerable.Range(0, bytes.Length / sizeof(int)).Select(i => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(i * sizeof(int))))];
    }

    private static byte[] ReadBytes(SafeTensorsSource file, string name, string type) =>
        file.Tensors[name] is { } tensor && tensor.ElementType == type ? file.ReadBytes(tensor) : throw new FormatException();
}
