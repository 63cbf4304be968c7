// SPDX-License-Identifier: MIT
using System.Diagnostics;

namespace NativeMlp.Bench.Reporting;

/// <summary>A native benchmark program and what it printed.</summary>
internal sealed record NativeProgram(string Name, string Output)
{
    private const string Built = "native/build/release/nmlp_bench-Release.files";

    /// <summary>Runs each program in the folder; without a folder, each that CMake wrote down as built.</summary>
    /// <param name="folder">Where they are, or null.</param>
    /// <param name="quick">Few samples: to see that all works.</param>
    public static IReadOnlyList<NativeProgram> RunAll(string? folder, bool quick) => [.. Find(folder).Select(file => Run(file, quick))];

    private static IEnumerable<string> Find(string? folder)
    {
        if (folder is not null)
            return Directory.EnumerateFiles(folder, "bench_*").Where(IsProgram).Order(StringComparer.Ordinal);
        string list = Path.Combine(Repository.Root, Built);
        return File.Exists(list) ? File.ReadLines(list).Where(File.Exists) : [];
    }

    private static bool IsProgram(string file) => OperatingSystem.IsWindows()
        ? Path.GetExtension(file) == ".exe"
        : (File.GetUnixFileMode(file) & UnixFileMode.UserExecute) != 0;

    private static NativeProgram Run(string file, bool quick)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        Console.Error.WriteLine(name);
        ProcessStartInfo start = new(file) { RedirectStandardOutput = true };
        if (quick) start.Environment["NMLP_BENCH_QUICK"] = "1";
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new NativeProgram(name, process.ExitCode == 0 ? output : $"{output}\n{name} ended with exit code {process.ExitCode}.");
    }
}
