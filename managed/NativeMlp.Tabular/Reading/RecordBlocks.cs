// SPDX-License-Identifier: MIT
using NativeMlp.Data;

namespace NativeMlp.Tabular.Reading;

/// <summary>
/// Divides a text into blocks of whole records, so that they can be parsed independently of each other. A record ends with a
/// line ending outside quotation marks, that is, after an even number of quotation marks.
/// </summary>
/// <param name="name">The file, for messages.</param>
/// <param name="content">The text.</param>
/// <param name="comment">The character that begins a comment line; null for none.</param>
/// <param name="waits">Whether to wait for a full block; otherwise a block contains the records that are available.</param>
internal sealed class RecordBlocks(string name, Stream content, char? comment, bool waits = true)
{
    /// <summary>The usual size of a block: large enough for a thread to be worthwhile, and small enough for a cache.</summary>
    public const int BlockBytes = 1 << 20;

    // The parser holds at most twice as many characters.
    private const int MostRecordBytes = 1 << 23;

    private const byte Quote = (byte)'"';

    private byte[] _rest = [];
    private int _restLength;
    private bool _started, _ended;
    private byte _lineEnd = (byte)'\n';
    private int _blocks;
    private long _lines;

    /// <summary>Whether the last record has been returned.</summary>
    public bool HasEnded => _ended && _restLength == 0;

    /// <summary>Fills <paramref name="block"/> with the next records.</summary>
    /// <returns>False if there are no more records.</returns>
    /// <exception cref="DataFormatException">A record does not end, or the text is not UTF-8 at its beginning.</exception>
    public bool Next(RecordBlock block)
    {
        block.Length = 0;
        Append(block, _rest.AsSpan(0, _restLength));
        _restLength = 0;
        int end = 0;
        while (end == 0)
        {
            bool grew = Fill(block);
            BlankComments(block);
            end = _ended ? block.Length : LastRecordEnd(block.Bytes);
            if (!grew && end == 0) return false;
            if (end == 0 && block.Length >= MostRecordBytes) throw TooLong(block);
        }

        if (_ended && (block.Bytes[..end].Count(Quote) & 1) == 1) throw Unclosed(block.Bytes);
        Keep(block, end);
        block.Index = _blocks++;
        block.FirstLine = _lines + 1;
        _lines += CountLines(block.Bytes);
        return true;
    }

    /// <summary>The number of line endings: line feeds, carriage returns, or both together.</summary>
    public static int CountLines(ReadOnlySpan<byte> text)
    {
        int returns = text.Count((byte)'\r');
        return text.Count((byte)'\n') + (returns == 0 ? 0 : returns - text.Count("\r\n"u8));
    }

    // Returns whether anything was read.
    private bool Fill(RecordBlock block)
    {
        if (block.Length >= block.Buffer.Length / 2 && block.Length > 0) Array.Resize(ref block.Buffer, 2 * block.Buffer.Length);
        int before = block.Length;
        Span<byte> free = block.Buffer.AsSpan(before);
        int read = _ended ? 0 : waits || !_started ? content.ReadAtLeast(free, waits ? free.Length : 4, throwOnEndOfStream: false) : content.Read(free);
        _ended = _ended || (waits ? read < free.Length : read == 0);
        block.Length += read;
        if (!_started) Start(block);
        int zero = block.Bytes[Math.Min(before, block.Length)..].IndexOf((byte)0);
        return zero < 0 ? read > 0 : throw new DataFormatException(
            name, $"line {_lines + 1 + CountLines(block.Bytes[..(before + zero)])}: there is a byte 0, so this is not UTF-8 text; tables can be UTF-8 text, .npy or .npz.");
    }

    private void Start(RecordBlock block)
    {
        _started = true;
        int skipped = TextEncoding.CheckBeginning(name, block.Bytes);
        block.Bytes[skipped..].CopyTo(block.Buffer);
        block.Length -= skipped;
        int lineEnd = block.Bytes.IndexOf((byte)'\n');
        if (lineEnd < 0 && block.Bytes.Contains((byte)'\r')) _lineEnd = (byte)'\r';
    }

    // The position after the last line ending outside quotation marks; 0 if there is none.
    private int LastRecordEnd(ReadOnlySpan<byte> text)
    {
        int quotes = text.Count(Quote);
        for (int end = text.Length; (end = text[..end].LastIndexOf(_lineEnd)) >= 0;)
        {
            quotes -= text[end..].Count(Quote);
            if ((quotes & 1) == 0) return end + 1;
            text = text[..end];
        }

        return 0;
    }

    private void Keep(RecordBlock block, int end)
    {
        _restLength = block.Length - end;
        if (_rest.Length < _restLength) _rest = new byte[_restLength];
        block.Bytes[end..].CopyTo(_rest);
        block.Length = end;
    }

    private static void Append(RecordBlock block, ReadOnlySpan<byte> bytes)
    {
        if (block.Buffer.Length < block.Length + bytes.Length) Array.Resize(ref block.Buffer, block.Length + bytes.Length);
        bytes.CopyTo(block.Buffer.AsSpan(block.Length));
        block.Length += bytes.Length;
    }

    // A comment line becomes a line of spaces, which is not a record but counts as a line. An incomplete line is left
    // for the next call.
    private void BlankComments(RecordBlock block)
    {
        if (comment is not char mark) return;
        Span<byte> text = block.Buffer.AsSpan(0, block.Length);
        bool quoted = false;
        while (!text.IsEmpty)
        {
            int length = text.IndexOf(_lineEnd);
            if (length < 0 && !_ended) return;
            Span<byte> line = length < 0 ? text : text[..length];
            if (!quoted && line.Length > 0 && line[0] == mark) line.TrimEnd((byte)'\r').Fill((byte)' ');
            quoted ^= (line.Count(Quote) & 1) == 1;
            text = text[Math.Min(line.Length + 1, text.Length)..];
        }
    }

    private DataFormatException TooLong(RecordBlock block) => new(
        name, $"line {_lines + 1}: the record that begins here has more than {block.Length} bytes; perhaps a quotation mark is not closed.");

    private DataFormatException Unclosed(ReadOnlySpan<byte> text)
    {
        int quote = text.LastIndexOf(Quote);
        int start = text[..quote].LastIndexOf(_lineEnd) + 1;
        return new(name, $"line {_lines + 1 + CountLines(text[..quote])}, character {quote - start + 1}: "
            + "the quotation mark here opens a cell that is not closed before the end of the file; close it, or write a quotation mark inside a cell twice.");
    }
}
