// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>Opens data files, plain or gzip; which of them is told by the first two bytes, not by the name.</summary>
internal static class DataFile
{
    private const int FirstLength = 1 << 20;

    /// <summary>The content of a file, to be read from beginning to end.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Stream Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"The data file {Printable.Path(path)} does not exist.", path);
        // Something else may write into it or replace it: that is not this reader's concern.
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        try
        {
            byte[] beginning = new byte[2];
            int read = file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
            PlainContent plain = new(path, beginning[..read], file);
            return beginning is [0x1f, 0x8b] ? new GzipContent(path, plain) : plain;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The next bytes of a content, at most so many; the array grows with what really comes.</summary>
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

    /// <summary>Whether all of a content has been read.</summary>
    public static bool HasEnded(Stream content) => content.Read(stackalloc byte[1]) == 0;
}
