// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables;

/// <summary>How the columns of a table become the inputs of a network. The defaults are those of the preset <c>table</c>.</summary>
public sealed record TableEncodingOptions
{
    /// <summary>Whether numbers get a piecewise-linear encoding and columns for frequent values beside their robust scaling;
    /// otherwise they get standard scaling alone. Null leaves it to the table: they do from 1,000 training rows and with at
    /// most 32 columns of numbers.</summary>
    public bool? Quantiles { get; init; }

    /// <summary>The most segments of a piecewise-linear encoding, at least 1.</summary>
    public int Bins { get; init; } = 32;

    /// <summary>The training rows that share a number for it to get a column of its own, at least 1.</summary>
    public int AtomRows { get; init; } = 20;

    /// <summary>The most numbers of a column that get a column of their own, at least 0.</summary>
    public int MostAtoms { get; init; } = 128;

    /// <summary>The training rows of a category for it to get a column of its own, at least 1; rarer ones share one.</summary>
    public int CategoryRows { get; init; } = 10;

    /// <summary>The most categories of a column that get a column of their own, at least 1; the commonest are taken.</summary>
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

    /// <summary>Whether a table gets the encodings of quantiles.</summary>
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
