// SPDX-License-Identifier: MIT
namespace NativeMlp.Tests.Support;

/// <summary>The instruction sets that this machine can run, by the words that NMLP_ISA takes.</summary>
internal static class InstructionSets
{
    public static IReadOnlyList<string> Words { get; } =
        [.. NativeLibraryInfo.Available.Select(isa => isa.ToString().ToLowerInvariant())];
}
