// SPDX-License-Identifier: MIT
using System.Diagnostics;

namespace NativeMlp.Interop;

/// <summary>Where the runtime looks for the library: for messages only, the runtime does the looking.</summary>
internal static class NativeLibraryPlaces
{
    public static string FileName =>
        OperatingSystem.IsWindows() ? "nmlp.dll" : OperatingSystem.IsMacOS() ? "libnmlp.dylib" : "libnmlp.so";

    public static IReadOnlyList<string> Candidates(string rid)
    {
        string home = AppContext.BaseDirectory;
        IEnumerable<string> directories = [home, Path.Combine(home, "runtimes", rid, "native"), .. SearchDirectories()];
        return [.. directories.Select(directory => Path.GetFullPath(Path.Combine(directory, FileName))).Distinct()];
    }

    /// <summary>The file that was loaded. Where the system does not list a process's modules (macOS), the first
    /// candidate that exists; null if there is none.</summary>
    public static string? FindLoaded(string rid)
    {
        using Process process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>()
                   .Select(module => module.FileName)
                   .FirstOrDefault(path => Path.GetFileName(path) == FileName)
               ?? Candidates(rid).FirstOrDefault(File.Exists);
    }

    private static string[] SearchDirectories() =>
        (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
}
