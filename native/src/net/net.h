/* SPDX-License-Identifier: MIT
 *
 * A network from the inside: a chain of dense layers over one block of memory.
 *
 *   net.c            making, drawing
 *   net_tensors.c    copying in and out
 *   net_loss.c       what the loss is of and what it is divided by
 *   net_train.c      the train step, one parallel region
 *   net_apply.c      an update by gradients that an earlier step has kept
 *   net_forward.c    its way up: rows in, layers, loss
 *   net_backward.c   its way down: gradients and updates
 *   net_bounds.c     the proof that an update is finite, before it begins
 *   net_kept.c       gradients that are written down: clipping, trial, update
 *   net_look.c       the search for what was not finite
 *   net_predict.c    prediction and evaluation, any number of callers at once
 *   net_space.c      their work spaces
 */
#ifndef NMLP_NET_H
#define NMLP_NET_H

#include <math.h>

#include "net/batch.h"
#include "ops/dense.h"
#include "platform/memory.h"
#include "nmlp.h"
#include "ops/optimizer.h"
#include "threads/pace.h"

/* Blocks of one layout: each tensor's rows at its ldw or in slices, gaps 0. The last has what a
 * step keeps of its gradient: that of the last nmlp_net_gradient stays. Most steps keep little. */
enum { TENSOR_KINDS = 4, STEP_GRADIENTS = TENSOR_KINDS, TENSOR_BLOCKS };

/* The areas of a training step: of the sums [max_batch x n], pitch ldz, and of the outputs
 * [max_batch x outputs], pitch ldy. The two are as wide but in a maxout layer, whose output j is
 * the greatest of the columns p*outputs + j. What a layer has no need to keep apart is one area
 * with what comes after it. */
typedef struct net_layer {
    size_t k, n;            /* inputs, sums */
    size_t outputs, pieces; /* n = outputs * pieces */
    int32_t activation, init, norm;
    float alpha, dropout, deviation;
    size_t ldw;                       /* between the rows of W, or NMLP_IN_SLICES */
    size_t ldz;                       /* pitch of the sums' areas */
    size_t ldy;                       /* pitch of the outputs' areas */
    size_t weight, bias, gain, shift; /* offsets in each of the blocks; the last two with a norm */
    float *z;                         /* X*W + b; with a norm made normal in place */
    float *v;                         /* what the activation takes */
    float *a;                         /* what it gives: an output, like the next three */
    float *mask;                      /* dropout */
    float *y;                         /* output */
    float *dy;                        /* its gradient */
    float *dz;                        /* gradient of v, then of X*W + b */
    float *mean, *variance;           /* [n], of the batch */
    float *deviations;                /* 1/sqrt(variance + epsilon), [n] or [max_batch] */
    float *kept_mean, *kept_variance; /* [n], batch norm: of the last nmlp_net_gradient */
    float *running_mean, *running_variance; /* [n], batch norm */
} net_layer;

/* Whether the product itself ends with the activation. */
static inline int layer_fused(const net_layer *layer)
{
    return layer->norm == NMLP_NORM_NONE && layer->activation == NMLP_ACTIVATION_RELU;
}

/* Whether outputs are the greatest of their pieces. */
static inline int layer_maxout(const net_layer *layer) { return layer->pieces > 1; }

/* The greatest sizes that a worker has met in a layer in a step: bits, as the kernel greatest_size
 * has them. */
typedef struct layer_sizes {
    uint32_t input;      /* of what W is multiplied with */
    uint32_t gradient;   /* of the gradient of X*W + b */
    uint32_t rows;       /* of the gradients of gain and shift; of all that are kept */
    uint32_t statistics; /* of a batch norm, of the batch and running */
} layer_sizes;

/* Work space of one call of prediction. */
typedef struct predict_space {
    size_t workers, rows, bytes;
    float *floats;       /* workers * net->predict_floats, from a line of the cache on */
    nmlp_batch_room own; /* for so many rows, behind them */
    float room[];
} predict_space;

/* Work spaces kept for later calls; with more simultaneous callers than this the
 * rest are made and freed call by call. */
enum { KEPT_SPACES = 64 };

struct nmlp_net {
    size_t inputs, layer_count, parameter_count;
    size_t max_batch; /* 0: frozen, and what belongs to a training step is not there */
    int32_t threads;
    int32_t loss;
    float label_smoothing, delta, norm_epsilon, norm_momentum;
    uint64_t dropout_seed;
    float *class_weights; /* [outputs], or NULL */
    float *tensors[TENSOR_BLOCKS];
    size_t tensor_floats; /* of one block */
    size_t kept_rows; /* of the last nmlp_net_gradient; 0: running statistics have its batch's */
    nmlp_progress progress;
    nmlp_bounds bounds; /* of all parameters and moments */
    nmlp_pace pace;     /* of training steps */
    void *memory;       /* what tensors and the arrays below lie in */
    size_t bytes;       /* of it and of this structure */

    float *staged; /* [max_batch x inputs]: gathered and normalised rows */
    size_t ld_staged;
    int32_t *indices;        /* [max_batch]; like labels and weights a copy of the caller's */
    int32_t *labels;         /* [max_batch] */
    float *targets;          /* [max_batch x outputs], pitch ldy of the last layer */
    float *row_weights;      /* [max_batch] */
    float *row_loss;         /* [max_batch] */
    float *row_squares;      /* sum of squares of each row of each weight */
    float *gradient_squares; /* of each row of each gradient: see tensor_rows() */
    size_t *correct;         /* one per worker */
    layer_sizes *sizes;      /* one per worker and layer */
    float *worker_space;     /* per worker: scratch_floats for a product's operand, then
                                gradient_floats for a part of a weight gradient */
    size_t scratch_floats, gradient_floats;

