/* SPDX-License-Identifier: MIT
 *
 * The vector operations in portable C: 16 lanes are an array. */
#ifndef NMLP_SIMD_H
#define NMLP_SIMD_H

#define NO_VECTOR_REGISTERS
#include "simd_common.h"

#define TILE_ROWS 4
#define TILE_VECTORS 1
#define WIDEST 1
#define HALF_ROWS 4
#define SHORT_ROWS 1
#define SHORT_VECTORS 1
#define BEFORE_HALF 0
#define UNROLL_STEPS
#define TILE_SHAPES(X) \
    X(1, 1, 0) X(2, 1, 0) X(3, 1, 0) X(4, 1, 0) X(1, 0, 1) X(2, 0, 1) X(3, 0, 1) X(4, 0, 1)
#define EACH_HEIGHT(X) X(1) X(2) X(3) X(4)
#define ONE_ROW_VECTORS(X) X(1)

typedef struct {
    float lane[LANES];
} vf;
typedef struct {
    int32_t lane[LANES];
} vi;
typedef float vf_row;
typedef struct {
    float lane[LANES / 2];
} vh; /* half a vector, for the last columns of a product */
typedef float vh_row;

#define EACH(type, expression)                                       \
    do {                                                             \
        type r;                                                      \
        for (size_t i = 0; i < LANES; i++) r.lane[i] = (expression); \
        return r;                                                    \
    } while (0)

/* Returns the float nearest to p + z, where s is p + z rounded to double. TwoSum gives the error of
 * that rounding, which is used to set the last bit of s (round to odd). Because 53 >= 2*24 + 2, the
 * second rounding, to float, then gives the correct result, even for denormals (Boldo and Melquiond
 * 2008). */
RARE float round_once(double p, double z, double s)
{
    const double v = s - p;
    const double e = (p - (s - v)) + (z - v);
    int64_t sum_bits, error_bits;
    memcpy(&sum_bits, &s, sizeof s);
    memcpy(&error_bits, &e, sizeof e);
    /* +1 if the error points away from zero, -1 if towards zero. Nothing is added if the sum is
     * exact, already odd, or not finite (the error is then NaN). */
    const int64_t direction = ((sum_bits ^ error_bits) >> 63) | 1;
    const int64_t inexact = -(int64_t)((e < 0) | (e > 0));
    sum_bits += inexact & ((sum_bits & 1) - 1) & direction;
    memcpy(&s, &sum_bits, sizeof s);
    return (float)s;
}

/* round(a*b + c), rounded once, without an FMA instruction. The product of two floats is exact in
 * double. Rounding the sum to double and then to float can only be wrong if the double is halfway
 * between two floats, or the float is denormal. */
INLINE float exact_fma(float a, float b, float c)
{
    const double p = (double)a * b, z = c, s = p + z;
    const uint64_t rest = ((uint64_t)1 << 29) - 1, half = (uint64_t)1 << 28;
    const uint64_t least_normal = (uint64_t)(1023 - 126) << 53; /* without the sign bit */
    uint64_t bits;
    memcpy(&bits, &s, sizeof s);
    const int tiny = (bits << 1) - 1 < least_normal - 1; /* 0 is not tiny */
    if ((bits & rest) == half || tiny) return round_once(p, z, s);
    return (float)s;
}

INLINE vf vf_load(const float *p)
{
    vf r;
    memcpy(r.lane, p, sizeof r.lane);
    return r;
}
INLINE void vf_store(float *p, vf v) { memcpy(p, v.lane, sizeof v.lane); }
/* Loads the first min(n, 16) lanes; the others are `fill`. */
INLINE vf vf_load_n(const float *p, size_t n, float fill) { EACH(vf, i < n ? p[i] : fill); }
/* Keeps the first n < 16 lanes; the others are 0. */
INLINE vf vf_first_lanes(vf v, size_t n) { EACH(vf, i < n ? v.lane[i] : 0); }
INLINE void vf_store_n(float *p, vf v, size_t n)
{
    memcpy(p, v.lane, (n < LANES ? n : LANES) * sizeof *p);
}
/* The upper half of a float is a bf16. */
INLINE float float_of_bf16(uint16_t bf16)
{
    const uint32_t bits = (uint32_t)bf16 << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}
INLINE vf vf_load_lower_halves(const uint16_t *p) { EACH(vf, float_of_bf16(p[2 * i])); }
INLINE vf vf_load_upper_halves(const uint16_t *p) { EACH(vf, float_of_bf16(p[2 * i + 1])); }
INLINE vf vf_load_u8(const uint8_t *p) { EACH(vf, (float)p[i]); }
INLINE vf vf_splat(float x) { EACH(vf, x); }
INLINE vf_row vf_load_row(const float *p) { return *p; }

