// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;

namespace NativeMlp.Interop;

// The imports have exactly the names of nmlp.h, parameter by parameter.
internal static unsafe partial class NativeMethods
{
    /// <summary>NMLP_ABI_VERSION of the header these imports were written from.</summary>
    public const int AbiVersion = 3;

    private const string Library = "nmlp";

    [LibraryImport(Library)]
    public static partial int nmlp_abi_version();

    [LibraryImport(Library)]
    public static partial byte* nmlp_version();

    [LibraryImport(Library)]
    public static partial byte* nmlp_status_string(int status);

    [LibraryImport(Library)]
    public static partial int nmlp_initialize();

    [LibraryImport(Library)]
    public static partial int nmlp_active_isa();

    [LibraryImport(Library)]
    public static partial int nmlp_isa_available(int isa);

    [LibraryImport(Library)]
    public static partial byte* nmlp_isa_name(int isa);

    [LibraryImport(Library)]
    public static partial byte* nmlp_parallel_backend();

    [LibraryImport(Library)]
    public static partial byte* nmlp_compiler();

    [LibraryImport(Library)]
    public static partial int nmlp_default_threads();

    [LibraryImport(Library)]
    public static partial int nmlp_add_busy_threads(int change);
}
