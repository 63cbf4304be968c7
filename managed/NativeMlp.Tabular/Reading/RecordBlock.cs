// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Reading;

/// <summary>A block of whole records of a text, as UTF-8. It is reused.</summary>
internal sealed class RecordBlock
{
    /// <summary>The array that contains the records. It may be longer.</summary>
    public byte[] Buffer = new byte[RecordBlocks.BlockBytes];

    /// <summary>The number of bytes of records.</summary>
    public int Length { get; set; }

    /// <summary>The index of this block in its text.</summary>
    public int Index { get; set; }

    /// <summary>The line on which it begins, from 1.</summary>
    public long FirstLine { get; set; }

    /// <summary>The records.</summary>
    public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(0, Length);
}
