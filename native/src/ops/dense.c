/* SPDX-License-Identifier: MIT
 *
 * The chains of the product start with the bias and end with the activation, so that a layer needs
 * no second pass over its output. */
#include "ops/dense.h"

#include <stdlib.h>
#include <string.h>

#include "nmlp.h"

#define ACTIVATION(value, name, what)                                                 \
    _Static_assert((int)NMLP_ACTIVATION_##value == (int)nmlp_activation_index_##name, \
                   "activations.def is in the order of the values");
#define ACTIVATION_OF_SUMS(value, name) ACTIVATION(value, name, )
#include "isa/activations.def"
#undef ACTIVATION

int nmlp_activation_saves_input(int32_t activation)
{
    enum { OUTPUT, INPUT };
    static const int saves[] = {
#define ACTIVATION(value, name, what) [NMLP_ACTIVATION_##value] = (what),
#define ACTIVATION_OF_SUMS(value, name) [NMLP_ACTIVATION_##value] = INPUT,
#include "isa/activations.def"
#undef ACTIVATION
    };
    return saves[activation] == INPUT;
}

static nmlp_product forward_product(const nmlp_dense *layer)
{
    return (nmlp_product){
        .m = layer->m,
        .n = layer->n,
        .k = layer->k,
        .alpha = 1.0f,
        .a = {layer->x, layer->ldx, 0, NULL},
        .b = {layer->w, layer->ldw, 0, layer->narrow_w},
        .c = layer->y,
        .ldc = layer->ldy,
        .start = layer->bias != NULL ? NMLP_START_BIAS : NMLP_START_ZERO,
        .bias = layer->bias,
        .lower_clamp = layer->activation == NMLP_ACTIVATION_RELU ? 0.0f : NMLP_NO_CLAMP,
        .sparse = layer->sparse,
        .padded = layer->padded,
        .greatest = layer->greatest,
        .scratch = layer->scratch,
    };
}

static nmlp_product input_gradient_product(const nmlp_dense *layer, const float *dz, size_t lddz,
                                           int32_t activation_below, float *dx, size_t lddx)
{
    return (nmlp_product){
        .m = layer->m,
        .n = layer->k,
        .k = layer->n,
        .alpha = 1.0f,
        .a = {dz, lddz, 0, NULL},
        .b = {layer->w, layer->ldw, 1, NULL},
        .c = dx,
        .ldc = lddx,
        .start = NMLP_START_ZERO,
        .lower_clamp = NMLP_NO_CLAMP,
        .relu_mask = activation_below == NMLP_ACTIVATION_RELU ? layer->x : NULL,
        .ld_relu_mask = layer->ldx,
        .padded = layer->padded,
        .scratch = layer->scratch,
    };
}

static nmlp_product weight_gradient_product(const nmlp_dense *layer, const float *dz, size_t lddz,
                                            float *dw, size_t lddw)
{
    return (nmlp_product){
        .m = layer->k,
        .n = layer->n,
        .k = layer->m,
        .alpha = 1.0f,
        .a = {layer->x, layer->ldx, 1, NULL},
        .b = {dz, lddz, 0, NULL},
        .c = dw,
        .ldc = lddw,
        .start = NMLP_START_ZERO,
        .lower_clamp = NMLP_NO_CLAMP,
        .padded = layer->padded,
        .scratch = layer->scratch,
    };
}

void nmlp_dense_forward_share(const nmlp_kernels *kernels, const nmlp_dense *layer, nmlp_team team)
{
    const nmlp_product product = forward_product(layer);
    nmlp_gemm_share(kernels, &product, team);
}

void nmlp_dense_input_gradient_share(const nmlp_kernels *kernels, const nmlp_dense *layer,
                                     const float *dz, size_t lddz, int32_t activation_below,
                                     float *dx, size_t lddx, nmlp_team team)
{
    const nmlp_product product =
        input_gradient_product(layer, dz, lddz, activation_below, dx, lddx);
    nmlp_gemm_share(kernels, &product, team);
}

void nmlp_dense_weight_gradient_part(const nmlp_kernels *kernels, const nmlp_dense *layer,
                                     const float *dz, size_t lddz, nmlp_range rows,
                                     nmlp_range columns, float *dw, const nmlp_epilogue *epilogue)
{
    nmlp_product product = weight_gradient_product(layer, dz, lddz, dw, layer->ldw);
    product.epilogue = epilogue;
    nmlp_gemm_part(kernels, &product, rows, columns);
}

void nmlp_dense_weight_update_part(const nmlp_kernels *kernels, const nmlp_dense *layer,
                                   const float *dz, size_t lddz, nmlp_range rows,
                                   nmlp_range columns, float *w,
                                   const nmlp_fused_update *fused_update)
{
    nmlp_product product = weight_gradient_product(layer, dz, lddz, w, layer->ldw);
    product.fused_update = fused_update;
    nmlp_gemm_part(kernels, &product, rows, columns);
}

