// SPDX-License-Identifier: MIT
using System.Security.Cryptography;
using NativeMlp.Interop;

namespace NativeMlp.Storage;

/// <summary>
/// The one place that writes files. The content goes into a new temporary file in the same folder, which then takes the
/// name: whoever reads finds the old content or the new one and never a part, and after a crash one of the two is there.
/// </summary>
/// <remarks>
/// The temporary file has a random name and is only created, never opened, so a link that somebody has prepared is not
/// followed. A link that has the target's name is replaced itself; the file that it points to stays as it is. A file
/// that is replaced hands on its permissions. Temporary files of writers that were killed are removed by the next one.
/// </remarks>
internal static class AtomicFile
{
    private const string Prefix = ".nativemlp-";
    private const string Suffix = ".tmp";
    private const UnixFileMode Permissions = (UnixFileMode)0b111_111_111;

    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(1);

    /// <summary>Replaces a file, or makes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">It cannot be written; an old file is then unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; an old file is then unchanged.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? throw new IOException($"{Printable.Path(path)} is a folder and cannot be written as a file.");
        RemoveLeftovers(folder);
        string temporary = "";
        try
        {
            using (FileStream file = Create(folder, PermissionsOf(full)))
            {
                temporary = file.Name;
                write(file);
                file.Flush(flushToDisk: true);
            }

            TakeName(temporary, full);
        }
        catch when (temporary.Length > 0)
        {
            File.Delete(temporary);
            throw;
        }

        FolderSync.Flush(folder);
    }

    /// <summary>Replaces a file by these bytes, or makes it.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    public static void WriteAllBytes(string path, byte[] content) => Write(path, file => file.Write(content));

    /// <summary>Tries whether files can be made in a folder; nothing is left there.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">They cannot.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not.</exception>
    public static void Probe(string folder)
    {
        string path;
        using (FileStream file = Create(Path.GetFullPath(folder), permissions: null)) path = file.Name;
        File.Delete(path);
    }

    private static FileStream Create(string folder, UnixFileMode? permissions)
    {
        string name = Prefix + RandomNumberGenerator.GetHexString(32, lowercase: true) + Suffix;
        FileStream file = new(Path.Combine(folder, name), OptionsFor(permissions));
        if (permissions is { } mode && !OperatingSystem.IsWindows()) File.SetUnixFileMode(file.SafeFileHandle, mode);
        return file;
    }

    // Never more open than the file that it replaces, not even for a moment.
    private static FileStreamOptions OptionsFor(UnixFileMode? permissions)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (permissions is { } mode && !OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        return options;
    }

    // Null for a new file: it gets what the process gives to new files.
    private static UnixFileMode? PermissionsOf(string path)
    {
        FileInfo file = new(path);
        return OperatingSystem.IsWindows() || !file.Exists || file.LinkTarget is not null ? null : file.UnixFileMode & Permissions;
    }

    // A writer holds a lock on its file, which the system takes away when the process ends, however it ends; right after
    // closing the file it gives it its name. Opened for writing, too, so that a pipe of that name does not block.
    private static void RemoveLeftovers(string folder)
    {
        if (!Directory.Exists(folder)) return;
        EnumerationOptions all = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };
        foreach (FileInfo leftover in new DirectoryInfo(folder).EnumerateFiles(Prefix + "*" + Suffix, all))
        {
            if (leftover.LinkTarget is not null || DateTime.UtcNow - leftover.LastWriteTimeUtc < s_closing) continue;
            try
            {
                new FileStream(leftover.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its writer is at work, or it is another user's.
            }
        }
    }

    // Windows refuses a name that another process is giving away or reading at the same moment.
    private static void TakeName(string temporary, string full)
    {
        const int MostTries = 50; // about a second
        for (int tries = 1; ; tries++)
        {
            try
            {
                File.Move(temporary, full, overwrite: true);
                return;
            }
            catch (Exception e) when (OperatingSystem.IsWindows() && tries < MostTries && e is IOException or UnauthorizedAccessException)
            {
                Thread.Sleep(tries);
            }
        }
    }
}
