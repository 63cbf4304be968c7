// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.Text.Json;

namespace NativeMlp.Storage;

/// <summary>A tensor to write: its header entry, and a function that hands its bytes to a sink.</summary>
internal sealed record WrittenTensor(string Name, string ElementType, IReadOnlyList<int> Shape, long Bytes, Action<FloatBytes.Sink> Pour)
{
    /// <summary>The element type of bfloat16 in the format.</summary>
    public const string BFloat16 = "BF16";

    /// <summary>Creates a float32 tensor. Its values are read when they are written, so only one tensor at a time is in memory.</summary>
    public static WrittenTensor Floats(string name, IReadOnlyList<int> shape, Func<float[]> values) =>
        new(name, "F32", shape, shape.Aggregate((long)sizeof(float), (product, size) => product * size),
            sink => FloatBytes.Pour(values(), sink));

    /// <summary>Creates a bfloat16 tensor of values that are bfloat16 numbers.</summary>
    public static WrittenTensor BFloats(string name, IReadOnlyList<int> shape, Func<float[]> values) =>
        new(name, BFloat16, shape, shape.Aggregate((long)sizeof(ushort), (product, size) => product * size),
            sink => FloatBytes.PourUpperHalves(values(), sink));
}

/// <summary>Writes safetensors files, a tensor at a time.</summary>
internal static class SafeTensorsWriter
{
    /// <summary>Replaces or creates a file. If the metadata contain <see cref="ContentHash.Name"/>, its value is replaced by the
    /// hash of the contents.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="beforeFlush">Invoked when the content is complete, before it is flushed to disk and replaces an old file.</param>
    /// <inheritdoc cref="AtomicFile.Write(string, Action{Stream})"/>
    public static void Write(string path, IReadOnlyList<WrittenTensor> tensors, IReadOnlyDictionary<string, string> metadata, Action? beforeFlush = null)
    {
        bool hashed = metadata.ContainsKey(ContentHash.Name);
        if (hashed) metadata = new Dictionary<string, string>(metadata) { [ContentHash.Name] = ContentHash.Blank };
        byte[] header = Header(tensors, metadata);
        AtomicFile.Write(path, file =>
        {
            if (hashed) ContentHash.Write(file, header, sink => Pour(sink, header, tensors));
            else Pour(file.Write, header, tensors);
            beforeFlush?.Invoke();
        });
    }

    private static void Pour(FloatBytes.Sink sink, byte[] header, IReadOnlyList<WrittenTensor> tensors)
    {
        Span<byte> length = stackalloc byte[SafeTensorsFile.LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        sink(length);
        sink(header);
        foreach (WrittenTensor tensor in tensors) tensor.Pour(sink);
    }

    // The data begin at a multiple of 8: the header ends with spaces.
    private static byte[] Header(IReadOnlyList<WrittenTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject(SafeTensorsFile.MetadataName);
                foreach ((string name, string value) in metadata)
                    json.WriteString(name, value);

                json.WriteEndObject();
            }

            WriteTensors(json, tensors);
            json.WriteEndObject();
        }

        while (stream.Length % 8 != 0)
            stream.WriteByte((byte)' ');

        return stream.ToArray();
    }

    private static void WriteTensors(Utf8JsonWriter json, IReadOnlyList<WrittenTensor> tensors)
    {
        long offset = 0;
        foreach (WrittenTensor tensor in tensors)
        {
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", tensor.ElementType);
            json.WriteStartArray("shape");
            foreach (int size in tensor.Shape)
                json.WriteNumberValue(size);

            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(offset);
            json.WriteNumberValue(offset += tensor.Bytes);
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }
}
