// SPDX-License-Identifier: MIT
using System.Text;
using System.Text.Json;
using NativeMlp.Data;

namespace NativeMlp.Storage;

/// <summary>Reads one file's bytes; everything in them is doubted.</summary>
internal sealed class SafeTensorsReader(string path, byte[] content)
{
    private sealed record Entry(string Name, string ElementType, int[] Shape, long Begin, long End);

    private readonly Dictionary<string, string> _metadata = [];
    private readonly List<Entry> _entries = [];

    public SafeTensorsFile Read()
    {
        int headerLength = (int)SafeTensorsFile.HeaderLength(path, content);
        ReadOnlyMemory<byte> data = content.AsMemory(8 + headerLength);
        try
        {
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(content, 8, headerLength);
            ReadHeader(content.AsSpan(8, headerLength));
        }
        catch (DecoderFallbackException e)
        {
            throw Bad("its header is not UTF-8.", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw Bad($"its header is not the JSON that the format wants: {e.Message}", e);
        }

        CheckPlaces(data.Length);
        var tensors = new Dictionary<string, SafeTensor>();
        foreach (Entry entry in _entries)
        {
            tensors[entry.Name] = new SafeTensor(entry.ElementType, entry.Shape, data[(int)entry.Begin..(int)entry.End]);
        }

        return new SafeTensorsFile(tensors, _metadata);
    }

    private DataFormatException Bad(string problem, Exception? inner = null) => new(path, problem, inner);

    private void ReadHeader(ReadOnlySpan<byte> header)
    {
        var json = new Utf8JsonReader(header);
        var names = new HashSet<string>();
        Expect(ref json, JsonTokenType.StartObject);
        while (Next(ref json) != JsonTokenType.EndObject)
        {
            string name = json.GetString()!;
            if (!names.Add(name))
            {
                throw Bad($"the name '{name}' stands twice in its header.");
            }

            if (name == SafeTensorsFile.MetadataName)
            {
                ReadMetadata(ref json);
            }
            else
            {
                _entries.Add(ReadEntry(ref json, name));
            }
        }

        if (json.Read())
        {
            throw Bad("something follows the end of its header's JSON.");
        }
    }

    private void ReadMetadata(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.StartObject);
        while (Next(ref json) != JsonTokenType.EndObject)
        {
            string name = json.GetString()!;
            Expect(ref json, JsonTokenType.String);
            if (!_metadata.TryAdd(name, json.GetString()!))
            {
                throw Bad($"the metadata '{name}' stand twice in its header.");
            }
        }
    }

    private Entry ReadEntry(ref Utf8JsonReader json, string name)
    {
        string? type = null;
        long[]? shape = null, offsets = null;
        Expect(ref json, JsonTokenType.StartObject);
        while (Next(ref json) != JsonTokenType.EndObject)
        {
            switch (json.GetString())
            {
                case "dtype" when type is null:
                    Expect(ref json, JsonTokenType.String);
                    type = json.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref json);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref json);
                    break;
                case string key:
                    throw Bad($"tensor '{name}' has an unknown or repeated entry '{key}'.");
            }
        }

        if (type is null || shape is null || offsets is not { Length: 2 })
        {
            throw Bad($"tensor '{name}' needs dtype, shape and two data_offsets.");
        }

        return Checked(name, type, shape, offsets[0], offsets[1]);
    }

    private Entry Checked(string name, string type, long[] shape, long begin, long end)
    {
        int size = SafeTensor.ElementSize(type);
        if (size == 0)
        {
            throw Bad($"tensor '{name}' has the unknown element type '{type}'.");
        }

        Int128 bytes = size;
        foreach (long n in shape)
        {
            bytes *= n is >= 0 and <= int.MaxValue ? n : throw Bad($"tensor '{name}' has the size {n} in its shape.");
            if (bytes > long.MaxValue)
            {
                throw Bad($"the shape [{string.Join(", ", shape)}] of tensor '{name}' is too large.");
            }
        }

        if (begin < 0 || end < begin || bytes != end - begin)
        {
            throw Bad($"tensor '{name}' of shape [{string.Join(", ", shape)}] needs {bytes} bytes; its place is {begin} to {end}.");
        }

        return new Entry(name, type, Array.ConvertAll(shape, n => (int)n), begin, end);
    }

    // Side by side from 0 to the end: no overlap, no hole.
    private void CheckPlaces(long length)
    {
        long at = 0;
        foreach (Entry entry in _entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != at)
            {
                throw Bad($"tensor '{entry.Name}' begins at byte {entry.Begin} of the data; the one before it ends at {at}.");
            }

            at = entry.End;
        }

        if (at != length)
        {
            throw Bad($"its tensors end at byte {at} of the data; there are {length}.");
        }
    }

    private static JsonTokenType Next(ref Utf8JsonReader json) =>
        json.Read() ? json.TokenType : throw new JsonException("it ends too early");

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type)
    {
        if (Next(ref json) != type)
        {
            throw new JsonException($"{json.TokenType} where {type} should be, at byte {json.TokenStartIndex}");
        }
    }

    private static long[] ReadNumbers(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.StartArray);
        var numbers = new List<long>();
        while (Next(ref json) != JsonTokenType.EndArray)
        {
            numbers.Add(json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long number)
                ? number
                : throw new JsonException($"no integer at byte {json.TokenStartIndex}"));
        }

        return [.. numbers];
    }
}
