/* SPDX-License-Identifier: MIT
 *
 * Losses over a batch of scores. */
#ifndef NMLP_LOSS_H
#define NMLP_LOSS_H

#include "isa/kernels.h"
#include "parallel.h"

/* What a worker's share of the rows adds up to. */
typedef struct nmlp_loss_rows {
    size_t m, n;
    const float *scores; /* [m x n] */
    size_t lds;
    const int32_t *labels; /* [m] */
    float *dscores;        /* [m x n], or NULL; may be scores */
    size_t ldds;
    float *row_loss; /* [m] */
} nmlp_loss_rows;

/* Loss and gradient (of the mean over all m rows) of these rows; the number of rows
 * whose class is right is returned. */
size_t nmlp_loss_part(const nmlp_kernels *kernels, const nmlp_loss_rows *loss, nmlp_range rows);

/* Sum of the row losses, ascending, in double: m rows lose at most m * 2^-53 of it. */
double nmlp_loss_sum(const float *row_loss, size_t m);

/* The whole batch on at most `wanted` threads (0: the default). loss->row_loss is not
 * looked at. OUT_OF_MEMORY. */
int32_t nmlp_loss_run(const nmlp_kernels *kernels, const nmlp_loss_rows *loss, int32_t wanted,
                      double *mean, size_t *correct);

/* A kernel that turns rows of X into rows of Y, on at most `wanted` threads. */
typedef void nmlp_rows_kernel(size_t m, size_t n, const float *x, size_t ldx, float *y, size_t ldy);
void nmlp_loss_rows_run(nmlp_rows_kernel *kernel, size_t m, size_t n, const float *x, size_t ldx,
                        float *y, size_t ldy, int32_t wanted);

#endif /* NMLP_LOSS_H */
