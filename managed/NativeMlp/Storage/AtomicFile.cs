// SPDX-License-Identifier: MIT
using System.Security.Cryptography;

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
    /// <summary>What the name of a temporary file begins with.</summary>
    public const string Prefix = ".nativemlp-";

    private const string Suffix = ".tmp";
    private const UnixFileMode Permissions = (UnixFileMode)0b111_111_111;

    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(1);

    /// <summary>Replaces a file, or makes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">It cannot be written; an old file is then unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; an old file is then unchanged.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, SystemFiles.Instance);

    /// <summary>The same by the file system that a test puts in place of the system's.</summary>
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

    /// <summary>Replaces a file by these bytes, or makes it.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    public static void WriteAllBytes(string path, byte[] content) => Write(path, file => file.Write(content));

    /// <summary>Tries whether files can be made in a folder; nothing is left there.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="length">How large one of them will be: a limit of the process is noticed now.</param>
    /// <param name="reserved">Bytes that must be there for it: a disk that is too full and a quota are noticed now, where the file system
    /// can reserve room.</param>
    /// <exception cref="IOException">They cannot.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not.</exception>
    public static void Probe(string folder, long length = 0, long reserved = 0)
    {
        string path = NewName(Path.GetFullPath(folder));
        try
        {
            using FileStream file = new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = reserved });
            file.SetLength(length); // to reserve room is not to use it: the limit of the process is on the length
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Removes what killed writers have left in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="age">Younger files are left alone: their writer may be between closing and renaming them. Zero where nobody
    /// else can be writing into the folder.</param>
    public static void RemoveLeftovers(string folder, TimeSpan age)
    {
        if (!Directory.Exists(folder)) return;
        EnumerationOptions all = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };
        foreach (FileInfo leftover in new DirectoryInfo(folder).EnumerateFiles(Prefix + "*" + Suffix, all))
        {
            if (leftover.LinkTarget is not null || DateTime.UtcNow - leftover.LastWriteTimeUtc < age) continue;
            try
            {
                // A writer holds a lock on its file, which the system takes away when the process ends, however it ends.
                // Opened for writing, too, so that a pipe of that name does not block.
                new FileStream(leftover.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its writer is at work, or it is another user's.
            }
        }
    }

    private static string NewName(string folder) =>
        Path.Combine(folder, Prefix + RandomNumberGenerator.GetHexString(32, lowercase: true) + Suffix);

    // Null for a new file: it gets what the process gives to new files.
    private static UnixFileMode? PermissionsOf(string path)
    {
        FileInfo file = new(path);
        return OperatingSystem.IsWindows() || !file.Exists || file.LinkTarget is not null ? null : file.UnixFileMode & Permissions;
    }
}
