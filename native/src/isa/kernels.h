/* SPDX-License-Identifier: MIT
 *
 * The kernel table: what an ISA unit offers to the rest of the library. Each
 * ISA fills one constant table from the same bodies (kernels.c). */
#ifndef NMLP_KERNELS_H
#define NMLP_KERNELS_H

#include <math.h> /* INFINITY */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One logical vector on every ISA; what makes the bits the same. */
#define NMLP_LANES 16

/* An optimizer's coefficients for one step, rounded once from double. */
typedef struct nmlp_update {
    float rate;        /* learning rate; Adam: learning_rate / (1 - beta1^t) */
    float l2;          /* 2 * l2 for weights, 0 for biases */
    float kept;        /* AdamW: 1 - learning_rate * decay for what decays, else 1 */
    float kept_biases; /* kept of biases, gammas and betas */
    float momentum;
    float beta1, rest1; /* beta and 1 - beta */
    float beta2, rest2; /* RMSProp: rho and 1 - rho */
    float root_scale;   /* Adam: 1 / sqrt(1 - beta2^t) */
    float epsilon;
    float undampened;  /* momentum_dampened: 1 - dampening */
    float accumulator; /* AdaGrad: what its sums of squares start from, in the first step; else 0 */
} nmlp_update;

/* A column panel of a product, C[m x n] (+)= A[m x k] * B[k x n], where n is 16 * vectors, and 8
 * more with a half; with a half, 8 columns of zeros are stored after them. A is addressed by two
 * strides, one of which is 1: either its rows are contiguous (a_k = 1) or its columns are (a_row =
 * 1). The rows of B are contiguous. `start` says what a chain begins with. At its end
 *
 *     c = acc < lower_clamp ? lower_clamp : acc     0 is ReLU, -infinity changes nothing
 *     c = relu_mask > 0 ? c : 0                     where there is a mask: ReLU's derivative
 *
 * With a fused update the chain is the gradient of the weight that is stored in its place in C,
 * and the weight after a step of momentum is stored there. */
#define NMLP_NO_CLAMP (-INFINITY)

typedef enum nmlp_chain_start {
    NMLP_START_ZERO,
    NMLP_START_C,   /* continues a chain, or beta * C */
    NMLP_START_BIAS /* one row for all rows of C */
} nmlp_chain_start;

/* Up to so many rows, gemm_transposed_b is faster than a transposed copy of B. */
enum { NMLP_TRANSPOSED_B_ROWS = 4 };

/* The most that nmlp_kernels.tile_vectors is. */
enum { NMLP_MOST_TILE_VECTORS = 2 };

/* The longest chain that gemm_short takes, and its panels' columns, whole strips of them. */
enum { NMLP_SHORT_K = 32, NMLP_SHORT_STRIP = 4 * NMLP_LANES };

/* Rows that will be read after the panel. While it runs, each step of k prefetches one of them, as
 * wide as the tile, into the L2 cache: prefetching all of them at once would stall the tile. */
typedef struct nmlp_prefetch {
    const float *rows;
    size_t ld, count;
} nmlp_prefetch;

/* The next panel of B, a strip of the next block of A, and four matrices that the epilogue reads,
 * each in at most two column blocks. A transposed B is in up to four; products with one have no
 * epilogue. */
enum { NMLP_EPILOGUE_READS = 4, NMLP_MAX_PREFETCHES = 2 + 2 * NMLP_EPILOGUE_READS };

typedef struct nmlp_fused_update {
    nmlp_update update;
    ptrdiff_t first; /* from a weight to its first moment, in floats */
} nmlp_fused_update;

typedef struct nmlp_panel {
    size_t m, k, vectors;
    bool half;
    const float *a;
    size_t a_row, a_k;
    const float *b;
    size_t ldb;
    nmlp_prefetch *prefetches; /* done in this order */
    size_t prefetch_count;
    float *c;
    size_t ldc;
    nmlp_chain_start start;
    const float *bias;
    float lower_clamp;
    const float *relu_mask; /* same shape as C, or NULL */
    size_t ld_relu_mask;
    const nmlp_fused_update
        *fused_update; /* or NULL. Only where A is read by columns, without halves and other ends */
    bool low;          /* A's rows share cache sets: few of them at a time */
} nmlp_panel;

/* m rows of scores [m x n] against what they should be. The loss is the sum of row_loss over
 * `total`, dscores its gradient. */
