/* SPDX-License-Identifier: MIT
 *
 * The vector operations for AVX2 and FMA: 16 lanes are two registers. */
#ifndef NMLP_SIMD_H
#define NMLP_SIMD_H

#include <immintrin.h>

#include "simd_common.h"

/* 6 rows x 2 registers are 12 accumulators; with 2 for B and 1 for the broadcast value, 15 of the
 * 16 registers are in use. */
#define TILE_ROWS 6
#define TILE_VECTORS 1
#define WIDEST 4
#define HALF_ROWS 12
#define SHORT_ROWS 3
#define SHORT_VECTORS 2
#define BEFORE_HALF 0
/* A step of a chain is only 6 cycles of arithmetic, so the loop around it is noticeable
 * (docs/tuning.md). */
#define UNROLL_STEPS UNROLL_BY_2
/* clang-format off */
#define TILE_SHAPES(X)                                 \
    HEIGHTS_6(X, 1, 0)                                 \
    HEIGHTS_6(X, 0, 1) HEIGHTS_7_TO_12(X, 0, 1)        \
    X(1, 2, 0) X(2, 2, 0) X(3, 2, 0) X(1, 4, 0)
#define EACH_HEIGHT(X) X(1) X(2) X(3) X(4) X(5) X(6)
#define ONE_ROW_VECTORS(X) X(1) X(2) X(4)
/* clang-format on */

typedef struct {
    __m256 lo, hi;
} vf;
typedef struct {
    __m256i lo, hi;
} vi;
/* One value in all lanes, for a row of A in a tile. */
typedef __m256 vf_row;

/* From 16 - n on: n ones, then zeros. */
static const int32_t tail_mask[32] = {-1, -1, -1, -1, -1, -1, -1, -1,
                                      -1, -1, -1, -1, -1, -1, -1, -1};

#define PAIR(type, lo_value, hi_value) ((type){(lo_value), (hi_value)})
#define BOTH(op, a, b) PAIR(vf, op((a).lo, (b).lo), op((a).hi, (b).hi))
#define BOTH_INT(op, a, b) PAIR(vi, op((a).lo, (b).lo), op((a).hi, (b).hi))

INLINE __m256i mask_lo(size_t n)
{
    return _mm256_loadu_si256((const __m256i *)(tail_mask + 16 - n));
}
INLINE __m256i mask_hi(size_t n)
{
    return _mm256_loadu_si256((const __m256i *)(tail_mask + 24 - n));
}

INLINE vf vf_load(const float *p) { return PAIR(vf, _mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)); }
INLINE void vf_store(float *p, vf v)
{
    _mm256_storeu_ps(p, v.lo);
    _mm256_storeu_ps(p + 8, v.hi);
}
/* Loads the first min(n, 16) lanes; the others are `fill`. */
INLINE vf vf_load_n(const float *p, size_t n, float fill)
{
    if (n >= LANES) return vf_load(p);
    const __m256 f = _mm256_set1_ps(fill);
    const __m256i lo = mask_lo(n), hi = mask_hi(n);
    return PAIR(vf, _mm256_blendv_ps(f, _mm256_maskload_ps(p, lo), _mm256_castsi256_ps(lo)),
                _mm256_blendv_ps(f, _mm256_maskload_ps(p + 8, hi), _mm256_castsi256_ps(hi)));
}
/* Keeps the first n < 16 lanes; the others are 0. */
INLINE vf vf_first_lanes(vf v, size_t n)
{
    return PAIR(vf, _mm256_and_ps(v.lo, _mm256_castsi256_ps(mask_lo(n))),
                _mm256_and_ps(v.hi, _mm256_castsi256_ps(mask_hi(n))));
}
/* Stores 8, 4, 2 and 1 lanes as needed: a masked store is microcoded on AMD processors. */
INLINE void vf_store_n(float *p, vf v, size_t n)
{
    if (n >= LANES) {
        vf_store(p, v);
        return;
    }
    __m256 rest = v.lo;
    if (n & 8) {
        _mm256_storeu_ps(p, rest);
        rest = v.hi;
        p += 8;
    }
    __m128 four = _mm256_castps256_ps128(rest);
    if (n & 4) {
        _mm_storeu_ps(p, four);
        four = _mm256_extractf128_ps(rest, 1);
        p += 4;
    }
    if (n & 2) {
        _mm_storel_pi((__m64 *)p, four);
        four = _mm_movehl_ps(four, four);
        p += 2;
    }
    if (n & 1) _mm_store_ss(p, four);
}
/* The upper half of a float is a bf16. */
INLINE __m256 eight_lower_halves(const uint16_t *p)
{
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_loadu_si256((const __m256i *)p), 16));
}
INLINE __m256 eight_upper_halves(const uint16_t *p)
{
    const __m256i upper = _mm256_set1_epi32((int)0xffff0000);
    const __m256i words = _mm256_loadu_si256((const __m256i *)p);
    return _mm256_castsi256_ps(_mm256_and_si256(words, upper));
}
INLINE vf vf_load_lower_halves(const uint16_t *p)
{
    return PAIR(vf, eight_lower_halves(p), eight_lower_halves(p + 16));
}
INLINE vf vf_load_upper_halves(const uint16_t *p)
{
    return PAIR(vf, eight_upper_halves(p), eight_upper_halves(p + 16));
}
INLINE vf vf_load_u8(const uint8_t *p)
{
    const __m128i bytes = _mm_loadu_si128((const __m128i *)p);
    return PAIR(vf, _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes)),
                _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_srli_si128(bytes, 8))));
}
INLINE vf vf_splat(float x) { return PAIR(vf, _mm256_set1_ps(x), _mm256_set1_ps(x)); }
INLINE vf_row vf_load_row(const float *p) { return _mm256_broadcast_ss(p); }

