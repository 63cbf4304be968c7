// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.IO.Compression;
using NativeMlp.Data;

namespace NativeMlp.Onnx;

/// <summary>What a file of weights is, by its beginning.</summary>
internal enum FileKind
{
    Unknown,
    Onnx,
    SafeTensors,
    Npz,
    Npy,
    PyTorchArchive,
    Pickle,
    Hdf5,
    Zip,
    Gzip,
    Text,
}

/// <summary>Tells files apart by what they begin with, before any of it is read.</summary>
internal static class FileKinds
{
    /// <summary>Checks that a file is there and of a kind, as far as its beginning shows.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">It is of another kind.</exception>
    public static void MustBe(string path, FileKind expected)
    {
        FileKind found = Of(path);
        if (found == expected) return;
        if (found is FileKind.PyTorchArchive or FileKind.Pickle) throw Refused(path, found);
        throw new DataFormatException(path, $"it is {Describe(found)}; {Describe(expected)} was expected.");
    }

    /// <summary>A file that is never read, because reading it would execute what it says.</summary>
    public static DataFormatException Refused(string path, FileKind kind) => new(path,
        $"it is {Describe(kind)}; loading it would run code, so it is not read: save the weights as safetensors instead (safetensors.torch.save_file(model.state_dict(), \"model.safetensors\")).");

    /// <summary>The kind of a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static FileKind Of(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"The file {Printable.Path(path)} does not exist.", path);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (!file.CanSeek) throw new DataFormatException(path, "it is a pipe or a device, whose length is not known; copy it into a file.");
        Span<byte> beginning = stackalloc byte[16];
        ReadOnlySpan<byte> read = beginning[..file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)];
        return read.StartsWith("PK"u8) ? KindOfZip(file) : Of(read, file.Length);
    }

    /// <summary>What a message calls a kind.</summary>
    public static string Describe(FileKind kind) => kind switch
    {
        FileKind.Onnx => "an ONNX model",
        FileKind.SafeTensors => "a safetensors file",
        FileKind.Npz => "an npz archive",
        FileKind.Npy => "a single NumPy array (.npy)",
        FileKind.PyTorchArchive => "PyTorch's own format (.pt), with a pickle in it",
        FileKind.Pickle => "a pickle",
        FileKind.Hdf5 => "an HDF5 file, as Keras writes it (.h5)",
        FileKind.Zip => "a ZIP archive without NumPy arrays",
        FileKind.Gzip => "a gzip file",
        FileKind.Text => "a text file",
        _ => "not a file of a known kind",
    };

    private static FileKind Of(ReadOnlySpan<byte> read, long length)
    {
        // First: the length of a header may begin with the bytes of anything.
        if (read.Length > 8 && read[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(read) is > 1 and var header && header <= (ulong)length) return FileKind.SafeTensors;
        if (read is [0x80, >= 2 and <= 5, ..]) return FileKind.Pickle;
        if (read is [0x89, (byte)'H', (byte)'D', (byte)'F', ..]) return FileKind.Hdf5;
        if (read is [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..]) return FileKind.Npy;
        if (read is [0x1F, 0x8B, ..]) return FileKind.Gzip;
        // The first field of every writer of ONNX is the version of the format, an integer; some begin with the graph.
        if (read is [0x08, < 0x80, ..] or [0x12 or 0x3A, ..]) return FileKind.Onnx;
        return read.IndexOfAnyExceptInRange((byte)9, (byte)126) < 0 && read.Length > 0 ? FileKind.Text : FileKind.Unknown;
    }

    private static FileKind KindOfZip(FileStream file)
    {
        file.Position = 0;
        try
        {
            using ZipArchive archive = new(file, ZipArchiveMode.Read, leaveOpen: true);
            return archive.Entries.Any(entry => entry.FullName.EndsWith(".pkl", StringComparison.Ordinal)) ? FileKind.PyTorchArchive
                : archive.Entries.Any(entry => entry.FullName.EndsWith(".npy", StringComparison.Ordinal)) ? FileKind.Npz : FileKind.Zip;
        }
        catch (InvalidDataException)
        {
            return FileKind.Zip;
        }
    }
}
