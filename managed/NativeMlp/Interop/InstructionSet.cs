// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>The vector instructions that the native library uses. The results do not depend on them. The values are those of the C interface.</summary>
public enum InstructionSet
{
    /// <summary>Plain C, which runs everywhere and serves to check the others.</summary>
    Scalar = 0,

    /// <summary>AVX2 and FMA.</summary>
    Avx2 = 1,

    /// <summary>AVX-512F.</summary>
    Avx512 = 2,

    /// <summary>AArch64's Advanced SIMD.</summary>
    Neon = 3,
}
