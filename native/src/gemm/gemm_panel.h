/* SPDX-License-Identifier: MIT */
#ifndef NMLP_GEMM_PANEL_H
#define NMLP_GEMM_PANEL_H

#include "gemm/gemm_block.h"

/* Computes the block's panel that begins at `column`, where `left` columns of B and C lie together.
 * Returned is how many of them it had. */
size_t nmlp_gemm_run_panel(const gemm_block *b, size_t column, size_t left);

#endif /* NMLP_GEMM_PANEL_H */
