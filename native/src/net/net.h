/* SPDX-License-Identifier: MIT
 *
 * The internals of a network: a sequence of dense layers in one block of memory.
 *
 *   net.c            creation, initial weights
 *   net_tensors.c    copying in and out
 *   net_loss.c       the loss: its options, and the total weight that divides it
 *   net_train.c      the train step, one parallel region
 *   net_apply.c      an update with stored gradients
 *   net_forward.c    its forward pass: rows, layers, loss
 *   net_backward.c   its backward pass: gradients and updates
 *   net_update.c     updates of rows of parameters
 *   net_statistics.c the statistics of batch norms
 *   net_bounds.c     the proof that an update is finite, before it begins
 *   net_kept.c       stored gradients: clipping, trial, update
 *   net_nonfinite.c  the search for numbers that are not finite
 *   net_predict.c    prediction and evaluation, for any number of simultaneous callers
 *   net_space.c      the work spaces of predictions
 */
#ifndef NMLP_NET_H
#define NMLP_NET_H

#include <math.h>

#include "net/batch.h"
#include "ops/dense.h"
#include "platform/memory.h"
#include "nmlp.h"
#include "ops/optimizer.h"
#include "threads/thread_tuner.h"

/* Blocks with the same layout: the rows of each tensor at its ldw or in column blocks, with gaps of
 * 0. The last block is for the gradient that a step stores, so that the gradient of the last
 * nmlp_net_gradient is kept. Most steps store little. */
enum { TENSOR_KINDS = 5, STEP_GRADIENTS = TENSOR_KINDS, TENSOR_BLOCKS };

/* The memory areas of a training step: for the sums [max_batch x n] with pitch ldz, and for the
 * outputs [max_batch x outputs] with pitch ldy. The two have the same width except in a maxout
 * layer, whose output j is the maximum of the columns p*outputs + j. Areas that a layer does not
 * need separately are the same area. */
typedef struct net_layer {
    size_t k, n;            /* inputs, sums */
    size_t outputs, pieces; /* n = outputs * pieces */
    int32_t activation, init, norm;
    float alpha, dropout, init_stddev;
    size_t ldw; /* between the rows of W, or NMLP_IN_COLUMN_BLOCKS */
    size_t ldz; /* pitch of the sums' areas */
    size_t ldy; /* pitch of the outputs' areas */
    /* In a block of parameters whose weights are bf16, they take half as many floats. */
    size_t weight, bias, gamma, beta; /* offsets in each of the blocks; the last two with a norm */
    float *z;                         /* X*W + b; with a norm, normalised in place */
    float *v;                         /* input of the activation */
    float *a;                         /* its output; like the next three, of the outputs' width */
    float *mask;                      /* dropout */
    float *y;                         /* output */
    float *dy;                        /* its gradient */
    float *dz;                        /* gradient of v, then of X*W + b */
    float *mean, *variance;           /* [n], of the batch */
    float *inverse_stddevs;           /* 1/sqrt(variance + epsilon), [n] or [max_batch] */
    float *kept_mean, *kept_variance; /* [n], batch norm: of the last nmlp_net_gradient */
    float *running_mean, *running_variance; /* [n], batch norm */
} net_layer;

/* Whether the product includes the activation. */
static inline int layer_fused(const net_layer *layer)
{
    return layer->norm == NMLP_NORM_NONE && layer->activation == NMLP_ACTIVATION_RELU;
}

/* Whether outputs are the maximum of their pieces. */
static inline int layer_maxout(const net_layer *layer) { return layer->pieces > 1; }

/* The maximum magnitudes that a worker has found in a layer during a step, stored as bits: see the
 * kernel greatest_size. */
typedef struct layer_sizes {
    uint32_t input;      /* of the input that W is multiplied by */
    uint32_t gradient;   /* of the gradient of X*W + b */
    uint32_t rows;       /* of the gradients of gamma and beta, or of all stored gradients */
    uint32_t statistics; /* of a batch norm's statistics, of the batch and running */
} layer_sizes;

