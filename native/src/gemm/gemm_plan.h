/* SPDX-License-Identifier: MIT
 *
 * How a panel of a product is computed: its columns, its kernel, and what is copied first. The plan
 * is made in one place and only read afterwards, so that no two of its readers can disagree. */
#ifndef NMLP_GEMM_PLAN_H
#define NMLP_GEMM_PLAN_H

#include "gemm/gemm_block.h"

/* The most columns of a B that is copied transposed. The rows of the copy are a vector further
 * apart than they are long: otherwise the blocks of the transposition would meet in few banks of
 * the cache. */
enum { NMLP_MAX_TRANSPOSED = 2 * NMLP_LANES };
/* The room on the stack for a panel's copy of B. */
enum { NMLP_COPY_FLOATS = NMLP_K_BLOCK * (NMLP_MAX_TRANSPOSED + NMLP_LANES) };

typedef enum panel_kernel {
    PANEL_TILES,
    PANEL_SPARSE,      /* one row of A that is partly 0 */
    PANEL_SHORT,       /* short chains: C is what costs */
    PANEL_TRANSPOSED_B /* few rows, for which B is transposed in registers */
} panel_kernel;

typedef enum form_of_b {
    B_IN_PLACE,  /* as it is stored; for PANEL_TRANSPOSED_B transposed */
    B_COPIED,    /* row by row */
    B_TRANSPOSED /* into a transposed copy */
} form_of_b;

typedef struct panel_plan {
    size_t width;   /* columns of C */
    size_t vectors; /* that the kernel computes, */
    bool half;      /* and half a vector more */
    panel_kernel kernel;
    form_of_b b;
    size_t ld_copy; /* distance between the rows of the copy of B, if there is one */
    bool ragged;    /* part of a vector of a C that ends there: computed in a copy of C */
    size_t most_k;  /* so much of k at once; a copy of B then fits into NMLP_COPY_FLOATS */
} panel_plan;

/* For the block's panel that begins at `column`, where `left` columns of it lie together. */
panel_plan nmlp_gemm_plan_panel(const gemm_block *b, size_t column, size_t left);

/* Where the panel from this column on is stored in the C of a product with an epilogue. */
size_t nmlp_gemm_epilogue_offset(const nmlp_product *p, size_t column);

#endif /* NMLP_GEMM_PLAN_H */
