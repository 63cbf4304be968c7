/* SPDX-License-Identifier: MIT
 *
 * The vector operations of an instruction set, which the library does not export. Like
 * isa/kernels.c, simd_probe.c is compiled once per instruction set.
 *
 * SIMD_OPERATION(name, arithmetic, statement): the statement computes out[256] from x[256], whose
 * first three vectors are a, b and c, and from a count n <= 16. Arithmetic operations produce NaNs
 * whose bits depend on the processor. All other operations move and select bits. */
#ifndef SIMD_PROBE_H
#define SIMD_PROBE_H

#include <stdbool.h>
#include <stddef.h>

enum { SIMD_FLOATS = 256 };

/* clang-format off */
#define SIMD_OPERATIONS \
    SIMD_OPERATION(load_n, false, vf_store(out, vf_load_n(x + SIMD_FLOATS - n, n, 7.0f))) \
    SIMD_OPERATION(store_n, false, vf_store_n(out + SIMD_FLOATS - n, a, n)) \
    SIMD_OPERATION(first_lanes, false, vf_store(out, vf_first_lanes(a, n % LANES))) \
    SIMD_OPERATION(load_u8, false, vf_store(out, vf_load_u8((const uint8_t *)x))) \
    SIMD_OPERATION(splat, false, vf_store(out, vf_splat(x[n]))) \
    SIMD_OPERATION(add, true, vf_store(out, vf_add(a, b))) \
    SIMD_OPERATION(sub, true, vf_store(out, vf_sub(a, b))) \
    SIMD_OPERATION(mul, true, vf_store(out, vf_mul(a, b))) \
    SIMD_OPERATION(div, true, vf_store(out, vf_div(a, b))) \
    SIMD_OPERATION(sqrt, true, vf_store(out, vf_sqrt(a))) \
    SIMD_OPERATION(fma, true, vf_store(out, vf_fma(a, b, c))) \
    SIMD_OPERATION(fma_row, true, vf_store(out, vf_fma_row(vf_load_row(x + n), b, c))) \
    SIMD_OPERATION(max, false, vf_store(out, vf_max(a, b))) \
    SIMD_OPERATION(min, false, vf_store(out, vf_min(a, b))) \
    SIMD_OPERATION(select_lt, false, vf_store(out, vf_select_lt(a, b, c, a))) \
    SIMD_OPERATION(keep_positive, false, vf_store(out, vf_keep_positive(a, b))) \
    SIMD_OPERATION(int_splat, false, vf_store(out, vi_as_float(vi_splat((int32_t)n - 8)))) \
    SIMD_OPERATION(int_load, false, vf_store(out, vi_as_float(vi_load((const int32_t *)x)))) \
    SIMD_OPERATION(int_add, false, vf_store(out, vi_as_float(vi_add(vf_bits(a), vf_bits(b))))) \
    SIMD_OPERATION(int_sub, false, vf_store(out, vi_as_float(vi_sub(vf_bits(a), vf_bits(b))))) \
    SIMD_OPERATION(int_and, false, vf_store(out, vi_as_float(vi_and(vf_bits(a), vf_bits(b))))) \
    SIMD_OPERATION(int_max, false, vf_store(out, vi_as_float(vi_max(vf_bits(a), vf_bits(b))))) \
    SIMD_OPERATION(int_shl, false, vf_store(out, vi_as_float(vi_shl(vf_bits(a), 23)))) \
    SIMD_OPERATION(int_sar, false, vf_store(out, vi_as_float(vi_sar(vf_bits(a), 23)))) \
    SIMD_OPERATION(int_to_float, false, vf_store(out, vi_to_float(vf_bits(a)))) \
    SIMD_OPERATION(find_nonzero, false, \
        int32_t at[LANES]; \
        const vf some = vf_first_lanes(vf_select_lt(a, b, vf_splat(-0.0f), a), n % LANES); \
        const size_t found = vf_find_nonzero(some, (int32_t)n, at); \
        for (size_t i = 0; i < found; i++) out[i] = (float)at[i]; \
        out[LANES] = (float)found) \
    SIMD_OPERATION(sum, true, out[0] = vf_sum(a)) \
    SIMD_OPERATION(greatest, false, out[0] = vf_greatest(a)) \
    SIMD_OPERATION(half_splat, false, vh_store(out, vh_splat(x[n]))) \
    SIMD_OPERATION(half_fma, true, vh_store(out, vh_fma_row(vh_load_row(x + n), vh_load(x + 16), vh_load(x + 32)))) \
    SIMD_OPERATION(half_fma_row, true, \
        vh_store(out, vh_fma_row(vh_of_row(vf_load_row(x + n)), vh_load(x + 16), vh_load(x + 32)))) \
    SIMD_OPERATION(half_max, false, vh_store(out, vh_max(vh_load(x), vh_load(x + 16)))) \
    SIMD_OPERATION(half_keep_positive, false, vh_store(out, vh_keep_positive(vh_load(x), vh_load(x + 16)))) \
    SIMD_OPERATION(load_transposed, false, \
        vf transposed[4]; \
        vf_load_transposed(x + n, 12 - n % 7, transposed); \
        for (size_t i = 0; i < 4; i++) vf_store(out + i * LANES, transposed[i]))
/* clang-format on */

typedef enum simd_operation {
#define SIMD_OPERATION(name, arithmetic, ...) SIMD_##name,
    SIMD_OPERATIONS
#undef SIMD_OPERATION
        SIMD_COUNT
} simd_operation;

typedef void simd_probe(simd_operation operation, const float *x, size_t n, float *out);

#define ISA(value, name, has) simd_probe simd_probe_##name;
#include "isa/isas.def"
#undef ISA

#endif /* SIMD_PROBE_H */
