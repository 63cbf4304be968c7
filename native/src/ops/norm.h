/* SPDX-License-Identifier: MIT
 *
 * Batch and layer normalisation of the rows of a layer, divided between workers. */
#ifndef NMLP_NORM_H
#define NMLP_NORM_H

#include "isa/kernels.h"
#include "nmlp.h"
#include "threads/parallel.h"

/* The number of values of nmlp_norm. */
enum { NMLP_NORM_COUNT = NMLP_NORM_LAYER + 1 };

/* Computes a worker's share of [m x n]: whole columns for a batch norm, whole rows for a layer
 * norm. */
void nmlp_norm_split(int32_t norm, size_t m, size_t n, nmlp_team team, nmlp_range *rows,
                     nmlp_range *columns);

/* Normalises these rows and columns, which must be such a share. In training, a batch norm computes
 * mean and variance itself; otherwise the caller provides them. */
void nmlp_norm_forward_part(const nmlp_kernels *kernels, int32_t norm, const nmlp_norm_rows *all,
                            int training, nmlp_range rows, nmlp_range columns);

/* Replaces dL/dy with dL/dx. */
void nmlp_norm_backward_part(const nmlp_kernels *kernels, int32_t norm, const nmlp_norm_rows *all,
                             nmlp_range rows, nmlp_range columns);

#endif /* NMLP_NORM_H */
