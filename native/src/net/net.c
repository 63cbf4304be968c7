/* SPDX-License-Identifier: MIT */
#include "net/net_space.h"

#include <stdlib.h>
#include <string.h>

#include "net/narrow_weights.h"
#include "ops/loss.h"
#include "ops/random.h"

/* ------------------------------------------------------------------- memory
 * One block of memory contains everything. The layout function runs twice: first
 * it adds up the sizes, then it assigns the addresses. */

typedef struct plan {
    char *base; /* NULL while the sizes are added up */
    size_t used;
    int overflow;
} plan;

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

/* The number of rows of all tensors of a block. Bias, gamma and beta are one row each. */
static size_t tensor_rows(const nmlp_net *net)
{
    size_t rows = 0;
    for (size_t l = 0; l < net->layer_count; l++) rows += net->layers[l].k + 3;
    return rows;
}

static size_t widest_pitch(const nmlp_net *net)
{
    size_t widest = net->ld_staged;
    for (size_t l = 0; l < net->layer_count; l++)
        if (net->layers[l].ldz > widest) widest = net->layers[l].ldz;
    return widest;
}

static void lay_out_running_statistics(net_layer *layer, plan *p)
{
    if (layer->norm != NMLP_NORM_BATCH) return;
    layer->running_mean = reserve(p, layer->ldz, 1, sizeof(float));
    layer->running_variance = reserve(p, layer->ldz, 1, sizeof(float));
}

static void lay_out_norm(const nmlp_net *net, net_layer *layer, plan *p)
{
    if (layer->norm == NMLP_NORM_LAYER)
        layer->inverse_stddevs = reserve(p, net->max_batch, 1, sizeof(float));
    if (layer->norm != NMLP_NORM_BATCH) return;
    float **const rows[] = {&layer->mean, &layer->variance, &layer->inverse_stddevs,
                            &layer->kept_mean, &layer->kept_variance};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        *rows[i] = reserve(p, layer->ldz, 1, sizeof(float));
}

static void lay_out_layer(const nmlp_net *net, net_layer *layer, plan *p)
{
    layer->y = reserve(p, net->max_batch, layer->ldy, sizeof(float));
    layer->dz = reserve(p, net->max_batch, layer->ldz, sizeof(float));
    layer->dy = layer->dz;
    if (layer_maxout(layer)) layer->dy = reserve(p, net->max_batch, layer->ldy, sizeof(float));
    layer->a = layer->y;
    if (layer->dropout > 0) {
        layer->mask = reserve(p, net->max_batch, layer->ldy, sizeof(float));
        layer->a = reserve(p, net->max_batch, layer->ldy, sizeof(float));
    }
    layer->v = layer->a;
    if (nmlp_activation_saves_input(layer->activation))
        layer->v = reserve(p, net->max_batch, layer->ldz, sizeof(float));
    layer->z = layer->v;
    if (layer->norm != NMLP_NORM_NONE)
        layer->z = reserve(p, net->max_batch, layer->ldz, sizeof(float));
    lay_out_norm(net, layer, p);
}

/* The memory that only a training step needs. */
static void lay_out_training(nmlp_net *net, plan *p)
{
    for (int32_t kind = NMLP_TENSOR_PARAMETER + 1; kind < TENSOR_BLOCKS; kind++)
        if (kind != NMLP_TENSOR_THIRD_MOMENT)
            net->tensors[kind] = reserve(p, net->tensor_floats, 1, sizeof(float));
    net->staged = reserve(p, net->max_batch, net->ld_staged, sizeof(float));
    for (size_t l = 0; l < net->layer_count; l++) lay_out_layer(net, &net->layers[l], p);
    net->indices = reserve(p, net->max_batch, 1, sizeof(int32_t));
    net->labels = reserve(p, net->max_batch, 1, sizeof(int32_t));
    if (nmlp_loss_takes_targets(net->loss))
        net->targets = reserve(p, net->max_batch, last_layer(net)->ldy, sizeof(float));
    net->row_weights = reserve(p, net->max_batch, 1, sizeof(float));
    net->row_loss = reserve(p, net->max_batch, 1, sizeof(float));
    net->row_squares = reserve(p, tensor_rows(net), 1, sizeof(float));
    net->gradient_squares = reserve(p, tensor_rows(net), 1, sizeof(float));
    net->correct = reserve(p, (size_t)net->threads, 1, sizeof(size_t));
    net->sizes = reserve(p, (size_t)net->threads, net->layer_count, sizeof(layer_sizes));
    net->worker_space =
        reserve(p, (size_t)net->threads, net->scratch_floats + net->gradient_floats, sizeof(float));
}

