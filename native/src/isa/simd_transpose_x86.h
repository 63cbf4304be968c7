/* SPDX-License-Identifier: MIT
 *
 * dst[j][i] = src[i][j] for 16 x 16 floats as four 8 x 8 blocks, each 24 shuffles
 * in registers; shared by AVX2 and AVX-512. */
#ifndef NMLP_SIMD_TRANSPOSE_X86_H
#define NMLP_SIMD_TRANSPOSE_X86_H

INLINE void transpose_8x8(const float *src, size_t ld, float *dst, size_t ld_dst)
{
    __m256 r[8], t[8], u[8];
    UNROLL
    for (size_t i = 0; i < 8; i++, src += ld) r[i] = _mm256_loadu_ps(src);
    UNROLL
    for (size_t i = 0; i < 8; i += 2) {
        t[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
        t[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
    }
    UNROLL
    for (size_t i = 0; i < 8; i += 4) {
        u[i] = _mm256_shuffle_ps(t[i], t[i + 2], 0x44);
        u[i + 1] = _mm256_shuffle_ps(t[i], t[i + 2], 0xee);
        u[i + 2] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0x44);
        u[i + 3] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0xee);
    }
    UNROLL
    for (size_t i = 0; i < 4; i++) {
        _mm256_storeu_ps(dst + i * ld_dst, _mm256_permute2f128_ps(u[i], u[i + 4], 0x20));
        _mm256_storeu_ps(dst + (i + 4) * ld_dst, _mm256_permute2f128_ps(u[i], u[i + 4], 0x31));
    }
}

/* A loop, whose body has registers enough for its sixteen addresses. */
INLINE void transpose_16x16(const float *src, size_t ld, float *dst, size_t ld_dst)
{
    for (size_t i = 0; i < 16; i += 8)
        for (size_t j = 0; j < 16; j += 8)
            transpose_8x8(src + i * ld + j, ld, dst + j * ld_dst + i, ld_dst);
}

#endif /* NMLP_SIMD_TRANSPOSE_X86_H */
