/* SPDX-License-Identifier: MIT
 *
 * The vector operations for Advanced SIMD, which every AArch64 processor supports: 16 lanes are
 * four registers. */
#ifndef NMLP_SIMD_H
#define NMLP_SIMD_H

#include <arm_neon.h>

#include "simd_common.h"

/* 6 rows x 4 registers are 24 accumulators; with 4 for B and some for values of A, 32 registers are
 * enough. */
#define TILE_ROWS 6
#define TILE_VECTORS 1
#define WIDEST 3
#define HALF_ROWS 12
#define SHORT_ROWS 2
#define SHORT_VECTORS 2
#define BEFORE_HALF 0
#define UNROLL_STEPS
/* clang-format off */
#define TILE_SHAPES(X)                                 \
    HEIGHTS_6(X, 1, 0)                                 \
    HEIGHTS_6(X, 0, 1) HEIGHTS_7_TO_12(X, 0, 1)        \
    X(1, 2, 0) X(2, 2, 0) X(1, 3, 0)
#define EACH_HEIGHT(X) X(1) X(2) X(3) X(4) X(5) X(6)
#define ONE_ROW_VECTORS(X) X(1) X(2) X(3)
/* clang-format on */

typedef struct {
    float32x4_t a, b, c, d;
} vf;
typedef struct {
    int32x4_t a, b, c, d;
} vi;
/* One value, which a multiply-add reads from a lane. */
typedef float vf_row;

#define QUAD(type, a_value, b_value, c_value, d_value) \
    ((type){(a_value), (b_value), (c_value), (d_value)})
#define ALL_OF(type, op, x) QUAD(type, op((x).a), op((x).b), op((x).c), op((x).d))
#define ALL_PAIRS(type, op, x, y) \
    QUAD(type, op((x).a, (y).a), op((x).b, (y).b), op((x).c, (y).c), op((x).d, (y).d))

INLINE vf vf_splat(float x)
{
    const float32x4_t all = vdupq_n_f32(x);
    return QUAD(vf, all, all, all, all);
}
INLINE vf vf_load(const float *p)
{
    return QUAD(vf, vld1q_f32(p), vld1q_f32(p + 4), vld1q_f32(p + 8), vld1q_f32(p + 12));
}
INLINE void vf_store(float *p, vf v)
{
    vst1q_f32(p, v.a);
    vst1q_f32(p + 4, v.b);
    vst1q_f32(p + 8, v.c);
    vst1q_f32(p + 12, v.d);
}

/* There are no masked loads and stores, so parts of a vector use separate functions. */
#define APART static NEVER_INLINE UNUSED

