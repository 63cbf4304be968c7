/* SPDX-License-Identifier: MIT */
#include "ops/random.h"

#include <math.h>
#include <string.h>

#include "nmlp.h"

/* sqrt is correctly rounded on all systems, so the widths have the same bits. */
static double width_of(int32_t init, double k, double n)
{
    switch (init) {
    case NMLP_INIT_HE_NORMAL:
        return sqrt(2 / k);
    case NMLP_INIT_HE_UNIFORM:
        return sqrt(6 / k);
    case NMLP_INIT_GLOROT_NORMAL:
        return sqrt(2 / (k + n));
    case NMLP_INIT_GLOROT_UNIFORM:
        return sqrt(6 / (k + n));
    case NMLP_INIT_LECUN_NORMAL:
        return sqrt(1 / k);
    default: /* NMLP_INIT_ZEROS */
        return 0;
    }
}

void nmlp_random_weights(const nmlp_kernels *kernels, int32_t init, float stddev, uint64_t seed,
                         uint64_t stream, size_t k, size_t n, float *w, size_t ldw)
{
    const float width =
        init == NMLP_INIT_NORMAL ? stddev : (float)width_of(init, (double)k, (double)n);
    const int uniform = init == NMLP_INIT_HE_UNIFORM || init == NMLP_INIT_GLOROT_UNIFORM;
    nmlp_column_block s;
    for (size_t j = 0; j < n; j += s.count) {
        s = nmlp_column_block_at(ldw, k, n, j);
        for (size_t p = 0; p < k; p++) {
            const nmlp_random at = {seed, stream, (uint64_t)p * n + j};
            float *row = w + s.offset + p * s.ld;
            if (init == NMLP_INIT_ZEROS)
                memset(row, 0, s.count * sizeof *row);
            else if (uniform)
                kernels->random_uniform(&at, s.count, -width, width, row);
            else
                kernels->random_normal(&at, s.count, 0.0f, width, row);
        }
    }
}

/* The streams begin at 2^62: one for each layer and step, separate from those of weights and
 * orders. */
void nmlp_random_dropout(const nmlp_kernels *kernels, uint64_t seed, uint64_t step, size_t layer,
                         float probability, size_t n, size_t i, nmlp_range columns, float *mask)
{
    const uint64_t stream = (uint64_t)1 << 62 | (uint64_t)layer << 48 | (step & 0xffffffffffff);
    const nmlp_random at = {seed, stream, (uint64_t)i * n + columns.begin};
    kernels->random_mask(&at, columns.end - columns.begin, probability, 1.0f / (1.0f - probability),
                         mask);
}

/* Fisher-Yates shuffle: the i-th swap uses the i-th word of the stream as a fraction of i + 1. The
 * bias towards any position is at most (i + 1) / 2^32. */
void nmlp_random_order(const nmlp_kernels *kernels, uint64_t seed, uint64_t stream, size_t count,
                       int32_t *order)
{
    uint32_t words[64];
    for (size_t i = 0; i < count; i++) {
        const size_t slot = i % 64;
        if (slot == 0) {
            const nmlp_random at = {seed, stream, i};
            kernels->random_words(&at, 64, words);
        }
        const size_t j = (size_t)(((uint64_t)words[slot] * (i + 1)) >> 32);
        order[i] = order[j]; /* the inside-out variant: order[0 .. i] is always a random order */
        order[j] = (int32_t)i;
    }
}
