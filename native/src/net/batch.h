/* SPDX-License-Identifier: MIT
 *
 * The rows of a caller's batch in the form that the layers read. */
#ifndef NMLP_BATCH_H
#define NMLP_BATCH_H

#include "isa/kernels.h"
#include "nmlp.h"
#include "threads/parallel.h"

/* The number of rows of the batch: of its indices, or of all its features. */
size_t nmlp_batch_rows(const nmlp_batch *batch);

/* Space for one element per row of a batch. */
typedef struct nmlp_batch_room {
    int32_t *indices, *labels;
    float *weights;
} nmlp_batch_room;

/* Copies a caller's batch with its indices, labels and weights, and checks the copies, because
 * another thread might change the originals after the check and before an address is computed from
 * them. The copied labels and weights are those of the rows of the batch; without `answers`, there
 * are none. INDEX_RANGE, LABEL_RANGE, INVALID_ARGUMENT. */
int32_t nmlp_batch_take(const nmlp_batch *batch, size_t classes, int answers, nmlp_batch_room room,
                        nmlp_batch *own);

/* The functions below are for a batch that nmlp_batch_take() has copied. */

/* The label of a row of the batch. */
int32_t nmlp_batch_label(const nmlp_batch *batch, size_t row);

/* The weight of a row of the batch, without the weight of its class. */
float nmlp_batch_weight(const nmlp_batch *batch, size_t row);

/* Writes the targets of the n outputs for these rows: those of the batch, or 1 at the label and 0
 * elsewhere; for a single output, the label itself. */
void nmlp_batch_stage_targets(const nmlp_batch *batch, size_t n, nmlp_range rows, float *staged,
                              size_t ld);

/* Whether the layers can read the caller's rows in place. */
int nmlp_batch_in_place(const nmlp_batch *batch);

/* An estimate, from a sample of elements, of the share of a row that is 0 for the layers. */
double nmlp_batch_zero_share(const nmlp_batch *batch, size_t inputs, size_t row);

/* Gathers these rows of the batch into `staged`, converted and normalised. */
void nmlp_batch_stage(const nmlp_kernels *kernels, const nmlp_batch *batch, size_t inputs,
                      nmlp_range rows, float *staged, size_t ld);

#endif /* NMLP_BATCH_H */
