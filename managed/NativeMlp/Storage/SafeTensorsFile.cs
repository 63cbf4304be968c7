// SPDX-License-Identifier: MIT
using NativeMlp.Data;

namespace NativeMlp.Storage;

/// <summary>
/// A safetensors file: eight bytes with the length of a JSON header, the header, and the bytes of the tensors. The header
/// contains the type, shape and position of each tensor. Every byte after it belongs to exactly one tensor.
/// </summary>
public sealed class SafeTensorsFile
{
    internal const string MetadataName = "__metadata__";

    /// <summary>The number of bytes of the header length at the beginning of a file.</summary>
    internal const int LengthBytes = 8;

    /// <summary>Creates the content of a file.</summary>
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
            if (Problem(name, tensor) is { } problem) Throw.Argument($"{problem}", nameof(tensors));
        }

        Tensors = tensors;
        Metadata = metadata ?? new Dictionary<string, string>();
    }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafeTensor> Tensors { get; }

    /// <summary>The metadata: names and values.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a file and checks all rules of the format.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its content.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="DataFormatException">The file is damaged or not a safetensors file, or one of its tensors is too large
    /// for an array.</exception>
    public static SafeTensorsFile Read(string path)
    {
        using SafeTensorsSource source = new(path);
        var tensors = new Dictionary<string, SafeTensor>(source.Tensors.Count);
        foreach (TensorEntry entry in source.Tensors.Values)
            tensors[entry.Name] = new SafeTensor(entry.ElementType, entry.Shape, source.ReadBytes(entry));

        return new SafeTensorsFile(tensors, source.Metadata);
    }

    /// <summary>
    /// Writes the file atomically: to a new file in the same folder, which is then renamed, so readers
    /// find either the old or the new content. The new file has the permissions of the replaced one. A
    /// symbolic link is replaced itself, not the file that it points to.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written. An old file is unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied. An old file is unchanged.</exception>
    public void Write(string path) => SafeTensorsWriter.Write(
        path,
        [
            .. Tensors.Select(pair => new WrittenTensor(pair.Key, pair.Value.ElementType, pair.Value.Shape, pair.Value.Bytes.Length,
                sink => sink(pair.Value.Bytes.Span))),
        ],
        Metadata);

    private static string? Problem(string name, SafeTensor tensor)
    {
        if (name == MetadataName)
            return $"The name {MetadataName} belongs to the metadata; no tensor can have it.";

        Int128 needed = SafeTensor.ElementSize(tensor.ElementType);
        if (needed == 0)
            return $"Tensor {Printable.Quoted(name)} has the unknown element type {Printable.Quoted(tensor.ElementType)}.";

        foreach (int size in tensor.Shape)
            needed = size < 0 || needed < 0 || needed > long.MaxValue ? -1 : needed * size;

        return needed == tensor.Bytes.Length
            ? null
            : $"Tensor {Printable.Quoted(name)} has {tensor.Bytes.Length} bytes, which do not fit {tensor.ElementType} [{string.Join(" × ", tensor.Shape)}].";
    }
}
