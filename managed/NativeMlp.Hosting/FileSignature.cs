// SPDX-License-Identifier: MIT
namespace NativeMlp.Hosting;

/// <summary>What tells a file from the one that replaced it.</summary>
/// <param name="Target">The file, or where a symbolic link leads to.</param>
/// <param name="Written">The time of its last write.</param>
/// <param name="Length">Its length; −1 if it is not there.</param>
internal readonly record struct FileSignature(string Target, DateTime Written, long Length)
{
    // Longer than the steps in which file systems count time: a later write shows.
    private static readonly TimeSpan s_settled = TimeSpan.FromMilliseconds(50);

    public static FileSignature Of(string path)
    {
        FileInfo file = new(path);
        if (file.Exists && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) file = target;
        return file.Exists ? new FileSignature(file.FullName, file.LastWriteTimeUtc, file.Length) : new FileSignature(file.FullName, default, -1);
    }

    /// <summary>Whether the last write is so recent that another one might have the same time.</summary>
    public bool IsSettling(DateTime now) => now >= Written && now - Written < s_settled;
}
