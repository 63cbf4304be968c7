// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp;

/// <summary>Information about the native library <c>nmlp</c>. The first access to any property except
/// <see cref="RequiredAbiVersion"/> loads it.</summary>
public static class NativeLibraryInfo
{
    /// <summary>The version of the library's interface that this assembly needs.</summary>
    public static int RequiredAbiVersion => NativeMethods.AbiVersion;

    /// <summary>The version of the loaded library's interface.</summary>
    /// <exception cref="NativeLibraryLoadException">The library cannot be used.</exception>
    public static int AbiVersion
    {
        get
        {
            NativeLibraryLoader.EnsureLoaded();
            return NativeMethods.nmlp_abi_version();
        }
    }

    /// <summary>The library's version, <c>major.minor.patch</c>.</summary>
    /// <exception cref="NativeLibraryLoadException">The library cannot be used.</exception>
    public static string Version
    {
        get
        {
            NativeLibraryLoader.EnsureLoaded();
            return NativeText.Version;
        }
    }

    /// <summary>The instruction set in use: the best one of this processor, or the one that the environment variable
    /// <c>NMLP_ISA</c> names (<c>scalar</c>, <c>avx2</c>, <c>avx512</c>, <c>neon</c>). The results do not depend on it.</summary>
    /// <exception cref="NativeLibraryLoadException">The library cannot be used.</exception>
    public static InstructionSet Active
    {
        get
        {
            NativeLibraryLoader.EnsureLoaded();
            return (InstructionSet)NativeMethods.nmlp_active_isa();
        }
    }

    /// <summary>The instruction sets that both this build of the library and this processor have.</summary>
    /// <exception cref="NativeLibraryLoadException">The library cannot be used.</exception>
    public static IReadOnlyList<InstructionSet> Available
    {
        get
        {
            NativeLibraryLoader.EnsureLoaded();
            return NativeLibraryLoader.AvailableInstructionSets();
        }
    }

    /// <summary>The number of workers for the argument 0: the minimum of processors, affinity and cgroup quota,
    /// or the environment variable <c>NMLP_THREADS</c>. The results do not depend on it.</summary>
    /// <exception cref="NativeLibraryLoadException">The library cannot be used.</exception>
    public static int DefaultThreads
    {
        get
        {
            NativeLibraryLoader.EnsureLoaded();
            return NativeMethods.nmlp_default_threads();
        }
    }

    /// <summary>The source of the library's worker threads: <c>pool</c> (its own), <c>openmp</c> or <c>none</c>.</summary>
    /// <exception cref="NativeLibraryLoadException">The library cannot be used.</exception>
    public static string ParallelBackend
    {
        get
        {
            NativeLibraryLoader.EnsureLoaded();
            return NativeText.ParallelBackend;
        }
    }

    /// <summary>The compiler that built the library, with its version, such as <c>gcc 12.2.0</c>.</summary>
    /// <exception cref="NativeLibraryLoadException">The library cannot be used.</exception>
    public static string Compiler
    {
        get
        {
            NativeLibraryLoader.EnsureLoaded();
            return NativeText.Compiler;
        }
    }

    /// <summary>The file that was loaded; null if the library is part of the program.</summary>
    /// <exception cref="NativeLibraryLoadException">The library cannot be used.</exception>
    public static string? Path
    {
        get
        {
            NativeLibraryLoader.EnsureLoaded();
            return NativeLibraryPlaces.FindLoaded();
        }
    }
}
