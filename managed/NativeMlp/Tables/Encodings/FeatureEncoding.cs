// SPDX-License-Identifier: MIT
using System.Text.Json.Serialization;

namespace NativeMlp.Tables.Encodings;

/// <summary>The encoding of a column as inputs of a network, learned from the training rows. Its members are written to the model
/// file.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(NumberEncoding), "number")]
[JsonDerivedType(typeof(CategoryEncoding), "category")]
[JsonDerivedType(typeof(DateEncoding), "date")]
internal abstract class FeatureEncoding : ICellReader
{
    /// <summary>The number of inputs of the column.</summary>
    [JsonIgnore]
    public abstract int Inputs { get; }

    /// <inheritdoc/>
    public abstract double Read(double number);

    /// <inheritdoc/>
    public abstract double Read(string? text);

    /// <summary>Reads yes or no for this column.</summary>
    public virtual double Read(bool value) => Read(value ? 1.0 : 0.0);

    /// <summary>Writes the inputs of a cell.</summary>
    /// <param name="cell">The result of one of the <c>Read</c> methods.</param>
    /// <param name="inputs">An array with the length <see cref="Inputs"/>.</param>
    public abstract void Encode(double cell, Span<float> inputs);

    /// <summary>The names of the inputs of a column of this name.</summary>
    public abstract IEnumerable<string> InputNames(string column);

    /// <summary>Returns the error in an encoding that was read from a file; null if there is none.</summary>
    public abstract string? Problem();
}
