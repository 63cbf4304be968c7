// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Reading;

/// <summary>How the cells of a column are read.</summary>
public enum CellKind
{
    /// <summary>As numbers if every cell that has a value is one, otherwise as text.</summary>
    Auto,

    /// <summary>As numbers; a cell that is no number is a fault.</summary>
    Number,

    /// <summary>As text, letter by letter: <c>01234</c> keeps its zero.</summary>
    Text,

    /// <summary>Not at all: the table has no such column.</summary>
    Skip,
}
