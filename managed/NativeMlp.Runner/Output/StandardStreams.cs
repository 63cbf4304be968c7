// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NativeMlp.Runner.Output;

/// <summary>Standard output and standard error of the program, as streams that never throw.</summary>
internal static class StandardStreams
{
    private const int OutputDescriptor = 1;
    private const int ErrorDescriptor = 2;
    private const int CloseOnExec = 0x80000; // O_CLOEXEC on Linux
    private const int AtomicWrite = 512; // writes of up to this many bytes to a pipe are atomic (POSIX, PIPE_BUF)
    private const PosixSignal FileSizeLimit = (PosixSignal)25; // SIGXFSZ on Linux and macOS

    private static readonly List<IDisposable> Kept = [];

    public static GuardedStream Output { get; private set; } = new("Standard output", null);

    public static GuardedStream Error { get; private set; } = new("Standard error", null);

    /// <summary>Replaces both streams. It must be called before anything is written or opened.</summary>
    public static void Open()
    {
        bool outputIsOpen = IsInherited(OutputDescriptor), errorIsOpen = IsInherited(ErrorDescriptor);
        if (!OperatingSystem.IsWindows())
        {
            OccupyFreeDescriptors();
            // A write beyond `ulimit -f` then fails and is reported, instead of ending the process.
            Kept.Add(PosixSignalRegistration.Create(FileSizeLimit, context => context.Cancel = true));
        }
        Output = new GuardedStream("Standard output", outputIsOpen ? WriterOf(OutputDescriptor, Console.OpenStandardOutput) : null);
        Error = new GuardedStream("Standard error", errorIsOpen ? WriterOf(ErrorDescriptor, Console.OpenStandardError) : null);
        Encoding encoding = Console.OutputEncoding is UTF8Encoding ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) : Console.OutputEncoding;
        Console.SetOut(new StreamWriter(Output, encoding) { AutoFlush = true });
        Console.SetError(new StreamWriter(Error, encoding) { AutoFlush = true });
    }

    /// <summary>The exit code of the program: a run whose output could not be written has not succeeded.</summary>
    public static int Judge(int exitCode)
    {
        if (Output.Fault == StreamFault.Failed)
            Failure.Report(exitCode, Output.Complaint);
        bool failed = Output.Fault == StreamFault.Failed || Error.Fault == StreamFault.Failed;
        return failed && exitCode == ExitCodes.Done ? ExitCodes.OutputFailed : exitCode;
    }

    // If a descriptor was closed at the start, the first file that the runtime opens has its number. Files of the runtime are closed
    // on exec, inherited ones are not. If the system does not report the flags, the descriptor is assumed to be open.
    private static bool IsInherited(int descriptor)
    {
        string place = $"/proc/self/fdinfo/{descriptor}";
        if (!File.Exists(place))
            return !Directory.Exists("/proc/self/fd") || Path.Exists($"/proc/self/fd/{descriptor}");
        try
        {
            string? flags = File.ReadLines(place).FirstOrDefault(line => line.StartsWith("flags:", StringComparison.Ordinal));
            return flags is null || (Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & CloseOnExec) == 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return true;
        }
    }

    // Prevents a file that is opened later, such as a model, from getting the number of a standard stream.
    private static void OccupyFreeDescriptors()
    {
        for (int i = 0; i <= ErrorDescriptor; i++)
            Kept.Add(File.OpenHandle("/dev/null"));
    }

    // The stream of the framework ignores a closed pipe, so it is not used for pipes. It is used for files and terminals,
    // because it shares the position in a file with the other stream.
    private static GuardedStream.Writer WriterOf(int descriptor, Func<Stream> open)
    {
        Stream console = open();
        if (!OperatingSystem.IsWindows() && PipeOf(descriptor) is { } pipe)
            return bytes => WriteToPipe(pipe, bytes);
        return bytes =>
        {
            console.Write(bytes);
            console.Flush();
        };
    }

    // A pipe or a socket; null for a file or a terminal.
    private static FileStream? PipeOf(int descriptor)
    {
        bool redirected = descriptor == OutputDescriptor ? Console.IsOutputRedirected : Console.IsErrorRedirected;
        if (!redirected)
            return null;
        FileStream stream = new(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? null : stream;
    }

    private static void WriteToPipe(FileStream pipe, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(bytes.Length, AtomicWrite);
            try
            {
                pipe.Write(bytes[..count]);
            }
            catch (IOException e) when (e.HResult is 11 or 35) // EAGAIN on Linux and macOS: the reader has set the pipe to non-blocking
            {
                Thread.Sleep(1);
                continue;
            }
            bytes = bytes[count..];
        }
    }
}