INLINE vf vf_add(vf a, vf b) { return BOTH(_mm256_add_ps, a, b); }
INLINE vf vf_sub(vf a, vf b) { return BOTH(_mm256_sub_ps, a, b); }
INLINE vf vf_mul(vf a, vf b) { return BOTH(_mm256_mul_ps, a, b); }
INLINE vf vf_div(vf a, vf b) { return BOTH(_mm256_div_ps, a, b); }
INLINE vf vf_sqrt(vf a) { return PAIR(vf, _mm256_sqrt_ps(a.lo), _mm256_sqrt_ps(a.hi)); }
INLINE vf vf_fma(vf a, vf b, vf c)
{
    return PAIR(vf, _mm256_fmadd_ps(a.lo, b.lo, c.lo), _mm256_fmadd_ps(a.hi, b.hi, c.hi));
}
INLINE vf vf_fma_row(vf_row a, vf b, vf c)
{
    return PAIR(vf, _mm256_fmadd_ps(a, b.lo, c.lo), _mm256_fmadd_ps(a, b.hi, c.hi));
}
INLINE vf vf_max(vf a, vf b) { return BOTH(_mm256_max_ps, a, b); }
INLINE vf vf_min(vf a, vf b) { return BOTH(_mm256_min_ps, a, b); }
INLINE vf vf_select_lt(vf a, vf b, vf x, vf y)
{
    return PAIR(vf, _mm256_blendv_ps(y.lo, x.lo, _mm256_cmp_ps(a.lo, b.lo, _CMP_LT_OQ)),
                _mm256_blendv_ps(y.hi, x.hi, _mm256_cmp_ps(a.hi, b.hi, _CMP_LT_OQ)));
}
INLINE vf vf_keep_positive(vf relu_mask, vf x)
{
    const __m256 zero = _mm256_setzero_ps();
    return PAIR(vf, _mm256_andnot_ps(_mm256_cmp_ps(relu_mask.lo, zero, _CMP_LE_OQ), x.lo),
                _mm256_andnot_ps(_mm256_cmp_ps(relu_mask.hi, zero, _CMP_LE_OQ), x.hi));
}

#define HAS_SLOW_DENORMALS
INLINE __m256 denormal_lanes(__m256 v)
{
    const __m256 size = _mm256_andnot_ps(_mm256_set1_ps(-0.0f), v);
    return _mm256_and_ps(_mm256_cmp_ps(size, _mm256_set1_ps(0x1p-126f), _CMP_LT_OQ),
                         _mm256_cmp_ps(v, _mm256_setzero_ps(), _CMP_NEQ_OQ));
}
INLINE bool vf_any_denormal(vf v)
{
    return _mm256_movemask_ps(_mm256_or_ps(denormal_lanes(v.lo), denormal_lanes(v.hi))) != 0;
}

