// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;
using NativeMlp.Runner.Output;

namespace NativeMlp.Runner.Jobs;

/// <summary>Shows versions, compiler, instruction set, threads, and the path of the native library.</summary>
internal sealed class InfoJob(OutputMode mode) : IJob
{
    public int Run(CancellationToken stop)
    {
        InfoEvent info = new("info", ProgramVersion.Text, NativeLibraryInfo.Version, NativeLibraryInfo.AbiVersion,
            Name(NativeLibraryInfo.Active), [.. NativeLibraryInfo.Available.Select(Name)], NativeLibraryInfo.DefaultThreads,
            NativeLibraryInfo.ParallelBackend, NativeLibraryInfo.Path, RuntimeInformation.RuntimeIdentifier,
            RuntimeInformation.FrameworkDescription, Environment.ProcessorCount, NativeLibraryInfo.Compiler);
        if (mode.Json)
            JsonLines.Write(info, JsonLines.Types.InfoEvent);
        else
            Write(Terminal.Create(), info);
        return ExitCodes.Done;
    }

    private static void Write(Terminal terminal, InfoEvent info)
    {
        terminal.WriteFact("NativeMlp", info.Version);
        terminal.WriteFact("native", $"{info.NativeVersion}, ABI {info.AbiVersion}, built by {info.Compiler}");
        terminal.WriteFact("library", info.LibraryPath ?? "linked into the program");
        terminal.WriteFact("ISA", $"{info.Isa} (available: {string.Join(", ", info.IsaAvailable)}; NMLP_ISA chooses)");
        terminal.WriteFact("threads", $"{info.Threads} by default, {info.ParallelBackend} (NMLP_THREADS or --threads chooses)");
        terminal.WriteFact("processors", Format.Count(info.Processors));
        terminal.WriteFact("platform", $"{info.Rid}, {info.Framework}");
    }

    private static string Name(InstructionSet isa) => isa.ToString().ToLowerInvariant(); // as in NMLP_ISA
}
