// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables;

/// <summary>The options of the encoding of a table. The defaults are those of the preset <c>table</c>.</summary>
public sealed record TableEncodingOptions
{
    /// <summary>Whether numbers have a piecewise-linear encoding and inputs for frequent values in addition to robust scaling.
    /// Otherwise, they have only standard scaling. If null, this is the case for at least 1,000 training rows and at
    /// most 32 columns of numbers.</summary>
    public bool? Quantiles { get; init; }

    /// <summary>The maximum number of segments of a piecewise-linear encoding, at least 1.</summary>
    public int Bins { get; init; } = 32;

    /// <summary>The minimum number of training rows with the same number for which the number has its own input, at least 1.</summary>
    public int AtomRows { get; init; } = 20;

    /// <summary>The maximum number of values of a column that have their own input, at least 0.</summary>
    public int MostAtoms { get; init; } = 128;

    /// <summary>The minimum number of training rows of a category with its own input, at least 1. Rarer categories share an input.</summary>
    public int CategoryRows { get; init; } = 10;

    /// <summary>The maximum number of categories of a column that have their own input, at least 1. The most frequent ones are chosen.</summary>
    public int MostCategories { get; init; } = 1000;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is not allowed; the message names it.</exception>
    public void Validate()
    {
        AtLeast(1, Bins, nameof(Bins));
        AtLeast(1, AtomRows, nameof(AtomRows));
        AtLeast(0, MostAtoms, nameof(MostAtoms));
        AtLeast(1, CategoryRows, nameof(CategoryRows));
        AtLeast(1, MostCategories, nameof(MostCategories));
    }

    /// <summary>Whether the numbers of a table have a piecewise-linear encoding.</summary>
    internal bool UsesQuantiles(int rows, int numberColumns)
    {
        const int FewestRows = 1000, MostColumns = 32;
        return Quantiles ?? (rows >= FewestRows && numberColumns <= MostColumns);
    }

    private static void AtLeast(int least, int value, string name)
    {
        if (value < least) Throw.OutOfRange($"TableEncodingOptions.{name} is {value}; it must be at least {least}.");
    }
}
