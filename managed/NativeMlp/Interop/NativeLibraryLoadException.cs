// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;
using NativeMlp.Interop;

namespace NativeMlp;

/// <summary>The exception if the native library <c>nmlp</c> cannot be used: it is missing, it is not for this machine, it belongs to
/// another release, or <c>NMLP_ISA</c> requests an instruction set that is not available. The message begins with
/// the cause and contains all information for fixing it.</summary>
public sealed class NativeLibraryLoadException : Exception
{
    internal NativeLibraryLoadException(string reason, int? foundAbiVersion = null, Exception? inner = null)
        : base(Compose(reason, foundAbiVersion, inner?.Message), inner)
    {
        Reason = reason;
        FoundAbiVersion = foundAbiVersion;
        LoaderMessage = inner?.Message;
    }

    /// <summary>What is wrong, in one sentence.</summary>
    public string Reason { get; }

    /// <summary>The operating system and processor of this process, such as <c>linux-x64</c>.</summary>
    public string RuntimeIdentifier { get; } = RuntimeInformation.RuntimeIdentifier;

    /// <summary>The files that were searched.</summary>
    public IReadOnlyList<string> PathsTried { get; } = NativeLibraryPlaces.Candidates();

    /// <summary>The file that was loaded but is not the right one; null if there is none.</summary>
    public string? FoundPath { get; } = NativeLibraryPlaces.FindLoaded();

    /// <summary>The message of the system's loader; null if there is none.</summary>
    public string? LoaderMessage { get; }

    /// <summary>The vector instructions of this processor that the library supports.</summary>
    public IReadOnlyList<string> CpuFeatures { get; } = DetectCpuFeatures();

    /// <summary>The version of the library's interface that this assembly was written for.</summary>
    public int ExpectedAbiVersion { get; } = NativeMethods.AbiVersion;

    /// <summary>The version of the library that was found; null if there is none.</summary>
    public int? FoundAbiVersion { get; }

    private static string Compose(string reason, int? foundAbiVersion, string? loaderMessage)
    {
        string rid = RuntimeInformation.RuntimeIdentifier;
        string[] features = DetectCpuFeatures();
        string found = foundAbiVersion?.ToString(CultureInfo.InvariantCulture) ?? "none";
        StringBuilder text = new(reason);
        text.Append("\n  platform: ").Append(rid)
            .Append("\n  processor: ").Append(features.Length == 0 ? "no vector extension" : string.Join(", ", features))
            .Append("\n  interface: expected ").Append(NativeMethods.AbiVersion).Append(", found ").Append(found)
            .Append("\n  loaded: ").Append(NativeLibraryPlaces.FindLoaded() ?? "no file")
            .Append("\n  looked for: ").AppendJoin("\n              ", NativeLibraryPlaces.Candidates());
        if (loaderMessage is not null)
            text.Append("\n  loader: ").Append(Printable.Lines(loaderMessage.TrimEnd()).ReplaceLineEndings("\n          "));
        return text.ToString();
    }

    // CPUID itself: a program compiled ahead of time answers IsSupported for the processor it was compiled for.
    private static string[] DetectCpuFeatures()
    {
        if (AdvSimd.IsSupported) return ["neon"];
        if (!X86Base.IsSupported) return [];
        int basic = X86Base.CpuId(1, 0).Ecx;
        int extended = X86Base.CpuId(0, 0).Eax >= 7 ? X86Base.CpuId(7, 0).Ebx : 0;
        (string Name, int Register, int Bit)[] features =
            [("avx", basic, 28), ("fma", basic, 12), ("avx2", extended, 5), ("avx512f", extended, 16)];
        return [.. features.Where(feature => (feature.Register >> feature.Bit & 1) != 0).Select(feature => feature.Name)];
    }
}