INLINE vi vi_splat(int32_t x) { return PAIR(vi, _mm256_set1_epi32(x), _mm256_set1_epi32(x)); }
INLINE vi vi_load(const int32_t *p)
{
    return PAIR(vi, _mm256_loadu_si256((const __m256i *)p),
                _mm256_loadu_si256((const __m256i *)(p + 8)));
}
INLINE vi vi_add(vi a, vi b) { return BOTH_INT(_mm256_add_epi32, a, b); }
INLINE vi vi_sub(vi a, vi b) { return BOTH_INT(_mm256_sub_epi32, a, b); }
INLINE vi vi_and(vi a, vi b) { return BOTH_INT(_mm256_and_si256, a, b); }
INLINE vi vi_max(vi a, vi b) { return BOTH_INT(_mm256_max_epi32, a, b); }
#define vi_shl(a, bits) PAIR(vi, _mm256_slli_epi32((a).lo, bits), _mm256_slli_epi32((a).hi, bits))
#define vi_sar(a, bits) PAIR(vi, _mm256_srai_epi32((a).lo, bits), _mm256_srai_epi32((a).hi, bits))
INLINE vi vf_bits(vf a) { return PAIR(vi, _mm256_castps_si256(a.lo), _mm256_castps_si256(a.hi)); }
INLINE vf vi_as_float(vi a)
{
    return PAIR(vf, _mm256_castsi256_ps(a.lo), _mm256_castsi256_ps(a.hi));
}
INLINE vf vi_to_float(vi a) { return PAIR(vf, _mm256_cvtepi32_ps(a.lo), _mm256_cvtepi32_ps(a.hi)); }

/* A fixed tree of operations: lanes i and i + 8, then + 4, + 2, + 1. */
INLINE float vf_sum(vf v)
{
    const __m256 a = _mm256_add_ps(v.lo, v.hi);
    const __m128 b = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    const __m128 c = _mm_add_ps(b, _mm_movehl_ps(b, b));
    return _mm_cvtss_f32(_mm_add_ss(c, _mm_movehdup_ps(c)));
}
INLINE float vf_greatest(vf v)
{
    const __m256 a = _mm256_max_ps(v.lo, v.hi);
    const __m128 b = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    const __m128 c = _mm_max_ps(b, _mm_movehl_ps(b, b));
    return _mm_cvtss_f32(_mm_max_ss(c, _mm_movehdup_ps(c)));
}

#include "simd_half_x86.h"
INLINE vh_row vh_of_row(vf_row a) { return a; }

#include "simd_transpose_x86.h"

INLINE void transpose_8x4(const float *src, size_t ld, __m256 to[4])
{
    const __m256 a = two_rows(src, ld), b = two_rows(src + ld, ld);
    const __m256 c = two_rows(src + 2 * ld, ld), d = two_rows(src + 3 * ld, ld);
    const __m256 ab_low = _mm256_unpacklo_ps(a, b), ab_high = _mm256_unpackhi_ps(a, b);
    const __m256 cd_low = _mm256_unpacklo_ps(c, d), cd_high = _mm256_unpackhi_ps(c, d);
    to[0] = _mm256_shuffle_ps(ab_low, cd_low, 0x44);
    to[1] = _mm256_shuffle_ps(ab_low, cd_low, 0xee);
    to[2] = _mm256_shuffle_ps(ab_high, cd_high, 0x44);
    to[3] = _mm256_shuffle_ps(ab_high, cd_high, 0xee);
}

/* to[j] is column j of src [16 x 4], with row i in lane i. */
INLINE void vf_load_transposed(const float *src, size_t ld, vf to[4])
{
    __m256 lo[4], hi[4];
    transpose_8x4(src, ld, lo);
    transpose_8x4(src + 8 * ld, ld, hi);
    UNROLL
    for (size_t j = 0; j < 4; j++) to[j] = PAIR(vf, lo[j], hi[j]);
}

#endif /* NMLP_SIMD_H */
