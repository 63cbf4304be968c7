// SPDX-License-Identifier: MIT
using NativeMlp.Data;

namespace NativeMlp.Tabular.Reading;

/// <summary>A record that cannot be read as a row.</summary>
/// <param name="Line">The line on which it begins, from 1.</param>
/// <param name="Column">The invalid column, from 1.</param>
/// <param name="Problem">The problem and what was expected, as the rest of a sentence.</param>
public sealed record RowFault(long Line, int Column, string Problem)
{
    /// <summary>The fault as a sentence.</summary>
    public override string ToString() => $"line {Line}, column {Column}: {Problem}";

    internal DataFormatException ToException(string name) => new(name, ToString());
}
