/* SPDX-License-Identifier: MIT
 *
 * What the workers of one train step share: see net_train.c. */
#ifndef NMLP_NET_STEP_H
#define NMLP_NET_STEP_H

#include <math.h>
#include <string.h>

#include "net/net.h"

typedef enum net_purpose {
    NET_TRAIN,         /* update */
    NET_GRADIENT,      /* keep the gradients */
    NET_FIND_NONFINITE /* the same, for a search in them */
} net_purpose;

typedef struct net_step {
    nmlp_net *net;
    const nmlp_kernels *kernels;
    const nmlp_batch *batch;
    size_t m;       /* 0: an update without a batch */
    const float *x; /* the rows, in place or staged */
    size_t ldx;
    uint64_t number;    /* from 1: dropout depends on it */
    int32_t purpose;    /* net_purpose */
    int32_t gradients;  /* the block that they are kept in */
    int32_t rule;       /* of the update, but for NET_GRADIENT: nmlp_optimizer_rule() */
    int restarts;       /* the kind of optimizer has changed: its moments are 0 */
    nmlp_update update; /* of weights; l2 alone for NET_GRADIENT */
    double l2, clip_norm, clip_value;
    float max_norm;
    double total;         /* what the sum of row losses is divided by */
    double penalty;       /* l2 * sum of squared weights; by worker 0, like the two below */
    double gradient_norm; /* where it was needed */
    nmlp_bounds bounds;   /* after the update */
    _Atomic int broken;   /* something is not finite: nothing may change */
} net_step;

static inline float *step_scratch(const net_step *s, nmlp_team team)
{
    const nmlp_net *net = s->net;
    return net->worker_space + team.worker * (net->scratch_floats + net->gradient_floats);
}

static inline float *step_tensor(const net_step *s, int32_t kind, size_t offset)
{
    return s->net->tensors[kind] + offset;
}

/* Whether the step's update reads and writes this moment. */
static inline int step_keeps(const net_step *s, int32_t moment)
{
    return nmlp_optimizer_keeps(s->rule, moment);
}

/* ------------------------------------------------------------------ net_forward.c */

/* Layer l as dense.h takes it: its output is z. */
nmlp_dense net_step_dense(const net_step *s, size_t l, nmlp_team team);

/* A layer's rows as norm.h takes them, between its z and y. */
nmlp_norm_rows net_step_norm(const net_step *s, const net_layer *layer, float *y);

/* Gathers the rows, computes all layers and the loss, and ends with a barrier. */
void net_step_forward(net_step *s, nmlp_team team);

/* ----------------------------------------------------------------- net_backward.c */

/* Computes the gradients, and applies or keeps them as the step's purpose says. */
void net_step_backward(net_step *s, nmlp_team team);

/* What follows the update of a training step: running statistics, max-norm. */
void net_step_end_update(const net_step *s, nmlp_team team);

/* ------------------------------------------------------------------- net_update.c */

/* The first of these columns of W that are adjacent in memory. */
nmlp_column_block net_column_block_of_w(const net_layer *layer, nmlp_range columns);

/* Updates rows of parameters that begin at `offset` of the blocks by the gradient g. */
void net_step_update(const net_step *s, size_t offset, size_t rows, size_t columns, size_t ldw,
                     const float *g, size_t ldg, const nmlp_update *coefficients);

/* --------------------------------------------------------------- net_statistics.c */

/* Measures the magnitudes of a batch norm's statistics in these columns. */
void net_step_size_statistics(const net_step *s, const net_layer *layer, nmlp_range columns,
                              layer_sizes *sizes);

/* The first running mean or variance of the layer that would not be finite after the step: its
 * column, and 0 or 1 for which of the two. Returns 0 if there is none. */
int net_step_find_in_statistics(const net_step *s, const net_layer *layer, size_t *column,
                                size_t *which);

/* Moves the running statistics by those of the step's batch. */
void net_step_run_statistics(const net_step *s, nmlp_team team);

/* Keeps the statistics of the batch, of so many rows, that a gradient was computed from, and
 * restores them as those of the current batch. */
void net_keep_statistics(nmlp_net *net, size_t rows);
void net_restore_statistics(const nmlp_net *net);

/* -------------------------------------------------------------------- net_kept.c */

/* Applies a gradient that all workers have stored: it is clipped, tried where that is needed, and
 * applied unless s->broken says that it is not finite. With NET_GRADIENT it is only measured. */
void net_step_use_kept(net_step *s, nmlp_team team);

/* Finds the first element that is not finite after the update by the stored gradient, for one
 * worker. Returns 0 if there is none. The gradient is clipped. */
int net_step_find_in_update(net_step *s, nmlp_fault *fault);

/* Shortens the columns that are longer than max_norm. */
void net_step_shorten_columns(const net_step *s, nmlp_team team);

/* ------------------------------------------------------------------ net_bounds.c */

/* layer_sizes of all workers together, as numbers. */
typedef struct net_sizes {
    double input, gradient, rows, statistics;
} net_sizes;

/* A worker's own for layer l: 0 when a step begins. */
layer_sizes *net_step_sizes(const net_step *s, size_t l, nmlp_team team);

net_sizes net_step_layer_sizes(const net_step *s, size_t l, nmlp_team team);

/* Whether an update by gradients of this magnitude, l2's part not included, and batch norms'
 * statistics of this magnitude leave everything finite; *after receives the bounds after it. */
int net_step_safe(const net_step *s, double gradient, double statistics, nmlp_bounds *after);

/* The same for the gradients of this step, from the magnitudes that all workers have met. */
int net_step_proven(const net_step *s, nmlp_team team, nmlp_bounds *after);

nmlp_bounds net_measure_bounds(const nmlp_net *net, const nmlp_kernels *kernels);

/* ------------------------------------------------------------------- net_train.c */

/* A step on this batch, and the update that it is to make; run() it. */
net_step net_step_begin(nmlp_net *net, const nmlp_kernels *kernels, const nmlp_batch *batch,
                        net_purpose purpose);
void net_step_plan_update(net_step *s, const nmlp_optimizer *optimizer,
                          const nmlp_optimizer_state *next);
nmlp_optimizer_state net_next_progress(const nmlp_net *net, const nmlp_optimizer *optimizer);
void net_step_run(net_step *s);

#endif /* NMLP_NET_STEP_H */
