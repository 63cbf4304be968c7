// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Reading;

/// <summary>A stream over pieces of memory, which together may be longer than an array.</summary>
internal sealed class KeptStream(List<byte[]> pieces) : Stream
{
    private const int PieceBytes = 1 << 20;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; } = pieces.Sum(piece => (long)piece.Length);

    public override long Position { get; set; }

    /// <summary>All that a stream gives, in pieces of the same size but for the last one.</summary>
    public static List<byte[]> ReadAll(Stream stream)
    {
        List<byte[]> pieces = [];
        for (int read = PieceBytes; read == PieceBytes;)
        {
            byte[] piece = new byte[PieceBytes];
            read = stream.ReadAtLeast(piece, PieceBytes, throwOnEndOfStream: false);
            pieces.Add(read == PieceBytes ? piece : piece[..read]);
        }

        return pieces;
    }

    public override int Read(Span<byte> buffer)
    {
        if (Position >= Length) return 0;
        ReadOnlySpan<byte> piece = pieces[(int)(Position / PieceBytes)].AsSpan((int)(Position % PieceBytes));
        int length = Math.Min(piece.Length, buffer.Length);
        piece[..length].CopyTo(buffer);
        Position += length;
        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
