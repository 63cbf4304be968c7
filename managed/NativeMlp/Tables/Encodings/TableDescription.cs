// SPDX-License-Identifier: MIT
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NativeMlp.Tables.Encodings;

/// <summary>What a model file says of the table, beside the networks.</summary>
internal sealed class TableDescription
{
    public required TableTask Task { get; init; }

    public required string[] LabelColumns { get; init; }

    public string? WeightColumn { get; init; }

    public required string[] MissingMarks { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public char? DecimalSeparator { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public char? ThousandsSeparator { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AllowUnits { get; init; }

    public required DescribedFeature[] Features { get; init; }

    public required LabelDescription Labels { get; init; }

    public required double Threshold { get; init; }

    public static TableDescription Of(TableModel model) => new()
    {
        Task = model.Schema.Task,
        LabelColumns = [.. model.Schema.Labels],
        WeightColumn = model.Schema.Weight,
        MissingMarks = [.. model.Schema.MissingMarks],
        DecimalSeparator = model.Schema.DecimalSeparator,
        ThousandsSeparator = model.Schema.ThousandsSeparator,
        AllowUnits = model.Schema.AllowUnits,
        Features = [.. model.Schema.Features.Zip(model.Encoding.Features, (column, encoding) => new DescribedFeature
        {
            Name = column.Name,
            Type = column.Type,
            Encoding = encoding,
        })],
        Labels = model.Labels.Description,
        Threshold = model.Threshold,
    };

    /// <exception cref="JsonException">The text is not a description.</exception>
    public static TableDescription Parse(string text) =>
        JsonSerializer.Deserialize(text, TableDescriptionJson.Default.TableDescription) ?? throw new JsonException("It is null.");

    public string ToJson() => JsonSerializer.Serialize(this, TableDescriptionJson.Default.TableDescription);

    public TableSchema ToSchema() => new()
    {
        Task = Task,
        Labels = LabelColumns,
        Weight = WeightColumn,
        MissingMarks = MissingMarks,
        DecimalSeparator = DecimalSeparator,
        ThousandsSeparator = ThousandsSeparator,
        AllowUnits = AllowUnits,
        DateOrder = Features.Select(feature => (feature.Encoding as DateEncoding)?.Order).FirstOrDefault(order => order is not null),
        Features = [.. Features.Select(feature => new FeatureColumn(feature.Name, feature.Type))],
    };

    /// <summary>What cannot be; null if all can.</summary>
    public string? Problem()
    {
        if (Features.Contains(null) || Features.Length == 0) return "it has no features";
        foreach (DescribedFeature feature in Features)
        {
            if (feature.Encoding.Problem() is { } problem) return $"of the column {Printable.Quoted(feature.Name)} {problem}";
        }

        if (DecimalSeparator is not (null or ',') || (ThousandsSeparator is { } thousands && (char.IsAsciiLetterOrDigit(thousands) || thousands is '+' or '-')))
            return "its numbers are written in a way that cannot be";
        if (!Enum.IsDefined(Task) || !(Threshold is >= 0 and <= 1)) return "its task or its threshold cannot be";
        return Labels.Names.Contains(null) || LabelColumns.Contains(null) || MissingMarks.Contains(null) ? "a name is missing" : LabelProblem();
    }

    private string? LabelProblem()
    {
        bool classes = Task is TableTask.Binary or TableTask.Multiclass;
        int columns = LabelColumns.Length;
        bool fits = classes ? columns == 1 && Labels.Names.Length >= 2 : columns >= 1 && Labels.Names.Length == columns;
        bool scaled = Task != TableTask.Regression
            || (Labels.Scales.Length == columns && !Array.Exists(Labels.Scales, scale => scale is null || !double.IsFinite(scale.Mean) || !(scale.StdDev > 0) || !double.IsFinite(scale.StdDev)));
        return fits && scaled ? null : "its labels do not fit its task";
    }
}

/// <summary>A feature in a <see cref="TableDescription"/>.</summary>
internal sealed class DescribedFeature
{
    public required string Name { get; init; }

    public required ColumnType Type { get; init; }

    public required FeatureEncoding Encoding { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TableDescription))]
internal sealed partial class TableDescriptionJson : JsonSerializerContext;