INLINE vf vf_add(vf a, vf b) { EACH(vf, a.lane[i] + b.lane[i]); }
INLINE vf vf_sub(vf a, vf b) { EACH(vf, a.lane[i] - b.lane[i]); }
INLINE vf vf_mul(vf a, vf b) { EACH(vf, a.lane[i] * b.lane[i]); }
INLINE vf vf_div(vf a, vf b) { EACH(vf, a.lane[i] / b.lane[i]); }
INLINE vf vf_sqrt(vf a) { EACH(vf, sqrtf(a.lane[i])); }
INLINE vf vf_fma(vf a, vf b, vf c) { EACH(vf, exact_fma(a.lane[i], b.lane[i], c.lane[i])); }
INLINE vf vf_fma_row(vf_row a, vf b, vf c) { EACH(vf, exact_fma(a, b.lane[i], c.lane[i])); }
INLINE vf vf_max(vf a, vf b) { EACH(vf, a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i]); }
INLINE vf vf_min(vf a, vf b) { EACH(vf, a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i]); }
INLINE vf vf_select_lt(vf a, vf b, vf x, vf y)
{
    EACH(vf, a.lane[i] < b.lane[i] ? x.lane[i] : y.lane[i]);
}
INLINE vf vf_keep_positive(vf relu_mask, vf x) { EACH(vf, relu_mask.lane[i] <= 0 ? 0 : x.lane[i]); }

#define EACH_HALF(expression)                                            \
    do {                                                                 \
        vh r;                                                            \
        for (size_t i = 0; i < LANES / 2; i++) r.lane[i] = (expression); \
        return r;                                                        \
    } while (0)

INLINE vh vh_load(const float *p) { EACH_HALF(p[i]); }
INLINE void vh_store(float *p, vh v) { memcpy(p, v.lane, sizeof v.lane); }
INLINE vh vh_splat(float x) { EACH_HALF(x); }
INLINE vh_row vh_load_row(const float *p) { return *p; }
INLINE vh_row vh_of_row(vf_row a) { return a; }
INLINE vh vh_fma_row(vh_row a, vh b, vh c) { EACH_HALF(exact_fma(a, b.lane[i], c.lane[i])); }
INLINE vh vh_max(vh a, vh b) { EACH_HALF(a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i]); }
INLINE vh vh_keep_positive(vh relu_mask, vh x)
{
    EACH_HALF(relu_mask.lane[i] <= 0 ? 0 : x.lane[i]);
}

INLINE vi vi_splat(int32_t x) { EACH(vi, x); }
INLINE vi vi_load(const int32_t *p) { EACH(vi, p[i]); }
INLINE vi vi_add(vi a, vi b) { EACH(vi, (int32_t)((uint32_t)a.lane[i] + (uint32_t)b.lane[i])); }
INLINE vi vi_sub(vi a, vi b) { EACH(vi, (int32_t)((uint32_t)a.lane[i] - (uint32_t)b.lane[i])); }
INLINE vi vi_and(vi a, vi b) { EACH(vi, a.lane[i] & b.lane[i]); }
INLINE vi vi_max(vi a, vi b) { EACH(vi, a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i]); }
INLINE vi vi_shl(vi a, int bits) { EACH(vi, (int32_t)((uint32_t)a.lane[i] << bits)); }
INLINE vi vi_sar(vi a, int bits) { EACH(vi, a.lane[i] >> bits); }
INLINE vi vf_bits(vf a)
{
    vi r;
    memcpy(r.lane, a.lane, sizeof r.lane);
    return r;
}
INLINE vf vi_as_float(vi a)
{
    vf r;
    memcpy(r.lane, a.lane, sizeof r.lane);
    return r;
}
INLINE vf vi_to_float(vi a) { EACH(vf, (float)a.lane[i]); }

/* A fixed tree of operations: lanes i and i + 8, then + 4, + 2, + 1. */
INLINE float vf_sum(vf v)
{
    for (size_t step = LANES / 2; step > 0; step /= 2)
        for (size_t i = 0; i < step; i++) v.lane[i] += v.lane[i + step];
    return v.lane[0];
}
INLINE float vf_greatest(vf v)
{
    for (size_t step = LANES / 2; step > 0; step /= 2)
        for (size_t i = 0; i < step; i++)
            v.lane[i] = v.lane[i] > v.lane[i + step] ? v.lane[i] : v.lane[i + step];
    return v.lane[0];
}

/* to[j] is column j of src [16 x 4], with row i in lane i. */
INLINE void vf_load_transposed(const float *src, size_t ld, vf to[4])
{
    for (size_t i = 0; i < LANES; i++)
        for (size_t j = 0; j < 4; j++) to[j].lane[i] = src[i * ld + j];
}

#endif /* NMLP_SIMD_H */
