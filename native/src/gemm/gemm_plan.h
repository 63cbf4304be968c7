/* SPDX-License-Identifier: MIT
 *
 * How a panel of a product is computed: its columns, its kernel, and what is copied first. The plan
 * is made in one place and then only read, so that all code uses the same decisions. */
#ifndef NMLP_GEMM_PLAN_H
#define NMLP_GEMM_PLAN_H

#include "gemm/gemm_block.h"

/* The maximum columns of a transposed copy of B. The distance between rows of the copy is a vector
 * more than their length: otherwise the blocks of the transposition would map to few banks of the
 * cache. */
enum { NMLP_MAX_TRANSPOSED = 2 * NMLP_LANES };
/* The space on the stack for a panel's copy of B. */
enum { NMLP_COPY_FLOATS = NMLP_K_BLOCK * (NMLP_MAX_TRANSPOSED + NMLP_LANES) };

typedef enum panel_kernel {
    PANEL_TILES,
    PANEL_SPARSE,      /* one row of A that is partly 0 */
    PANEL_SHORT,       /* short chains: writing C takes most of the time */
    PANEL_TRANSPOSED_B /* few rows: B is transposed in registers */
} panel_kernel;

typedef enum form_of_b {
    B_IN_PLACE,  /* as stored; transposed for PANEL_TRANSPOSED_B */
    B_COPIED,    /* row by row */
    B_TRANSPOSED /* into a transposed copy */
} form_of_b;

typedef struct panel_plan {
    size_t width;   /* columns of C */
    size_t vectors; /* that the kernel computes */
    bool half;      /* whether it also computes half a vector */
    panel_kernel kernel;
    form_of_b b;
    size_t ld_copy; /* distance between the rows of the copy of B, if there is one */
    bool ragged;    /* ends with a part of a vector in an unpadded C: computed in a copy of C */
    size_t most_k;  /* maximum of k at once, so that a copy of B fits into NMLP_COPY_FLOATS */
} panel_plan;

/* The plan of the panel that begins at `column`; `left` columns from there are adjacent. */
panel_plan nmlp_gemm_plan_panel(const gemm_block *b, size_t column, size_t left);

/* The offset in C of the panel that begins at this column, for a product with an epilogue. */
size_t nmlp_gemm_epilogue_offset(const nmlp_product *p, size_t column);

#endif /* NMLP_GEMM_PLAN_H */
