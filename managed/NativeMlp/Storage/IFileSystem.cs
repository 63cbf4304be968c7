// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp.Storage;

/// <summary>The calls that replacing a file consists of. A test puts its own in their place, to lose and reorder them as a power
/// failure may.</summary>
internal interface IFileSystem
{
    /// <summary>Makes a new file that nobody else may open.</summary>
    /// <param name="path">The file, which must not exist.</param>
    /// <param name="permissions">Its permissions; null for those that the process gives to new files.</param>
    Stream Create(string path, UnixFileMode? permissions);

    /// <summary>Makes the content of a file durable.</summary>
    void Flush(Stream file);

    /// <summary>Gives a file another name in its folder, which another file may have had.</summary>
    void Rename(string from, string to);

    void Delete(string path);

    /// <summary>Makes the names in a folder durable.</summary>
    void FlushFolder(string folder);
}

/// <summary>The file system of the machine.</summary>
internal sealed class SystemFiles : IFileSystem
{
    public static SystemFiles Instance { get; } = new();

    // Never more open than the file that it replaces, not even for a moment.
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

    // Windows refuses a name that another process is giving away or reading at the same moment.
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
