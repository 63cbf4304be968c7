// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>The bytes of a file whose first bytes have already been read.</summary>
internal sealed class PlainContent(string path, byte[] beginning, Stream file, DataLimits limits) : InputStream
{
    private int _given;

    /// <summary>The number of bytes read so far.</summary>
    public long Consumed { get; private set; }

    /// <summary>The length of the file; 0 if it is unknown.</summary>
    public long FileLength { get; } = file.CanSeek ? file.Length : 0;

    public override int Read(Span<byte> buffer)
    {
        int read = Math.Min(buffer.Length, beginning.Length - _given);
        if (read > 0)
        {
            beginning.AsSpan(_given, read).CopyTo(buffer);
            _given += read;
        }
        else
        {
            read = file.Read(buffer);
        }

        Consumed += read;
        return FileLength > 0 || Consumed <= limits.UnknownLength ? read : throw new DataFormatException(
            path, $"it is a pipe or a device, from which at most {limits.UnknownLength} bytes are read; copy it to a file.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }
}
