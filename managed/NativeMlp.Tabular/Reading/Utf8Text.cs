// SPDX-License-Identifier: MIT
using System.Buffers;
using System.Text.Unicode;

namespace NativeMlp.Tabular.Reading;

/// <summary>Gives the characters of UTF-8 bytes in memory.</summary>
/// <remarks>A <see cref="StreamReader"/> would read the same through two more buffers.</remarks>
internal sealed class Utf8Text(ReadOnlyMemory<byte> text) : TextReader
{
    private int _given;

    public override int Read(Span<char> buffer)
    {
        OperationStatus status = Utf8.ToUtf16(text.Span[_given..], buffer, out int read, out int written, replaceInvalidSequences: false);
        if (status is OperationStatus.InvalidData or OperationStatus.NeedMoreData) throw new InvalidDataException("The text is not UTF-8.");
        _given += read;
        return written; // may be one less than there is room for: a pair of surrogates is not parted
    }

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));
}
