/* SPDX-License-Identifier: MIT */
#include "net.h"

#include <stdlib.h>
#include <string.h>

#include "random.h"

/* ------------------------------------------------------------------- memory
 * One block holds everything. A plan is walked twice: once to add up the sizes,
 * once to hand out the addresses. */

typedef struct plan {
    char *base; /* NULL: adding up */
    size_t used;
    int overflow;
} plan;

enum { CACHE_LINE = 64 };

static void *reserve(plan *p, size_t count, size_t more, size_t element)
{
    const size_t most = SIZE_MAX / 2;
    if (count != 0 && more > most / element / count) p->overflow = 1;
    if (p->overflow) return NULL;
    const size_t bytes = (count * more * element + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    if (bytes > most - p->used) p->overflow = 1;
    if (p->overflow) return NULL;
    void *place = p->base != NULL ? p->base + p->used : NULL;
    p->used += bytes;
    return place;
}

/* Rows of all weights; each has its sum of squares. */
static size_t weight_rows(const nmlp_net *net)
{
    size_t rows = 0;
    for (size_t l = 0; l < net->layer_count; l++) rows += net->layers[l].k;
    return rows;
}

static size_t widest_pitch(const nmlp_net *net)
{
    size_t widest = net->ld_staged;
    for (size_t l = 0; l < net->layer_count; l++)
        if (net->layers[l].ldw > widest) widest = net->layers[l].ldw;
    return widest;
}

static void lay_out(nmlp_net *net, plan *p)
{
    for (size_t kind = 0; kind < TENSOR_KINDS; kind++)
        net->tensors[kind] = reserve(p, net->tensor_floats, 1, sizeof(float));
    net->staged = reserve(p, net->max_batch, net->ld_staged, sizeof(float));
    for (size_t l = 0; l < net->layer_count; l++) {
        net_layer *layer = &net->layers[l];
        layer->y = reserve(p, net->max_batch, layer->ldw, sizeof(float));
        layer->dz = reserve(p, net->max_batch, layer->ldw, sizeof(float));
    }
    net->labels = reserve(p, net->max_batch, 1, sizeof(int32_t));
    net->row_loss = reserve(p, net->max_batch, 1, sizeof(float));
    net->row_squares = reserve(p, weight_rows(net), 1, sizeof(float));
    net->correct = reserve(p, (size_t)net->threads, 1, sizeof(size_t));
    net->worker_space =
        reserve(p, (size_t)net->threads, net->scratch_floats + net->gradient_floats, sizeof(float));
}

/* ------------------------------------------------------------------- making */

static int describe_layers(nmlp_net *net, const nmlp_layer *layers)
{
    size_t k = net->inputs, floats = 0, parameters = 0;
    for (size_t l = 0; l < net->layer_count; l++) {
        net_layer *layer = &net->layers[l];
        const int last = l + 1 == net->layer_count;
        layer->k = k;
        layer->n = layers[l].outputs;
        layer->activation = layers[l].activation;
        layer->init = layers[l].init;
        if (layer->init == NMLP_INIT_DEFAULT)
            layer->init = last ? NMLP_INIT_LECUN_NORMAL : NMLP_INIT_HE_NORMAL;
        if (layer->n > SIZE_MAX / 64 || k > SIZE_MAX / 64) return 0;
        layer->ldw = nmlp_gemm_pitch(layer->n);
        if (k + 1 > (SIZE_MAX / 64 - floats) / layer->ldw) return 0;
        layer->weight = floats;
        layer->bias = floats + k * layer->ldw;
        floats += (k + 1) * layer->ldw;
        parameters += (k + 1) * layer->n;
        k = layer->n;
    }
    net->tensor_floats = floats;
    net->parameter_count = parameters;
    return 1;
}

static size_t greater(size_t a, size_t b) { return a > b ? a : b; }

static void measure_work_space(nmlp_net *net)
{
    for (size_t l = 0; l < net->layer_count; l++) {
        const net_layer *layer = &net->layers[l];
        const size_t part = nmlp_gemm_finish_floats(layer->n, net->max_batch);
        /* A bias gradient takes the place of a weight's. */
        net->gradient_floats = greater(net->gradient_floats, greater(part, layer->ldw));
    }
    /* Only the user's rows can lie at a distance that asks for a copy. */
    const nmlp_dense first = {.m = net->max_batch, .n = net->layers[0].n, .k = net->inputs};
    net->scratch_floats = nmlp_dense_scratch(&first);
    net->predict_floats = net->scratch_floats + 3 * PREDICT_ROWS * widest_pitch(net);
}

int32_t nmlp_net_make(const nmlp_net_options *options, const nmlp_layer *layers, size_t layer_count,
                      nmlp_net **out)
{
    nmlp_net *net = calloc(1, sizeof *net + layer_count * sizeof net->layers[0]);
    if (net == NULL) return NMLP_ERROR_OUT_OF_MEMORY;
    net->inputs = options->inputs;
    net->layer_count = layer_count;
    net->max_batch = options->max_batch;
    net->threads = options->threads > 0 ? options->threads : nmlp_parallel_default_threads();
    if (!describe_layers(net, layers)) {
        free(net);
        return NMLP_ERROR_INVALID_ARGUMENT;
    }
    net->ld_staged = nmlp_gemm_pitch(net->inputs);
    measure_work_space(net);
    net->progress = (nmlp_progress){.beta1_power = 1, .beta2_power = 1};

    plan sizes = {0};
    lay_out(net, &sizes);
    /* calloc: pages that are never touched (moments that no optimizer keeps) cost nothing. */
    net->memory = sizes.overflow ? NULL : calloc(sizes.used + CACHE_LINE, 1);
    if (net->memory == NULL) {
        free(net);
        return sizes.overflow ? NMLP_ERROR_INVALID_ARGUMENT : NMLP_ERROR_OUT_OF_MEMORY;
    }
    const size_t gap = CACHE_LINE - (uintptr_t)net->memory % CACHE_LINE;
    plan places = {.base = (char *)net->memory + gap};
    lay_out(net, &places);
    *out = net;
    return NMLP_OK;
}

void nmlp_net_free(nmlp_net *net)
{
    if (net == NULL) return;
    nmlp_net_free_spaces(net);
    free(net->memory);
    free(net);
}

void nmlp_net_draw(nmlp_net *net, const nmlp_kernels *kernels, uint64_t seed)
{
    for (size_t kind = 0; kind < TENSOR_KINDS; kind++)
        memset(net->tensors[kind], 0, net->tensor_floats * sizeof(float));
    for (size_t l = 0; l < net->layer_count; l++) {
        const net_layer *layer = &net->layers[l];
        float *w = net->tensors[NMLP_TENSOR_PARAMETER] + layer->weight;
        nmlp_random_weights(kernels, layer->init, seed, 2 * l, layer->k, layer->n, w, layer->ldw);
    }
    net->progress = (nmlp_progress){.beta1_power = 1, .beta2_power = 1};
}

/* ------------------------------------------------------------ copying tensors */

void nmlp_net_shape(const nmlp_net *net, size_t tensor, size_t *rows, size_t *columns)
{
    const net_layer *layer = &net->layers[tensor / 2];
    *rows = tensor % 2 == 0 ? layer->k : 1;
    *columns = layer->n;
}

static float *tensor_data(const nmlp_net *net, int32_t kind, size_t tensor)
{
    const net_layer *layer = &net->layers[tensor / 2];
    return net->tensors[kind] + (tensor % 2 == 0 ? layer->weight : layer->bias);
}

void nmlp_net_copy_out(const nmlp_net *net, int32_t kind, size_t tensor, float *dst)
{
    size_t rows, columns;
    nmlp_net_shape(net, tensor, &rows, &columns);
    const float *src = tensor_data(net, kind, tensor);
    for (size_t i = 0; i < rows; i++)
        memcpy(dst + i * columns, src + i * net->layers[tensor / 2].ldw, columns * sizeof *dst);
}

void nmlp_net_copy_in(nmlp_net *net, int32_t kind, size_t tensor, const float *src)
{
    size_t rows, columns;
    nmlp_net_shape(net, tensor, &rows, &columns);
    const size_t ld = net->layers[tensor / 2].ldw;
    float *dst = tensor_data(net, kind, tensor);
    memset(dst, 0, rows * ld * sizeof *dst); /* gaps too: a diverged run may have left NaN there */
    for (size_t i = 0; i < rows; i++)
        memcpy(dst + i * ld, src + i * columns, columns * sizeof *dst);
}
