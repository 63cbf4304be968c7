// SPDX-License-Identifier: MIT
using System.IO.Compression;
using NativeMlp.Data;

namespace NativeMlp.Onnx.Weights;

/// <summary>The arrays of NumPy's archive: numbers as tensors, and texts.</summary>
internal sealed record NpzArrays(IReadOnlyList<NamedTensor> Tensors, IReadOnlyDictionary<string, string> Texts, IReadOnlyList<string> Skipped)
{
    private const string Extension = ".npy";
    private const int MostArrays = 100_000;

    // What a small file may become; weights hardly shrink.
    private const long FreeBytes = 64 << 20;
    private const long MostRatio = 100;

    /// <summary>Reads an archive.</summary>
    /// <exception cref="DataFormatException">It or an array is damaged.</exception>
    public static NpzArrays Read(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using ZipArchive archive = new(file, ZipArchiveMode.Read);
            return Read(archive, path, file.Length);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new DataFormatException(path, "the archive is damaged or cut off.", e);
        }
    }

    private static NpzArrays Read(ZipArchive archive, string path, long fileLength)
    {
        Dictionary<string, NamedTensor> tensors = new(StringComparer.Ordinal);
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        List<string> skipped = [];
        long unpacked = 0;
        if (archive.Entries.Count > MostArrays) throw new DataFormatException(path, $"it has {archive.Entries.Count} arrays; at most {MostArrays} are read.");
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal))
                throw new DataFormatException(path, $"it has {Printable.Quoted(entry.FullName, 100)}, which is not an array; an archive of weights holds nothing else.");
            string name = entry.FullName[..^Extension.Length];
            unpacked += entry.Length;
            if (unpacked > FreeBytes && unpacked > MostRatio * fileLength)
                throw new DataFormatException(path, $"with the array {Printable.Quoted(name, 100)} its {fileLength} bytes become {unpacked}, which no weights do: it is refused, because a small file could fill the memory.");
            NpyContent array = NpyContent.Read(path, name, entry);
            if (array.Text is { } text) texts[name] = text;
            else if (array.Values is not { } values) skipped.Add($"{Printable.Quoted(name, 60)} ({Printable.Text(array.Type, 20)})");
            else if (!tensors.TryAdd(name, new NamedTensor(name, array.Sizes, array.Type, array.Type is not "<f4", () => values)))
                throw new DataFormatException(path, $"two of its arrays are called {Printable.Quoted(name, 100)}.");
        }

        return new NpzArrays([.. tensors.Values], texts, skipped);
    }
}
