// SPDX-License-Identifier: MIT
namespace NativeMlp.Storage;

/// <summary>The header entry of a tensor. It occupies the bytes of the data from <paramref name="Begin"/> to
/// before <paramref name="End"/>.</summary>
internal sealed record TensorEntry(string Name, string ElementType, int[] Shape, long Begin, long End)
{
    public long Bytes => End - Begin;
}

/// <summary>The checked header of a safetensors file. Its tensors are adjacent in the data.</summary>
internal sealed record SafeTensorsHeader(IReadOnlyDictionary<string, string> Metadata, IReadOnlyDictionary<string, TensorEntry> Tensors);
