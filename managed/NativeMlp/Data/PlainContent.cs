// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>The bytes of a file, of which the first have already been read.</summary>
internal sealed class PlainContent(string path, byte[] beginning, Stream file, DataLimits limits) : InputStream
{
    private int _given;

    /// <summary>Bytes read so far.</summary>
    public long Consumed { get; private set; }

    /// <summary>Length of the file; 0 if it is not known.</summary>
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
            path, $"it is a pipe or a device, of which at most {limits.UnknownLength} bytes are read; copy it into a file.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }
}