/* Loads the first n < 4 lanes. */
INLINE float32x4_t load_part(const float *p, size_t n, float32x4_t fill)
{
    if (n == 0) return fill;
    if (n == 1) return vld1q_lane_f32(p, fill, 0);
    const float32x4_t two = vcombine_f32(vld1_f32(p), vget_high_f32(fill));
    return n == 2 ? two : vld1q_lane_f32(p + 2, two, 2);
}
INLINE void store_part(float *p, float32x4_t v, size_t n)
{
    if (n >= 2) vst1_f32(p, vget_low_f32(v));
    if (n == 1) vst1q_lane_f32(p, v, 0);
    if (n == 3) vst1q_lane_f32(p + 2, v, 2);
}
APART vf load_rest(const float *p, size_t n, float fill)
{
    const float32x4_t f = vdupq_n_f32(fill);
    if (n < 4) return QUAD(vf, load_part(p, n, f), f, f, f);
    const float32x4_t a = vld1q_f32(p);
    if (n < 8) return QUAD(vf, a, load_part(p + 4, n - 4, f), f, f);
    const float32x4_t b = vld1q_f32(p + 4);
    if (n < 12) return QUAD(vf, a, b, load_part(p + 8, n - 8, f), f);
    return QUAD(vf, a, b, vld1q_f32(p + 8), load_part(p + 12, n - 12, f));
}
APART void store_rest(float *p, vf v, size_t n)
{
    if (n < 4) {
        store_part(p, v.a, n);
        return;
    }
    vst1q_f32(p, v.a);
    if (n < 8) {
        store_part(p + 4, v.b, n - 4);
        return;
    }
    vst1q_f32(p + 4, v.b);
    if (n < 12) {
        store_part(p + 8, v.c, n - 8);
        return;
    }
    vst1q_f32(p + 8, v.c);
    store_part(p + 12, v.d, n - 12);
}
/* Loads the first min(n, 16) lanes; the others are `fill`. */
INLINE vf vf_load_n(const float *p, size_t n, float fill)
{
    return n >= LANES ? vf_load(p) : load_rest(p, n, fill);
}
INLINE void vf_store_n(float *p, vf v, size_t n)
{
    if (n >= LANES)
        vf_store(p, v);
    else
        store_rest(p, v, n);
}
/* Keeps x in the lanes below n of the four that begin at `first`; the others are 0. */
INLINE float32x4_t lanes_below(float32x4_t x, size_t n, uint32_t first)
{
    static const uint32_t number[4] = {0, 1, 2, 3};
    const uint32x4_t lane = vaddq_u32(vld1q_u32(number), vdupq_n_u32(first));
    const uint32x4_t kept = vcltq_u32(lane, vdupq_n_u32((uint32_t)n));
    return vreinterpretq_f32_u32(vandq_u32(vreinterpretq_u32_f32(x), kept));
}
/* Keeps the first n < 16 lanes; the others are 0. */
INLINE vf vf_first_lanes(vf v, size_t n)
{
    return QUAD(vf, lanes_below(v.a, n, 0), lanes_below(v.b, n, 4), lanes_below(v.c, n, 8),
                lanes_below(v.d, n, 12));
}
/* The upper half of a float is a bf16. */
INLINE float32x4_t four_lower_halves(const uint16_t *p)
{
    return vreinterpretq_f32_u32(vshlq_n_u32(vreinterpretq_u32_u16(vld1q_u16(p)), 16));
}
INLINE float32x4_t four_upper_halves(const uint16_t *p)
{
    const uint32x4_t words = vreinterpretq_u32_u16(vld1q_u16(p));
    return vreinterpretq_f32_u32(vandq_u32(words, vdupq_n_u32(0xffff0000)));
}
INLINE vf vf_load_lower_halves(const uint16_t *p)
{
    return QUAD(vf, four_lower_halves(p), four_lower_halves(p + 8), four_lower_halves(p + 16),
                four_lower_halves(p + 24));
}
INLINE vf vf_load_upper_halves(const uint16_t *p)
{
    return QUAD(vf, four_upper_halves(p), four_upper_halves(p + 8), four_upper_halves(p + 16),
                four_upper_halves(p + 24));
}
INLINE vf vf_load_u8(const uint8_t *p)
{
    const uint8x16_t bytes = vld1q_u8(p);
    const uint16x8_t low = vmovl_u8(vget_low_u8(bytes)), high = vmovl_u8(vget_high_u8(bytes));
    return QUAD(vf, vcvtq_f32_u32(vmovl_u16(vget_low_u16(low))),
                vcvtq_f32_u32(vmovl_u16(vget_high_u16(low))),
                vcvtq_f32_u32(vmovl_u16(vget_low_u16(high))),
                vcvtq_f32_u32(vmovl_u16(vget_high_u16(high))));
}
INLINE vf_row vf_load_row(const float *p) { return *p; }

