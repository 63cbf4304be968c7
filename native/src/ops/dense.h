/* SPDX-License-Identifier: MIT
 *
 * A fully connected layer on a batch: forward and backward, each a worker's share. */
#ifndef NMLP_DENSE_H
#define NMLP_DENSE_H

#include "gemm/gemm.h"

typedef struct nmlp_dense {
    size_t m, n, k; /* rows, outputs, inputs */
    int32_t activation;
    float alpha;    /* of the activation */
    const float *x; /* [m x k] */
    size_t ldx;
    const float *w;    /* [k x n] */
    size_t ldw;        /* or NMLP_IN_COLUMN_BLOCKS */
    const float *bias; /* [n], or NULL */
    float *y;          /* [m x n] */
    size_t ldy;
    int sparse;         /* as nmlp_product.sparse, forward */
    int padded;         /* as nmlp_product.padded, for w, bias, y and their gradients */
    uint32_t *greatest; /* as nmlp_product.greatest, forward */
    float *scratch;
} nmlp_dense;

/* Whether the activation's derivative is computed from its input (else from its output). */
int nmlp_activation_saves_input(int32_t activation);

/* Y = act(X*W + b) for IDENTITY and RELU; of another activation the sums X*W + b. */
void nmlp_dense_forward_share(const nmlp_kernels *kernels, const nmlp_dense *layer, nmlp_team team);

/* dX = dZ*W'. With RELU as the activation of the layer below, whose output is X, dX becomes
 * that layer's dZ: dX .* act'(X). */
void nmlp_dense_input_gradient_share(const nmlp_kernels *kernels, const nmlp_dense *layer,
                                     const float *dz, size_t lddz, int32_t activation_below,
                                     float *dx, size_t lddx, nmlp_team team);

/* dW = X'*dZ in these rows and columns of W: written to dw [k x n], which is stored as W is, or
 * passed to the epilogue part by part with dw as its scratch. */
void nmlp_dense_weight_gradient_part(const nmlp_kernels *kernels, const nmlp_dense *layer,
                                     const float *dz, size_t lddz, nmlp_range rows,
                                     nmlp_range columns, float *dw, const nmlp_epilogue *epilogue);

/* The same, but W itself is updated by dW, where nmlp_product.fused_update allows it. */
void nmlp_dense_weight_update_part(const nmlp_kernels *kernels, const nmlp_dense *layer,
                                   const float *dz, size_t lddz, nmlp_range rows,
                                   nmlp_range columns, float *w,
                                   const nmlp_fused_update *fused_update);

/* Floats of layer->scratch for all of the above, with X's rows at this distance. */
size_t nmlp_dense_scratch(const nmlp_kernels *kernels, const nmlp_dense *layer);

/* db = sum of dZ's rows, this worker's share of the columns. *greatest is raised to the greatest
 * size of an element of dZ there, as the kernel sum_rows does. */
void nmlp_dense_bias_gradient_share(const nmlp_kernels *kernels, const nmlp_dense *layer,
                                    const float *dz, size_t lddz, float *db, uint32_t *greatest,
                                    nmlp_team team);

/* Gradients of a single layer; dz holds dY and becomes dY .* act', where layer->y is
 * what the activation saves. */
typedef struct nmlp_dense_gradients {
    float *dz;
    size_t lddz;
    float *dx; /* or NULL: not wanted, like dw and db */
    size_t lddx;
    float *dw;
    size_t lddw;
    float *db;
} nmlp_dense_gradients;

/* The whole layer, any activation, on at most `wanted` threads (0: the default). OUT_OF_MEMORY. */
int32_t nmlp_dense_forward_run(const nmlp_kernels *kernels, const nmlp_dense *layer,
                               int32_t wanted);
int32_t nmlp_dense_backward_run(const nmlp_kernels *kernels, const nmlp_dense *layer,
                                const nmlp_dense_gradients *gradients, int32_t wanted);

#endif /* NMLP_DENSE_H */
