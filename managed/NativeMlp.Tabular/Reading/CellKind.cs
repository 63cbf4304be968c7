// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Reading;

/// <summary>How the cells of a column are read.</summary>
public enum CellKind
{
    /// <summary>As numbers if every cell with a value is a number, otherwise as text.</summary>
    Auto,

    /// <summary>As numbers. A cell that is not a number is an error.</summary>
    Number,

    /// <summary>As text, exactly as written: <c>01234</c> keeps its zero.</summary>
    Text,

    /// <summary>Not at all. The table does not contain the column.</summary>
    Skip,
}
