// SPDX-License-Identifier: MIT
using System.Text.Json.Serialization;

namespace NativeMlp.Runner.Reports.Records;

/// <summary>The part of <see cref="TestRecordFile"/> that is text: names, the worst rows, and the importance of columns.</summary>
internal sealed record TestRecordText(
    IReadOnlyList<string> Names, IReadOnlyList<string> Columns, IReadOnlyList<MistakeText> Mistakes, IReadOnlyList<ImportanceText> Importance,
    IReadOnlyList<string>? RegionInputs, int RegionColumns);

internal sealed record MistakeText(int Row, string Truth, string Answer, double Score, IReadOnlyList<string> Cells, string Pixels);

internal sealed record ImportanceText(string Column, IReadOnlyList<double> Increases);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TestRecordText))]
internal sealed partial class TestRecordJson : JsonSerializerContext;
