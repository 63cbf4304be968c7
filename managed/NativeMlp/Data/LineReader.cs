// SPDX-License-Identifier: MIT
using System.Text.Unicode;

namespace NativeMlp.Data;

/// <summary>Reads UTF-8 text line by line. A line ends with a line feed, a carriage return or both. Only one line at a time
/// is in memory.</summary>
internal sealed class LineReader(string path, Stream content)
{
    private const int FirstLength = 1 << 16;
    private const int MostLineBytes = 1 << 28;

    private byte[] _buffer = new byte[FirstLength];
    private int _start, _end;
    private long _read; // bytes of the content up to _end
    private bool _ended, _afterReturn;

    /// <summary>The number of the last line that was read, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line without its line ending, valid until the next call.</param>
    /// <returns>False if there are no more lines.</returns>
    /// <exception cref="DataFormatException">The text is not UTF-8, or a line is too long.</exception>
    public bool Next(out ReadOnlySpan<byte> line)
    {
        if (Line == 0) SkipByteOrderMark();
        SkipLineFeed();
        int length = 0;
        int searched = 0;
        while ((length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOfAny((byte)'\n', (byte)'\r')) < 0 && !_ended)
        {
            searched = _end - _start;
            Fill();
        }

        bool atEnd = length < 0;
        length = atEnd ? _end - _start : searched + length;
        line = _buffer.AsSpan(_start, length);
        if (atEnd && length == 0) return false;
        Line++;
        _afterReturn = !atEnd && _buffer[_start + length] == '\r';
        _start += atEnd ? length : length + 1;
        return Utf8.IsValid(line) ? true : throw new DataFormatException(path, $"line {Line} is not UTF-8.");
    }

    // The second half of a line ending.
    private void SkipLineFeed()
    {
        if (!_afterReturn) return;
        if (_start == _end) Fill();
        if (_start < _end && _buffer[_start] == '\n') _start++;
    }

    private void SkipByteOrderMark()
    {
        while (_end < 3 && !_ended) Fill();
        ReadOnlySpan<byte> beginning = _buffer.AsSpan(0, _end);
        if (beginning is [0xff, 0xfe, ..] or [0xfe, 0xff, ..]) throw new DataFormatException(path, "the file is UTF-16, but it must be UTF-8.");
        if (beginning is [0xef, 0xbb, 0xbf, ..]) _start = 3;
    }

    // Moves the unread bytes to the beginning and reads more after them.
    private void Fill()
    {
        if (_ended) return;
        int kept = _end - _start;
        if (kept > MostLineBytes) throw new DataFormatException(path, $"line {Line + 1} is longer than {MostLineBytes} bytes.");
        byte[] target = kept > _buffer.Length / 2 ? new byte[2 * _buffer.Length] : _buffer;
        _buffer.AsSpan(_start, kept).CopyTo(target);
        (_buffer, _start, _end) = (target, 0, kept);
        int read = content.Read(_buffer.AsSpan(_end));
        int zero = _buffer.AsSpan(_end, read).IndexOf((byte)0);
        if (zero >= 0 && !IsUtf16(read)) throw new DataFormatException(path, $"byte {_read + zero} is 0, so this is not UTF-8 text.");
        _end += read;
        _read += read;
        _ended = read == 0;
    }

    // UTF-16 also contains zeros, and has a better message.
    private bool IsUtf16(int read) => _read == 0 && _buffer.AsSpan(0, read) is [0xff, 0xfe, ..] or [0xfe, 0xff, ..];
}
