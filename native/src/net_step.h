/* SPDX-License-Identifier: MIT
 *
 * What the workers of one train step share: see net_train.c. */
#ifndef NMLP_NET_STEP_H
#define NMLP_NET_STEP_H

#include "net.h"
#include "optimizer.h"

typedef struct net_step {
    nmlp_net *net;
    const nmlp_kernels *kernels;
    const nmlp_batch *batch;
    size_t m;
    const float *x; /* the rows, in place or staged */
    size_t ldx;
    uint64_t number;    /* from 1: dropout draws by it */
    int32_t purpose;    /* net_purpose */
    int32_t optimizer;  /* nmlp_optimizer_kind, for NET_TRAIN */
    nmlp_update update; /* of weights; l2 alone for NET_GRADIENT */
    double l2, clip_norm, clip_value;
    float max_norm;
    double total;         /* what the sum of row losses is divided by */
    _Atomic int broken;   /* a row's loss is not finite */
    double gradient_norm; /* by worker 0, where it was needed */
} net_step;

typedef enum net_purpose {
    NET_TRAIN,    /* update */
    NET_GRADIENT, /* keep the gradients */
    NET_LOOK      /* stop after the loss */
} net_purpose;

/* Whether the whole gradient must be known before anything is updated. */
static inline int step_keeps(const net_step *s)
{
    return s->purpose == NET_GRADIENT || s->clip_norm > 0 || s->clip_value > 0;
}

static inline float *step_scratch(const net_step *s, nmlp_team team)
{
    const nmlp_net *net = s->net;
    return net->worker_space + team.worker * (net->scratch_floats + net->gradient_floats);
}

/* Layer l as dense.h takes it: its output is z. */
nmlp_dense net_step_dense(const net_step *s, size_t l, nmlp_team team);

/* A layer's rows as norm.h takes them, between its z and y. */
nmlp_norm_rows net_step_norm(const net_step *s, const net_layer *layer, float *y);

/* Rows in, all layers, the loss; a barrier has passed behind it. */
void net_step_forward(net_step *s, nmlp_team team);

/* Gradients, and what the purpose makes of them. */
void net_step_backward(net_step *s, nmlp_team team);

#endif /* NMLP_NET_STEP_H */
