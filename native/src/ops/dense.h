/* SPDX-License-Identifier: MIT
 *
 * The forward and backward pass of a fully connected layer for a batch; each call computes a
 * worker's share. */
#ifndef NMLP_DENSE_H
#define NMLP_DENSE_H

#include "gemm/gemm.h"

typedef struct nmlp_dense {
    size_t m, n, k; /* rows, outputs, inputs */
    int32_t activation;
    float alpha;    /* of the activation */
    const float *x; /* [m x k] */
    size_t ldx;
    const float *w;           /* [k x n] */
    const uint16_t *narrow_w; /* or NULL: as bf16, instead of w, for the forward pass */
    size_t ldw;               /* or NMLP_IN_COLUMN_BLOCKS */
    const float *bias;        /* [n], or NULL */
    float *y;                 /* [m x n] */
    size_t ldy;
    int sparse;         /* as nmlp_product.sparse, for the forward pass */
    int padded;         /* as nmlp_product.padded, for w, bias, y and their gradients */
    uint32_t *greatest; /* as nmlp_product.greatest, for the forward pass */
    float *scratch;
} nmlp_dense;

/* Whether the derivative of the activation is computed from its input instead of its output. */
int nmlp_activation_saves_input(int32_t activation);

/* Computes Y = act(X*W + b) for IDENTITY and RELU, and only the sums X*W + b for other
 * activations. */
void nmlp_dense_forward_share(const nmlp_kernels *kernels, const nmlp_dense *layer, nmlp_team team);

/* Computes dX = dZ*W'. If the layer below, whose output is X, has the activation RELU, dX becomes
 * dZ of that layer: dX .* act'(X). */
void nmlp_dense_input_gradient_share(const nmlp_kernels *kernels, const nmlp_dense *layer,
                                     const float *dz, size_t lddz, int32_t activation_below,
                                     float *dx, size_t lddx, nmlp_team team);

/* Computes dW = X'*dZ for these rows and columns of W. It is written to dw [k x n], which is stored
 * like W, or passed to the epilogue part by part, with dw as its scratch memory. */
void nmlp_dense_weight_gradient_part(const nmlp_kernels *kernels, const nmlp_dense *layer,
                                     const float *dz, size_t lddz, nmlp_range rows,
                                     nmlp_range columns, float *dw, const nmlp_epilogue *epilogue);

/* As above, but updates W with dW. Only where nmlp_product.fused_update allows it. */
void nmlp_dense_weight_update_part(const nmlp_kernels *kernels, const nmlp_dense *layer,
                                   const float *dz, size_t lddz, nmlp_range rows,
                                   nmlp_range columns, float *w,
                                   const nmlp_fused_update *fused_update);

/* Returns the floats of layer->scratch for all functions above, with this distance between the rows
 * of X. */
size_t nmlp_dense_scratch(const nmlp_kernels *kernels, const nmlp_dense *layer);

/* Computes db, the sum of the rows of dZ, for this worker's share of the columns. Raises *greatest
 * to the maximum magnitude of dZ in these columns, like the kernel sum_rows. */
void nmlp_dense_bias_gradient_share(const nmlp_kernels *kernels, const nmlp_dense *layer,
                                    const float *dz, size_t lddz, float *db, uint32_t *greatest,
                                    nmlp_team team);

/* The gradients of a single layer. dz contains dY and becomes dY .* act', where layer->y is the
 * value that the activation saves. */
typedef struct nmlp_dense_gradients {
    float *dz;
    size_t lddz;
    float *dx; /* NULL if not requested; the same for dw and db */
    size_t lddx;
    float *dw;
    size_t lddw;
    float *db;
} nmlp_dense_gradients;

/* Compute the whole layer, with any activation, on at most `wanted` threads (0 means the default).
 * They may return OUT_OF_MEMORY. */
int32_t nmlp_dense_forward_run(const nmlp_kernels *kernels, const nmlp_dense *layer,
                               int32_t wanted);
int32_t nmlp_dense_backward_run(const nmlp_kernels *kernels, const nmlp_dense *layer,
                                const nmlp_dense_gradients *gradients, int32_t wanted);

#endif /* NMLP_DENSE_H */
