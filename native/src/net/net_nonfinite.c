/* SPDX-License-Identifier: MIT
 *
 * Finds the first number of a step that is not finite. */
#include "net/net_step.h"

/* Finds the first element of [rows x columns] that is not finite. Returns 0 if there is none. */
static int find(const float *x, size_t rows, size_t columns, size_t ld, size_t *row, size_t *column)
{
    for (*row = 0; *row < rows; ++*row)
        for (*column = 0; *column < columns; ++*column) {
            const nmlp_column_block s = nmlp_column_block_at(ld, rows, columns, *column);
            const float value = x[s.offset + *row * s.ld];
            if (!(value - value == 0)) return 1;
        }
    return 0;
}

/* Bias, gamma and beta follow the rows of W. */
static int find_in_tensors(const net_step *s, const net_layer *layer, int32_t kind,
                           nmlp_fault *fault)
{
    const float *tensors = s->net->tensors[kind];
    if (find(tensors + layer->weight, layer->k, layer->n, layer->ldw, &fault->row, &fault->column))
        return 1;
    const size_t rows = layer->norm != NMLP_NORM_NONE ? 3 : 1;
    const int found = find(tensors + layer->bias, rows, layer->n, layer->gamma - layer->bias,
                           &fault->row, &fault->column);
    fault->row += layer->k;
    return found;
}

static int find_in_layer(const net_step *s, size_t l, nmlp_fault *fault)
{
    const net_layer *layer = &s->net->layers[l];
    fault->layer = l;
    fault->kind = NMLP_NONFINITE_PARAMETER;
    if (find_in_tensors(s, layer, NMLP_TENSOR_PARAMETER, fault)) return 1;
    fault->kind = NMLP_NONFINITE_OUTPUT;
    return find(layer->y, s->m, layer->outputs, layer->ldy, &fault->row, &fault->column);
}

/* Finds a row whose squares do not fit in floats. Only a penalty needs them. */
static int find_in_penalty(const net_step *s, nmlp_fault *fault)
{
    if (s->penalty < INFINITY) return 0;
    const float *squares = s->net->row_squares;
    fault->kind = NMLP_NONFINITE_PENALTY;
    for (fault->layer = 0; fault->layer + 1 < s->net->layer_count; fault->layer++) {
        const size_t k = s->net->layers[fault->layer].k;
        if (find(squares, k, 1, 1, &fault->row, &fault->column)) return 1;
        squares += k;
    }
    (void)find(squares, last_layer(s->net)->k, 1, 1, &fault->row, &fault->column);
    return 1;
}

static int find_in_loss(const net_step *s, nmlp_fault *fault)
{
    const nmlp_net *net = s->net;
    const net_layer *last = last_layer(net);
    fault->layer = 0;
    fault->kind = NMLP_NONFINITE_TARGET;
    if (net->targets != NULL &&
        find(net->targets, s->m, last->outputs, last->ldy, &fault->row, &fault->column))
        return 1;
    fault->kind = NMLP_NONFINITE_LOSS;
    return find(net->row_loss, s->m, 1, 1, &fault->row, &fault->column) ||
           find_in_penalty(s, fault);
}

static int find_in_gradient(const net_step *s, nmlp_fault *fault)
{
    fault->kind = NMLP_NONFINITE_GRADIENT;
    for (size_t l = 0; l < s->net->layer_count; l++) {
        fault->layer = l;
        if (find_in_tensors(s, &s->net->layers[l], s->gradients, fault)) return 1;
    }
    return 0;
}

static int find_in_step(net_step *s, int updates, nmlp_fault *fault)
{
    fault->kind = NMLP_NONFINITE_FEATURE;
    if (find(s->x, s->m, s->net->inputs, s->ldx, &fault->row, &fault->column)) return 1;
    for (size_t l = 0; l < s->net->layer_count; l++)
        if (find_in_layer(s, l, fault)) return 1;
    if (find_in_loss(s, fault) || find_in_gradient(s, fault)) return 1;
    fault->kind = NMLP_NONFINITE_UPDATE;
    return updates && net_step_find_in_update(s, fault);
}

nmlp_fault nmlp_net_find_nonfinite_in_step(nmlp_net *net, const nmlp_kernels *kernels,
                                           const nmlp_batch *batch, const nmlp_optimizer *optimizer)
{
    net_step s = net_step_begin(net, kernels, batch, NET_FIND_NONFINITE);
    if (!nmlp_net_total_ok(s.total))
        return (nmlp_fault){.kind = NMLP_NONFINITE_TOTAL_WEIGHT,
                            .row = nmlp_net_heaviest_row(net, batch)};
    if (optimizer != NULL) {
        const nmlp_optimizer_state next = net_next_progress(net, optimizer);
        net_step_plan_update(&s, optimizer, &next);
    }
    net_step_run(&s);
    nmlp_fault fault = {0};
    return find_in_step(&s, optimizer != NULL, &fault) ? fault : (nmlp_fault){0};
}
