/* SPDX-License-Identifier: MIT
 *
 * Memory between guard pages for the matrices of products, and their comparison. */
#ifndef PRODUCT_PLACES_H
#define PRODUCT_PLACES_H

#include "isa/dispatch.h"
#include "gemm/gemm.h"
#include "oracle.h"
#include "test_support.h"
#include "threads/parallel.h"

/* Guarded memory for A, B and C, large enough for all cases. */
static guarded place_a, place_b, place_c;

static inline void make_places(void)
{
    const size_t most = (size_t)(600 * 600) * sizeof(float);
    place_a = guarded_create(most);
    place_b = guarded_create(most);
    place_c = guarded_create(most);
}

/* The extent of a matrix in memory, in elements from its first to its last. */
static inline size_t extent(size_t rows, size_t columns, size_t ld)
{
    return rows == 0 || columns == 0 ? 0 : (rows - 1) * ld + columns;
}

/* Copies src [.. x src_ld] into guarded memory with the pitch ld and poison between the rows. */
static inline float *placed(const guarded *place, const float *src, size_t src_ld, size_t rows,
                            size_t columns, size_t ld, bool at_end)
{
    float *dst = guarded_floats(place, extent(rows, columns, ld), at_end);
    fill_bits(dst, extent(rows, columns, ld), poison);
    for (size_t i = 0; i < rows && columns > 0; i++)
        memcpy(dst + i * ld, src + i * src_ld, columns * sizeof(float));
    return dst;
}

/* Checks that actual [m x n, pitch ld] has the bits of expected, and poison between its rows.
 * Counts as one check. */
static inline void check_matrix(const char *what, const float *expected, size_t expected_ld,
                                const float *actual, size_t m, size_t n, size_t ld)
{
    size_t wrong = 0, row = 0, column = 0;
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < (i + 1 == m ? n : ld); j++) {
            uint32_t want = j < n ? float_bits(expected[i * expected_ld + j]) : poison;
            if (want == float_bits(actual[i * ld + j])) continue;
            if (wrong++ == 0) row = i, column = j;
        }
    }
    CHECK_THAT(wrong == 0,
               "%s: m %zu, n %zu, ld %zu: %zu wrong, first at (%zu, %zu): %.9g, not %.9g", what, m,
               n, ld, wrong, row, column, wrong ? (double)actual[row * ld + column] : 0,
               wrong && column < n ? (double)expected[row * expected_ld + column] : 0);
}

#endif /* PRODUCT_PLACES_H */
