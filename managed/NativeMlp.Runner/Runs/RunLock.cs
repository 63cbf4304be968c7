// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;

namespace NativeMlp.Runner.Runs;

/// <summary>Prevents a second process from writing to a folder during a run. The operating system releases the lock whenever the process
/// ends, so the lock of a killed process can be acquired again. A second file names the process that holds the lock.</summary>
internal sealed class RunLock : IDisposable
{
    private const string Lock = ".lock";
    private const string Holder = ".lock-holder";
    private const int MostHolderBytes = 1000;

    private readonly FileStream _lock;
    private readonly string _holder;

    private RunLock(FileStream held, string holder) => (_lock, _holder) = (held, holder);

    /// <summary>Acquires the lock of a folder; returns null if another process holds it.</summary>
    public static RunLock? TryTake(string folder)
    {
        string path = PathIn(folder), holder = Path.Combine(folder, Holder);
        FileStream? held = Open(path);
        while (held is not null && !IsStill(held, path))
        {
            held.Dispose(); // its former holder removed the file before we locked it
            held = Open(path);
        }

        if (held is null)
            return null;
        WriteHolder(holder);
        return new RunLock(held, holder);
    }

    /// <summary>The path of the lock.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, Lock);

    /// <summary>The process that holds the lock, if its name can be read.</summary>
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

    // The file is only informative, so a failed write is ignored.
    private static void WriteHolder(string path)
    {
        try
        {
            File.Delete(path); // do not follow a link of that name
            File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture,
                $"process {Environment.ProcessId} on {Environment.MachineName}, since {DateTimeOffset.Now:yyyy-MM-dd HH:mm:ss zzz}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    // The folder may have been removed or made read-only; the lock is released with the process in any case.
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

    // The lock file of a killed run is not locked. Links are not followed.
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

    // Whether the locked file still exists under its name: its former holder removes it before releasing the lock.
    private static bool IsStill(FileStream held, string path)
    {
        if (OperatingSystem.IsWindows())
            return true; // Windows does not open a file that is about to be deleted
        DateTime mark = DateTime.UnixEpoch.AddTicks(Random.Shared.NextInt64(TimeSpan.TicksPerDay * 365));
        File.SetLastWriteTimeUtc(held.SafeFileHandle, mark);
        return File.GetLastWriteTimeUtc(path) == File.GetLastWriteTimeUtc(held.SafeFileHandle);
    }
}
