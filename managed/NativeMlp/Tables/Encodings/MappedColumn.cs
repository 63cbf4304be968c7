// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables.Encodings;

/// <summary>A column that comes from objects.</summary>
internal abstract class MappedColumn<T>(string name, ColumnType type)
{
    public string Name { get; } = name ?? throw new ArgumentNullException(nameof(name));

    public ColumnType Type { get; } = type;

    /// <summary>The column of a table of these rows.</summary>
    public abstract TableColumn ToColumn(T[] rows);

    /// <summary>Returns the reader of a row's cell for a feature of an encoding.</summary>
    public abstract Func<T, double> Reader(TableEncoding encoding, int feature);
}

internal sealed class MappedNumber<T>(string name, ColumnType type, Func<T, double?> value) : MappedColumn<T>(name, type)
{
    public override TableColumn ToColumn(T[] rows) => new NumberColumn(Name, Array.ConvertAll(rows, row => value(row) ?? Cell.Missing));

    public override Func<T, double> Reader(TableEncoding encoding, int feature) =>
        row => value(row) is { } number ? encoding.Read(feature, number) : Cell.Missing;
}

internal sealed class MappedText<T>(string name, Func<T, string?> value) : MappedColumn<T>(name, ColumnType.Category)
{
    public override TableColumn ToColumn(T[] rows) => TextColumn.FromValues(Name, rows.Select(value));

    public override Func<T, double> Reader(TableEncoding encoding, int feature) => row => encoding.Read(feature, value(row));
}

internal sealed class MappedBoolean<T>(string name, Func<T, bool?> value) : MappedColumn<T>(name, ColumnType.Boolean)
{
    public override TableColumn ToColumn(T[] rows) =>
        new TextColumn(Name, ["false", "true"], Array.ConvertAll(rows, row => value(row) is { } yes ? yes ? 1 : 0 : -1));

    public override Func<T, double> Reader(TableEncoding encoding, int feature)
    {
        FeatureEncoding reader = encoding.Features[feature];
        return row => value(row) is { } yes ? reader.Read(yes) : Cell.Missing;
    }
}
