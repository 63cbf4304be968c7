// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;

namespace NativeMlp.Runner.Runs;

/// <summary>Checks the folder of --out, and writes files into it.</summary>
internal static class OutputFolder
{
    /// <summary>Creates the folder and checks that it can be written to before a long training depends on it.</summary>
    /// <exception cref="RunnerException">The folder cannot be written.</exception>
    public static void Make(string folder) => Make(folder, Setting.Out);

    /// <summary>Creates and checks the folder that another option names.</summary>
    /// <exception cref="RunnerException">The folder cannot be written.</exception>
    public static void Make(string folder, Setting option)
    {
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.Probe(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new RunnerException(ExitCodes.Usage, $"{option.Option} {Printable.Path(folder)} cannot be written: {Failure.Reason(e)}", e);
        }
    }

    /// <summary>Writes a file atomically (<see cref="AtomicFile"/>).</summary>
    /// <exception cref="RunnerException">The file cannot be written.</exception>
    public static string Write(string folder, string name, byte[] content)
    {
        string path = Path.Combine(folder, name);
        Write(path, file => AtomicFile.WriteAllBytes(file, content));
        return path;
    }

    /// <summary>Writes a file, and creates its folder if necessary.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the file atomically.</param>
    /// <exception cref="RunnerException">The file cannot be written.</exception>
    public static void Write(string path, Action<string> write)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            write(path);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            throw new RunnerException(ExitCodes.Unexpected, $"The file {Printable.Path(path)} could not be written: {WriteFault.Reason(e)}", e);
        }
    }
}
