// SPDX-License-Identifier: MIT
using System.Text.Json.Serialization;

namespace NativeMlp.Runner.Output;

/// <summary>The line of summary. Other programs read it, so names never change.</summary>
internal sealed record SummaryEvent(
    string Event, string Model, long Bytes, string Task, int Networks, long Parameters, long ParameterBytes, long OperationsPerRow, string Loss,
    IReadOnlyList<LayerSummary> Layers, IReadOnlyList<ColumnSummary> Columns, IReadOnlyList<string> Classes, IReadOnlyList<TargetSummary> Targets, double? Threshold,
    string WeightsSha256, ProvenanceSummary From, string Precision);

/// <summary>A layer of each network.</summary>
/// <param name="Layer">The index of the layer.</param>
/// <param name="Inputs">The number of inputs.</param>
/// <param name="Outputs">The number of outputs.</param>
/// <param name="Weight">The shape of its weight, [inputs, sums].</param>
/// <param name="Activation">The activation function.</param>
/// <param name="Norm">The normalisation before the activation; null for none.</param>
/// <param name="Dropout">The probability that training sets an output to 0.</param>
/// <param name="Parameters">The number of trained parameters.</param>
/// <param name="Bytes">The size of the parameters in memory.</param>
/// <param name="OperationsPerRow">Multiplications and additions of its sums: 2 × inputs × sums.</param>
internal sealed record LayerSummary(
    int Layer, int Inputs, int Outputs, IReadOnlyList<int> Weight, string Activation, string? Norm, double Dropout, long Parameters, long Bytes, long OperationsPerRow);

/// <summary>A column of a table and its encoding.</summary>
internal sealed record ColumnSummary(string Name, string Type, int Inputs, string Encoding);

/// <summary>A target of a model.</summary>
internal sealed record TargetSummary(string Name, double Mean, double Deviation);

/// <summary>The origin of a model. A value is null if the model does not contain it.</summary>
internal sealed record ProvenanceSummary(string? Run, string? Data, string? Seed, string? Epochs, string? Optimizer, string? Steps, string? PixelOrder, string? Format);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SummaryEvent))]
internal sealed partial class SummaryJson : JsonSerializerContext;
