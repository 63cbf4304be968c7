// SPDX-License-Identifier: MIT
using System.IO.Compression;
using System.Security.Cryptography;

namespace NativeMlp.Data;

/// <summary>The unpacked content of gzip data: the contents of all members, one after the other (RFC 1952, 2.2).</summary>
/// <remarks>
/// <see cref="GZipStream"/> checks the contents of each member, but does not report if the last one is truncated or followed by
/// other data. Therefore a member of random bytes is appended to the file: its content is unpacked
/// if and only if the file ended at the end of a member.
/// </remarks>
internal sealed class GzipContent : InputStream
{
    private const long FreeBytes = 32 << 20;

    private static readonly byte[] s_marker = RandomNumberGenerator.GetBytes(16);
    private static readonly byte[] s_markerMember = Compress(s_marker);

    private readonly string _path;
    private readonly PlainContent _file;
    private readonly DataLimits _limits;
    private readonly MarkedInput _input;
    private readonly GZipStream _gzip;
    private long _length;
    private MemoryStream? _tail;

    public GzipContent(string path, PlainContent file, DataLimits limits)
    {
        _path = path;
        _file = file;
        _limits = limits;
        _input = new MarkedInput(file);
        _gzip = new GZipStream(_input, CompressionMode.Decompress);
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        if (_tail is not null) return _tail.Read(buffer);
        int read = Inflate(buffer);
        if (read == 0 && !_input.HasEnded) throw Incomplete();
        if (!_input.HasEnded) return read;
        _tail = Tail(buffer[..read]);
        return _tail.Read(buffer);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    // The output after the end of the file. It is passed on when the marker has been found after it.
    private MemoryStream Tail(ReadOnlySpan<byte> beginning)
    {
        var tail = new MemoryStream();
        tail.Write(beginning);
        byte[] chunk = new byte[1 << 16];
        for (int read = Inflate(chunk); read > 0; read = Inflate(chunk)) tail.Write(chunk, 0, read);
        long length = tail.Length - s_marker.Length;
        if (length < 0 || !tail.GetBuffer().AsSpan((int)length, s_marker.Length).SequenceEqual(s_marker)) throw Incomplete();
        tail.SetLength(length);
        tail.Position = 0;
        return tail;
    }

    private int Inflate(Span<byte> buffer)
    {
        int read;
        try
        {
            read = _gzip.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(_path, "the gzip data are damaged or truncated.", e);
        }

        _length += read;
        long packed = Math.Max(_file.FileLength, _file.Consumed);
        if (_length <= FreeBytes || _length / (double)packed <= _limits.GzipRatio) return read;
        throw new DataFormatException(
            _path, $"its {packed} bytes of gzip data become more than {_length - read}: a ratio above {_limits.GzipRatio:0.#} is refused beyond {FreeBytes >> 20} MiB, "
            + $"because a small file could fill the memory. If you trust it, {_limits.GzipRemedy}.");
    }

    private DataFormatException Incomplete() => new(_path, "the gzip data are truncated, or followed by data that are not gzip.");

    private static byte[] Compress(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest)) gzip.Write(content);
        return stream.ToArray();
    }

    // The file, followed by the member of the marker.
    private sealed class MarkedInput(Stream file) : InputStream
    {
        private int _given;

        /// <summary>Whether the file has been read to its end.</summary>
        public bool HasEnded { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            int read = HasEnded ? 0 : file.Read(buffer);
            if (read > 0) return read;
            HasEnded = true;
            read = Math.Min(buffer.Length, s_markerMember.Length - _given);
            s_markerMember.AsSpan(_given, read).CopyTo(buffer);
            _given += read;
            return read;
        }
    }
}
