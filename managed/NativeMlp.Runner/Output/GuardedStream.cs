// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Output;

/// <summary>The state of a standard stream.</summary>
internal enum StreamFault
{
    /// <summary>All writes succeeded.</summary>
    None,

    /// <summary>The reader has closed the pipe, as <c>head</c> does.</summary>
    ClosedPipe,

    /// <summary>The stream was closed at the start, or a write failed: for example, the disk is full or the terminal has disappeared.</summary>
    Failed,
}

/// <summary>
/// A standard stream that never throws. A failure is remembered instead, because it must not end a run.
/// After the first failure, further output is discarded.
/// </summary>
/// <param name="name">The name of the stream in messages.</param>
/// <param name="write">Writes all bytes or throws; null for a stream that was closed at the start.</param>
internal sealed class GuardedStream(string name, GuardedStream.Writer? write) : Stream
{
    private const int BrokenPipe = 32; // EPIPE on Linux and macOS
    private readonly Lock _lock = new();
    private Action? _whenPipeCloses;

    public delegate void Writer(ReadOnlySpan<byte> bytes);

    public StreamFault Fault { get; private set; }

    /// <summary>A message about the failure.</summary>
    public string Complaint { get; private set; } = "";

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Invokes the callback once when the pipe is closed; immediately if it is already closed.</summary>
    public void WhenPipeCloses(Action action)
    {
        lock (_lock)
        {
            _whenPipeCloses = action;
            if (Fault != StreamFault.ClosedPipe)
                return;
        }
        action();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_lock)
        {
            if (Fault != StreamFault.None || TryWrite(buffer) || Fault != StreamFault.ClosedPipe)
                return;
        }
        _whenPipeCloses?.Invoke();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private bool TryWrite(ReadOnlySpan<byte> buffer)
    {
        try
        {
            if (write is null)
                throw new IOException("it was closed when the program started");
            write(buffer);
            return true;
        }
        catch (Exception e) when (WriteFault.Is(e) || e is ObjectDisposedException)
        {
            Fault = e.HResult == BrokenPipe ? StreamFault.ClosedPipe : StreamFault.Failed;
            Complaint = $"{name} could not be written: {WriteFault.Reason(e).TrimEnd('.')}.";
            return false;
        }
    }
}