size_t nmlp_dense_scratch(const nmlp_kernels *kernels, const nmlp_dense *layer)
{
    const nmlp_product forward = forward_product(layer);
    const nmlp_product gradient = weight_gradient_product(layer, NULL, 0, NULL, 0);
    const size_t a = nmlp_gemm_scratch(kernels, &forward),
                 b = nmlp_gemm_scratch(kernels, &gradient);
    return a > b ? a : b;
}

void nmlp_dense_bias_gradient_share(const nmlp_kernels *kernels, const nmlp_dense *layer,
                                    const float *dz, size_t lddz, float *db, uint32_t *greatest,
                                    nmlp_team team)
{
    const nmlp_range columns = nmlp_parallel_share(layer->n, NMLP_LANES, team);
    kernels->sum_rows(layer->m, columns.end - columns.begin, dz + columns.begin, lddz,
                      db + columns.begin, greatest);
}

/* ------------------------------------------------------------ a single layer */

typedef struct activation_task {
    const nmlp_kernels *kernels;
    const nmlp_dense *layer;
} activation_task;

static void activate(void *context, nmlp_team team)
{
    const activation_task *task = context;
    const nmlp_dense *layer = task->layer;
    const nmlp_range rows = nmlp_parallel_share(layer->m, 1, team);
    for (size_t i = rows.begin; i < rows.end; i++) {
        float *y = layer->y + i * layer->ldy;
        task->kernels->activation_forward[layer->activation](layer->n, layer->alpha, y, y);
    }
}

int32_t nmlp_dense_forward_run(const nmlp_kernels *kernels, const nmlp_dense *layer, int32_t wanted)
{
    const nmlp_product product = forward_product(layer);
    const int32_t status = nmlp_gemm_run(kernels, &product, wanted);
    if (status != NMLP_OK || layer->activation == NMLP_ACTIVATION_IDENTITY ||
        layer->activation == NMLP_ACTIVATION_RELU)
        return status;
    activation_task task = {kernels, layer};
    const double work = 20.0 * (double)layer->m * (double)layer->n;
    nmlp_parallel_run(nmlp_parallel_threads(wanted, work), work, activate, &task);
    return status;
}

/* Computes dZ = dY .* act' in place. */
typedef struct derivative_task {
    const nmlp_kernels *kernels;
    const nmlp_dense *layer;
    const nmlp_dense_gradients *gradients;
} derivative_task;

static void derivative_and_bias(void *context, nmlp_team team)
{
    const derivative_task *task = context;
    const nmlp_dense *layer = task->layer;
    const nmlp_dense_gradients *g = task->gradients;
    const nmlp_range rows = nmlp_parallel_share(layer->m, 1, team);
    for (size_t i = rows.begin; i < rows.end; i++) {
        float *dz = g->dz + i * g->lddz;
        task->kernels->activation_backward[layer->activation](layer->n, layer->alpha,
                                                              layer->y + i * layer->ldy, dz, dz);
    }
    nmlp_parallel_barrier(team);
    uint32_t greatest = 0;
    if (g->db != NULL)
        nmlp_dense_bias_gradient_share(task->kernels, layer, g->dz, g->lddz, g->db, &greatest,
                                       team);
}

/* A gradient that is a product. A gradient that is not requested is an empty product. */
typedef struct gradient_product {
    nmlp_product product;
    nmlp_gemm_room room;
} gradient_product;

static int32_t reserve(const nmlp_kernels *kernels, gradient_product *g, int32_t wanted)
{
    if (g->product.m == 0 || g->product.n == 0) return NMLP_OK;
    return nmlp_gemm_reserve(kernels, &g->product, wanted, &g->room);
}

static void run_derivative(const nmlp_kernels *kernels, const nmlp_dense *layer,
                           const nmlp_dense_gradients *g, int32_t wanted)
{
    if (layer->m == 0 && g->db != NULL) memset(g->db, 0, layer->n * sizeof *g->db);
    if (layer->m == 0 || layer->n == 0) return;
    derivative_task task = {kernels, layer, g};
    const double work = 6.0 * (double)layer->m * (double)layer->n;
    nmlp_parallel_run(nmlp_parallel_threads(wanted, work), work, derivative_and_bias, &task);
}

/* All memory is allocated before the first gradient is written. */
int32_t nmlp_dense_backward_run(const nmlp_kernels *kernels, const nmlp_dense *layer,
                                const nmlp_dense_gradients *g, int32_t wanted)
{
    gradient_product dw = {.room = {0}}, dx = {.room = {0}};
    if (g->dw != NULL) dw.product = weight_gradient_product(layer, g->dz, g->lddz, g->dw, g->lddw);
    if (g->dx != NULL)
        dx.product =
            input_gradient_product(layer, g->dz, g->lddz, NMLP_ACTIVATION_IDENTITY, g->dx, g->lddx);
    int32_t status = reserve(kernels, &dw, wanted);
    if (status == NMLP_OK) status = reserve(kernels, &dx, wanted);
    if (status == NMLP_OK) {
        run_derivative(kernels, layer, g, wanted);
        nmlp_gemm_run_in(kernels, &dw.product, &dw.room);
        nmlp_gemm_run_in(kernels, &dx.product, &dx.room);
    }
    free(dw.room.scratch);
    free(dx.room.scratch);
    return status;
}
