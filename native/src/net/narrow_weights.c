/* SPDX-License-Identifier: MIT */
#include "net/narrow_weights.h"

#include <string.h>

#include "gemm/column_blocks.h"

/* NaN remains NaN. */
static uint16_t narrowed(float value)
{
    enum { QUIET = 0x40, HALF = 0x7fff };
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (value != value) return (uint16_t)(bits >> 16 | QUIET);
    return (uint16_t)((bits + HALF + (bits >> 16 & 1)) >> 16);
}

static float widened(uint16_t narrow)
{
    const uint32_t bits = (uint32_t)narrow << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The place of a column in its row: two vectors share a group of words. */
static size_t place(size_t column)
{
    const size_t within = column % NMLP_NARROW_GROUP;
    return column - within + 2 * (within % NMLP_LANES) + within / NMLP_LANES;
}

size_t nmlp_narrow_floats(size_t ld, size_t k, size_t n)
{
    const size_t row = ld == NMLP_IN_COLUMN_BLOCKS ? n : ld;
    return k * nmlp_narrow_columns(row) / 2;
}

void nmlp_narrow_copy_in(size_t k, size_t n, const float *src, size_t ld_src, size_t ld,
                         uint16_t *dst)
{
    memset(dst, 0, nmlp_narrow_floats(ld, k, n) * sizeof(float));
    for (size_t j = 0, count; j < n; j += count) {
        const nmlp_column_block to = nmlp_narrow_block_at(ld, k, n, j);
        const nmlp_column_block from = nmlp_column_block_at(ld_src, k, n, j);
        count = from.count < to.count ? from.count : to.count;
        for (size_t i = 0; i < k; i++)
            for (size_t q = 0; q < count; q++)
                dst[to.offset + i * to.ld + place(q)] =
                    narrowed(src[from.offset + i * from.ld + q]);
    }
}

void nmlp_narrow_copy_out(const uint16_t *src, size_t ld, size_t k, size_t n, float *dst)
{
    nmlp_column_block from;
    for (size_t j = 0; j < n; j += from.count) {
        from = nmlp_narrow_block_at(ld, k, n, j);
        if (from.count > n - j) from.count = n - j; /* without the gap */
        for (size_t i = 0; i < k; i++)
            for (size_t q = 0; q < from.count; q++)
                dst[i * n + j + q] = widened(src[from.offset + i * from.ld + place(q)]);
    }
}
