// SPDX-License-Identifier: MIT
using System.Security.Cryptography;

namespace NativeMlp.Storage;

/// <summary>
/// Writes files atomically. The content is written to a temporary file in the same folder, which is then renamed. Readers
/// find either the old or the new content, never a part, and one of the two exists after a crash.
/// </summary>
/// <remarks>
/// The temporary file has a random name and must not exist before, so a prepared link is not
/// followed. If the target is a link, the link itself is replaced; the file that it points to does not change. The new file
/// has the permissions of the replaced one. Temporary files of killed writers are removed by the next writer.
/// </remarks>
internal static class AtomicFile
{
    /// <summary>The prefix of the names of temporary files.</summary>
    public const string Prefix = ".nativemlp-";

    private const string Suffix = ".tmp";
    private const long ProbedAtOnce = 1 << 16;
    private const long MostProbed = 1 << 26; // to write more would take longer than what it saves
    private const UnixFileMode Permissions = (UnixFileMode)0b111_111_111;

    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(1);

    /// <summary>Replaces or creates a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The file cannot be written. An old file is unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied. An old file is unchanged.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, SystemFiles.Instance);

    /// <summary>The same with another file system, for tests.</summary>
    internal static void Write(string path, Action<Stream> write, IFileSystem files)
    {
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? throw new IOException($"{Printable.Path(path)} is a folder and cannot be written as a file.");
        RemoveLeftovers(folder, s_closing);
        string temporary = NewName(folder);
        bool created = false;
        try
        {
            using (Stream file = files.Create(temporary, PermissionsOf(full)))
            {
                created = true;
                write(file);
                files.Flush(file);
            }

            files.Rename(temporary, full);
        }
        catch when (created)
        {
            files.Delete(temporary);
            throw;
        }

        files.FlushFolder(folder);
    }

    /// <summary>Replaces or creates a file with these bytes.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    public static void WriteAllBytes(string path, byte[] content) => Write(path, file => file.Write(content));

    /// <summary>Checks whether files can be created in a folder. No file is left.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="length">How large one of them will be: a limit of the process is noticed now.</param>
    /// <param name="reserved">Bytes that must be there for it: a disk that is too full is noticed now, where the file system can reserve
    /// room, and so is a quota, as far as the bytes are written.</param>
    /// <exception cref="IOException">They cannot.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not.</exception>
    public static void Probe(string folder, long length = 0, long reserved = 0)
    {
        string path = NewName(Path.GetFullPath(folder));
        try
        {
            using FileStream file = new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = reserved });
            Fill(file, Math.Min(reserved, MostProbed)); // a quota does not stop a reservation
            file.SetLength(length); // reserving space does not set the length, to which the limit of the process applies
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Removes the temporary files of killed writers from a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="age">Younger files are kept, because their writer may be about to rename them. Zero if no other process
    /// can be writing to the folder.</param>
    public static void RemoveLeftovers(string folder, TimeSpan age)
    {
        if (!Directory.Exists(folder)) return;
        EnumerationOptions all = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };
        foreach (FileInfo leftover in new DirectoryInfo(folder).EnumerateFiles(Prefix + "*" + Suffix, all))
        {
            if (leftover.LinkTarget is not null || DateTime.UtcNow - leftover.LastWriteTimeUtc < age) continue;
            try
            {
                // A writer holds a lock on its file, which the operating system releases whenever the process ends.
                // The file is also opened for writing, so that a pipe of that name does not block.
                new FileStream(leftover.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its writer is active, or it belongs to another user.
            }
        }
    }

    private static void Fill(FileStream file, long bytes)
    {
        byte[] zeros = new byte[Math.Min(bytes, ProbedAtOnce)];
        for (long done = 0; done < bytes; done += zeros.Length)
            file.Write(zeros.AsSpan(0, (int)Math.Min(zeros.Length, bytes - done)));
    }

    private static string NewName(string folder) =>
        Path.Combine(folder, Prefix + RandomNumberGenerator.GetHexString(32, lowercase: true) + Suffix);

    // Null for a new file, which has the default permissions of the process.
    private static UnixFileMode? PermissionsOf(string path)
    {
        FileInfo file = new(path);
        return OperatingSystem.IsWindows() || !file.Exists || file.LinkTarget is not null ? null : file.UnixFileMode & Permissions;
    }
}
