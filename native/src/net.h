/* SPDX-License-Identifier: MIT
 *
 * A network from the inside: a chain of dense layers over one block of memory.
 *
 *   net.c          making, drawing, copying in and out
 *   net_train.c    the train step, one parallel region
 *   net_predict.c  prediction and evaluation, any number of callers at once
 */
#ifndef NMLP_NET_H
#define NMLP_NET_H

#include "batch.h"
#include "dense.h"
#include "nmlp.h"

/* The four blocks have one layout: each tensor's rows at its pitch, gaps 0. */
enum { TENSOR_KINDS = 4 };

typedef struct net_layer {
    size_t k, n; /* inputs, outputs */
    int32_t activation, init;
    size_t ldw;          /* pitch of W, and of y and dz */
    size_t weight, bias; /* offsets in each of the four blocks */
    float *y, *dz;       /* [max_batch x n]: output, and gradient before the activation */
} net_layer;

/* Work space of one call of prediction. */
typedef struct predict_space {
    size_t workers;
    float floats[]; /* workers * net->predict_floats */
} predict_space;

/* Work spaces kept for later calls; with more simultaneous callers than this the
 * rest are made and freed call by call. */
enum { KEPT_SPACES = 64 };

struct nmlp_net {
    size_t inputs, layer_count, max_batch, parameter_count;
    int32_t threads;
    float *tensors[TENSOR_KINDS];
    size_t tensor_floats; /* of one block */
    nmlp_progress progress;
    void *memory; /* what tensors and the arrays below lie in */

    float *staged; /* [max_batch x inputs]: gathered and normalised rows */
    size_t ld_staged;
    int32_t *labels;     /* [max_batch] */
    float *row_loss;     /* [max_batch] */
    float *row_squares;  /* sum of squares of each row of each weight */
    size_t *correct;     /* one per worker */
    float *worker_space; /* per worker: scratch_floats for a product's operand, then
                            gradient_floats for a part of a weight gradient */
    size_t scratch_floats, gradient_floats;

    nmlp_lock lock;
    _Atomic(predict_space *) spaces[KEPT_SPACES]; /* those not in use, or NULL */
    size_t predict_floats;                        /* per worker: scratch_floats, 3 areas */

    net_layer layers[];
};

/* Rows that one worker of a prediction takes through all layers at once. */
enum { PREDICT_ROWS = 96 };

/* The arguments below have been checked (api.c). */
int32_t nmlp_net_make(const nmlp_net_options *options, const nmlp_layer *layers, size_t layer_count,
                      nmlp_net **net);
void nmlp_net_free(nmlp_net *net);
void nmlp_net_draw(nmlp_net *net, const nmlp_kernels *kernels, uint64_t seed);
void nmlp_net_shape(const nmlp_net *net, size_t tensor, size_t *rows, size_t *columns);
void nmlp_net_copy_out(const nmlp_net *net, int32_t kind, size_t tensor, float *dst);
void nmlp_net_copy_in(nmlp_net *net, int32_t kind, size_t tensor, const float *src);

/* A training step; without an optimizer the gradients are kept and nothing changes. */
void nmlp_net_step(nmlp_net *net, const nmlp_kernels *kernels, const nmlp_batch *batch,
                   const nmlp_optimizer *optimizer, double l2, nmlp_result *result);

/* y NULL: none wanted. result NULL: no labels, no loss. OUT_OF_MEMORY. */
int32_t nmlp_net_run(nmlp_net *net, const nmlp_kernels *kernels, const nmlp_batch *batch,
                     int32_t output, float *y, size_t ldy, int32_t threads, nmlp_result *result);

void nmlp_net_free_spaces(nmlp_net *net);

#endif /* NMLP_NET_H */
