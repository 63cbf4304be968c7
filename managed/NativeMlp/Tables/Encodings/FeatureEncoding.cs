// SPDX-License-Identifier: MIT
using System.Text.Json.Serialization;

namespace NativeMlp.Tables.Encodings;

/// <summary>How a column becomes inputs of a network: what was learned from the training rows. It is written to the model as
/// it stands here.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(NumberEncoding), "number")]
[JsonDerivedType(typeof(CategoryEncoding), "category")]
[JsonDerivedType(typeof(DateEncoding), "date")]
internal abstract class FeatureEncoding : ICellReader
{
    /// <summary>Inputs that the column has.</summary>
    [JsonIgnore]
    public abstract int Inputs { get; }

    /// <inheritdoc/>
    public abstract double Read(double number);

    /// <inheritdoc/>
    public abstract double Read(string? text);

    /// <summary>What yes or no says in this column.</summary>
    public virtual double Read(bool value) => Read(value ? 1.0 : 0.0);

    /// <summary>Writes the inputs of a cell.</summary>
    /// <param name="cell">As one of the <c>Read</c> methods gives it.</param>
    /// <param name="inputs">Exactly <see cref="Inputs"/> of them.</param>
    public abstract void Encode(double cell, Span<float> inputs);

    /// <summary>The names of the inputs of a column of this name.</summary>
    public abstract IEnumerable<string> InputNames(string column);

    /// <summary>What is wrong with an encoding that was read from a file; null if nothing is.</summary>
    public abstract string? Problem();
}
