// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;

namespace NativeMlp.Interop;

/// <summary>The library's static texts, copied.</summary>
internal static unsafe class NativeText
{
    public static string Version => Copy(NativeMethods.nmlp_version());

    public static string ParallelBackend => Copy(NativeMethods.nmlp_parallel_backend());

    public static string Compiler => Copy(NativeMethods.nmlp_compiler());

    public static string Status(int status) => Copy(NativeMethods.nmlp_status_string(status));

    public static string Name(InstructionSet isa) => Copy(NativeMethods.nmlp_isa_name((int)isa));

    private static string Copy(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
