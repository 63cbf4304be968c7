// SPDX-License-Identifier: MIT
using System.IO.Compression;
using System.IO.Hashing;
using NativeMlp.Data;

namespace NativeMlp.Tabular.Reading.NumPy;

/// <summary>NumPy's archive of arrays: a ZIP archive of .npy files.</summary>
internal static class NpzArchive
{
    private const string Extension = ".npy";
    private const long FreeBytes = 32 << 20;

    /// <summary>Reads all arrays, in their order in the archive.</summary>
    /// <exception cref="DataFormatException">The archive or an array is damaged, or two arrays have one name.</exception>
    public static IReadOnlyList<(string Name, NpyArray Array)> Read(Stream file, string name, double maxRatio)
    {
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read);
            var names = new HashSet<string>(StringComparer.Ordinal);
            List<(string, NpyArray)> arrays = [];
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                if (!names.Add(entry.FullName)) throw new DataFormatException(name, $"two of its arrays are called {Printable.Quoted(entry.FullName)}.");
                arrays.Add(ReadEntry(entry, name, maxRatio));
            }

            return arrays;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new DataFormatException(name, "the archive is damaged or cut off.", e);
        }
    }

    private static (string Name, NpyArray Array) ReadEntry(ZipArchiveEntry entry, string name, double maxRatio)
    {
        var place = new NpyPlace(name, entry.FullName);
        if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal))
            throw place.Fault("this is no .npy file; an archive with a table holds nothing else (a spreadsheet is to be saved as CSV).");
        if (entry.Length > FreeBytes && entry.Length > maxRatio * entry.CompressedLength)
        {
            throw place.Fault($"its {entry.CompressedLength} bytes become {entry.Length}: a ratio above {maxRatio:0.#} is refused beyond {FreeBytes >> 20} MiB, "
                + "because a small file could fill the memory. If you trust it, allow a greater one with --max-ratio.");
        }

        string array = entry.FullName[..^Extension.Length];
        using var content = new CheckedContent(entry, place);
        return (array, NpyArray.Read(content, place, array, entry.Length));
    }

    // The library unpacks an entry without comparing its checksum.
    private sealed class CheckedContent(ZipArchiveEntry entry, NpyPlace place) : InputStream
    {
        private readonly Stream _content = entry.Open();
        private readonly Crc32 _sum = new();

        public override int Read(Span<byte> buffer)
        {
            int read = _content.Read(buffer);
            _sum.Append(buffer[..read]);
            if (read == 0 && buffer.Length > 0 && _sum.GetCurrentHashAsUInt32() != entry.Crc32)
                throw place.Fault("its checksum is wrong: the archive is damaged.");
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) _content.Dispose();
            base.Dispose(disposing);
        }
    }
}
