// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>Opens data files, plain or gzip. The first two bytes determine which, not the name.</summary>
internal static class DataFile
{
    private const int FirstLength = 1 << 20;

    /// <summary>Opens the content of a file, to be read from beginning to end.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    public static Stream Open(string path) => Open(path, DataLimits.Default, out _);

    /// <summary>Opens the content of a file with other limits. Also returns the file itself, whose position shows how much has been read.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    public static Stream Open(string path, DataLimits limits, out PlainContent file)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"The data file {Printable.Path(path)} does not exist.", path);
        // Other processes may write to the file or replace it.
        return Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0), path, limits, out file);
    }

    /// <summary>Opens the content of a stream, plain or gzip. The content owns the stream.</summary>
    public static Stream Open(Stream stream, string name, DataLimits limits, out PlainContent file)
    {
        try
        {
            byte[] beginning = new byte[2];
            int read = stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
            file = new PlainContent(name, beginning[..read], stream, limits);
            return beginning is [0x1f, 0x8b] ? new GzipContent(name, file, limits) : file;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads at most this number of bytes. The array grows with the bytes that are actually read.</summary>
    public static byte[] Read(Stream content, long most)
    {
        byte[] bytes = new byte[Math.Min(most, FirstLength)];
        int length = content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        while (length == bytes.Length && length < most)
        {
            Array.Resize(ref bytes, (int)Math.Min(most, 2L * length));
            length += content.ReadAtLeast(bytes.AsSpan(length), bytes.Length - length, throwOnEndOfStream: false);
        }

        Array.Resize(ref bytes, length);
        return bytes;
    }

    /// <summary>Whether the content has been read to its end.</summary>
    public static bool HasEnded(Stream content) => content.Read(stackalloc byte[1]) == 0;
}