INLINE vf vf_add(vf x, vf y) { return ALL_PAIRS(vf, vaddq_f32, x, y); }
INLINE vf vf_sub(vf x, vf y) { return ALL_PAIRS(vf, vsubq_f32, x, y); }
INLINE vf vf_mul(vf x, vf y) { return ALL_PAIRS(vf, vmulq_f32, x, y); }
INLINE vf vf_div(vf x, vf y) { return ALL_PAIRS(vf, vdivq_f32, x, y); }
INLINE vf vf_sqrt(vf x) { return ALL_OF(vf, vsqrtq_f32, x); }
INLINE vf vf_fma(vf x, vf y, vf z)
{
    return QUAD(vf, vfmaq_f32(z.a, x.a, y.a), vfmaq_f32(z.b, x.b, y.b), vfmaq_f32(z.c, x.c, y.c),
                vfmaq_f32(z.d, x.d, y.d));
}
INLINE vf vf_fma_row(vf_row x, vf y, vf z)
{
    return QUAD(vf, vfmaq_n_f32(z.a, y.a, x), vfmaq_n_f32(z.b, y.b, x), vfmaq_n_f32(z.c, y.c, x),
                vfmaq_n_f32(z.d, y.d, x));
}
/* The fmax and fmin instructions give different results for NaN and for two zeros. */
INLINE float32x4_t greater(float32x4_t x, float32x4_t y)
{
    return vbslq_f32(vcgtq_f32(x, y), x, y);
}
INLINE float32x4_t less(float32x4_t x, float32x4_t y) { return vbslq_f32(vcltq_f32(x, y), x, y); }
INLINE vf vf_max(vf x, vf y) { return ALL_PAIRS(vf, greater, x, y); }
INLINE vf vf_min(vf x, vf y) { return ALL_PAIRS(vf, less, x, y); }
INLINE vf vf_select_lt(vf a, vf b, vf x, vf y)
{
    return QUAD(vf, vbslq_f32(vcltq_f32(a.a, b.a), x.a, y.a),
                vbslq_f32(vcltq_f32(a.b, b.b), x.b, y.b), vbslq_f32(vcltq_f32(a.c, b.c), x.c, y.c),
                vbslq_f32(vcltq_f32(a.d, b.d), x.d, y.d));
}
INLINE float32x4_t keep_positive(float32x4_t relu_mask, float32x4_t x)
{
    return vreinterpretq_f32_u32(vbicq_u32(vreinterpretq_u32_f32(x), vclezq_f32(relu_mask)));
}
INLINE vf vf_keep_positive(vf relu_mask, vf x)
{
    return ALL_PAIRS(vf, keep_positive, relu_mask, x);
}

INLINE vi vi_splat(int32_t x)
{
    const int32x4_t all = vdupq_n_s32(x);
    return QUAD(vi, all, all, all, all);
}
INLINE vi vi_load(const int32_t *p)
{
    return QUAD(vi, vld1q_s32(p), vld1q_s32(p + 4), vld1q_s32(p + 8), vld1q_s32(p + 12));
}
INLINE vi vi_add(vi x, vi y) { return ALL_PAIRS(vi, vaddq_s32, x, y); }
INLINE vi vi_sub(vi x, vi y) { return ALL_PAIRS(vi, vsubq_s32, x, y); }
INLINE vi vi_and(vi x, vi y) { return ALL_PAIRS(vi, vandq_s32, x, y); }
INLINE vi vi_max(vi x, vi y) { return ALL_PAIRS(vi, vmaxq_s32, x, y); }
#define vi_shl(x, bits)                                                                    \
    QUAD(vi, vshlq_n_s32((x).a, bits), vshlq_n_s32((x).b, bits), vshlq_n_s32((x).c, bits), \
         vshlq_n_s32((x).d, bits))
#define vi_sar(x, bits)                                                                    \
    QUAD(vi, vshrq_n_s32((x).a, bits), vshrq_n_s32((x).b, bits), vshrq_n_s32((x).c, bits), \
         vshrq_n_s32((x).d, bits))
