/* SPDX-License-Identifier: MIT
 *
 * Shared by the files of products. gemm.c and gemm_transposed.c use
 *
 *     gemm_a.c         op(A) of a block
 *     gemm_plan.c      how a panel is computed
 *     gemm_panel.c     computes a panel according to its plan */
#ifndef NMLP_GEMM_BLOCK_H
#define NMLP_GEMM_BLOCK_H

#include <assert.h>

#include "gemm/gemm.h"

/* A panel of 512 x 32 floats of B, 64 KiB, is read sequentially from the L2 cache; a tile of 14
 * rows takes long enough to hide this. Longer blocks load and store C less often. */
enum { NMLP_K_BLOCK = 512 };
/* Rows of C per call of an epilogue: 70 x 32 floats of C, of the weights and of one moment are
 * 26 KiB, which fits into the L1 cache. */
enum { NMLP_EPILOGUE_ROWS = 70 };
/* The same for a product that is computed as its transpose: whole strips of A. */
enum { NMLP_TRANSPOSED_ROWS = 96 };
/* Columns of a strip of such a product, or of a panel with an epilogue. */
enum { NMLP_MAX_STRIP = NMLP_MOST_TILE_VECTORS * NMLP_LANES };

static inline size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* How op(A) is read. */
typedef enum form_of_a {
    A_IN_PLACE,
    A_COPIED,    /* copied in the same layout and multiplied by alpha */
    A_TRANSPOSED /* columns copied into rows */
} form_of_a;

/* The decisions for all blocks of a worker's part of a product. They are made once and then only
 * read. Decisions for a panel are in its panel_plan (gemm_plan.h). */
typedef struct product_plan {
    bool transposed; /* computed as its transpose */
    bool searched;   /* the only row of A is searched for zeros */
    form_of_a a;
    size_t height; /* rows of C in a block */
} product_plan;

/* One block of rows of C and one block of k, with its op(A). */
typedef struct gemm_block {
    const nmlp_kernels *kernels;
    const nmlp_product *p;
    const product_plan *plan;
    nmlp_range rows, columns, ks;
    nmlp_matrix a;
    int32_t *nonzero; /* the elements of the only row of A that are not 0, or NULL */
    size_t nonzero_count;
} gemm_block;

static inline size_t row_count(const gemm_block *b) { return b->rows.end - b->rows.begin; }
static inline size_t k_count(const gemm_block *b) { return b->ks.end - b->ks.begin; }

static inline void add_prefetch(nmlp_panel *panel, const float *rows, size_t ld, size_t count)
{
    assert(panel->prefetch_count < NMLP_MAX_PREFETCHES);
    if (panel->prefetch_count == NMLP_MAX_PREFETCHES) return; /* only slower */
    panel->prefetches[panel->prefetch_count++] = (nmlp_prefetch){rows, ld, count};
}

/* The columns that begin at this one and are adjacent in memory, of the stored B and of C. */
static inline nmlp_column_block column_block_of_b(const nmlp_product *p, size_t column)
{
    const size_t rows = p->b.transposed ? p->n : p->k, columns = p->b.transposed ? p->k : p->n;
    return nmlp_column_block_at(p->b.ld, rows, columns, column);
}
static inline nmlp_column_block column_block_of_c(const nmlp_product *p, size_t column)
{
    return nmlp_column_block_at(p->ldc, p->m, p->n, column);
}

/* A tile of few rows must wait for the next row of B unless it is in the L1 cache. A tile of 14
 * rows takes long enough for the L2 cache to deliver the next row. */
static inline int tiles_are_low(const nmlp_kernels *kernels)
{
    return 2 * kernels->tile_rows <= NMLP_LANES;
}

/* op(A) of the block, in place or packed. */
nmlp_matrix nmlp_gemm_block_of_a(const gemm_block *b);

form_of_a nmlp_gemm_form_of_a(const nmlp_kernels *kernels, const nmlp_product *p, bool transposed);

/* The height of a product_plan whose other members are set, for this total number of rows. */
size_t nmlp_gemm_block_height(const nmlp_kernels *kernels, const nmlp_product *p,
                              const product_plan *plan, size_t rows);

/* Whether it is faster to compute the transpose of these columns of the product. */
bool nmlp_gemm_computes_transpose(const nmlp_product *p, nmlp_range columns);
/* Computes a block of rows in this way. */
void nmlp_gemm_run_transposed(gemm_block *b);

#endif /* NMLP_GEMM_BLOCK_H */