static void lay_out(nmlp_net *net, size_t class_weights, plan *p)
{
    net->tensors[NMLP_TENSOR_PARAMETER] = reserve(p, net->tensor_floats, 1, sizeof(float));
    for (size_t l = 0; l < net->layer_count; l++) lay_out_running_statistics(&net->layers[l], p);
    if (class_weights > 0) net->class_weights = reserve(p, class_weights, 1, sizeof(float));
    if (nmlp_net_trains(net)) lay_out_training(net, p);
}

/* ------------------------------------------------------------------- making */

static size_t pieces_of(const nmlp_layer *layer)
{
    if (layer->pieces > 0) return (size_t)layer->pieces;
    return layer->activation == NMLP_ACTIVATION_MAXOUT ? 2 : 1;
}

/* Matrices up to this size fit into the L2 cache, where plain rows are slightly faster than column
 * blocks (docs/tuning.md). */
enum { MOST_IN_ROWS = (1 << 20) / sizeof(float) };

/* The distance between the rows of W [k x n]. */
static size_t weight_ld(size_t k, size_t n)
{
    const size_t ld = nmlp_gemm_pitch(n);
    return k > MOST_IN_ROWS / ld ? NMLP_IN_COLUMN_BLOCKS : ld;
}

/* The floats of memory that the weights of a layer take, a multiple of 16. */
static size_t weight_floats(const nmlp_net *net, const net_layer *layer)
{
    return net->precision == NMLP_PRECISION_BFLOAT16
               ? nmlp_narrow_floats(layer->ldw, layer->k, layer->n)
               : layer->k * nmlp_row_floats(layer->ldw, layer->n);
}

static int describe_layers(nmlp_net *net, const nmlp_layer *layers)
{
    size_t k = net->inputs, floats = 0, parameters = 0;
    for (size_t l = 0; l < net->layer_count; l++) {
        net_layer *layer = &net->layers[l];
        const int last = l + 1 == net->layer_count;
        layer->k = k;
        layer->outputs = layers[l].outputs;
        layer->pieces = pieces_of(&layers[l]);
        layer->activation = layers[l].activation;
        layer->init = layers[l].init;
        layer->norm = layers[l].norm;
        layer->alpha = layers[l].alpha;
        layer->dropout = layers[l].dropout;
        layer->init_stddev = layers[l].init_stddev;
        if (layer->init == NMLP_INIT_DEFAULT)
            layer->init = last ? NMLP_INIT_LECUN_NORMAL : NMLP_INIT_HE_NORMAL;
        if (layer->outputs > SIZE_MAX / 64 / layer->pieces || k > SIZE_MAX / 64) return 0;
        layer->n = layer->outputs * layer->pieces;
        layer->ldw = weight_ld(k, layer->n);
        layer->ldz = nmlp_gemm_pitch(layer->n);
        layer->ldy = nmlp_gemm_pitch(layer->outputs);
        const size_t rows = k + (layer->norm != NMLP_NORM_NONE ? 3 : 1);
        const size_t width = nmlp_row_floats(layer->ldw, layer->n);
        if (rows > (SIZE_MAX / 64 - floats) / width) return 0;
        layer->weight = floats;
        layer->bias = floats + weight_floats(net, layer);
        layer->gamma = layer->bias + width;
        layer->beta = layer->gamma + width;
        floats += weight_floats(net, layer) + (rows - k) * width;
        parameters += rows * layer->n;
        k = layer->outputs;
    }
    net->tensor_floats = floats;
    net->parameter_count = parameters;
    return 1;
}

static size_t greater(size_t a, size_t b) { return a > b ? a : b; }

/* The distance between a caller's rows is not known yet. 0 is a distance that needs a copy. */
enum { ANY_LDX = 0 };

static void measure_work_space(nmlp_net *net, const nmlp_kernels *kernels)
{
    for (size_t l = 0; l < net->layer_count; l++) {
        const net_layer *layer = &net->layers[l];
        const size_t part = nmlp_gemm_epilogue_floats(layer->n, net->max_batch);
        /* A bias gradient uses the space of a weight gradient. */
        net->gradient_floats = greater(net->gradient_floats, greater(part, layer->ldz));
        /* A prediction may process more rows at once than a step. */
        const nmlp_dense dense = {.m = greater(net->max_batch, PREDICT_ROWS),
                                  .n = layer->n,
                                  .k = layer->k,
                                  .ldx = l == 0 ? ANY_LDX : net->layers[l - 1].ldy};
        net->scratch_floats = greater(net->scratch_floats, nmlp_dense_scratch(kernels, &dense));
    }
    net->predict_floats = net->scratch_floats + 3 * PREDICT_ROWS * widest_pitch(net);
}

