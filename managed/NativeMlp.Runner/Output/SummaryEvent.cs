// SPDX-License-Identifier: MIT
using System.Text.Json.Serialization;

namespace NativeMlp.Runner.Output;

/// <summary>The line of summary. Other programs read it: names are never changed.</summary>
internal sealed record SummaryEvent(
    string Event, string Model, long Bytes, string Task, int Networks, long Parameters, long ParameterBytes, long OperationsPerRow, string Loss,
    IReadOnlyList<LayerSummary> Layers, IReadOnlyList<ColumnSummary> Columns, IReadOnlyList<string> Classes, IReadOnlyList<TargetSummary> Targets, double? Threshold,
    string WeightsSha256, ProvenanceSummary From);

/// <summary>A layer of each network.</summary>
/// <param name="Layer">Its number, from 0.</param>
/// <param name="Inputs">Numbers that go in.</param>
/// <param name="Outputs">Numbers that come out.</param>
/// <param name="Weight">The shape of its weight, [inputs, sums].</param>
/// <param name="Activation">What is applied to its sums.</param>
/// <param name="Norm">What normalises them before; null for nothing.</param>
/// <param name="Dropout">The probability that training drops an output.</param>
/// <param name="Parameters">Numbers that are trained.</param>
/// <param name="Bytes">What they take in memory.</param>
/// <param name="OperationsPerRow">Multiplications and additions of its sums: 2 × inputs × sums.</param>
internal sealed record LayerSummary(
    int Layer, int Inputs, int Outputs, IReadOnlyList<int> Weight, string Activation, string? Norm, double Dropout, long Parameters, long Bytes, long OperationsPerRow);

/// <summary>A column of a table and how it becomes inputs.</summary>
internal sealed record ColumnSummary(string Name, string Type, int Inputs, string Encoding);

/// <summary>A number that a model predicts.</summary>
internal sealed record TargetSummary(string Name, double Mean, double Deviation);

/// <summary>Where a model came from; null is what it does not say.</summary>
internal sealed record ProvenanceSummary(string? Run, string? Data, string? Seed, string? Epochs, string? Optimizer, string? Steps, string? PixelOrder, string? Format);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SummaryEvent))]
internal sealed partial class SummaryJson : JsonSerializerContext;
