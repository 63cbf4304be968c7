// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using NativeMlp.Bench.Processors;

namespace NativeMlp.Bench.Reporting;

/// <summary>The machine in words.</summary>
internal static partial class Machine
{
    private const string ProcessorFile = "/proc/cpuinfo";
    private const string LoadFile = "/proc/loadavg";

    private static readonly Dictionary<string, string> Processor = ReadProcessor();

    /// <summary>The processor's name, with family and model where the system tells them: names of virtual processors alone
    /// say little.</summary>
    public static string Cpu
    {
        get
        {
            string name = Processor.GetValueOrDefault("model name")
                ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
                ?? RuntimeInformation.ProcessArchitecture.ToString();
            return Family is null ? name : $"{name} (family {Family}, model {Model})";
        }
    }

    /// <summary><see cref="Cpu"/> as the name of a folder.</summary>
    public static string Slug => NotPlain().Replace(Cpu.ToLowerInvariant(), "-").Trim('-');

    /// <summary>How many processes wanted to run in the last minute, as the system tells it; null where it does not.</summary>
    public static string? Load => File.Exists(LoadFile) ? File.ReadAllText(LoadFile).Split(' ')[0] : null;

    public static IReadOnlyList<(string What, string Value)> Facts =>
    [
        ("processor", Cpu),
        ("cores of this process", string.Create(CultureInfo.InvariantCulture, $"{Cores.Physical.Count} ({Environment.ProcessorCount} logical processors)")),
        ("operating system", $"{RuntimeInformation.OSDescription} ({RuntimeInformation.OSArchitecture})"),
        (".NET", Environment.Version.ToString()),
        ("NativeMlp", $"{NativeLibraryInfo.Version}, {NativeLibraryInfo.Active}, threads: {NativeLibraryInfo.ParallelBackend}"),
    ];

    private static string? Family => Processor.GetValueOrDefault("cpu family");

    private static string? Model => Processor.GetValueOrDefault("model");

    // "name : value" lines; those of the first processor.
    private static Dictionary<string, string> ReadProcessor()
    {
        if (!File.Exists(ProcessorFile)) return [];
        return File.ReadLines(ProcessorFile)
            .TakeWhile(line => line.Length > 0)
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1]);
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotPlain();
}
