// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Tables;
using NativeMlp.Tabular.Reading;

namespace NativeMlp.Tabular.Inference;

/// <summary>Writes a profile as JSON.</summary>
public static class ProfileJson
{
    /// <summary>Writes a profile as one object.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="profile">The profile.</param>
    /// <param name="file">The file of the table; null if there is none.</param>
    public static void Write(Utf8JsonWriter writer, TableProfile profile, TableFile? file = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(profile);
        writer.WriteStartObject();
        if (file is not null) WriteFile(writer, file);
        writer.WriteNumber("rows", profile.Rows);
        writer.WriteString("task", profile.Task?.ToString().ToLowerInvariant());
        writer.WriteString("task_reason", profile.TaskReason);
        writer.WriteString("date_order", profile.DateOrder switch { null => null, DateOrder.DayFirst => "day-first", _ => "month-first" });
        WriteStrings(writer, "notes", [.. file?.Notes ?? [], .. profile.Notes]);
        writer.WriteStartArray("columns");
        foreach (ColumnProfile column in profile.Columns) WriteColumn(writer, column);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteFile(Utf8JsonWriter writer, TableFile file)
    {
        writer.WriteString("file", file.Name);
        writer.WriteString("format", file.Format.Kind switch
        {
            TableFileKind.DelimitedText => "csv",
            TableFileKind.Npy => "npy",
            _ => "npz",
        });
        writer.WriteString("delimiter", file.Format.Delimiter?.ToString());
        writer.WriteString("decimal", file.Format.DecimalSeparator?.ToString());
        writer.WriteBoolean("header", file.Format.HasHeader);
    }

    private static void WriteColumn(Utf8JsonWriter writer, ColumnProfile column)
    {
        writer.WriteStartObject();
        writer.WriteString("name", column.Name);
        writer.WriteString("role", column.Role == ColumnRole.LeftOut ? "left out" : column.Role.ToString().ToLowerInvariant());
        writer.WriteString("type", column.Type is { } type ? ColumnRules.Name(type) : null);
        writer.WriteNumber("missing", column.Missing);
        writer.WriteNumber("distinct", column.Distinct);
        WriteNumber(writer, "minimum", column.Minimum);
        WriteNumber(writer, "maximum", column.Maximum);
        WriteStrings(writer, "values", column.Values);
        writer.WriteString("reason", column.Reason);
        writer.WriteString("warning", column.Warning);
        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is double number) writer.WriteNumber(name, number);
        else writer.WriteNull(name);
    }

    private static void WriteStrings(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
