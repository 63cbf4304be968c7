// SPDX-License-Identifier: MIT
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace NativeMlp.Bench.Measuring;

/// <summary>The cheapest function of the native library, imported as NativeMlp imports it.</summary>
internal static partial class NativeCalls
{
    public const int Calls = 10_000;

    /// <summary>Many bare calls.</summary>
    public static int AbiVersions()
    {
        int sum = 0;
        for (int i = 0; i < Calls; i++) sum += nmlp_abi_version();
        return sum;
    }

    /// <summary>The same through the public property.</summary>
    public static int AbiProperties()
    {
        int sum = 0;
        for (int i = 0; i < Calls; i++) sum += NativeLibraryInfo.AbiVersion;
        return sum;
    }

    /// <summary>A kernel with spans and their checks, on next to no data.</summary>
    public static void SmallKernels(float[] x)
    {
        for (int i = 0; i < Calls; i++) Kernels.Relu(x, x);
    }

    [LibraryImport("nmlp")]
    private static partial int nmlp_abi_version();
}
