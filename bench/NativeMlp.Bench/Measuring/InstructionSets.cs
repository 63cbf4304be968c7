// SPDX-License-Identifier: MIT
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Measuring;

/// <summary>What this machine could compute with instead: each is measured in a process of its own, whose environment
/// chooses it.</summary>
internal static class InstructionSets
{
    public const string Variable = "NMLP_ISA";

    /// <summary>All but the one in use and the scalar one, which would take minutes.</summary>
    public static IReadOnlyList<InstructionSet> Others { get; } =
        [.. NativeLibraryInfo.Available.Where(isa => isa != InstructionSet.Scalar && isa != NativeLibraryInfo.Active)];

    /// <summary>Networks whose steps they are compared by.</summary>
    public static IReadOnlyList<Network> Networks { get; } = [Network.B, Network.C];

    /// <summary>The word that the environment variable takes.</summary>
    public static string Key(InstructionSet isa) => isa.ToString().ToLowerInvariant();
}
