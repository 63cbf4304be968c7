// SPDX-License-Identifier: MIT
using NativeMlp.Metrics;

namespace NativeMlp.Tables;

/// <summary>
/// Permutation importance: the values of one column are shuffled among the rows, so they no longer contain any information. The increase of
/// the loss is the importance of the column. Columns with the same information share their importance, or hide each other's.
/// </summary>
public static class PermutationImportance
{
    /// <summary>Measures how much a loss depends on each of some columns.</summary>
    /// <remarks>
    /// The shuffles depend on the seed, the repeat and the position of the column's name in alphabetical order. Neither the order
    /// of the columns nor the number of threads that <paramref name="loss"/> uses has an influence.
    /// </remarks>
    /// <param name="table">The rows, with their labels.</param>
    /// <param name="columns">The columns to shuffle, one at a time.</param>
    /// <param name="loss">The loss of a model on a table. It is called with the table and with copies in which a column is shuffled.</param>
    /// <param name="repeats">The number of times that each column is shuffled, at least 1. With 2 or more, there are intervals.</param>
    /// <param name="seed">The seed of the shuffles.</param>
    /// <param name="cancellationToken">Stops the measurement.</param>
    /// <returns>The columns, those with the highest mean first, equal ones by name.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The table lacks a column.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="repeats"/> is below 1.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled.</exception>
    public static IReadOnlyList<ColumnImportance> Measure(
        Table table, IReadOnlyList<string> columns, Func<Table, double> loss, int repeats = 10, ulong seed = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(loss);
        Check.AtLeastOne(repeats);
        TableColumn[] found = table.Find(columns.Order(StringComparer.Ordinal));
        double before = loss(table);
        return [.. found.Select((column, stream) => Measure(column, (ulong)stream))
            .OrderByDescending(importance => importance.Mean).ThenBy(importance => importance.Column, StringComparer.Ordinal)];

        ColumnImportance Measure(TableColumn column, ulong stream)
        {
            double[] increases = new double[repeats];
            int[] order = new int[table.RowCount];
            for (int repeat = 0; repeat < repeats; repeat++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Kernels.RandomPermutation(seed, (stream << 32) + (ulong)repeat, order);
                increases[repeat] = loss(Replace(table, column, column.Take(order))) - before;
            }

            return new ColumnImportance(column.Name, increases);
        }
    }

    private static Table Replace(Table table, TableColumn column, TableColumn by) =>
        new([.. table.Columns.Select(other => ReferenceEquals(other, column) ? by : other)]);
}