/* The work space of one prediction call. */
typedef struct predict_space {
    size_t workers, rows, bytes;
    float *floats;       /* workers * net->predict_floats, aligned to a cache line */
    nmlp_batch_room own; /* for this number of rows, after the floats */
    float room[];
} predict_space;

/* The number of work spaces that are kept for later calls. Further simultaneous callers allocate
 * and free theirs with each call. */
enum { KEPT_SPACES = 64 };

struct nmlp_net {
    size_t inputs, layer_count, parameter_count;
    size_t max_batch; /* 0: frozen, without the memory of a training step */
    int32_t threads;
    int32_t precision; /* of the weights; not FLOAT32 only if frozen */
    int32_t loss;
    float label_smoothing, delta, norm_epsilon, norm_momentum;
    uint64_t dropout_seed;
    float *class_weights;          /* [outputs], or NULL */
    float *tensors[TENSOR_BLOCKS]; /* NULL: third moments that have not been needed yet */
    size_t tensor_floats;          /* of one block */
    size_t
        kept_rows; /* of the last nmlp_net_gradient; 0: the running statistics include its batch */
    nmlp_optimizer_state optimizer_state;
    nmlp_bounds bounds;      /* of all parameters and moments */
    _Atomic(bool) denormals; /* met since the last update, so that the next looks for them */
    int8_t slow_denormals;   /* whether the processor is slow with them; -1: not measured yet */
    nmlp_thread_tuner tuner; /* of training steps */
    void *memory;            /* contains tensors and the arrays below */
    void *third_memory;      /* contains the third moments, or NULL */
    _Atomic(size_t) bytes;   /* of both and of this structure */

