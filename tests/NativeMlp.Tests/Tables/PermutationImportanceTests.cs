// SPDX-License-Identifier: MIT
using NativeMlp.Metrics;
using NativeMlp.Tables;

namespace NativeMlp.Tests.Tables;

/// <summary>What a shuffled column costs.</summary>
public sealed class PermutationImportanceTests
{
    private const int Rows = 400;

    private static readonly NumberColumn Used = new("used", Enumerable.Range(0, Rows).Select(i => (double)(i * 37 % 101)).ToArray());
    private static readonly TextColumn Unused = TextColumn.FromValues("unused", Enumerable.Range(0, Rows).Select(i => i % 3 == 0 ? null : $"name {i % 7}"));
    private static readonly NumberColumn Constant = new("constant", Enumerable.Repeat(4.0, Rows).ToArray());
    private static readonly Table Table = new([Used, Unused, Constant]);

    /// <summary>The loss is the squared difference to the column itself. A random order makes it 2σ² on average.</summary>
    [Fact]
    public void Measure_OfASquaredError_IsTwiceTheVariance()
    {
        IReadOnlyList<ColumnImportance> columns = PermutationImportance.Measure(Table, ["unused", "constant", "used"], SquaredError, repeats: 40, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["used", "constant", "unused"], columns.Select(column => column.Column));
        double mean = Used.Values.ToArray().Average(), variance = Used.Values.ToArray().Average(value => (value - mean) * (value - mean));
        Assert.InRange(2 * variance, columns[0].Mean - (2 * columns[0].HalfWidth!.Value), columns[0].Mean + (2 * columns[0].HalfWidth!.Value));
        Assert.InRange(columns[0].HalfWidth!.Value, 1e-3, 0.05 * columns[0].Mean);
        Assert.All(columns.Skip(1), column => Assert.Equal((0, 0.0, 0.0), (column.Mean, column.Deviation, column.HalfWidth)));
    }

    [Fact]
    public void Measure_OfTextColumns_ShufflesTheirValues()
    {
        List<string?[]> seen = [];
        PermutationImportance.Measure(Table, ["unused"], Loss, repeats: 2, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(3, seen.Count);
        Assert.All(seen, values => Assert.Equal(seen[0].Order(StringComparer.Ordinal), values.Order(StringComparer.Ordinal)));
        Assert.NotEqual(seen[0], seen[1]);
        Assert.NotEqual(seen[1], seen[2]);

        double Loss(Table table)
        {
            table.TryGetColumn("unused", out TableColumn? column);
            seen.Add([.. Enumerable.Range(0, Rows).Select(row => ((TextColumn)column!)[row])]);
            Assert.Same(Used, table.Columns[0]);
            return 0;
        }
    }

    [Fact]
    public void Measure_WithColumnsInAnotherOrder_IsTheSame()
    {
        Table turned = new([Constant, Unused, Used]);
        IReadOnlyList<ColumnImportance> one = PermutationImportance.Measure(Table, ["used", "unused"], SquaredError, 3, cancellationToken: TestContext.Current.CancellationToken);
        IReadOnlyList<ColumnImportance> other = PermutationImportance.Measure(turned, ["unused", "used"], SquaredError, 3, cancellationToken: TestContext.Current.CancellationToken);
        IReadOnlyList<ColumnImportance> reseeded = PermutationImportance.Measure(Table, ["used", "unused"], SquaredError, 3, seed: 2, TestContext.Current.CancellationToken);
        Assert.Equal(one[0].Increases, other[0].Increases);
        Assert.NotEqual(one[0].Increases, reseeded[0].Increases);
    }

    [Fact]
    public void Measure_ThatIsCancelled_Ends()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => PermutationImportance.Measure(Table, ["used"], SquaredError, cancellationToken: source.Token));
    }

    [Fact]
    public void Measure_OfAColumnThatIsNotThere_NamesIt()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => PermutationImportance.Measure(Table, ["other"], SquaredError, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("'other'", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Values from SciPy: <c>t.ppf(0.975, n − 1) · sd/√n</c>.</summary>
    [Fact]
    public void ColumnImportance_OfRepeats_HasStudentsInterval()
    {
        ColumnImportance column = new("x", [1, 2, 4, 3]);
        Assert.Equal((2.5, 1.2909944487358056), (column.Mean, column.Deviation!.Value));
        Assert.Equal(2.0542602567605186, column.HalfWidth!.Value, 1e-8);
        Assert.Equal((7.0, null, null), (new ColumnImportance("x", [7]).Mean, new ColumnImportance("x", [7]).Deviation, new ColumnImportance("x", [7]).HalfWidth));
        Assert.Throws<ArgumentException>(() => new ColumnImportance("x", []));
    }

    /// <summary>Values from SciPy.</summary>
    [Theory]
    [InlineData(1, 12.706204736432095)]
    [InlineData(2, 4.302652729911275)]
    [InlineData(3, 3.182446305284263)]
    [InlineData(4, 2.7764451051977987)]
    [InlineData(5, 2.5705818366147395)]
    [InlineData(9, 2.2621571627409915)]
    [InlineData(29, 2.045229642132703)]
    [InlineData(999, 1.9623414611334487)]
    public void TwoSided95_OfDegreesOfFreedom_IsStudentsQuantile(int degrees, double quantile) => Assert.Equal(quantile, StudentT.TwoSided95(degrees), 3e-4);

    private static double SquaredError(Table table)
    {
        table.TryGetColumn("used", out TableColumn? column);
        double sum = 0;
        for (int row = 0; row < Rows; row++) sum += Math.Pow(((NumberColumn)column!).Values[row] - Used.Values[row], 2);
        return sum / Rows;
    }
}
