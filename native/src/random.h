/* SPDX-License-Identifier: MIT
 *
 * What is drawn at random: first weights and orders of rows. */
#ifndef NMLP_RANDOM_H
#define NMLP_RANDOM_H

#include "isa/kernels.h"

/* Draws W [k x n], rows ldw apart, as an nmlp_init other than DEFAULT says. */
void nmlp_random_weights(const nmlp_kernels *kernels, int32_t init, uint64_t seed, uint64_t stream,
                         size_t k, size_t n, float *w, size_t ldw);

/* A random order of 0 .. count-1. */
void nmlp_random_order(const nmlp_kernels *kernels, uint64_t seed, uint64_t stream, size_t count,
                       int32_t *order);

#endif /* NMLP_RANDOM_H */
