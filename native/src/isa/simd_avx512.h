/* SPDX-License-Identifier: MIT
 *
 * The vector operations for AVX-512F: 16 lanes are one register. */
#ifndef NMLP_SIMD_H
#define NMLP_SIMD_H

#include <immintrin.h>

#include "simd_common.h"

/* 14 rows x 2 registers are 28 accumulators; with 2 for B and 1 for the broadcast value, 31 of the
 * 32 registers are in use. */
#define TILE_ROWS 14
#define TILE_VECTORS 2
#define WIDEST 8
#define HALF_ROWS 12
#define SHORT_ROWS 4
#define SHORT_VECTORS 4
/* The whole vectors of the tiles that end with a half vector, which uses the same loads of A:
 * 6 x 56 are 24 accumulators. 0 if there are none. */
#define BEFORE_HALF 3
#define UNROLL_STEPS
/* clang-format off */
#define TILE_SHAPES(X)                                                              \
    HEIGHTS_6(X, 1, 0) HEIGHTS_7_TO_12(X, 1, 0) X(13, 1, 0) X(14, 1, 0)             \
    HEIGHTS_6(X, 2, 0) HEIGHTS_7_TO_12(X, 2, 0) X(13, 2, 0) X(14, 2, 0)             \
    HEIGHTS_6(X, 0, 1) HEIGHTS_7_TO_12(X, 0, 1)                                     \
    HEIGHTS_6(X, 3, 1)                                                              \
    X(1, 4, 0) X(2, 4, 0) X(3, 4, 0) X(4, 4, 0) X(1, 8, 0) X(2, 8, 0)
#define EACH_HEIGHT(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14)
#define ONE_ROW_VECTORS(X) X(1) X(2) X(4) X(8)
/* clang-format on */

typedef __m512 vf;
typedef __m512i vi;
/* One value in all lanes, for a row of A in a tile. */
typedef __m512 vf_row;

INLINE __mmask16 first_lanes(size_t n) { return (__mmask16)((1u << n) - 1u); }

INLINE vf vf_load(const float *p) { return _mm512_loadu_ps(p); }
INLINE void vf_store(float *p, vf v) { _mm512_storeu_ps(p, v); }
/* Loads the first min(n, 16) lanes; the others are `fill`. */
INLINE vf vf_load_n(const float *p, size_t n, float fill)
{
    if (n >= LANES) return vf_load(p);
    return _mm512_mask_loadu_ps(_mm512_set1_ps(fill), first_lanes(n), p);
}
/* Keeps the first n < 16 lanes; the others are 0. */
INLINE vf vf_first_lanes(vf v, size_t n) { return _mm512_maskz_mov_ps(first_lanes(n), v); }
INLINE void vf_store_n(float *p, vf v, size_t n)
{
    if (n >= LANES)
        vf_store(p, v);
    else
        _mm512_mask_storeu_ps(p, first_lanes(n), v);
}
/* The upper half of a float is a bf16. */
INLINE vf vf_load_lower_halves(const uint16_t *p)
{
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_loadu_si512(p), 16));
}
INLINE vf vf_load_upper_halves(const uint16_t *p)
{
    const __m512i upper = _mm512_set1_epi32((int)0xffff0000);
    return _mm512_castsi512_ps(_mm512_and_si512(_mm512_loadu_si512(p), upper));
}
INLINE vf vf_load_u8(const uint8_t *p)
{
    return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)p)));
}
INLINE vf vf_splat(float x) { return _mm512_set1_ps(x); }
INLINE vf_row vf_load_row(const float *p) { return _mm512_set1_ps(*p); }

INLINE vf vf_add(vf a, vf b) { return _mm512_add_ps(a, b); }
INLINE vf vf_sub(vf a, vf b) { return _mm512_sub_ps(a, b); }
INLINE vf vf_mul(vf a, vf b) { return _mm512_mul_ps(a, b); }
INLINE vf vf_div(vf a, vf b) { return _mm512_div_ps(a, b); }
INLINE vf vf_sqrt(vf a) { return _mm512_sqrt_ps(a); }
INLINE vf vf_fma(vf a, vf b, vf c) { return _mm512_fmadd_ps(a, b, c); }
INLINE vf vf_fma_row(vf_row a, vf b, vf c) { return _mm512_fmadd_ps(a, b, c); }
INLINE vf vf_max(vf a, vf b) { return _mm512_max_ps(a, b); }
INLINE vf vf_min(vf a, vf b) { return _mm512_min_ps(a, b); }
INLINE vf vf_select_lt(vf a, vf b, vf x, vf y)
{
    return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_LT_OQ), y, x);
}
INLINE vf vf_keep_positive(vf relu_mask, vf x)
{
    const __mmask16 out = _mm512_cmp_ps_mask(relu_mask, _mm512_setzero_ps(), _CMP_LE_OQ);
    return _mm512_mask_blend_ps(out, x, _mm512_setzero_ps());
}

