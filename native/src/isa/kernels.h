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
    float kept_biases; /* kept of biases, gains and shifts */
    float momentum;
    float beta1, rest1; /* beta and 1 - beta */
    float beta2, rest2; /* RMSProp: smoothing and 1 - smoothing */
    float root_scale;   /* Adam: 1 / sqrt(1 - beta2^t) */
    float epsilon;
} nmlp_update;

/* A column panel of a product, C[m x n] (+)= A[m x k] * B[k x n], n = 16 * vectors, with a
 * half 8 more; behind these 8 columns of zeros are stored.
 * A is reached through two strides of which one is 1: rows of A are contiguous
 * (a_k = 1) or its columns are (a_row = 1). B's rows are contiguous vectors.
 * A chain starts from what `start` says; at its end
 *
 *     c = acc < floor ? floor : acc      floor = 0 is ReLU, -infinity nothing
 *     c = gate > 0 ? c : 0               where a gate is given: ReLU's derivative
 *
 * or, where a descent is given, it is the gradient of the weight that lies in its place, and what
 * is stored there is that weight after a step of momentum.
 */
#define NMLP_NO_FLOOR (-INFINITY)

typedef enum nmlp_chain_start {
    NMLP_START_ZERO,
    NMLP_START_C,   /* continues a chain, or beta * C */
    NMLP_START_BIAS /* one row for all rows of C */
} nmlp_chain_start;

/* Rows for which gemm_turned is faster than a turned copy of B. */
enum { NMLP_TURNED_ROWS = 4 };

/* The most that nmlp_kernels.tile_vectors is. */
enum { NMLP_MOST_TILE_VECTORS = 2 };

/* The longest chain that gemm_short takes, and its panels' columns, whole strips of them. */
enum { NMLP_SHORT_K = 32, NMLP_SHORT_STRIP = 4 * NMLP_LANES };

/* What will be read when the panel is done. It is brought into the L2 cache meanwhile, at each step
 * of k another row, as wide as the tile: asked for at once it would keep the tile waiting. Weights
 * and moments of a step's update: 784-256-128-10 0.6 %, 3072-1024-512-10 7 %. */
typedef struct nmlp_errand {
    const float *rows;
    size_t ld, count;
} nmlp_errand;

/* The next panel of B, a strip of the next block of A, and three matrices that the product's finish
 * reads, each perhaps in two slices. A turned B is in up to four; its products have no finish. */
enum { NMLP_FINISH_READS = 3, NMLP_ERRANDS = 2 + 2 * NMLP_FINISH_READS };

typedef struct nmlp_descent {
    nmlp_update update;
    ptrdiff_t first; /* from a weight to its first moment, in floats */
} nmlp_descent;

typedef struct nmlp_panel {
    size_t m, k, vectors;
    bool half;
    const float *a;
    size_t a_row, a_k;
    const float *b;
    size_t ldb;
    nmlp_errand *errands; /* done in this order */
    size_t errand_count;
    float *c;
    size_t ldc;
    nmlp_chain_start start;
    const float *bias;
    float floor;
    const float *gate; /* same shape as C, or NULL */
    size_t ld_gate;
    const nmlp_descent *descent; /* or NULL; not with halves or the other ends, A by columns */
    bool low;                    /* A's rows share cache sets: few of them at a time */
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

/* Rows on their way through a norm; what lies in x is replaced by
 *
 *     forward      x = (x - mean) * deviation,  y = gain*x + shift
 *     backward     y = dL/dx from y = dL/dy
 *
 * where deviation = 1/sqrt(variance + epsilon). x and y may be the same forward. mean, variance and
 * deviation are [n] for a batch norm and [m], deviation alone, for a layer norm. sum_gain and
 * sum_shift are the gradients of gain and shift, which a batch norm's backward pass reads. */
typedef struct nmlp_norm_rows {
    size_t m, n;
    float *x;
    size_t ldx;
    float *y;
    size_t ldy;
    const float *gain, *shift;
    float *mean, *variance, *deviation;
    const float *sum_gain, *sum_shift;
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
    float *w, *first, *second;
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
    size_t before_half;  /* whole vectors of the tiles that have a half behind them; 0: none */
    size_t (*wide_vectors)(size_t m, size_t most); /* at most, for a panel of m rows */
#define KERNEL(name, arguments) void(*name) arguments;
#include "kernels.def"
#undef KERNEL
    /* NULL for an activation of sums */
    nmlp_activation_forward_kernel *activation_forward[NMLP_ACTIVATION_COUNT];
    nmlp_activation_backward_kernel *activation_backward[NMLP_ACTIVATION_COUNT];
    nmlp_update_kernel *update[NMLP_OPTIMIZER_COUNT];
    nmlp_loss_kernel *loss[NMLP_LOSS_COUNT];
} nmlp_kernels;

#define ISA(value, name, has) extern const nmlp_kernels nmlp_kernels_##name;
#include "isas.def"
#undef ISA

#endif /* NMLP_KERNELS_H */
