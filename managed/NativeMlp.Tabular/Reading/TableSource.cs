// SPDX-License-Identifier: MIT
using NativeMlp.Data;

namespace NativeMlp.Tabular.Reading;

/// <summary>The bytes of a file, which can be read from their beginning more than once.</summary>
internal sealed class TableSource
{
    private readonly Func<Stream> _open;
    private readonly DataLimits _limits;

    private TableSource(string name, Func<Stream> open, TableReaderOptions options) =>
        (Name, _open, _limits) = (name, open, Limits(options));

    /// <summary>The file, for messages.</summary>
    public string Name { get; }

    /// <summary>Opens a file. A source that cannot be read twice, such as a pipe, is kept in memory.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    public static TableSource FromFile(string path, TableReaderOptions options)
    {
        if (Directory.Exists(path)) throw new DataFormatException(path, "this is a folder; give the file with the table.");
        if (!File.Exists(path)) throw new FileNotFoundException($"The data file {Printable.Path(path)} does not exist.", path);
        FileStream file = OpenFile(path);
        if (!file.CanSeek) return FromStream(file, path, options);
        file.Dispose();
        return new TableSource(path, () => OpenFile(path), options);
    }

    /// <summary>Opens a stream, such as standard input, which is read to its end and kept in memory.</summary>
    public static TableSource FromStream(Stream stream, string name, TableReaderOptions options)
    {
        List<byte[]> pieces = KeptStream.ReadAll(stream);
        return new TableSource(name, () => new KeptStream(pieces), options);
    }

    /// <summary>The limits that options set.</summary>
    public static DataLimits Limits(TableReaderOptions options) => new()
    {
        GzipRatio = options.MaxRatio,
        GzipRemedy = "allow a larger ratio with --max-ratio",
        UnknownLength = long.MaxValue,
    };

    /// <summary>The bytes as they are.</summary>
    public Stream OpenRaw() => _open();

    /// <summary>The contents, unpacked if they are gzip.</summary>
    public Stream Open(out PlainContent file) => DataFile.Open(_open(), Name, _limits, out file);

    private static FileStream OpenFile(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
}
