// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.Text.Json;
using NativeMlp.Data;

namespace NativeMlp.Storage;

/// <summary>
/// A safetensors file: eight bytes with the length of a JSON header, the header, the tensors' bytes. The header
/// says each tensor's type, shape and place; every byte behind it belongs to exactly one tensor.
/// </summary>
public sealed class SafeTensorsFile
{
    internal const string MetadataName = "__metadata__";

    private const int MostHeaderBytes = 100_000_000; // the format's own bound

    /// <summary>Makes a file's content.</summary>
    /// <param name="tensors">Its tensors by name.</param>
    /// <param name="metadata">Its metadata; none if null.</param>
    /// <exception cref="ArgumentNullException"><paramref name="tensors"/> is null.</exception>
    /// <exception cref="ArgumentException">A tensor has the name of the metadata, an unknown element type, or bytes that do
    /// not fit its shape.</exception>
    public SafeTensorsFile(IReadOnlyDictionary<string, SafeTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        foreach ((string name, SafeTensor tensor) in tensors)
        {
            if (Problem(name, tensor) is { } problem)
            {
                throw new ArgumentException(problem, nameof(tensors));
            }
        }

        Tensors = tensors;
        Metadata = metadata ?? new Dictionary<string, string>();
    }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafeTensor> Tensors { get; }

    /// <summary>Names and values that go with the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a file and checks all that the format demands.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its content.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">It is damaged, or no safetensors file.</exception>
    public static SafeTensorsFile Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The file {path} does not exist.", path);
        }

        return new SafeTensorsReader(path, ReadAll(path)).Read();
    }

    // On Windows File.ReadAllBytes neither lets a file be replaced meanwhile nor reads one that just is.
    private static byte[] ReadAll(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        if (file.Length > Array.MaxLength)
        {
            throw new DataFormatException(path, $"it has {file.Length} bytes; no more than {Array.MaxLength} can be read.");
        }

        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }

    /// <summary>
    /// Writes the file: into a new one in the same folder, which then takes the name, so that whoever
    /// reads finds the old content or the new and never a part.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be written; an old file is then unchanged.</exception>
    public void Write(string path)
    {
        string full = Path.GetFullPath(path);
        string temporary = $"{full}.{Path.GetRandomFileName()}.tmp"; // its own: two may save the same file at once
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                byte[] header = Header();
                Span<byte> length = stackalloc byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
                file.Write(length);
                file.Write(header);
                foreach (SafeTensor tensor in Tensors.Values)
                {
                    file.Write(tensor.Bytes.Span);
                }

                file.Flush(flushToDisk: true);
            }

            TakeName(temporary, full);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    // Windows refuses a name that another process is giving away or reading at the same moment.
    private static void TakeName(string temporary, string full)
    {
        const int MostTries = 50; // about a second
        for (int tries = 1; ; tries++)
        {
            try
            {
                File.Move(temporary, full, overwrite: true);
                return;
            }
            catch (Exception e) when (OperatingSystem.IsWindows() && tries < MostTries && e is IOException or UnauthorizedAccessException)
            {
                Thread.Sleep(tries);
            }
        }
    }

    internal static long HeaderLength(string path, ReadOnlySpan<byte> content)
    {
        if (content.Length < 8)
        {
            throw new DataFormatException(path, $"a safetensors file begins with 8 bytes; this one has {content.Length}.");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(content);
        if (length > (ulong)Math.Min(content.Length - 8, MostHeaderBytes))
        {
            throw new DataFormatException(path, $"its header should have {length} bytes; {content.Length - 8} follow.");
        }

        return (long)length;
    }

    private static string? Problem(string name, SafeTensor tensor)
    {
        if (name == MetadataName)
        {
            return $"The name {MetadataName} belongs to the metadata; no tensor can have it.";
        }

        Int128 needed = SafeTensor.ElementSize(tensor.ElementType);
        if (needed == 0)
        {
            return $"Tensor '{name}' has the unknown element type '{tensor.ElementType}'.";
        }

        foreach (int size in tensor.Shape)
        {
            needed = size < 0 || needed < 0 || needed > long.MaxValue ? -1 : needed * size;
        }

        return needed == tensor.Bytes.Length
            ? null
            : $"Tensor '{name}' has {tensor.Bytes.Length} bytes, which do not fit {tensor.ElementType} [{string.Join(" × ", tensor.Shape)}].";
    }

    // The data begin at a multiple of 8: the header ends with spaces.
    private byte[] Header()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0)
            {
                json.WriteStartObject(MetadataName);
                foreach ((string name, string value) in Metadata)
                {
                    json.WriteString(name, value);
                }

                json.WriteEndObject();
            }

            WriteTensors(json);
            json.WriteEndObject();
        }

        while (stream.Length % 8 != 0)
        {
            stream.WriteByte((byte)' ');
        }

        return stream.ToArray();
    }

    private void WriteTensors(Utf8JsonWriter json)
    {
        long offset = 0;
        foreach ((string name, SafeTensor tensor) in Tensors)
        {
            json.WriteStartObject(name);
            json.WriteString("dtype", tensor.ElementType);
            json.WriteStartArray("shape");
            foreach (int size in tensor.Shape)
            {
                json.WriteNumberValue(size);
            }

            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(offset);
            json.WriteNumberValue(offset += tensor.Bytes.Length);
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }
}
