/* SPDX-License-Identifier: MIT
 *
 * Losses over a batch of scores. */
#ifndef NMLP_LOSS_H
#define NMLP_LOSS_H

#include "isa/kernels.h"
#include "threads/parallel.h"

/* Whether the loss is held against targets, made from the labels where there are none; else it
 * needs labels. */
int nmlp_loss_takes_targets(int32_t kind);

/* What scores mean is decided by the loss, here: how many classes this number of outputs tells
 * apart, 0 for a regression, and which of them a row of finite scores names. */
size_t nmlp_loss_class_count(int32_t kind, size_t outputs);

/* NMLP_NO_CLASS where a score is not finite. */
int32_t nmlp_loss_class(int32_t kind, size_t outputs, const float *scores);

/* Loss and gradient (of the mean over all m rows) of these rows; the number of rows that are
 * right is returned. loss->correct is ignored. */
size_t nmlp_loss_part(const nmlp_kernels *kernels, int32_t kind, const nmlp_loss_rows *loss,
                      nmlp_range rows);

/* Sum of the row losses, ascending, in double: m rows lose at most m * 2^-53 of it. */
double nmlp_loss_sum(const float *row_loss, size_t m);

/* Mean softmax cross-entropy of a whole batch on at most `wanted` threads (0: the default).
 * loss->row_loss is ignored. The labels are judged: LABEL_RANGE, OUT_OF_MEMORY. */
int32_t nmlp_loss_run(const nmlp_kernels *kernels, const nmlp_loss_rows *loss, int32_t wanted,
                      double *mean, size_t *correct);

/* A kernel that turns rows of X into rows of Y, on at most `wanted` threads. */
typedef void nmlp_rows_kernel(size_t m, size_t n, const float *x, size_t ldx, float *y, size_t ldy);
void nmlp_loss_rows_run(nmlp_rows_kernel *kernel, size_t m, size_t n, const float *x, size_t ldx,
                        float *y, size_t ldy, int32_t wanted);

#endif /* NMLP_LOSS_H */
