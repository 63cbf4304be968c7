// SPDX-License-Identifier: MIT
using System.Text;
using System.Text.Json;
using NativeMlp.Data;

namespace NativeMlp.Storage;

/// <summary>Reads and checks the header of one file, which is followed by a known number of bytes of data. Tensors of a type that this
/// library does not know make the file unreadable, unless they may be there: then only their places are checked.</summary>
internal sealed class SafeTensorsHeaderReader(string path, byte[] header, long dataBytes, bool anyType = false)
{
    private readonly Dictionary<string, string> _metadata = [];
    private readonly Dictionary<string, TensorEntry> _tensors = [];
    private bool _hasMetadata;

    public SafeTensorsHeader Read()
    {
        try
        {
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(header);
            if (header is not [(byte)'{', ..]) throw Bad("its header does not begin with '{'.");
            ReadHeader();
        }
        catch (DecoderFallbackException e)
        {
            throw Bad("its header is not UTF-8.", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw Bad($"its header is not the JSON that the format wants: {Reason(e)}", e);
        }

        CheckPlaces();
        return new SafeTensorsHeader(_metadata, _tensors);
    }

    private DataFormatException Bad(string problem, Exception? inner = null) => new(path, problem, inner);

    private void ReadHeader()
    {
        var json = new Utf8JsonReader(header);
        Expect(ref json, JsonTokenType.StartObject);
        while (Next(ref json) != JsonTokenType.EndObject)
        {
            string name = json.GetString()!;
            bool isNew = name == SafeTensorsFile.MetadataName ? !_hasMetadata : !_tensors.ContainsKey(name);
            if (!isNew)
                throw Bad($"the name {Printable.Quoted(name)} stands twice in its header.");

            if (name == SafeTensorsFile.MetadataName)
            {
                _hasMetadata = true;
                ReadMetadata(ref json);
            }
            else
            {
                _tensors.Add(name, ReadEntry(ref json, name));
            }
        }

        if (json.Read())
            throw Bad("something follows the end of its header's JSON.");
    }

    private void ReadMetadata(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.StartObject);
        while (Next(ref json) != JsonTokenType.EndObject)
        {
            string name = json.GetString()!;
            Expect(ref json, JsonTokenType.String);
            if (!_metadata.TryAdd(name, json.GetString()!))
                throw Bad($"the metadata {Printable.Quoted(name)} stand twice in its header.");
        }
    }

    private TensorEntry ReadEntry(ref Utf8JsonReader json, string name)
    {
        string? type = null;
        long[]? shape = null, offsets = null;
        Expect(ref json, JsonTokenType.StartObject);
        while (Next(ref json) != JsonTokenType.EndObject)
        {
            if (type is null && json.ValueTextEquals("dtype"u8))
            {
                Expect(ref json, JsonTokenType.String);
                type = KnownType(ref json);
            }
            else if (shape is null && json.ValueTextEquals("shape"u8))
            {
                shape = ReadNumbers(ref json);
            }
            else if (offsets is null && json.ValueTextEquals("data_offsets"u8))
            {
                offsets = ReadNumbers(ref json);
            }
            else
            {
                throw Bad($"tensor {Printable.Quoted(name)} has an unknown or repeated entry {Printable.Quoted(json.GetString())}.");
            }
        }

        if (type is null || shape is null || offsets is not { Length: 2 })
            throw Bad($"tensor {Printable.Quoted(name)} needs dtype, shape and two data_offsets.");

        return Checked(name, type, shape, offsets[0], offsets[1]);
    }

    private TensorEntry Checked(string name, string type, long[] shape, long begin, long end)
    {
        int size = SafeTensor.ElementSize(type);
        if (size == 0 && !anyType)
            throw Bad($"tensor {Printable.Quoted(name)} has the unknown element type {Printable.Quoted(type)}.");

        Int128 bytes = size;
        foreach (long n in shape)
        {
            bytes *= n is >= 0 and <= int.MaxValue ? n : throw Bad($"tensor {Printable.Quoted(name)} has the size {n} in its shape.");
            if (bytes > long.MaxValue)
                throw Bad($"the shape [{string.Join(", ", shape)}] of tensor {Printable.Quoted(name)} is too large.");
        }

        if (begin < 0 || end < begin || (size > 0 && bytes != end - begin))
            throw Bad($"tensor {Printable.Quoted(name)} of shape [{string.Join(", ", shape)}] needs {bytes} bytes; its place is {begin} to {end}.");

        return new TensorEntry(name, type, Array.ConvertAll(shape, n => (int)n), begin, end);
    }

    // Side by side from 0 to the end: no overlap, no hole.
    private void CheckPlaces()
    {
        long at = 0;
        foreach (TensorEntry tensor in _tensors.Values.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
        {
            if (tensor.Begin != at)
                throw Bad($"tensor {Printable.Quoted(tensor.Name)} begins at byte {tensor.Begin} of the data; the one before it ends at {at}.");

            at = tensor.End;
        }

        if (at != dataBytes)
            throw Bad($"its tensors end at byte {at} of the data; there are {dataBytes}.");
    }

    // The parser's own words end with a line and a column, which mean nothing in a header.
    private string Reason(Exception e)
    {
        if (e is not JsonException { LineNumber: { } line, BytePositionInLine: { } column }) return e.Message;
        int at = 0;
        for (long before = 0; before < line; before++) at += header.AsSpan(at).IndexOf((byte)'\n') + 1;
        int end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string words = end < 0 ? e.Message : e.Message[..end];
        return $"{words.TrimEnd('.')}, at byte {at + column} of the header.";
    }

    // One text for each of the few that there are, however many tensors name it.
    private static string KnownType(ref Utf8JsonReader json)
    {
        foreach (string type in SafeTensor.ElementTypes)
        {
            if (json.ValueTextEquals(type)) return type;
        }

        return json.GetString()!;
    }

    private static JsonTokenType Next(ref Utf8JsonReader json) =>
        json.Read() ? json.TokenType : throw new JsonException("it ends too early.");

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type)
    {
        if (Next(ref json) != type)
            throw new JsonException($"{json.TokenType} where {type} should be, at byte {json.TokenStartIndex} of the header.");
    }

    private static long[] ReadNumbers(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.StartArray);
        var numbers = new List<long>();
        while (Next(ref json) != JsonTokenType.EndArray)
        {
            numbers.Add(json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long number)
                ? number
                : throw new JsonException($"no integer at byte {json.TokenStartIndex} of the header."));
        }

        return [.. numbers];
    }
}
