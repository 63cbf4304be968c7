// SPDX-License-Identifier: MIT
namespace NativeMlp.Storage;

/// <summary>What a safetensors header says about one tensor; it lies from byte <paramref name="Begin"/> of the data to
/// before byte <paramref name="End"/>.</summary>
internal sealed record TensorEntry(string Name, string ElementType, int[] Shape, long Begin, long End)
{
    public long Bytes => End - Begin;
}

/// <summary>The header of a safetensors file, checked; all its tensors lie side by side in the data.</summary>
internal sealed record SafeTensorsHeader(IReadOnlyDictionary<string, string> Metadata, IReadOnlyDictionary<string, TensorEntry> Tensors);
