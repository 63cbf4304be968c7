/* SPDX-License-Identifier: MIT
 *
 * Random numbers for initial weights, orders of rows and dropout. */
#ifndef NMLP_RANDOM_H
#define NMLP_RANDOM_H

#include "isa/kernels.h"
#include "threads/parallel.h"
#include "gemm/column_blocks.h"

/* Samples W [k x n], which has the row distance ldw or is in column blocks, with an nmlp_init other
 * than DEFAULT. stddev is for NMLP_INIT_NORMAL. */
void nmlp_random_weights(const nmlp_kernels *kernels, int32_t init, float stddev, uint64_t seed,
                         uint64_t stream, size_t k, size_t n, float *w, size_t ldw);

/* Computes part of row i of a dropout mask: outputs columns.begin .. columns.end-1 of n. */
void nmlp_random_dropout(const nmlp_kernels *kernels, uint64_t seed, uint64_t step, size_t layer,
                         float probability, size_t n, size_t i, nmlp_range columns, float *mask);

/* Computes a random order of 0 .. count-1. */
void nmlp_random_order(const nmlp_kernels *kernels, uint64_t seed, uint64_t stream, size_t count,
                       int32_t *order);

#endif /* NMLP_RANDOM_H */