    nmlp_lock lock;
    _Atomic(predict_space *) spaces[KEPT_SPACES]; /* those not in use, or NULL */
    _Atomic(size_t) space_bytes;                  /* of all of them, those in use included */
    size_t predict_floats;                        /* per worker: scratch_floats, 3 areas */

    net_layer layers[];
};

/* Rows that one worker of a prediction takes through all layers at once. */
enum { PREDICT_ROWS = 64 };

/* What gives the scores. */
static inline const net_layer *last_layer(const nmlp_net *net)
{
    return &net->layers[net->layer_count - 1];
}

static inline int nmlp_net_trains(const nmlp_net *net) { return net->max_batch > 0; }

/* Nothing is known of them until the next step measures them. */
static inline void nmlp_net_forget_bounds(nmlp_net *net)
{
    net->bounds = (nmlp_bounds){INFINITY, INFINITY, INFINITY};
}

/* Labels are below it; 0: a regression. */
size_t nmlp_net_classes(const nmlp_net *net);

/* The sum of the weights of the batch's rows, in double: what the sum of row losses is divided
 * by to give the mean. */
double nmlp_net_total(const nmlp_net *net, const nmlp_batch *batch);

/* Whether rows may be divided by it: as a float it is neither 0, denormal nor infinite. */
int nmlp_net_total_ok(double total);

/* The row of the batch with the greatest weight, its class's included: what makes a total too
 * great, or is too small itself. */
size_t nmlp_net_heaviest_row(const nmlp_net *net, const nmlp_batch *batch);

/* The loss as the kernels take it, but for what belongs to rows. */
nmlp_loss_rows nmlp_net_loss(const nmlp_net *net, double total);

/* The arguments below have been checked (api_net.c), but for indices, labels and weights, which
 * nmlp_batch_take() judges; the kernels are always the same. */
int32_t nmlp_net_make(const nmlp_kernels *kernels, const nmlp_net_options *options,
                      const nmlp_layer *layers, size_t layer_count, nmlp_net **net);
int32_t nmlp_net_make_frozen(const nmlp_net *net, const nmlp_kernels *kernels, nmlp_net **frozen);
void nmlp_net_free(nmlp_net *net);
void nmlp_net_draw(nmlp_net *net, const nmlp_kernels *kernels, uint64_t seed);

/* The tensors of a layer, in the order of their numbers; the last four as its norm has them. */
typedef enum layer_tensor {
    TENSOR_WEIGHT,
    TENSOR_BIAS,
    TENSOR_GAIN,
    TENSOR_SHIFT,
    TENSOR_RUNNING_MEAN,
    TENSOR_RUNNING_VARIANCE
} layer_tensor;

/* Whether there is such a tensor of this kind. */
int nmlp_net_has(const nmlp_net *net, int32_t kind, size_t tensor);
/* Whether the network has memory for tensors of this kind. */
int nmlp_net_keeps(const nmlp_net *net, int32_t kind);
void nmlp_net_shape(const nmlp_net *net, size_t tensor, size_t *rows, size_t *columns);
/* The sum of squares of row p of a layer's tensor of so many rows. */
float nmlp_net_row_squares(const nmlp_kernels *kernels, const net_layer *layer, const float *tensor,
                           size_t rows, size_t p);
void nmlp_net_copy_out(const nmlp_net *net, int32_t kind, size_t tensor, float *dst);
void nmlp_net_copy_in(nmlp_net *net, int32_t kind, size_t tensor, const float *src);
/* The tensors that there are of each kind, one behind another. */
void nmlp_net_copy_block_out(const nmlp_net *net, int32_t kind, float *dst);
void nmlp_net_copy_block_in(nmlp_net *net, int32_t kind, const float *src);

/* A training step; without an optimizer the gradients are kept and nothing changes. Nothing changes
 * either where the loss, the gradient or what the update would make is not finite: the result's
 * loss is not finite then. */
nmlp_result nmlp_net_step(nmlp_net *net, const nmlp_kernels *kernels, const nmlp_batch *batch,
                          const nmlp_optimizer *optimizer, double l2);

/* The update of a step by the gradients that are kept; 0: it would not be finite, and nothing has
 * changed. */
int nmlp_net_apply_gradient(nmlp_net *net, const nmlp_kernels *kernels,
                            const nmlp_optimizer *optimizer);

/* Floating point operations of a step with m rows, which decide on its workers. */
double nmlp_net_step_operations(const nmlp_net *net, size_t m);

/* Looks for the first number that is not finite on the way of a step; the update is looked at where
 * there is an optimizer. */
nmlp_fault nmlp_net_look(nmlp_net *net, const nmlp_kernels *kernels, const nmlp_batch *batch,
                         const nmlp_optimizer *optimizer);

/* What a prediction writes down of each row; NULL: not wanted. */
typedef struct nmlp_answers {
    int32_t output; /* what y gets */
    float *y;
    size_t ldy;
    int32_t *classes;
} nmlp_answers;

/* result NULL: no labels, no loss. What nmlp_batch_take answers, INVALID_ARGUMENT for a total that
 * is not ok, OUT_OF_MEMORY. */
int32_t nmlp_net_run(nmlp_net *net, const nmlp_kernels *kernels, const nmlp_batch *batch,
                     const nmlp_answers *answers, int32_t threads, nmlp_result *result);

#endif /* NMLP_NET_H */