static void fill(float *row, size_t count, float value)
{
    for (size_t j = 0; j < count; j++) row[j] = value;
}

/* Gammas and running variances start at 1, the other tensors of a norm at 0. */
static void begin_norm(nmlp_net *net, net_layer *layer)
{
    if (layer->norm == NMLP_NORM_NONE) return;
    fill(net->tensors[NMLP_TENSOR_PARAMETER] + layer->gamma, layer->n, 1.0f);
    if (layer->norm != NMLP_NORM_BATCH) return;
    fill(layer->running_mean, layer->n, 0.0f);
    fill(layer->running_variance, layer->n, 1.0f);
}

int32_t nmlp_net_make(const nmlp_kernels *kernels, const nmlp_net_options *options,
                      const nmlp_layer *layers, size_t layer_count, nmlp_net **out)
{
    nmlp_net *net = calloc(1, sizeof *net + layer_count * sizeof net->layers[0]);
    if (net == NULL) return NMLP_ERROR_OUT_OF_MEMORY;
    net->inputs = options->inputs;
    net->layer_count = layer_count;
    net->max_batch = options->max_batch;
    net->threads = nmlp_parallel_most_threads(options->threads);
    net->precision = options->precision;
    net->loss = options->loss;
    net->label_smoothing = options->label_smoothing;
    net->delta = options->delta > 0 ? options->delta : 1.0f;
    net->norm_epsilon = options->norm_epsilon > 0 ? options->norm_epsilon : 1e-5f;
    net->norm_momentum = options->norm_momentum > 0 ? options->norm_momentum : 0.1f;
    net->dropout_seed = options->dropout_seed;
    if (!describe_layers(net, layers)) {
        free(net);
        return NMLP_ERROR_INVALID_ARGUMENT;
    }
    net->ld_staged = nmlp_gemm_pitch(net->inputs);
    measure_work_space(net, kernels);
    net->optimizer_state = (nmlp_optimizer_state){.beta1_power = 1, .beta2_power = 1};
    net->slow_denormals = -1;

    plan sizes = {0};
    const size_t weights = options->class_weight_count;
    lay_out(net, weights, &sizes);
    plan places = {0};
    net->memory = sizes.overflow ? NULL : nmlp_memory_zeroed(sizes.used, &places.base);
    if (net->memory == NULL) {
        free(net);
        return sizes.overflow ? NMLP_ERROR_INVALID_ARGUMENT : NMLP_ERROR_OUT_OF_MEMORY;
    }
    net->bytes = sizeof *net + layer_count * sizeof net->layers[0] + nmlp_memory_room(sizes.used);
    lay_out(net, weights, &places);
    if (weights > 0) memcpy(net->class_weights, options->class_weights, weights * sizeof(float));
    for (size_t l = 0; l < layer_count; l++) begin_norm(net, &net->layers[l]);
    nmlp_net_forget_bounds(net);
    *out = net;
    return NMLP_OK;
}

/* The options with which the network was created, except for max_batch. */
static nmlp_net_options frozen_options(const nmlp_net *net, int32_t precision)
{
    return (nmlp_net_options){
        .precision = precision,
        .loss = net->loss,
        .inputs = net->inputs,
        .threads = net->threads,
        .label_smoothing = net->label_smoothing,
        .delta = net->delta,
        .norm_epsilon = net->norm_epsilon,
        .norm_momentum = net->norm_momentum,
        .dropout_seed = net->dropout_seed,
        .class_weights = net->class_weights,
        .class_weight_count = net->class_weights != NULL ? last_layer(net)->outputs : 0,
    };
}

static nmlp_layer frozen_layer(const net_layer *layer)
{
    return (nmlp_layer){
        .activation = layer->activation,
        .outputs = layer->outputs,
        .init = layer->init,
        .norm = layer->norm,
        .alpha = layer->alpha,
        .dropout = layer->dropout,
        .init_stddev = layer->init_stddev,
        .pieces = (int32_t)layer->pieces,
    };
}

static void copy_weights(const nmlp_net *from, nmlp_net *to, size_t l)
{
    const net_layer *src = &from->layers[l], *dst = &to->layers[l];
    const float *weights = from->tensors[NMLP_TENSOR_PARAMETER] + src->weight;
    float *copy = to->tensors[NMLP_TENSOR_PARAMETER] + dst->weight;
    if (from->precision == to->precision)
        memcpy(copy, weights, weight_floats(from, src) * sizeof *copy);
    else
        nmlp_narrow_copy_in(src->k, src->n, weights, src->ldw, dst->ldw, (uint16_t *)(void *)copy);
}

