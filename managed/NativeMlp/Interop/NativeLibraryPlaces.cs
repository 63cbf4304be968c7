// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace NativeMlp.Interop;

/// <summary>The places where the library is searched.</summary>
internal static class NativeLibraryPlaces
{
    public static string FileName =>
        OperatingSystem.IsWindows() ? "nmlp.dll" : OperatingSystem.IsMacOS() ? "libnmlp.dylib" : "libnmlp.so";

    /// <summary>Beside this assembly and beside the program, which differ for a plugin in a load context of its own; for each
    /// platform that this process may be, where one folder serves several.</summary>
    public static IEnumerable<string> RuntimeFiles()
    {
        string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        string portable = $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        string[] rids = [RuntimeInformation.RuntimeIdentifier, portable]; // a distribution's own .NET has its own name
        return
            from folder in Folders()
            from rid in rids.Distinct()
            select Path.Combine(folder, "runtimes", rid, "native", FileName);
    }

    public static IReadOnlyList<string> Candidates()
    {
        IEnumerable<string> directories = [.. Folders(), .. SearchDirectories()];
        IEnumerable<string> files = directories.Select(directory => Path.Combine(directory, FileName));
        return [.. files.Concat(RuntimeFiles()).Select(Path.GetFullPath).Distinct()];
    }

    /// <summary>The file that was loaded; null if it is part of the program. macOS does not list a process's modules:
    /// there it is the first candidate that exists.</summary>
    public static string? FindLoaded()
    {
        if (OperatingSystem.IsMacOS())
            return Candidates().FirstOrDefault(File.Exists);
        using Process process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>()
            .Select(module => module.FileName)
            .FirstOrDefault(path => Path.GetFileName(path) == FileName);
    }

    // In a program of one file an assembly has no place of its own.
    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "An empty location is left out.")]
    private static IEnumerable<string> Folders()
    {
        string? own = Path.GetDirectoryName(typeof(NativeLibraryPlaces).Assembly.Location);
        return string.IsNullOrEmpty(own) ? [AppContext.BaseDirectory] : [own, AppContext.BaseDirectory];
    }

    private static string[] SearchDirectories() =>
        (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
}
