/* SPDX-License-Identifier: MIT
 *
 * The transposition of 8 x 4 floats for AVX2 and AVX-512. */
#ifndef NMLP_SIMD_TRANSPOSE_X86_H
#define NMLP_SIMD_TRANSPOSE_X86_H

/* Loads four floats of a row and, into the upper half, four floats of the row four rows later. This
 * load replaces shuffles that would exchange halves. */
INLINE __m256 two_rows(const float *src, size_t ld)
{
    return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(src)),
                                _mm_loadu_ps(src + 4 * ld), 1);
}

#endif /* NMLP_SIMD_TRANSPOSE_X86_H */
