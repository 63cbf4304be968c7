/* SPDX-License-Identifier: MIT
 *
 * What the two walks through a product share: gemm.c and, lying down, gemm_lying.c. Below them are
 *
 *   gemm_a.c         op(A) of a block
 *   gemm_plan.c      how a panel is computed
 *   gemm_panel.c     a panel, as its plan says */
#ifndef NMLP_GEMM_BLOCK_H
#define NMLP_GEMM_BLOCK_H

#include <assert.h>

#include "gemm/gemm.h"

/* A panel of 512 x 32 floats of B, 64 KiB, is read line after line from the L2 cache, which a tile
 * of 14 rows gives time for; longer blocks carry C's chains through memory less often. */
enum { NMLP_K_BLOCK = 512 };
/* Rows of C that are finished together: 70 x 32 floats of it and as many of weights and of one
 * moment are 27 KiB, which the L1 cache holds (96 rows: 784-32-10 takes 0.8 % longer). */
enum { NMLP_FINISH_ROWS = 70 };
/* The same of a product that lies down: whole strips of A, which are packed for them. */
enum { NMLP_LYING_ROWS = 96 };
/* Columns of a strip of a product that lies down, or that is finished panel by panel. */
enum { NMLP_MAX_STRIP = NMLP_MOST_TILE_VECTORS * NMLP_LANES };

static inline size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* One block of rows of C and one block of k, and where op(A) of it lies. */
typedef struct gemm_block {
    const nmlp_kernels *kernels;
    const nmlp_product *p;
    nmlp_range rows, columns, ks;
    int lying;
    nmlp_matrix a;
    int32_t *nonzero; /* where A's only row is not 0, or NULL */
    size_t nonzero_count;
} gemm_block;

static inline size_t row_count(const gemm_block *b) { return b->rows.end - b->rows.begin; }
static inline size_t k_count(const gemm_block *b) { return b->ks.end - b->ks.begin; }

static inline void add_errand(nmlp_panel *panel, const float *rows, size_t ld, size_t count)
{
    assert(panel->errand_count < NMLP_ERRANDS);
    if (panel->errand_count == NMLP_ERRANDS) return; /* nothing but time depends on it */
    panel->errands[panel->errand_count++] = (nmlp_errand){rows, ld, count};
}

/* Columns that lie together from this one on, of B as it is stored and of C. */
static inline nmlp_slice slice_of_b(const nmlp_product *p, size_t column)
{
    const size_t rows = p->b.transposed ? p->n : p->k, columns = p->b.transposed ? p->k : p->n;
    return nmlp_slice_at(p->b.ld, rows, columns, column);
}
static inline nmlp_slice slice_of_c(const nmlp_product *p, size_t column)
{
    return nmlp_slice_at(p->ldc, p->m, p->n, column);
}

/* Tiles of few rows are soon done with a row of B, and wait for the next unless it is in the L1
 * cache; those of 14 rows give the L2 cache the time it needs. */
static inline int tiles_are_low(const nmlp_kernels *kernels)
{
    return 2 * kernels->tile_rows <= NMLP_LANES;
}

/* op(A) of the block, in place or packed. */
nmlp_matrix nmlp_gemm_block_of_a(const gemm_block *b);

/* Rows of C that are a block of the product: of so many in all. */
size_t nmlp_gemm_block_height(const nmlp_kernels *kernels, const nmlp_product *p, size_t rows,
                              int lying);

/* Whether these columns of the product are faster lying down, and such a block of rows. */
int nmlp_gemm_lies_down(const nmlp_product *p, nmlp_range columns);
void nmlp_gemm_run_lying(gemm_block *b);

#endif /* NMLP_GEMM_BLOCK_H */
