// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;

namespace NativeMlp.Runner.Runs;

/// <summary>Keeps a second writer out of a folder while a run lasts. The system takes the lock away when the process ends, however
/// it ends, so that the lock of a process that is gone can be taken over. Beside it a file says who holds it.</summary>
internal sealed class RunLock : IDisposable
{
    private const string Lock = ".lock";
    private const string Holder = ".lock-holder";
    private const int MostHolderBytes = 1000;

    private readonly FileStream _lock;
    private readonly string _holder;

    private RunLock(FileStream held, string holder) => (_lock, _holder) = (held, holder);

    /// <summary>Takes the lock of a folder; null where another process has it.</summary>
    public static RunLock? TryTake(string folder)
    {
        string path = PathIn(folder), holder = Path.Combine(folder, Holder);
        FileStream? held = Open(path);
        while (held is not null && !IsStill(held, path))
        {
            held.Dispose(); // its former holder removed it before we had it
            held = Open(path);
        }

        if (held is null)
            return null;
        WriteHolder(holder);
        return new RunLock(held, holder);
    }

    /// <summary>The path of the lock.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, Lock);

    /// <summary>Who holds the lock, as far as that can be read.</summary>
    public static string HolderOf(string folder)
    {
        try
        {
            using FileStream file = new(Path.Combine(folder, Holder), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[MostHolderBytes];
            string text = Encoding.UTF8.GetString(bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)));
            return text.Length > 0 ? Printable.Text(text) : "an unknown process";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "an unknown process";
        }
    }

    public void Dispose()
    {
        Remove(_holder);
        if (!OperatingSystem.IsWindows())
            Remove(_lock.Name);
        _lock.Dispose();
    }

    // It only tells: what cannot be written here decides nothing.
    private static void WriteHolder(string path)
    {
        try
        {
            File.Delete(path); // a link there is not followed
            File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture,
                $"process {Environment.ProcessId} on {Environment.MachineName}, since {DateTimeOffset.Now:yyyy-MM-dd HH:mm:ss zzz}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    // The folder may be gone or read-only by now; the lock ends with the process all the same.
    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    // A lock that a killed run has left behind is held by nobody; a link is not followed.
    private static FileStream? Open(string path)
    {
        try
        {
            FileMode mode = File.Exists(path) && new FileInfo(path).LinkTarget is null ? FileMode.Open : FileMode.CreateNew;
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None, 1, OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Whether the file that is locked has its name still: its former holder removes it and then lets it go.
    private static bool IsStill(FileStream held, string path)
    {
        if (OperatingSystem.IsWindows())
            return true; // there nothing can be opened that is about to be removed
        DateTime mark = DateTime.UnixEpoch.AddTicks(Random.Shared.NextInt64(TimeSpan.TicksPerDay * 365));
        File.SetLastWriteTimeUtc(held.SafeFileHandle, mark);
        return File.GetLastWriteTimeUtc(path) == File.GetLastWriteTimeUtc(held.SafeFileHandle);
    }
}
