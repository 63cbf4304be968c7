// SPDX-License-Identifier: MIT
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Tables;

/// <summary>Maps the objects of a type to the columns of a table, without reflection.</summary>
/// <example><code>
/// var people = new RowMapping&lt;Person&gt;().Number("age", p =&gt; p.Age).Text("job", p =&gt; p.Job);
/// Table table = people.ToTable(list);
/// </code></example>
/// <typeparam name="T">The type of a row.</typeparam>
public sealed class RowMapping<T>
{
    private readonly List<MappedColumn<T>> _columns = [];

    /// <summary>The columns and their types, in the order in which they were added.</summary>
    public IReadOnlyList<FeatureColumn> Columns => [.. _columns.Select(column => new FeatureColumn(column.Name, column.Type))];

    /// <summary>Adds a column of numbers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Returns the number of a row; null or NaN if it is missing.</param>
    /// <returns>This mapping.</returns>
    /// <exception cref="ArgumentException">There is a column of that name.</exception>
    public RowMapping<T> Number(string name, Func<T, double?> value) =>
        Add(new MappedNumber<T>(name, ColumnType.Number, Given(value)));

    /// <summary>Adds a column of categories.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Returns the category of a row; null if it is missing.</param>
    /// <returns>This mapping.</returns>
    /// <exception cref="ArgumentException">There is a column of that name.</exception>
    public RowMapping<T> Text(string name, Func<T, string?> value) => Add(new MappedText<T>(name, Given(value)));

    /// <summary>Adds a column of yes and no.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Returns the value of a row; null if it is missing.</param>
    /// <returns>This mapping.</returns>
    /// <exception cref="ArgumentException">There is a column of that name.</exception>
    public RowMapping<T> Boolean(string name, Func<T, bool?> value) => Add(new MappedBoolean<T>(name, Given(value)));

    /// <summary>Adds a column of dates.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Returns the date of a row; null if it is missing.</param>
    /// <returns>This mapping.</returns>
    /// <exception cref="ArgumentException">There is a column of that name.</exception>
    public RowMapping<T> Date(string name, Func<T, DateTime?> value)
    {
        Func<T, DateTime?> date = Given(value);
        return Add(new MappedNumber<T>(name, ColumnType.Date, row => date(row) is { } at ? DateText.ToSeconds(at) : null));
    }

    /// <summary>Creates a table from rows.</summary>
    public Table ToTable(IEnumerable<T> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        T[] all = [.. rows];
        return new Table([.. _columns.Select(column => column.ToColumn(all))]);
    }

    /// <summary>Creates a schema. All columns except the labels are features.</summary>
    /// <param name="task">The task of the model.</param>
    /// <param name="labels">The label columns.</param>
    /// <exception cref="ArgumentException">There is no column of that name.</exception>
    public TableSchema ToSchema(TableTask task, params IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        string[] missing = [.. labels.Where(label => !_columns.Exists(column => column.Name == label))];
        if (missing.Length > 0) ColumnNames.ThrowMissing(missing, _columns.Select(column => column.Name));
        return new TableSchema { Features = [.. Columns.Where(column => !labels.Contains(column.Name))], Labels = labels, Task = task };
    }

    /// <summary>Returns the readers of the cells of each feature of an encoding.</summary>
    internal Func<T, double>[] Readers(TableEncoding encoding)
    {
        string[] names = [.. encoding.Schema.Features.Select(feature => feature.Name)];
        string[] missing = [.. names.Where(name => !_columns.Exists(column => column.Name == name))];
        if (missing.Length > 0) ColumnNames.ThrowMissing(missing, _columns.Select(column => column.Name));
        return [.. names.Select((name, i) => _columns.Find(column => column.Name == name)!.Reader(encoding, i))];
    }

    private static Func<T, TValue> Given<TValue>(Func<T, TValue> value) => value ?? throw new ArgumentNullException(nameof(value));

    private RowMapping<T> Add(MappedColumn<T> column)
    {
        if (_columns.Exists(other => other.Name == column.Name))
            throw new ArgumentException($"There is already a column {Printable.Quoted(column.Name)}; each column needs a different name.");
        _columns.Add(column);
        return this;
    }
}
