// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Hosting;

namespace NativeMlp.Runner.Commands;

/// <summary>The folder of --out, and files in it that nobody can have prepared.</summary>
internal static class OutputFolder
{
    /// <summary>Makes the folder and tries to write in it, before hours of training depend on it.</summary>
    /// <exception cref="RunnerException">The folder cannot be written.</exception>
    public static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            CreateUnique(folder, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new RunnerException(ExitCodes.Usage, $"{Setting.Out.Option} {folder} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Writes a file, which takes its name only when it is whole; a link with that name is replaced, not followed.</summary>
    /// <exception cref="RunnerException">The file cannot be written.</exception>
    public static string Write(string folder, string name, byte[] content)
    {
        string path = Path.Combine(folder, name);
        string? temporary = null;
        try
        {
            using (FileStream file = CreateUnique(folder, FileOptions.None))
            {
                temporary = file.Name;
                file.Write(content);
            }
            File.Move(temporary, path, overwrite: true);
            return path;
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            if (temporary is not null)
                File.Delete(temporary);
            throw new RunnerException(ExitCodes.Unexpected, $"The file {path} could not be written: {WriteFault.Reason(e)}", e);
        }
    }

    private static FileStream CreateUnique(string folder, FileOptions options) => new(
        Path.Combine(folder, $".nativemlp-{Path.GetRandomFileName()}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, options);
}
