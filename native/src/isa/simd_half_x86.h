/* SPDX-License-Identifier: MIT
 *
 * Half a vector for the last columns of a product: 8 lanes in one register. AVX2 and AVX-512 share
 * this file. */
#ifndef NMLP_SIMD_HALF_X86_H
#define NMLP_SIMD_HALF_X86_H

typedef __m256 vh;
typedef __m256 vh_row;

INLINE vh vh_load(const float *p) { return _mm256_loadu_ps(p); }
INLINE void vh_store(float *p, vh v) { _mm256_storeu_ps(p, v); }
INLINE vh vh_splat(float x) { return _mm256_set1_ps(x); }
INLINE vh_row vh_load_row(const float *p) { return _mm256_broadcast_ss(p); }
INLINE vh vh_fma_row(vh_row a, vh b, vh c) { return _mm256_fmadd_ps(a, b, c); }
INLINE vh vh_max(vh a, vh b) { return _mm256_max_ps(a, b); }
INLINE vh vh_keep_positive(vh relu_mask, vh x)
{
    return _mm256_andnot_ps(_mm256_cmp_ps(relu_mask, _mm256_setzero_ps(), _CMP_LE_OQ), x);
}

#endif /* NMLP_SIMD_HALF_X86_H */
