// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables;

/// <summary>Specifies which of the first two numbers of a date such as <c>03/04/2024</c> or <c>3-4-2024</c> is the month.</summary>
public enum DateOrder
{
    /// <summary>The second one: <c>03/04/2024</c> is in April.</summary>
    DayFirst,

    /// <summary>The first one: <c>03/04/2024</c> is in March.</summary>
    MonthFirst,
}
