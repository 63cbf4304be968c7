/* SPDX-License-Identifier: MIT
 *
 * The dense layers that bench_kernels.c measures. */
#ifndef BENCH_DENSE_H
#define BENCH_DENSE_H

#include "bench_support.h"

typedef struct layer {
    size_t m, n, k;
    float *x, *w, *b, *y, *dx, *dw, *db, *dy;
    int32_t threads;
} layer;

static void dense_forward(void *context)
{
    const layer *l = context;
    bench_check(nmlp_dense_forward(l->m, l->n, l->k, NMLP_ACTIVATION_RELU, 0.0f, l->x, l->k, l->w,
                                   l->n, l->b, l->n, l->y, l->n, l->threads));
}

static void dense_backward(void *context)
{
    const layer *l = context;
    bench_check(nmlp_dense_backward(l->m, l->n, l->k, NMLP_ACTIVATION_RELU, 0.0f, l->x, l->k, l->w,
                                    l->n, l->y, l->n, l->dy, l->n, l->dx, l->k, l->m * l->k, l->dw,
                                    l->n, l->k * l->n, l->db, l->n, l->threads));
}

typedef struct product {
    const char *name;
    void (*run)(void *context);
    double products; /* the number of products of 2*m*n*k operations */
} product;

static const product products[] = {
    {"dense forward, ReLU", dense_forward, 1},
    {"dense backward, dX dW db", dense_backward, 2},
};

/* m, n and k for which the arrays of the backward pass approximately fill the level. */
static const size_t product_sizes[][3] = {
    [BENCH_L1] = {32, 32, 32},
    [BENCH_L2] = {96, 96, 96},
    [BENCH_L3] = {512, 512, 512},
    [BENCH_DRAM] = {32768, 64, 512},
};

#endif /* BENCH_DENSE_H */