typedef struct nmlp_loss_rows {
    size_t m, n;
    const float *scores;
    size_t lds;
    const int32_t *labels; /* [m]; where the loss takes targets NULL, or what these were made of */
    const float *targets;  /* [m x n], or NULL where the loss takes labels */
    size_t ldt;
    const float *weights;       /* [m], or NULL: all 1 */
    const float *class_weights; /* [n], or NULL: all 1 */
    float smoothing, delta;
    float total;
    float *dscores; /* or NULL; may be scores */
    size_t ldds;
    float *row_loss;
    size_t *correct; /* increased by the rows that are right */
} nmlp_loss_rows;

/* Rows on their way through a norm; the contents of x are replaced by
 *
 *     forward      x = (x - mean) * inverse_stddev,  y = gamma*x + beta
 *     backward     y = dL/dx from y = dL/dy
 *
 * where inverse_stddev = 1/sqrt(variance + epsilon). x and y may be the same in the forward pass.
 * mean, variance and inverse_stddev are [n] for a batch norm; for a layer norm only
 * inverse_stddev is used, [m]. sum_gamma and sum_beta are the gradients of gamma and beta, which
 * the backward pass of a batch norm reads. */
typedef struct nmlp_norm_rows {
    size_t m, n;
    float *x;
    size_t ldx;
    float *y;
    size_t ldy;
    const float *gamma, *beta;
    float *mean, *variance, *inverse_stddev;
    const float *sum_gamma, *sum_beta;
    size_t batch; /* rows of the whole batch */
    float epsilon;
} nmlp_norm_rows;

/* A position in a Philox stream. */
typedef struct nmlp_random {
    uint64_t seed, stream, position;
} nmlp_random;

typedef void nmlp_activation_forward_kernel(size_t count, float alpha, const float *x, float *y);
typedef void nmlp_activation_backward_kernel(size_t count, float alpha, const float *saved,
                                             const float *dy, float *dx);
/* Parameters and moments are [rows x columns] at one distance between rows. */
typedef struct nmlp_update_rows {
    size_t rows, columns;
    float *w, *first, *second, *third; /* a moment that the rule does not keep may be any address */
    size_t ldw;
    const float *g;
    size_t ldg;
} nmlp_update_rows;

typedef void nmlp_update_kernel(const nmlp_update_rows *rows, const nmlp_update *update);

enum {
#define ACTIVATION(value, name, saves) nmlp_activation_index_##name,
#define ACTIVATION_OF_SUMS(value, name) nmlp_activation_index_##name,
#include "activations.def"
#undef ACTIVATION
    NMLP_ACTIVATION_COUNT
};

enum {
#define OPTIMIZER(value, name, first, second) nmlp_optimizer_index_##name,
#include "optimizers.def"
#undef OPTIMIZER
    NMLP_OPTIMIZER_COUNT
};

/* The rules of update: those of the optimizers, whose numbers are the same, then the variants. */
enum {
#define OPTIMIZER(value, name, first, second) nmlp_rule_index_##name,
#define VARIANT(name, first, second, third) nmlp_rule_index_##name,
#include "optimizers.def"
#undef OPTIMIZER
    NMLP_RULE_COUNT
};

enum {
#define LOSS(value, name, against) nmlp_loss_index_##name,
#include "losses.def"
#undef LOSS
    NMLP_LOSS_COUNT
};

typedef void nmlp_loss_kernel(const nmlp_loss_rows *rows);

typedef struct nmlp_kernels {
    size_t tile_rows;    /* greatest height of a gemm_panel tile */
    size_t tile_vectors; /* nmlp_panel.vectors for which there are tiles of that height */
    size_t
        before_half; /* whole vectors of the tiles that end with a half vector; 0: there are none */
    size_t (*wide_vectors)(size_t m, size_t most); /* at most, for a panel of m rows */
#define KERNEL(name, arguments) void(*name) arguments;
#include "kernels.def"
#undef KERNEL
    /* NULL for an activation of sums */
    nmlp_activation_forward_kernel *activation_forward[NMLP_ACTIVATION_COUNT];
    nmlp_activation_backward_kernel *activation_backward[NMLP_ACTIVATION_COUNT];
    nmlp_update_kernel *update[NMLP_RULE_COUNT];
    nmlp_loss_kernel *loss[NMLP_LOSS_COUNT];
} nmlp_kernels;

#define ISA(value, name, has) extern const nmlp_kernels nmlp_kernels_##name;
#include "isas.def"
#undef ISA

#endif /* NMLP_KERNELS_H */
