// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Output;

/// <summary>What became of a standard stream.</summary>
internal enum StreamFault
{
    /// <summary>Everything that was written arrived.</summary>
    None,

    /// <summary>The reader at the other end of the pipe has gone, as <c>head</c> does.</summary>
    ClosedPipe,

    /// <summary>It was closed at start, or a write failed: a full disk, a terminal that went away.</summary>
    Failed,
}

/// <summary>
/// A standard stream whose failure is remembered, never thrown: a stream that cannot be written must not decide a run.
/// After the first failure everything that is written is dropped.
/// </summary>
/// <param name="name">What a message calls it.</param>
/// <param name="write">Writes all bytes or throws; null for a stream that was closed at start.</param>
internal sealed class GuardedStream(string name, GuardedStream.Writer? write) : Stream
{
    private const int BrokenPipe = 32; // EPIPE on Linux and macOS
    private readonly Lock _lock = new();
    private Action? _whenPipeCloses;

    public delegate void Writer(ReadOnlySpan<byte> bytes);

    public StreamFault Fault { get; private set; }

    /// <summary>A sentence about a stream that failed.</summary>
    public string Complaint { get; private set; } = "";

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Calls back once when the pipe is found closed, at once if it has been already.</summary>
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
