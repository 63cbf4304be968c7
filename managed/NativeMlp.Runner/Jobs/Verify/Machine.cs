// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace NativeMlp.Runner.Jobs.Verify;

/// <summary>The names of the operating system and of the processor.</summary>
internal static class Machine
{
    private const string ProcessorFile = "/proc/cpuinfo";
    private const uint ExtendedLeaves = 0x80000000; // answers the number of the last one
    private const uint FirstNameLeaf = 0x80000002;
    private const uint LastNameLeaf = 0x80000004;

    public static string System { get; } = $"{RuntimeInformation.OSDescription} {Architecture}";

    public static string Processor { get; } = X86Base.IsSupported ? NameOfX86() : NameOfArm();

    private static string Architecture => RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    // CPUID gives 16 characters of the name in each of three leaves.
    private static string NameOfX86()
    {
        if ((uint)Leaf(ExtendedLeaves).Eax < LastNameLeaf)
            return Architecture;
        List<int> words = [];
        for (uint leaf = FirstNameLeaf; leaf <= LastNameLeaf; leaf++)
        {
            (int eax, int ebx, int ecx, int edx) = Leaf(leaf);
            words.AddRange([eax, ebx, ecx, edx]);
        }
        return Encoding.ASCII.GetString(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(words))).Trim('\0', ' ');
    }

    private static (int Eax, int Ebx, int Ecx, int Edx) Leaf(uint leaf) => X86Base.CpuId(unchecked((int)leaf), 0);

    // Linux identifies an Arm processor by two numbers. Other systems do not report it.
    private static string NameOfArm()
    {
        if (!File.Exists(ProcessorFile))
            return Architecture;
        string[] lines = File.ReadAllLines(ProcessorFile);
        string? implementer = Value(lines, "CPU implementer"), part = Value(lines, "CPU part");
        return part is null ? Architecture : $"{Architecture} (implementer {implementer}, part {part})";
    }

    private static string? Value(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[^1].Trim();
}