#define HAS_SLOW_DENORMALS
INLINE bool vf_any_denormal(vf v)
{
    const __m512i size = _mm512_and_si512(_mm512_castps_si512(v), _mm512_set1_epi32(INT32_MAX));
    const __mmask16 below =
        _mm512_cmp_ps_mask(_mm512_castsi512_ps(size), _mm512_set1_ps(0x1p-126f), _CMP_LT_OQ);
    return (below & _mm512_cmp_ps_mask(v, _mm512_setzero_ps(), _CMP_NEQ_OQ)) != 0;
}

INLINE vi vi_splat(int32_t x) { return _mm512_set1_epi32(x); }
INLINE vi vi_load(const int32_t *p) { return _mm512_loadu_si512(p); }
INLINE vi vi_add(vi a, vi b) { return _mm512_add_epi32(a, b); }
INLINE vi vi_sub(vi a, vi b) { return _mm512_sub_epi32(a, b); }
INLINE vi vi_and(vi a, vi b) { return _mm512_and_si512(a, b); }
INLINE vi vi_max(vi a, vi b) { return _mm512_max_epi32(a, b); }
#define vi_shl(a, bits) _mm512_slli_epi32((a), bits)
#define vi_sar(a, bits) _mm512_srai_epi32((a), bits)
INLINE vi vf_bits(vf a) { return _mm512_castps_si512(a); }
INLINE vf vi_as_float(vi a) { return _mm512_castsi512_ps(a); }
INLINE vf vi_to_float(vi a) { return _mm512_cvtepi32_ps(a); }

/* Writes first + i for each lane i that is not 0, without gaps, and returns their number. `at` has
 * room for 16. */
#define HAS_FIND_NONZERO
INLINE size_t vf_find_nonzero(vf v, int32_t first, int32_t *at)
{
    const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __mmask16 some = _mm512_cmp_ps_mask(v, _mm512_setzero_ps(), _CMP_NEQ_UQ);
    /* Compresses in a register: compressing into memory takes a hundred cycles on Zen 4. */
    const __m512i places = _mm512_add_epi32(lane, _mm512_set1_epi32(first));
    _mm512_storeu_si512(at, _mm512_maskz_compress_epi32(some, places));
    return (size_t)_mm_popcnt_u32(some);
}

/* A fixed tree of operations: lanes i and i + 8, then + 4, + 2, + 1. */
INLINE __m256 upper_half(vf v)
{
    return _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(v), 1));
}
INLINE float vf_sum(vf v)
{
    const __m256 a = _mm256_add_ps(_mm512_castps512_ps256(v), upper_half(v));
    const __m128 b = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    const __m128 c = _mm_add_ps(b, _mm_movehl_ps(b, b));
    return _mm_cvtss_f32(_mm_add_ss(c, _mm_movehdup_ps(c)));
}
INLINE float vf_greatest(vf v)
{
    const __m256 a = _mm256_max_ps(_mm512_castps512_ps256(v), upper_half(v));
    const __m128 b = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    const __m128 c = _mm_max_ps(b, _mm_movehl_ps(b, b));
    return _mm_cvtss_f32(_mm_max_ss(c, _mm_movehdup_ps(c)));
}

#include "simd_half_x86.h"
INLINE vh_row vh_of_row(vf_row a) { return _mm512_castps512_ps256(a); }

#include "simd_transpose_x86.h"

INLINE __m512 four_rows(const float *src, size_t ld)
{
    const __m512 low = _mm512_castps256_ps512(two_rows(src, ld));
    return _mm512_castpd_ps(
        _mm512_insertf64x4(_mm512_castps_pd(low), _mm256_castps_pd(two_rows(src + 8 * ld, ld)), 1));
}

/* to[j] is column j of src [16 x 4], with row i in lane i. */
INLINE void vf_load_transposed(const float *src, size_t ld, vf to[4])
{
    const __m512 a = four_rows(src, ld), b = four_rows(src + ld, ld);
    const __m512 c = four_rows(src + 2 * ld, ld), d = four_rows(src + 3 * ld, ld);
    const __m512 ab_low = _mm512_unpacklo_ps(a, b), ab_high = _mm512_unpackhi_ps(a, b);
    const __m512 cd_low = _mm512_unpacklo_ps(c, d), cd_high = _mm512_unpackhi_ps(c, d);
    to[0] = _mm512_shuffle_ps(ab_low, cd_low, 0x44);
    to[1] = _mm512_shuffle_ps(ab_low, cd_low, 0xee);
    to[2] = _mm512_shuffle_ps(ab_high, cd_high, 0x44);
    to[3] = _mm512_shuffle_ps(ab_high, cd_high, 0xee);
}

#endif /* NMLP_SIMD_H */
