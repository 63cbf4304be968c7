/* SPDX-License-Identifier: MIT
 *
 * The bf16 weights of a frozen network, in the layout of isa/k_tile.inc. */
#ifndef NMLP_NARROW_WEIGHTS_H
#define NMLP_NARROW_WEIGHTS_H

#include <stddef.h>
#include <stdint.h>

/* The floats of memory that the weights [k x n] take, a multiple of 16. `ld` is their row distance
 * as float32, or NMLP_IN_COLUMN_BLOCKS. */
size_t nmlp_narrow_floats(size_t ld, size_t k, size_t n);

/* Rounds weights [k x n] with row distance ld_src (which may be NMLP_IN_COLUMN_BLOCKS) to the
 * nearest bf16, ties to even. Gaps become 0. */
void nmlp_narrow_copy_in(size_t k, size_t n, const float *src, size_t ld_src, size_t ld,
                         uint16_t *dst);

/* Widens them into rows without gaps. */
void nmlp_narrow_copy_out(const uint16_t *src, size_t ld, size_t k, size_t n, float *dst);

#endif /* NMLP_NARROW_WEIGHTS_H */