    float *staged; /* [max_batch x inputs]: gathered and normalised rows */
    size_t ld_staged;
    int32_t *indices;        /* [max_batch]; like labels and weights, a copy of the caller's */
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

/* The rows that a worker of a prediction computes together through all layers. */
enum { PREDICT_ROWS = 64 };

/* The layer that computes the scores. */
static inline const net_layer *last_layer(const nmlp_net *net)
{
    return &net->layers[net->layer_count - 1];
}

static inline int nmlp_net_trains(const nmlp_net *net) { return net->max_batch > 0; }

/* Bounds that are unknown until the next step measures them. */
static const nmlp_bounds NET_UNKNOWN_BOUNDS = {INFINITY, INFINITY, INFINITY, INFINITY};

static inline void nmlp_net_forget_bounds(nmlp_net *net) { net->bounds = NET_UNKNOWN_BOUNDS; }

/* The number of classes; 0 for a regression. */
size_t nmlp_net_classes(const nmlp_net *net);

/* The total weight of the batch: the sum of the weights of its rows, in double. The sum of the row
 * losses is divided by it. */
double nmlp_net_total(const nmlp_net *net, const nmlp_batch *batch);

/* Whether this total is valid: as a float, it is neither 0, denormal nor infinite. */
int nmlp_net_total_ok(double total);

/* The row of the batch with the maximum weight, including the weight of its class: the row that
 * makes a total too large, or whose own weight is too small. */
size_t nmlp_net_heaviest_row(const nmlp_net *net, const nmlp_batch *batch);

/* The parameters of the loss kernels, without the rows. */
nmlp_loss_rows nmlp_net_loss(const nmlp_net *net, double total);

/* The arguments of the functions below have been checked (api_net.c), except for indices, labels
 * and weights, which nmlp_batch_take() checks. The kernels are always the same. */
int32_t nmlp_net_make(const nmlp_kernels *kernels, const nmlp_net_options *options,
                      const nmlp_layer *layers, size_t layer_count, nmlp_net **net);
int32_t nmlp_net_make_frozen(const nmlp_net *net, const nmlp_kernels *kernels, int32_t precision,
                             nmlp_net **frozen);

/* The weights of a layer if they are bf16, otherwise NULL. */
static inline const uint16_t *nmlp_net_narrow_weights(const nmlp_net *net, const net_layer *layer)
{
    if (net->precision != NMLP_PRECISION_BFLOAT16) return NULL;
    return (const uint16_t *)(const void *)(net->tensors[NMLP_TENSOR_PARAMETER] + layer->weight);
}

void nmlp_net_free(nmlp_net *net);
/* Fails only with OUT_OF_MEMORY, before anything has changed. */
int32_t nmlp_net_initialize_parameters(nmlp_net *net, const nmlp_kernels *kernels, uint64_t seed);

/* The tensors of a layer, in the order of their numbers. The last four depend on its norm. */
typedef enum layer_tensor {
    TENSOR_WEIGHT,
    TENSOR_BIAS,
    TENSOR_GAMMA,
    TENSOR_BETA,
    TENSOR_RUNNING_MEAN,
    TENSOR_RUNNING_VARIANCE
} layer_tensor;

/* Whether there is such a tensor of this kind. */
int nmlp_net_has(const nmlp_net *net, int32_t kind, size_t tensor);
/* Whether the network has memory for tensors of this kind. */
static inline int nmlp_net_keeps(const nmlp_net *net, int32_t kind)
{
    return net->tensors[kind] != NULL;
}
/* Allocates third moments, all 0, if there are none. Returns 0 if there is not enough memory. */
int nmlp_net_make_third_moments(nmlp_net *net);
void nmlp_net_shape(const nmlp_net *net, size_t tensor, size_t *rows, size_t *columns);
/* The sum of squares of row p of a tensor of a layer; rows is the number of its rows. */
float nmlp_net_row_squares(const nmlp_kernels *kernels, const net_layer *layer, const float *tensor,
                           size_t rows, size_t p);
void nmlp_net_copy_out(const nmlp_net *net, int32_t kind, size_t tensor, float *dst);
void nmlp_net_copy_in(nmlp_net *net, int32_t kind, size_t tensor, const float *src);
/* Copy the tensors that exist for every kind, one after another. */
void nmlp_net_copy_block_out(const nmlp_net *net, int32_t kind, float *dst);
void nmlp_net_copy_block_in(nmlp_net *net, int32_t kind, const float *src);

/* Runs a training step. Without an optimizer, the gradients are kept and nothing else changes. If
 * the loss, the gradient or the result of the update is not finite, nothing changes, and the loss
 * in the result is not finite. */
nmlp_result nmlp_net_step(nmlp_net *net, const nmlp_kernels *kernels, const nmlp_batch *batch,
                          const nmlp_optimizer *optimizer, double l2);

/* Updates the parameters with the gradients that the network keeps. Returns 0 if the update would
 * not be finite; nothing has changed then. */
int nmlp_net_apply_gradient(nmlp_net *net, const nmlp_kernels *kernels,
                            const nmlp_optimizer *optimizer);

/* The floating-point operations of a step with m rows, which determine the number of workers. */
double nmlp_net_step_operations(const nmlp_net *net, size_t m);

/* Searches a step for the first number that is not finite. With an optimizer, the update is also
 * searched. */
nmlp_fault nmlp_net_find_nonfinite_in_step(nmlp_net *net, const nmlp_kernels *kernels,
                                           const nmlp_batch *batch,
                                           const nmlp_optimizer *optimizer);

/* The results that a prediction writes for each row; NULL for those not requested. */
typedef struct nmlp_answers {
    int32_t output; /* nmlp_output in y */
    float *y;
    size_t ldy;
    int32_t *classes;
} nmlp_answers;

/* Predicts or evaluates. If result is NULL, labels are not used and no loss is computed. Returns
 * the status of nmlp_batch_take, INVALID_ARGUMENT for an invalid total weight, or OUT_OF_MEMORY. */
int32_t nmlp_net_run(nmlp_net *net, const nmlp_kernels *kernels, const nmlp_batch *batch,
                     const nmlp_answers *answers, int32_t threads, nmlp_result *result);

#endif /* NMLP_NET_H */
