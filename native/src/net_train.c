/* SPDX-License-Identifier: MIT
 *
 * A train step is one parallel region; its phases are parted by barriers:
 *
 *     rows in                     gather, convert, normalise; squares of the weights
 *     forward, layer by layer     y = dropout(act(norm(x*W + b)))
 *     loss                        dz of the last layer
 *     backward, from the last:    dz below = (dz*W') .* act'(below)
 *                                 dW = x'*dz, then W's update
 */
#include <math.h>
#include <string.h>

#include "loss.h"
#include "net_step.h"

static void run_step(void *context, nmlp_team team)
{
    net_step *s = context;
    net_step_forward(s, team);
    if (s->broken || s->purpose == NET_LOOK) return;
    net_step_backward(s, team);
}

double nmlp_net_step_operations(const nmlp_net *net, size_t m)
{
    double sum = 0;
    for (size_t l = 0; l < net->layer_count; l++)
        sum += (l == 0 ? 4.0 : 6.0) * (double)net->layers[l].k * (double)net->layers[l].n;
    return sum * (double)m;
}

static net_step begin_step(nmlp_net *net, const nmlp_kernels *kernels, const nmlp_batch *batch,
                           net_purpose purpose)
{
    const int in_place = nmlp_batch_in_place(batch);
    return (net_step){
        .net = net,
        .kernels = kernels,
        .batch = batch,
        .m = nmlp_batch_rows(batch),
        .x = in_place ? batch->features : net->staged,
        .ldx = in_place ? batch->ld : net->ld_staged,
        .number = net->progress.steps + 1,
        .purpose = (int32_t)purpose,
        .total = nmlp_net_total(net, batch),
    };
}

static void run(net_step *s)
{
    const double work = nmlp_net_step_operations(s->net, s->m);
    memset(s->net->correct, 0, (size_t)s->net->threads * sizeof *s->net->correct);
    nmlp_parallel_run(nmlp_pace_begin(&s->net->pace, s->net->threads, work), INFINITY, run_step, s);
    nmlp_pace_end(&s->net->pace, work);
}

/* What the counters will be after this step; afresh where the kind of optimizer has changed. */
static nmlp_progress next_progress(const nmlp_net *net, const nmlp_optimizer *optimizer)
{
    nmlp_progress next = net->progress;
    if (next.steps > 0 && next.optimizer_kind != optimizer->kind)
        next = (nmlp_progress){.beta1_power = 1, .beta2_power = 1};
    next.optimizer_kind = optimizer->kind;
    next.steps++;
    if (nmlp_optimizer_is_adam(optimizer->kind)) {
        next.beta1_power *= optimizer->beta1;
        next.beta2_power *= optimizer->beta2;
    }
    return next;
}

static void begin_update(net_step *s, const nmlp_optimizer *optimizer, const nmlp_progress *next)
{
    if (next->steps == 1 && s->net->progress.steps > 0)
        for (int32_t kind = NMLP_TENSOR_FIRST_MOMENT; kind <= NMLP_TENSOR_SECOND_MOMENT; kind++)
            memset(s->net->tensors[kind], 0, s->net->tensor_floats * sizeof(float));
    s->number = next->steps;
    s->optimizer = optimizer->kind;
    s->update = nmlp_optimizer_coefficients(optimizer, next->beta1_power, next->beta2_power);
    s->clip_norm = optimizer->clip_norm;
    s->clip_value = optimizer->clip_value;
    s->max_norm = (float)optimizer->max_norm;
}

static double penalty(const net_step *s)
{
    if (s->l2 == 0) return 0;
    double sum = 0;
    size_t rows = 0;
    for (size_t l = 0; l < s->net->layer_count; l++) rows += s->net->layers[l].k;
    for (size_t p = 0; p < rows; p++) sum += s->net->row_squares[p];
    return s->l2 * sum;
}

void nmlp_net_step(nmlp_net *net, const nmlp_kernels *kernels, const nmlp_batch *batch,
                   const nmlp_optimizer *optimizer, double l2, nmlp_result *result)
{
    net_step s = begin_step(net, kernels, batch, optimizer != NULL ? NET_TRAIN : NET_GRADIENT);
    nmlp_progress next = net->progress;
    s.l2 = l2;
    s.update.l2 = (float)(2 * l2);
    if (optimizer != NULL) {
        next = next_progress(net, optimizer);
        begin_update(&s, optimizer, &next);
    }
    run(&s);
    if (!s.broken) net->progress = next;

    *result = (nmlp_result){.rows = s.m, .gradient_norm = s.gradient_norm};
    result->data_loss = nmlp_loss_sum(net->row_loss, s.m) / s.total;
    result->loss = result->data_loss + penalty(&s);
    for (int32_t w = 0; w < net->threads; w++) result->correct += net->correct[w];
}

/* ------------------------------------------------------------------- what broke */

/* The first element of [rows x columns] that is not finite; 0: none. */
static int find(const float *x, size_t rows, size_t columns, size_t ld, size_t *row, size_t *column)
{
    for (*row = 0; *row < rows; ++*row)
        for (*column = 0; *column < columns; ++*column) {
            const nmlp_slice s = nmlp_slice_at(ld, rows, columns, *column);
            const float value = x[s.offset + *row * s.ld];
            if (!(value - value == 0)) return 1;
        }
    return 0;
}

/* Behind the rows of W come bias, gain and shift. */
static int find_parameter(const net_step *s, const net_layer *layer, nmlp_fault *fault)
{
    const float *parameters = s->net->tensors[NMLP_TENSOR_PARAMETER];
    if (find(parameters + layer->weight, layer->k, layer->n, layer->ldw, &fault->row,
             &fault->column))
        return 1;
    const size_t rows = layer->norm != NMLP_NORM_NONE ? 3 : 1;
    const int found = find(parameters + layer->bias, rows, layer->n, layer->gain - layer->bias,
                           &fault->row, &fault->column);
    fault->row += layer->k;
    return found;
}

static int find_in_layer(const net_step *s, size_t l, nmlp_fault *fault)
{
    const net_layer *layer = &s->net->layers[l];
    fault->layer = l;
    fault->kind = NMLP_NONFINITE_PARAMETER;
    if (find_parameter(s, layer, fault)) return 1;
    fault->kind = NMLP_NONFINITE_OUTPUT;
    return find(layer->y, s->m, layer->outputs, layer->ldy, &fault->row, &fault->column);
}

void nmlp_net_look(nmlp_net *net, const nmlp_kernels *kernels, const nmlp_batch *batch,
                   nmlp_fault *fault)
{
    net_step s = begin_step(net, kernels, batch, NET_LOOK);
    const uint32_t size = fault->struct_size;
    *fault = (nmlp_fault){.struct_size = size, .kind = NMLP_NONFINITE_FEATURE};
    run(&s);
    if (find(s.x, s.m, net->inputs, s.ldx, &fault->row, &fault->column)) return;
    for (size_t l = 0; l < net->layer_count; l++)
        if (find_in_layer(&s, l, fault)) return;
    const net_layer *last = last_layer(net);
    *fault = (nmlp_fault){.struct_size = size, .kind = NMLP_NONFINITE_TARGET};
    if (net->targets != NULL &&
        find(net->targets, s.m, last->outputs, last->ldy, &fault->row, &fault->column))
        return;
    fault->kind = NMLP_NONFINITE_LOSS;
    fault->column = 0;
    if (find(net->row_loss, s.m, 1, 1, &fault->row, &fault->column)) return;
    *fault = (nmlp_fault){.struct_size = size};
}
