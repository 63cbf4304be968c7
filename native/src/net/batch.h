/* SPDX-License-Identifier: MIT
 *
 * Rows of a caller's data as the layers read them. */
#ifndef NMLP_BATCH_H
#define NMLP_BATCH_H

#include "isa/kernels.h"
#include "nmlp.h"
#include "threads/parallel.h"

/* Rows of the batch: those that its indices name, or all of its features. */
size_t nmlp_batch_rows(const nmlp_batch *batch);

/* Room for an element of each row of a batch. */
typedef struct nmlp_batch_room {
    int32_t *indices, *labels;
    float *weights;
} nmlp_batch_room;

/* Makes a copy of a caller's batch with copies of its indices, labels and weights, and checks the
 * copies: another thread might change the originals after they were checked and before they
 * decide on an address. Labels and weights are then those of the batch's rows; without `answers`
 * there are none. INDEX_RANGE, LABEL_RANGE, INVALID_ARGUMENT. */
int32_t nmlp_batch_take(const nmlp_batch *batch, size_t classes, int answers, nmlp_batch_room room,
                        nmlp_batch *own);

/* The functions below are for a batch that has been taken. */

/* The label of a row of the batch. */
int32_t nmlp_batch_label(const nmlp_batch *batch, size_t row);

/* The weight of a row of the batch, without that of its class. */
float nmlp_batch_weight(const nmlp_batch *batch, size_t row);

/* The targets of the n outputs of these rows: those of the batch, or 1 at the label and 0
 * elsewhere; for a single output the label itself. */
void nmlp_batch_stage_targets(const nmlp_batch *batch, size_t n, nmlp_range rows, float *staged,
                              size_t ld);

/* Whether the layers can read the caller's rows where they are. */
int nmlp_batch_in_place(const nmlp_batch *batch);

/* About which share of a row the layers read as 0; only a sample of its elements is examined. */
double nmlp_batch_zero_share(const nmlp_batch *batch, size_t inputs, size_t row);

/* Gathers these rows of the batch into `staged`, converted and normalised. */
void nmlp_batch_stage(const nmlp_kernels *kernels, const nmlp_batch *batch, size_t inputs,
                      nmlp_range rows, float *staged, size_t ld);

#endif /* NMLP_BATCH_H */