INLINE vi vf_bits(vf x) { return ALL_OF(vi, vreinterpretq_s32_f32, x); }
INLINE vf vi_as_float(vi x) { return ALL_OF(vf, vreinterpretq_f32_s32, x); }
INLINE vf vi_to_float(vi x) { return ALL_OF(vf, vcvtq_f32_s32, x); }

/* A fixed tree of operations: lanes i and i + 8, then + 4, + 2, + 1. */
INLINE float vf_sum(vf v)
{
    const float32x4_t four = vaddq_f32(vaddq_f32(v.a, v.c), vaddq_f32(v.b, v.d));
    const float32x2_t two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
    return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
}
INLINE float vf_greatest(vf v)
{
    const float32x4_t four = greater(greater(v.a, v.c), greater(v.b, v.d));
    const float32x4_t two = greater(four, vextq_f32(four, four, 2));
    return vgetq_lane_f32(greater(two, vdupq_laneq_f32(two, 1)), 0);
}

/* Half a vector for the last columns of a product: 8 lanes in two registers. */
typedef struct {
    float32x4_t a, b;
} vh;
typedef float vh_row;

INLINE vh vh_load(const float *p) { return (vh){vld1q_f32(p), vld1q_f32(p + 4)}; }
INLINE void vh_store(float *p, vh v)
{
    vst1q_f32(p, v.a);
    vst1q_f32(p + 4, v.b);
}
INLINE vh vh_splat(float x) { return (vh){vdupq_n_f32(x), vdupq_n_f32(x)}; }
INLINE vh_row vh_load_row(const float *p) { return *p; }
INLINE vh_row vh_of_row(vf_row x) { return x; }
INLINE vh vh_fma_row(vh_row x, vh y, vh z)
{
    return (vh){vfmaq_n_f32(z.a, y.a, x), vfmaq_n_f32(z.b, y.b, x)};
}
INLINE vh vh_max(vh x, vh y) { return (vh){greater(x.a, y.a), greater(x.b, y.b)}; }
INLINE vh vh_keep_positive(vh relu_mask, vh x)
{
    return (vh){keep_positive(relu_mask.a, x.a), keep_positive(relu_mask.b, x.b)};
}

/* to[j] is column j of src [4 x 4]. Exchanges lanes, then pairs of lanes. */
INLINE void transpose_4x4(const float *src, size_t ld, float32x4_t to[4])
{
    const float32x4_t r0 = vld1q_f32(src), r1 = vld1q_f32(src + ld);
    const float32x4_t r2 = vld1q_f32(src + 2 * ld), r3 = vld1q_f32(src + 3 * ld);
    const float64x2_t even01 = vreinterpretq_f64_f32(vtrn1q_f32(r0, r1));
    const float64x2_t odd01 = vreinterpretq_f64_f32(vtrn2q_f32(r0, r1));
    const float64x2_t even23 = vreinterpretq_f64_f32(vtrn1q_f32(r2, r3));
    const float64x2_t odd23 = vreinterpretq_f64_f32(vtrn2q_f32(r2, r3));
    to[0] = vreinterpretq_f32_f64(vtrn1q_f64(even01, even23));
    to[1] = vreinterpretq_f32_f64(vtrn1q_f64(odd01, odd23));
    to[2] = vreinterpretq_f32_f64(vtrn2q_f64(even01, even23));
    to[3] = vreinterpretq_f32_f64(vtrn2q_f64(odd01, odd23));
}

/* to[j] is column j of src [16 x 4], with row i in lane i. */
INLINE void vf_load_transposed(const float *src, size_t ld, vf to[4])
{
    float32x4_t a[4], b[4], c[4], d[4];
    transpose_4x4(src, ld, a);
    transpose_4x4(src + 4 * ld, ld, b);
    transpose_4x4(src + 8 * ld, ld, c);
    transpose_4x4(src + 12 * ld, ld, d);
    UNROLL
    for (size_t j = 0; j < 4; j++) to[j] = QUAD(vf, a[j], b[j], c[j], d[j]);
}

#endif /* NMLP_SIMD_H */
