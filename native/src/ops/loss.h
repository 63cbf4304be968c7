/* SPDX-License-Identifier: MIT
 *
 * Losses over a batch of scores. */
#ifndef NMLP_LOSS_H
#define NMLP_LOSS_H

#include "isa/kernels.h"
#include "threads/parallel.h"

/* Whether the loss uses targets, which are made from the labels if there are none. Other losses
 * need labels. */
int nmlp_loss_takes_targets(int32_t kind);

/* The loss determines the meaning of scores. This function returns how many classes this number of
 * outputs distinguishes, or 0 for a regression. */
size_t nmlp_loss_class_count(int32_t kind, size_t outputs);

/* Returns the class that a row of scores predicts, or NMLP_NO_CLASS if a score is not finite. */
int32_t nmlp_loss_class(int32_t kind, size_t outputs, const float *scores);

/* Computes the loss of these rows and their gradient, which is that of the mean over all m rows.
 * Returns the number of correct rows. loss->correct is ignored. */
size_t nmlp_loss_part(const nmlp_kernels *kernels, int32_t kind, const nmlp_loss_rows *loss,
                      nmlp_range rows);

/* Returns the sum of the row losses, added in ascending order in double. The relative error is at
 * most m * 2^-53. */
double nmlp_loss_sum(const float *row_loss, size_t m);

/* Computes the mean softmax cross-entropy of a whole batch on at most `wanted` threads (0 means the
 * default). loss->row_loss is ignored. The labels are checked. May return LABEL_RANGE or
 * OUT_OF_MEMORY. */
int32_t nmlp_loss_run(const nmlp_kernels *kernels, const nmlp_loss_rows *loss, int32_t wanted,
                      double *mean, size_t *correct);

/* Runs a kernel that computes rows of Y from rows of X, on at most `wanted` threads. */
typedef void nmlp_rows_kernel(size_t m, size_t n, const float *x, size_t ldx, float *y, size_t ldy);
void nmlp_loss_rows_run(nmlp_rows_kernel *kernel, size_t m, size_t n, const float *x, size_t ldx,
                        float *y, size_t ldy, int32_t wanted);

#endif /* NMLP_LOSS_H */