static void copy_parameters(const nmlp_net *from, nmlp_net *to)
{
    for (size_t l = 0; l < from->layer_count; l++) {
        const net_layer *src = &from->layers[l], *dst = &to->layers[l];
        const size_t rows = src->norm != NMLP_NORM_NONE ? 3 : 1;
        copy_weights(from, to, l);
        memcpy(to->tensors[NMLP_TENSOR_PARAMETER] + dst->bias,
               from->tensors[NMLP_TENSOR_PARAMETER] + src->bias,
               rows * nmlp_row_floats(src->ldw, src->n) * sizeof(float));
    }
    for (size_t l = 0; l < from->layer_count; l++) {
        const net_layer *src = &from->layers[l], *dst = &to->layers[l];
        if (src->norm != NMLP_NORM_BATCH) continue;
        memcpy(dst->running_mean, src->running_mean, src->n * sizeof(float));
        memcpy(dst->running_variance, src->running_variance, src->n * sizeof(float));
    }
}

int32_t nmlp_net_make_frozen(const nmlp_net *net, const nmlp_kernels *kernels, int32_t precision,
                             nmlp_net **frozen)
{
    const nmlp_net_options options = frozen_options(net, precision);
    nmlp_layer *layers = malloc(net->layer_count * sizeof *layers);
    if (layers == NULL) return NMLP_ERROR_OUT_OF_MEMORY;
    for (size_t l = 0; l < net->layer_count; l++) layers[l] = frozen_layer(&net->layers[l]);
    const int32_t status = nmlp_net_make(kernels, &options, layers, net->layer_count, frozen);
    free(layers);
    if (status == NMLP_OK) copy_parameters(net, *frozen);
    return status;
}

void nmlp_net_free(nmlp_net *net)
{
    if (net == NULL) return;
    nmlp_net_free_spaces(net);
    free(net->memory);
    free(net->third_memory);
    free(net);
}

/* Sets floats to 0, but writes only where they are not. The system provides a page when it is first
 * written to, and most optimizers never need all blocks of tensors. */
static void clear(float *x, size_t count)
{
    enum { PAGE = 1024 };
    static const float zeros[PAGE];
    while (count > 0) {
        const size_t n = count < PAGE ? count : PAGE;
        if (memcmp(x, zeros, n * sizeof *x) != 0) memset(x, 0, n * sizeof *x);
        x += n;
        count -= n;
    }
}

/* Space for the weights of any layer as float32, before they are rounded. */
static float *make_wide_weights(const nmlp_net *net)
{
    size_t most = 0;
    for (size_t l = 0; l < net->layer_count; l++) {
        const net_layer *layer = &net->layers[l];
        const size_t floats = layer->k * nmlp_row_floats(layer->ldw, layer->n);
        if (floats > most) most = floats;
    }
    return calloc(most, sizeof(float));
}

int32_t nmlp_net_initialize_parameters(nmlp_net *net, const nmlp_kernels *kernels, uint64_t seed)
{
    const int is_narrow = net->precision != NMLP_PRECISION_FLOAT32;
    float *wide = is_narrow ? make_wide_weights(net) : NULL;
    if (is_narrow && wide == NULL) return NMLP_ERROR_OUT_OF_MEMORY;
    for (int32_t kind = 0; kind < TENSOR_KINDS; kind++)
        if (nmlp_net_keeps(net, kind)) clear(net->tensors[kind], net->tensor_floats);
    net->kept_rows = 0;
    for (size_t l = 0; l < net->layer_count; l++) {
        net_layer *layer = &net->layers[l];
        float *stored = net->tensors[NMLP_TENSOR_PARAMETER] + layer->weight;
        nmlp_random_weights(kernels, layer->init, layer->init_stddev, seed, 2 * l, layer->k,
                            layer->n, is_narrow ? wide : stored, layer->ldw);
        if (is_narrow)
            nmlp_narrow_copy_in(layer->k, layer->n, wide, layer->ldw, layer->ldw,
                                (uint16_t *)(void *)stored);
        begin_norm(net, layer);
    }
    free(wide);
    nmlp_net_forget_bounds(net);
    net->optimizer_state = (nmlp_optimizer_state){.beta1_power = 1, .beta2_power = 1};
    return NMLP_OK;
}
