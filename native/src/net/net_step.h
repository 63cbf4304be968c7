/* SPDX-License-Identifier: MIT
 *
 * The data that the workers of a train step share: see net_train.c. */
#ifndef NMLP_NET_STEP_H
#define NMLP_NET_STEP_H

#include <math.h>
#include <string.h>

#include "net/net.h"

typedef enum net_purpose {
    NET_TRAIN,         /* update */
    NET_GRADIENT,      /* keep the gradients */
    NET_FIND_NONFINITE /* keep them and search them */
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
    int32_t gradients;  /* the block in which they are stored */
    int32_t rule;       /* of the update, except for NET_GRADIENT: nmlp_optimizer_rule() */
    int restarts;       /* the kind of optimizer has changed: its moments are 0 */
    nmlp_update update; /* of weights; only l2 for NET_GRADIENT */
    double l2, clip_norm, clip_value;
    float max_norm;
    double total;         /* what the sum of row losses is divided by */
    double penalty;       /* l2 * sum of squared weights; set by worker 0, like the next two */
    double gradient_norm; /* if it was needed */
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

/* The arguments of dense.h for layer l: its output is z. */
nmlp_dense net_step_dense(const net_step *s, size_t l, nmlp_team team);

/* The arguments of norm.h for the rows of a layer, from its z to y. */
nmlp_norm_rows net_step_norm(const net_step *s, const net_layer *layer, float *y);

/* Gathers the rows, computes all layers and the loss, and ends with a barrier. */
void net_step_forward(net_step *s, nmlp_team team);

/* ----------------------------------------------------------------- net_backward.c */

/* Computes the gradients, and applies or keeps them according to the purpose of the step. */
void net_step_backward(net_step *s, nmlp_team team);

/* The end of a training step, after the update: running statistics, max-norm. */
void net_step_end_update(const net_step *s, nmlp_team team);

/* ------------------------------------------------------------------- net_update.c */

/* The first block of adjacent columns among these columns of W. */
nmlp_column_block net_column_block_of_w(const net_layer *layer, nmlp_range columns);

/* Updates rows of parameters, which begin at `offset` in the blocks, with the gradient g. */
void net_step_update(const net_step *s, size_t offset, size_t rows, size_t columns, size_t ldw,
                     const float *g, size_t ldg, const nmlp_update *coefficients);

/* --------------------------------------------------------------- net_statistics.c */

/* Measures the maximum magnitudes of the statistics of a batch norm in these columns. */
void net_step_size_statistics(const net_step *s, const net_layer *layer, nmlp_range columns,
                              layer_sizes *sizes);

/* Finds the first running mean or variance of the layer that would not be finite after the step:
 * its column, and 0 (mean) or 1 (variance). Returns 0 if there is none. */
int net_step_find_in_statistics(const net_step *s, const net_layer *layer, size_t *column,
                                size_t *which);

/* Updates the running statistics with those of the batch of the step. */
void net_step_run_statistics(const net_step *s, nmlp_team team);

/* The first function keeps the statistics of the batch, and its number of rows, from which a
 * gradient was computed. The second restores them as those of the current batch. */
void net_keep_statistics(nmlp_net *net, size_t rows);
void net_restore_statistics(const nmlp_net *net);

/* -------------------------------------------------------------------- net_kept.c */

/* Uses a gradient that all workers have stored: clips it, tries the update if necessary, and
 * applies it unless s->broken is set because it is not finite. With NET_GRADIENT, it is only
 * measured. */
void net_step_use_kept(net_step *s, nmlp_team team);

/* Finds the first element that is not finite after the update with the stored gradient, which has
 * been clipped. For one worker. Returns 0 if there is none. */
int net_step_find_in_update(net_step *s, nmlp_fault *fault);

/* Scales the columns whose norm is above max_norm. */
void net_step_shorten_columns(const net_step *s, nmlp_team team);

/* ------------------------------------------------------------------ net_bounds.c */

/* The maximum of layer_sizes over all workers, as numbers. */
typedef struct net_sizes {
    double input, gradient, rows, statistics;
} net_sizes;

/* The sizes of a worker for layer l: 0 at the start of a step. */
layer_sizes *net_step_sizes(const net_step *s, size_t l, nmlp_team team);

net_sizes net_step_layer_sizes(const net_step *s, size_t l, nmlp_team team);

/* Whether everything stays finite after an update with gradients of this magnitude (without the
 * part of l2) and batch norm statistics of this magnitude. *after receives the bounds after the
 * update. */
int net_step_safe(const net_step *s, double gradient, double statistics, nmlp_bounds *after);

/* The same for the gradients of this step, from the magnitudes that all workers have found. */
int net_step_proven(const net_step *s, nmlp_team team, nmlp_bounds *after);

nmlp_bounds net_measure_bounds(const nmlp_net *net, const nmlp_kernels *kernels);

/* ------------------------------------------------------------------- net_train.c */

/* Prepares a step on this batch, then its update; net_step_run() runs it. */
net_step net_step_begin(nmlp_net *net, const nmlp_kernels *kernels, const nmlp_batch *batch,
                        net_purpose purpose);
void net_step_plan_update(net_step *s, const nmlp_optimizer *optimizer,
                          const nmlp_optimizer_state *next);
nmlp_optimizer_state net_next_progress(const nmlp_net *net, const nmlp_optimizer *optimizer);
void net_step_run(net_step *s);
/* Notes whether the worker met denormal numbers, at the end of its part of the step. */
void net_step_heed_denormals(const net_step *s);

#endif /* NMLP_NET_STEP_H */
