/* SPDX-License-Identifier: MIT
 *
 * How AVX2 and AVX-512 transpose 8 x 4 floats. */
#ifndef NMLP_SIMD_TRANSPOSE_X86_H
#define NMLP_SIMD_TRANSPOSE_X86_H

/* Four floats of a row and, above them, of the row four further on: the load does the work of
 * the shuffles that would else exchange halves. */
INLINE __m256 two_rows(const float *src, size_t ld)
{
    return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(src)),
                                _mm_loadu_ps(src + 4 * ld), 1);
}

#endif /* NMLP_SIMD_TRANSPOSE_X86_H */
