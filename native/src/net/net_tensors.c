/* SPDX-License-Identifier: MIT
 *
 * Copies tensors and blocks of tensors out of and into a network. */
#include <string.h>

#include "net/narrow_weights.h"
#include "net/net.h"

static size_t tensors_of(const net_layer *layer)
{
    static const size_t count[] = {
        [NMLP_NORM_NONE] = TENSOR_BIAS + 1,
        [NMLP_NORM_BATCH] = TENSOR_RUNNING_VARIANCE + 1,
        [NMLP_NORM_LAYER] = TENSOR_BETA + 1,
    };
    return count[layer->norm];
}

/* The layer of a tensor, or NULL, and which of its tensors it is. */
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
    return which <= TENSOR_BETA || kind == NMLP_TENSOR_PARAMETER;
}

/* Third moments are allocated separately, because few optimizers need them. */
int nmlp_net_make_third_moments(nmlp_net *net)
{
    if (nmlp_net_keeps(net, NMLP_TENSOR_THIRD_MOMENT)) return 1;
    const size_t bytes = net->tensor_floats * sizeof(float);
    char *begin;
    net->third_memory = nmlp_memory_zeroed(bytes, &begin);
    if (net->third_memory == NULL) return 0;
    net->tensors[NMLP_TENSOR_THIRD_MOMENT] = (float *)(void *)begin;
    atomic_fetch_add(&net->bytes, nmlp_memory_room(bytes));
    return 1;
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
        [TENSOR_GAMMA] = net->tensors[kind] + layer->gamma,
        [TENSOR_BETA] = net->tensors[kind] + layer->beta,
        [TENSOR_RUNNING_MEAN] = layer->running_mean,
        [TENSOR_RUNNING_VARIANCE] = layer->running_variance,
    };
    *ld = layer->ldw;
    return places[which];
}

/* Whether a tensor is weights of bf16. */
static bool is_narrow(const nmlp_net *net, size_t tensor)
{
    layer_tensor which = TENSOR_WEIGHT;
    locate(net, tensor, &which);
    return which == TENSOR_WEIGHT && net->precision != NMLP_PRECISION_FLOAT32;
}

void nmlp_net_copy_out(const nmlp_net *net, int32_t kind, size_t tensor, float *dst)
{
    size_t rows, columns, ld;
    nmlp_net_shape(net, tensor, &rows, &columns);
    if (!nmlp_net_keeps(net, kind)) {
        memset(dst, 0, rows * columns * sizeof *dst);
        return;
    }
    const float *src = tensor_data(net, kind, tensor, &ld);
    if (is_narrow(net, tensor)) {
        nmlp_narrow_copy_out((const uint16_t *)(const void *)src, ld, rows, columns, dst);
        return;
    }
    nmlp_column_block s;
    for (size_t j = 0; j < columns; j += s.count) {
        s = nmlp_column_block_at(ld, rows, columns, j);
        for (size_t i = 0; i < rows; i++)
            memcpy(dst + i * columns + j, src + s.offset + i * s.ld, s.count * sizeof *dst);
    }
}

void nmlp_net_copy_in(nmlp_net *net, int32_t kind, size_t tensor, const float *src)
{
    size_t rows, columns, ld;
    if (kind != NMLP_TENSOR_GRADIENT) nmlp_net_forget_bounds(net);
    nmlp_net_shape(net, tensor, &rows, &columns);
    float *dst = tensor_data(net, kind, tensor, &ld);
    if (is_narrow(net, tensor)) {
        nmlp_narrow_copy_in(rows, columns, src, columns, ld, (uint16_t *)(void *)dst);
        return;
    }
    /* Including the gaps: a diverged run may have left NaN there. */
    memset(dst, 0, rows * nmlp_row_floats(ld, columns) * sizeof *dst);
    nmlp_column_block s;
    for (size_t j = 0; j < columns; j += s.count) {
        s = nmlp_column_block_at(ld, rows, columns, j);
        for (size_t i = 0; i < rows; i++)
            memcpy(dst + s.offset + i * s.ld, src + i * columns + j, s.count * sizeof *dst);
    }
}

/* Finds the next tensor of the blocks, beginning with this one, and its length. 0: there is none.
 */
static size_t next_of_block(const nmlp_net *net, size_t *tensor)
{
    while (nmlp_net_has(net, NMLP_TENSOR_PARAMETER, *tensor)) {
        size_t rows, columns;
        nmlp_net_shape(net, *tensor, &rows, &columns);
        if (nmlp_net_has(net, NMLP_TENSOR_GRADIENT, *tensor)) return rows * columns;
        ++*tensor;
    }
    return 0;
}

void nmlp_net_copy_block_out(const nmlp_net *net, int32_t kind, float *dst)
{
    size_t length;
    for (size_t tensor = 0; (length = next_of_block(net, &tensor)) > 0; tensor++, dst += length)
        nmlp_net_copy_out(net, kind, tensor, dst);
}

void nmlp_net_copy_block_in(nmlp_net *net, int32_t kind, const float *src)
{
    size_t length;
    for (size_t tensor = 0; (length = next_of_block(net, &tensor)) > 0; tensor++, src += length)
        nmlp_net_copy_in(net, kind, tensor, src);
}

float nmlp_net_row_squares(const nmlp_kernels *kernels, const net_layer *layer, const float *tensor,
                           size_t rows, size_t p)
{
    float lanes[NMLP_LANES] = {0}, sum = 0;
    nmlp_column_block s;
    for (size_t j = 0; j < layer->n; j += s.count) {
        s = nmlp_column_block_at(layer->ldw, rows, layer->n, j);
        kernels->sum_squares(s.count, tensor + s.offset + p * s.ld, lanes, &sum);
    }
    return sum;
}
