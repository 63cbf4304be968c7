// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp.Storage;

/// <summary>The file system calls for replacing a file. Tests replace them to lose and reorder calls as in a power
/// failure.</summary>
internal interface IFileSystem
{
    /// <summary>Creates a new file that no other process can open.</summary>
    /// <param name="path">The file, which must not exist.</param>
    /// <param name="permissions">Its permissions; null for the default.</param>
    Stream Create(string path, UnixFileMode? permissions);

    /// <summary>Flushes the content of a file to disk.</summary>
    void Flush(Stream file);

    /// <summary>Renames a file in its folder, replacing another file.</summary>
    void Rename(string from, string to);

    void Delete(string path);

    /// <summary>Flushes the names in a folder to disk.</summary>
    void FlushFolder(string folder);
}

/// <summary>The file system of the machine.</summary>
internal sealed class SystemFiles : IFileSystem
{
    public static SystemFiles Instance { get; } = new();

    // The permissions are never wider than those of the replaced file, not even for a moment.
    public Stream Create(string path, UnixFileMode? permissions)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (permissions is not { } mode || OperatingSystem.IsWindows()) return new FileStream(path, options);
        options.UnixCreateMode = mode;
        FileStream file = new(path, options);
        File.SetUnixFileMode(file.SafeFileHandle, mode);
        return file;
    }

    public void Flush(Stream file) => ((FileStream)file).Flush(flushToDisk: true);

    // Windows refuses to replace a file that another process is renaming or reading at the same moment.
    public void Rename(string from, string to)
    {
        const int MostTries = 50; // about a second
        for (int tries = 1; ; tries++)
        {
            try
            {
                File.Move(from, to, overwrite: true);
                return;
            }
            catch (Exception e) when (OperatingSystem.IsWindows() && tries < MostTries && e is IOException or UnauthorizedAccessException)
            {
                Thread.Sleep(tries);
            }
        }
    }

    public void Delete(string path) => File.Delete(path);

    public void FlushFolder(string folder) => FolderSync.Flush(folder);
}
