// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using NativeMlp.Data;

namespace NativeMlp.Storage;

/// <summary>An open safetensors file. The header has been read and checked. The tensors are read one by one, so
/// the file may be longer than an array.</summary>
internal sealed class SafeTensorsSource : IDisposable
{
    private const int ChunkBytes = 1 << 22;

    // The limit of the format, and the limit for a file with few data: each tensor needs about a hundred bytes of
    // the header.
    private const long MostHeaderBytes = 100_000_000;
    private const long FreeHeaderBytes = 16 << 20;
    private const long HeaderBytesPerByte = 64;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly long _data;

    /// <summary>Opens a file and checks all rules of the format.</summary>
    /// <param name="path">The file.</param>
    /// <param name="anyType">Whether tensors of unknown types are allowed. They cannot be read.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="DataFormatException">The file is damaged, or not a safetensors file.</exception>
    public SafeTensorsSource(string path, bool anyType = false)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"The file {Printable.Path(path)} does not exist.", path);
        _path = path;
        // On Windows a file that is about to be replaced can be opened only like this.
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        try
        {
            if (!_file.CanSeek) throw Bad("it is a pipe or a device, whose length is not known; copy it into a file.");
            byte[] header = ReadHeader();
            _data = SafeTensorsFile.LengthBytes + header.Length;
            SafeTensorsHeader read = new SafeTensorsHeaderReader(path, header, _file.Length - _data, anyType).Read();
            Metadata = read.Metadata;
            Tensors = read.Tensors;
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Reads the bytes of a tensor.</summary>
    /// <exception cref="DataFormatException">They are more than fit into an array, or fewer than when the file was opened.</exception>
    public byte[] ReadBytes(TensorEntry tensor)
    {
        if (tensor.Bytes > Array.MaxLength)
            throw Bad($"tensor {Printable.Quoted(tensor.Name)} has {tensor.Bytes} bytes; at most {Array.MaxLength} fit into one array.");
        var bytes = new byte[tensor.Bytes];
        _file.Position = _data + tensor.Begin;
        Fill(bytes);
        return bytes;
    }

    /// <summary>The elements of a tensor as float32, as <see cref="SafeTensor.GetFloats"/> makes them.</summary>
    /// <exception cref="DataFormatException">They are more than fit into an array, or fewer than when the file was opened.</exception>
    public float[] ReadFloats(TensorEntry tensor)
    {
        int size = SafeTensor.ElementSize(tensor.ElementType);
        long count = tensor.Bytes / size;
        if (count > Array.MaxLength)
            throw Bad($"tensor {Printable.Quoted(tensor.Name)} has {count} elements; at most {Array.MaxLength} fit into one array.");
        var values = new float[count];
        var chunk = new byte[Math.Min(ChunkBytes, tensor.Bytes)];
        _file.Position = _data + tensor.Begin;
        for (int start = 0; start < values.Length; start += chunk.Length / size)
        {
            Span<float> part = values.AsSpan(start, Math.Min(chunk.Length / size, values.Length - start));
            Span<byte> bytes = chunk.AsSpan(0, part.Length * size);
            Fill(bytes);
            SafeTensor.ToFloats(tensor.ElementType, bytes, part);
        }

        return values;
    }

    /// <summary>Reads the file again and checks its hash, if it contains one.</summary>
    /// <exception cref="DataFormatException">The hash is different.</exception>
    public void ThrowIfContentChanged()
    {
        if (!Metadata.TryGetValue(ContentHash.Name, out string? stated))
        {
            if (Metadata.Keys.FirstOrDefault(ContentHash.IsDamagedName) is { } damaged)
                throw Bad($"its metadata have the name {Printable.Quoted(damaged)}, which was {ContentHash.Name} before it was damaged: take another copy of it.");
            return; // an older file
        }

        byte[] beginning = new byte[_data];
        _file.Position = 0;
        Fill(beginning);
        if (!ContentHash.Matches(_file, beginning, stated))
            throw Bad($"its contents have another SHA-256 than its metadata state ({ContentHash.Name}), so it has been changed or damaged since it was saved: take another copy of it, or train the model again.");
    }

    public void Dispose() => _file.Dispose();

    private byte[] ReadHeader()
    {
        long following = _file.Length - SafeTensorsFile.LengthBytes;
        if (following < 0) throw Bad($"a safetensors file begins with {SafeTensorsFile.LengthBytes} bytes; this one has {_file.Length}.");
        Span<byte> beginning = stackalloc byte[SafeTensorsFile.LengthBytes];
        Fill(beginning);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(beginning);
        if (length > (ulong)following) throw Bad($"its header should have {length} bytes; {following} follow.");
        long most = Math.Min(MostHeaderBytes, FreeHeaderBytes + (HeaderBytesPerByte * Math.Min(following - (long)length, MostHeaderBytes)));
        if (length > (ulong)most)
            throw Bad($"its header has {length} bytes; with {following - (long)length} bytes of data behind it, it may have at most {most}.");
        var header = new byte[length];
        Fill(header);
        return header;
    }

    private void Fill(Span<byte> bytes)
    {
        int read = _file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length) throw Bad("it became shorter while it was read.");
    }

    private DataFormatException Bad(string problem) => new(_path, problem);
}
