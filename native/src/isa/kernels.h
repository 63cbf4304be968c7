/* SPDX-License-Identifier: MIT
 *
 * The kernel table: the interface of an ISA unit to the rest of the library. Each ISA has one
 * constant table, compiled from the same bodies (kernels.c). */
#ifndef NMLP_KERNELS_H
#define NMLP_KERNELS_H

#include <math.h> /* INFINITY */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The lanes of a logical vector. They are the same on every ISA, so that results have the same
 * bits. */
#define NMLP_LANES 16

/* The coefficients of an optimizer for one step, each rounded once from double. */
typedef struct nmlp_update {
    float rate;        /* learning rate; Adam: learning_rate / (1 - beta1^t) */
    float l2;          /* 2 * l2 for weights, 0 for biases */
    float kept;        /* AdamW: 1 - learning_rate * decay for parameters that decay, otherwise 1 */
    float kept_biases; /* kept for biases, gammas and betas */
    float momentum;
    float beta1, rest1; /* beta and 1 - beta */
    float beta2, rest2; /* RMSProp: rho and 1 - rho */
    float root_scale;   /* Adam: 1 / sqrt(1 - beta2^t) */
    float epsilon;
    float undampened;  /* momentum_dampened: 1 - dampening */
    float accumulator; /* AdaGrad: start of the sums of squares in the first step; otherwise 0 */
    bool denormals;    /* look for denormal moments, which costs 1 to 2 % of a step without any */
} nmlp_update;

/* A column panel of a product, C[m x n] (+)= A[m x k] * B[k x n], where n is 16 * vectors, plus 8
 * with a half vector. After a half vector, 8 columns of zeros are stored. A is addressed by two
 * strides, one of which is 1: either its rows are contiguous (a_k = 1) or its columns (a_row = 1).
 * The rows of B are contiguous. `start` selects the start of a chain. At the end of a chain,
 *
 *     c = acc < lower_clamp ? lower_clamp : acc     0 is ReLU, -infinity changes nothing
 *     c = relu_mask > 0 ? c : 0                     if there is a mask: the derivative of ReLU
 *
 * With a fused update, the chain is the gradient of the weight that is stored at the same position
 * in C. The weight after a step of momentum replaces it there. */
#define NMLP_NO_CLAMP (-INFINITY)

typedef enum nmlp_chain_start {
    NMLP_START_ZERO,
    NMLP_START_C,   /* continues a chain, or beta * C */
    NMLP_START_BIAS /* one row for all rows of C */
} nmlp_chain_start;

/* Up to this number of rows, gemm_transposed_b is faster than a transposed copy of B. */
enum { NMLP_TRANSPOSED_B_ROWS = 4 };

/* The maximum of nmlp_kernels.tile_vectors. */
enum { NMLP_MOST_TILE_VECTORS = 2 };

/* The maximum length of a chain for gemm_short. The width of its panels is a multiple of the
 * strip. */
enum { NMLP_SHORT_K = 32, NMLP_SHORT_STRIP = 4 * NMLP_LANES };

/* Rows that will be read after the panel. While it runs, each step of k prefetches one of them, as
 * wide as the tile, into the L2 cache: prefetching all of them at once would stall the tile. */
typedef struct nmlp_prefetch {
    const float *rows;
    size_t ld, count;
} nmlp_prefetch;

/* The next panel of B, a strip of the next block of A, and four matrices that the epilogue reads,
 * each in at most two column blocks. A transposed B is in up to four blocks, but products with a
 * transposed B have no epilogue. */
enum { NMLP_EPILOGUE_READS = 4, NMLP_MAX_PREFETCHES = 2 + 2 * NMLP_EPILOGUE_READS };

typedef struct nmlp_fused_update {
    nmlp_update update;
    ptrdiff_t first; /* distance from a weight to its first moment, in floats */
} nmlp_fused_update;

typedef struct nmlp_panel {
    size_t m, k, vectors;
    bool half;
    const float *a;
    size_t a_row, a_k;
    const float *b;
    const uint16_t *narrow_b; /* or NULL. B as bf16, instead of b: its first group (k_tile.inc) */
    bool from_second;         /* whether the panel begins with the second vector of the group */
    size_t ldb;
    nmlp_prefetch *prefetches; /* performed in this order */
    size_t prefetch_count;
    float *c;
    size_t ldc;
    nmlp_chain_start start;
    const float *bias;
    float lower_clamp;
    const float *relu_mask; /* same shape as C, or NULL */
    size_t ld_relu_mask;
    const nmlp_fused_update *fused_update; /* or NULL; needs A by columns, no half, clamp or mask */
    bool few_rows; /* the rows of A share cache sets: use few of them at a time */
} nmlp_panel;

/* m rows of scores [m x n] and their labels or targets. The loss is the sum of row_loss divided by
 * `total`; dscores is its gradient. */
typedef struct nmlp_loss_rows {
    size_t m, n;
    const float *scores;
    size_t lds;
    const int32_t *labels; /* [m]; for a loss with targets, NULL or the source of the targets */
    const float *targets;  /* [m x n], or NULL if the loss uses labels */
    size_t ldt;
    const float *weights;       /* [m], or NULL: all 1 */
    const float *class_weights; /* [n], or NULL: all 1 */
    float smoothing, delta;
    float total;
    float *dscores; /* or NULL; may be scores */
    size_t ldds;
    float *row_loss;
    size_t *correct; /* increased by the number of correct rows */
} nmlp_loss_rows;

/* Rows in the forward or backward pass of a norm. They are replaced by
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
/* Parameters and moments are [rows x columns] with the same distance between rows. */
typedef struct nmlp_update_rows {
    size_t rows, columns;
    float *w, *first, *second,
        *third; /* moments that the rule does not keep may have any address */
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

/* The update rules: first those of the optimizers, with the same numbers, then the variants. */
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
    size_t tile_rows;    /* maximum height of a gemm_panel tile */
    size_t tile_vectors; /* nmlp_panel.vectors for which there are tiles of that height */
    size_t before_half;  /* whole vectors of the tiles that end with a half vector; 0 if there are
                            none */
    size_t (*wide_vectors)(size_t m, size_t most); /* the widest for m rows, up to `most` */
#define KERNEL(name, arguments) void(*name) arguments;
#include "kernels.def"
#undef KERNEL
    /* NULL for an ACTIVATION_OF_SUMS */
    nmlp_activation_forward_kernel *activation_forward[NMLP_ACTIVATION_COUNT];
    nmlp_activation_backward_kernel *activation_backward[NMLP_ACTIVATION_COUNT];
    nmlp_update_kernel *update[NMLP_RULE_COUNT];
    nmlp_loss_kernel *loss[NMLP_LOSS_COUNT];
} nmlp_kernels;

#define ISA(value, name, has) extern const nmlp_kernels nmlp_kernels_##name;
#include "isas.def"
#undef ISA

#endif /* NMLP_KERNELS_H */
