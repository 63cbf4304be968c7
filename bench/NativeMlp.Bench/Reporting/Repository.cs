// SPDX-License-Identifier: MIT
namespace NativeMlp.Bench.Reporting;

/// <summary>The source tree that this program was built from.</summary>
internal static class Repository
{
    /// <summary>The folder of NativeMlp.sln above the program or above the current folder; else the current folder.</summary>
    public static string Root { get; } =
        Above(AppContext.BaseDirectory) ?? Above(Environment.CurrentDirectory) ?? Environment.CurrentDirectory;

    private static string? Above(string folder)
    {
        for (DirectoryInfo? here = new(folder); here is not null; here = here.Parent)
            if (File.Exists(Path.Combine(here.FullName, "NativeMlp.sln"))) return here.FullName;
        return null;
    }
}
