/* SPDX-License-Identifier: MIT */
#ifndef NMLP_GEMM_PANEL_H
#define NMLP_GEMM_PANEL_H

#include "gemm/gemm_block.h"

/* Computes the panel that begins at `column`; `left` columns of B and C from there are adjacent.
 * Returns the number of its columns. */
size_t nmlp_gemm_run_panel(const gemm_block *b, size_t column, size_t left);

#endif /* NMLP_GEMM_PANEL_H */
