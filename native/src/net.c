/* SPDX-License-Identifier: MIT */
#include "net.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "loss.h"
#include "random.h"

/* ------------------------------------------------------------------- memory
 * One block holds everything. A plan is walked twice: once to add up the sizes,
 * once to hand out the addresses. */

typedef struct plan {
    char *base; /* NULL: adding up */
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

/* Rows of all tensors of one block, where bias, gain and shift are a row each. */
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

static void lay_out_norm(const nmlp_net *net, net_layer *layer, plan *p)
{
    if (layer->norm == NMLP_NORM_LAYER)
        layer->deviations = reserve(p, net->max_batch, 1, sizeof(float));
    if (layer->norm != NMLP_NORM_BATCH) return;
    float **const rows[] = {&layer->mean, &layer->variance, &layer->deviations,
                            &layer->running_mean, &layer->running_variance};
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

static void lay_out(nmlp_net *net, plan *p)
{
    for (size_t kind = 0; kind < TENSOR_BLOCKS; kind++)
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

/* ------------------------------------------------------------------- making */

static size_t pieces_of(const nmlp_layer *layer)
{
    if (layer->pieces > 0) return (size_t)layer->pieces;
    return layer->activation == NMLP_ACTIVATION_MAXOUT ? 2 : 1;
}

/* What the L2 cache holds is read a little faster in parts of its rows: one row through
 * 784-256-128-10 takes 9.6 us, and 10.2 where its weights lie in slices. */
enum { MOST_IN_ROWS = (1 << 20) / sizeof(float) };

/* The distance between the rows of W [k x n]. */
static size_t weight_ld(size_t k, size_t n)
{
    const size_t ld = nmlp_gemm_pitch(n);
    return k > MOST_IN_ROWS / ld ? NMLP_IN_SLICES : ld;
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
        layer->deviation = layers[l].deviation;
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
        layer->bias = floats + k * width;
        layer->gain = layer->bias + width;
        layer->shift = layer->gain + width;
        floats += rows * width;
        parameters += rows * layer->n;
        k = layer->outputs;
    }
    net->tensor_floats = floats;
    net->parameter_count = parameters;
    return 1;
}

static size_t greater(size_t a, size_t b) { return a > b ? a : b; }

/* The user's rows may lie at any distance: at one that asks for a copy, as 0 does. */
enum { ANY_LDX = 0 };

static void measure_work_space(nmlp_net *net, const nmlp_kernels *kernels)
{
    for (size_t l = 0; l < net->layer_count; l++) {
        const net_layer *layer = &net->layers[l];
        const size_t part = nmlp_gemm_finish_floats(layer->n, net->max_batch);
        /* A bias gradient takes the place of a weight's. */
        net->gradient_floats = greater(net->gradient_floats, greater(part, layer->ldz));
        /* Predictions have rows of their own, which may be more than those of a step. */
        const nmlp_dense dense = {.m = greater(net->max_batch, PREDICT_ROWS),
                                  .n = layer->n,
                                  .k = layer->k,
                                  .ldx = l == 0 ? ANY_LDX : net->layers[l - 1].ldy};
        net->scratch_floats = greater(net->scratch_floats, nmlp_dense_scratch(kernels, &dense));
    }
    net->predict_floats = net->scratch_floats + 3 * PREDICT_ROWS * widest_pitch(net);
}

/* Until the next step measures them. */
static void forget_bounds(nmlp_net *net)
{
    net->bounds = (nmlp_bounds){INFINITY, INFINITY, INFINITY};
}

static void fill(float *row, size_t count, float value)
{
    for (size_t j = 0; j < count; j++) row[j] = value;
}

/* Gains and running variances start at 1; all else that a norm has at 0. */
static void begin_norm(nmlp_net *net, net_layer *layer)
{
    if (layer->norm == NMLP_NORM_NONE) return;
    fill(net->tensors[NMLP_TENSOR_PARAMETER] + layer->gain, layer->n, 1.0f);
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
    net->progress = (nmlp_progress){.beta1_power = 1, .beta2_power = 1};

    plan sizes = {0};
    const size_t weights = options->class_weight_count;
    lay_out(net, &sizes);
    reserve(&sizes, weights, 1, sizeof(float));
    plan places = {0};
    net->memory = sizes.overflow ? NULL : nmlp_memory_zeroed(sizes.used, &places.base);
    if (net->memory == NULL) {
        free(net);
        return sizes.overflow ? NMLP_ERROR_INVALID_ARGUMENT : NMLP_ERROR_OUT_OF_MEMORY;
    }
    net->bytes = sizeof *net + layer_count * sizeof net->layers[0] + nmlp_memory_room(sizes.used);
    lay_out(net, &places);
    if (weights > 0) {
        net->class_weights = reserve(&places, weights, 1, sizeof(float));
        memcpy(net->class_weights, options->class_weights, weights * sizeof(float));
    }
    for (size_t l = 0; l < layer_count; l++) begin_norm(net, &net->layers[l]);
    forget_bounds(net);
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
        net_layer *layer = &net->layers[l];
        float *w = net->tensors[NMLP_TENSOR_PARAMETER] + layer->weight;
        nmlp_random_weights(kernels, layer->init, layer->deviation, seed, 2 * l, layer->k, layer->n,
                            w, layer->ldw);
        begin_norm(net, layer);
    }
    forget_bounds(net);
    net->progress = (nmlp_progress){.beta1_power = 1, .beta2_power = 1};
}

/* ------------------------------------------------------------ copying tensors */

static size_t tensors_of(const net_layer *layer)
{
    static const size_t count[] = {
        [NMLP_NORM_NONE] = TENSOR_BIAS + 1,
        [NMLP_NORM_BATCH] = TENSOR_RUNNING_VARIANCE + 1,
        [NMLP_NORM_LAYER] = TENSOR_SHIFT + 1,
    };
    return count[layer->norm];
}

/* The layer that the tensor belongs to, or NULL, and which of its tensors it is. */
static const net_layer *locate(const nmlp_net *net, size_t tensor, layer_tensor *which)
{
    for (size_t l = 0; l < net->layer_count; l++) {
        const size_t count = tensors_of(&net->layers[l]);
        *which = (layer_tensor)tensor;
        if (tensor < count) return &net->layers[l];
        tensor -= count;
    }
    return NULL;
}

int nmlp_net_has(const nmlp_net *net, int32_t kind, size_t tensor)
{
    layer_tensor which = TENSOR_WEIGHT;
    if (locate(net, tensor, &which) == NULL) return 0;
    return which <= TENSOR_SHIFT || kind == NMLP_TENSOR_PARAMETER;
}

void nmlp_net_shape(const nmlp_net *net, size_t tensor, size_t *rows, size_t *columns)
{
    layer_tensor which = TENSOR_WEIGHT;
    const net_layer *layer = locate(net, tensor, &which);
    *rows = which == TENSOR_WEIGHT ? layer->k : 1;
    *columns = layer->n;
}

static float *tensor_data(const nmlp_net *net, int32_t kind, size_t tensor, size_t *ld)
{
    layer_tensor which = TENSOR_WEIGHT;
    const net_layer *layer = locate(net, tensor, &which);
    float *const places[] = {
        [TENSOR_WEIGHT] = net->tensors[kind] + layer->weight,
        [TENSOR_BIAS] = net->tensors[kind] + layer->bias,
        [TENSOR_GAIN] = net->tensors[kind] + layer->gain,
        [TENSOR_SHIFT] = net->tensors[kind] + layer->shift,
        [TENSOR_RUNNING_MEAN] = layer->running_mean,
        [TENSOR_RUNNING_VARIANCE] = layer->running_variance,
    };
    *ld = layer->ldw;
    return places[which];
}

void nmlp_net_copy_out(const nmlp_net *net, int32_t kind, size_t tensor, float *dst)
{
    size_t rows, columns, ld;
    nmlp_net_shape(net, tensor, &rows, &columns);
    const float *src = tensor_data(net, kind, tensor, &ld);
    nmlp_slice s;
    for (size_t j = 0; j < columns; j += s.count) {
        s = nmlp_slice_at(ld, rows, columns, j);
        for (size_t i = 0; i < rows; i++)
            memcpy(dst + i * columns + j, src + s.offset + i * s.ld, s.count * sizeof *dst);
    }
}

void nmlp_net_copy_in(nmlp_net *net, int32_t kind, size_t tensor, const float *src)
{
    size_t rows, columns, ld;
    forget_bounds(net);
    nmlp_net_shape(net, tensor, &rows, &columns);
    float *dst = tensor_data(net, kind, tensor, &ld);
    /* Gaps too: a diverged run may have left NaN there. */
    memset(dst, 0, rows * nmlp_row_floats(ld, columns) * sizeof *dst);
    nmlp_slice s;
    for (size_t j = 0; j < columns; j += s.count) {
        s = nmlp_slice_at(ld, rows, columns, j);
        for (size_t i = 0; i < rows; i++)
            memcpy(dst + s.offset + i * s.ld, src + i * columns + j, s.count * sizeof *dst);
    }
}

float nmlp_net_row_squares(const nmlp_kernels *kernels, const net_layer *layer, const float *tensor,
                           size_t rows, size_t p)
{
    float lanes[NMLP_LANES] = {0}, sum = 0;
    nmlp_slice s;
    for (size_t j = 0; j < layer->n; j += s.count) {
        s = nmlp_slice_at(layer->ldw, rows, layer->n, j);
        kernels->sum_squares(s.count, tensor + s.offset + p * s.ld, lanes, &sum);
    }
    return sum;
}

/* ---------------------------------------------------------------------- loss */

/* Those that a row's weight is multiplied with by its label, or NULL. */
static const float *label_weights(const nmlp_net *net)
{
    return net->loss == NMLP_LOSS_SOFTMAX_CROSS_ENTROPY ? net->class_weights : NULL;
}

static float row_weight(const nmlp_net *net, const nmlp_batch *batch, size_t i)
{
    const float *classes = label_weights(net);
    const float weight = nmlp_batch_weight(batch, i);
    return classes != NULL ? weight * classes[nmlp_batch_label(batch, i)] : weight;
}

size_t nmlp_net_classes(const nmlp_net *net)
{
    return nmlp_loss_class_count(net->loss, last_layer(net)->outputs);
}

double nmlp_net_total(const nmlp_net *net, const nmlp_batch *batch)
{
    const size_t m = nmlp_batch_rows(batch);
    double sum = (double)m;
    if (batch->weight_count > 0 || label_weights(net) != NULL) {
        sum = 0;
        for (size_t i = 0; i < m; i++) sum += row_weight(net, batch, i);
    }
    return nmlp_loss_takes_targets(net->loss) ? sum * (double)last_layer(net)->outputs : sum;
}

int nmlp_net_total_ok(double total) { return total >= FLT_MIN && total <= FLT_MAX; }

size_t nmlp_net_heaviest_row(const nmlp_net *net, const nmlp_batch *batch)
{
    size_t heaviest = 0;
    const size_t m = nmlp_batch_rows(batch);
    for (size_t i = 1; i < m; i++)
        if (row_weight(net, batch, i) > row_weight(net, batch, heaviest)) heaviest = i;
    return heaviest;
}

nmlp_loss_rows nmlp_net_loss(const nmlp_net *net, double total)
{
    return (nmlp_loss_rows){
        .n = last_layer(net)->outputs,
        .class_weights = net->class_weights,
        .smoothing = net->label_smoothing,
        .delta = net->delta,
        .total = (float)total,
    };
}
