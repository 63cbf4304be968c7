/* SPDX-License-Identifier: MIT
 *
 * A train step is one parallel region; its phases are parted by barriers:
 *
 *     rows in                     gather, convert, normalise; squares of the weights
 *     forward, layer by layer     y = act(x*W + b)
 *     loss                        dz of the last layer
 *     backward, from the last:    dz below = (dz*W') .* act'(y below)
 *                                 dW = x'*dz, then W's update
 *
 * W is updated only after the barrier behind the gradient that passes through it. A
 * worker updates just what it computed, a few rows of W at a time, while both are in
 * its cache; in the forward pass it reads the same columns again. */
#include "net.h"

#include <math.h>
#include <string.h>

#include "loss.h"
#include "optimizer.h"

typedef struct step {
    nmlp_net *net;
    const nmlp_kernels *kernels;
    const nmlp_batch *batch;
    size_t m;
    const float *x; /* the rows, in place or staged */
    size_t ldx;
    int32_t optimizer; /* nmlp_optimizer_kind, or -1: keep the gradients */
    nmlp_update update;
    double l2;
} step;

/* What an update touches: the parameters, and as many moments as the optimizer has. */
static const int updated_tensors[] = {NMLP_TENSOR_PARAMETER, NMLP_TENSOR_FIRST_MOMENT,
                                      NMLP_TENSOR_SECOND_MOMENT};

static float *scratch_of(const nmlp_net *net, nmlp_team team)
{
    return net->worker_space + team.worker * (net->scratch_floats + net->gradient_floats);
}

static nmlp_dense dense_of(const step *s, size_t l, nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l];
    float *parameters = s->net->tensors[NMLP_TENSOR_PARAMETER];
    return (nmlp_dense){
        .m = s->m,
        .n = layer->n,
        .k = layer->k,
        .activation = layer->activation,
        .x = l == 0 ? s->x : s->net->layers[l - 1].y,
        .ldx = l == 0 ? s->ldx : s->net->layers[l - 1].ldw,
        .w = parameters + layer->weight,
        .ldw = layer->ldw,
        .bias = parameters + layer->bias,
        .y = layer->y,
        .ldy = layer->ldw,
        .padded = 1,
        .scratch = scratch_of(s->net, team),
    };
}

/* ------------------------------------------------------------------- rows in */

static void take_rows(const step *s, nmlp_team team)
{
    nmlp_net *net = s->net;
    const nmlp_range rows = nmlp_parallel_share(s->m, 1, team);
    for (size_t i = rows.begin; i < rows.end; i++) net->labels[i] = nmlp_batch_label(s->batch, i);
    if (s->x == net->staged)
        nmlp_batch_stage(s->kernels, s->batch, net->inputs, rows,
                         net->staged + rows.begin * net->ld_staged, net->ld_staged);
}

/* The sum of squares of each row of each W, for the penalty: rows are summed in
 * order afterwards, whoever computed them. */
static void square_weights(const step *s, nmlp_team team)
{
    if (s->l2 == 0) return;
    float *squares = s->net->row_squares;
    for (size_t l = 0; l < s->net->layer_count; l++) {
        const nmlp_dense layer = dense_of(s, l, team);
        const nmlp_range rows = nmlp_parallel_share(layer.k, 1, team);
        for (size_t p = rows.begin; p < rows.end; p++)
            s->kernels->sum_squares(layer.n, layer.w + p * layer.ldw, squares + p);
        squares += layer.k;
    }
}

/* ---------------------------------------------------------------------- loss */

static void loss_and_gradient(const step *s, nmlp_team team)
{
    const net_layer *last = &s->net->layers[s->net->layer_count - 1];
    const nmlp_loss_rows loss = {
        .m = s->m,
        .n = last->n,
        .scores = last->y,
        .lds = last->ldw,
        .labels = s->net->labels,
        .dscores = last->dz,
        .ldds = last->ldw,
        .row_loss = s->net->row_loss,
    };
    const nmlp_range rows = nmlp_parallel_share(s->m, 1, team);
    s->net->correct[team.worker] = nmlp_loss_part(s->kernels, &loss, rows);
    if (last->activation == NMLP_ACTIVATION_IDENTITY) return;
    for (size_t i = rows.begin; i < rows.end; i++) {
        float *dz = last->dz + i * last->ldw;
        s->kernels->activation_backward[last->activation](last->n, last->y + i * last->ldw, dz, dz);
    }
}

/* ------------------------------------------------------------ gradient, update */

/* Updates rows of parameters that begin at `offset` of the blocks by the gradient g. */
static void update(const step *s, size_t offset, size_t rows, size_t columns, size_t ldw,
                   const float *g, size_t ldg, const nmlp_update *coefficients)
{
    float *const *tensors = s->net->tensors;
    const nmlp_update_rows part = {
        .rows = rows,
        .columns = columns,
        .w = tensors[NMLP_TENSOR_PARAMETER] + offset,
        .first = tensors[NMLP_TENSOR_FIRST_MOMENT] + offset,
        .second = tensors[NMLP_TENSOR_SECOND_MOMENT] + offset,
        .ldw = ldw,
        .g = g,
        .ldg = ldg,
    };
    s->kernels->update[s->optimizer](&part, coefficients);
}

typedef struct weight_update {
    const step *step;
    const net_layer *layer;
} weight_update;

static void update_weights(const nmlp_finish *finish, nmlp_range rows, nmlp_range columns,
                           const float *dw, size_t lddw)
{
    const weight_update *u = finish->context;
    /* Whole vectors: the gaps behind the last column hold 0 and stay 0. */
    const size_t width = (columns.end - columns.begin + NMLP_LANES - 1) / NMLP_LANES * NMLP_LANES;
    const size_t at = u->layer->weight + rows.begin * u->layer->ldw + columns.begin;
    update(u->step, at, rows.end - rows.begin, width, u->layer->ldw, dw, lddw, &u->step->update);
}

/* dW of these rows and columns, and W's update part by part. */
static void train_weights(const step *s, size_t l, nmlp_range rows, nmlp_range columns, float *dw,
                          nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l];
    const nmlp_dense dense = dense_of(s, l, team);
    weight_update context = {s, layer};
    nmlp_finish finish = {.run = update_weights, .context = &context, .soon.ld = layer->ldw};
    for (int i = 0; i < nmlp_optimizer_moments(s->optimizer) + 1; i++)
        finish.soon.arrays[i] = s->net->tensors[updated_tensors[i]] + layer->weight;
    nmlp_dense_weight_gradient_part(s->kernels, &dense, layer->dz, layer->ldw, rows, columns, dw, 0,
                                    &finish);
}

/* Keeps the gradient of these rows and columns of W, the penalty's part added. */
static void keep_weight_gradient(const step *s, size_t l, nmlp_range rows, nmlp_range columns,
                                 nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l];
    const nmlp_dense dense = dense_of(s, l, team);
    float *dw = s->net->tensors[NMLP_TENSOR_GRADIENT] + layer->weight;
    nmlp_dense_weight_gradient_part(s->kernels, &dense, layer->dz, layer->ldw, rows, columns, dw,
                                    layer->ldw, NULL);
    for (size_t p = rows.begin; p < rows.end; p++) {
        const size_t at = p * layer->ldw + columns.begin;
        s->kernels->add_scaled(columns.end - columns.begin, s->update.l2, dense.w + at, dw + at);
    }
}

static void bias_gradient(const step *s, size_t l, float *space, nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l];
    const nmlp_dense dense = dense_of(s, l, team);
    float *db = s->optimizer < 0 ? s->net->tensors[NMLP_TENSOR_GRADIENT] + layer->bias : space;
    const nmlp_range columns =
        nmlp_dense_bias_gradient_share(s->kernels, &dense, layer->dz, layer->ldw, db, team);
    if (s->optimizer < 0 || columns.begin == columns.end) return;
    nmlp_update coefficients = s->update;
    coefficients.l2 = 0;
    update(s, layer->bias + columns.begin, 1, columns.end - columns.begin, 0, db + columns.begin, 0,
           &coefficients);
}

static void backward(const step *s, nmlp_team team)
{
    nmlp_net *net = s->net;
    float *space = scratch_of(net, team) + net->scratch_floats;
    for (size_t l = net->layer_count; l-- > 0;) {
        const net_layer *layer = &net->layers[l];
        if (l > 0) {
            const nmlp_dense dense = dense_of(s, l, team);
            const net_layer *below = &net->layers[l - 1];
            nmlp_dense_input_gradient_share(s->kernels, &dense, layer->dz, layer->ldw,
                                            below->activation, below->dz, below->ldw, team);
            nmlp_parallel_barrier(team);
        }
        nmlp_range rows, columns;
        nmlp_gemm_split(s->kernels, layer->k, layer->n, team, &rows, &columns);
        if (rows.begin < rows.end && columns.begin < columns.end) {
            if (s->optimizer < 0)
                keep_weight_gradient(s, l, rows, columns, team);
            else
                train_weights(s, l, rows, columns, space, team);
        }
        bias_gradient(s, l, space, team);
    }
}

static void run_step(void *context, nmlp_team team)
{
    const step *s = context;
    take_rows(s, team);
    square_weights(s, team);
    nmlp_parallel_barrier(team);
    for (size_t l = 0; l < s->net->layer_count; l++) {
        const nmlp_dense layer = dense_of(s, l, team);
        nmlp_dense_forward_share(s->kernels, &layer, team);
        nmlp_parallel_barrier(team);
    }
    loss_and_gradient(s, team);
    nmlp_parallel_barrier(team);
    backward(s, team);
}

/* ---------------------------------------------------------------- the whole step */

static double operations(const nmlp_net *net, size_t m)
{
    double sum = 0;
    for (size_t l = 0; l < net->layer_count; l++)
        sum += (l == 0 ? 4.0 : 6.0) * (double)net->layers[l].k * (double)net->layers[l].n;
    return sum * (double)m;
}

/* Counts the step, and starts afresh where the kind of optimizer has changed. */
static nmlp_update begin_update(nmlp_net *net, const nmlp_optimizer *optimizer)
{
    nmlp_progress *progress = &net->progress;
    if (progress->steps > 0 && progress->optimizer_kind != optimizer->kind) {
        for (int32_t kind = NMLP_TENSOR_FIRST_MOMENT; kind <= NMLP_TENSOR_SECOND_MOMENT; kind++)
            memset(net->tensors[kind], 0, net->tensor_floats * sizeof(float));
        *progress = (nmlp_progress){.beta1_power = 1, .beta2_power = 1};
    }
    progress->optimizer_kind = optimizer->kind;
    progress->steps++;
    if (optimizer->kind == NMLP_OPTIMIZER_ADAM) {
        progress->beta1_power *= optimizer->beta1;
        progress->beta2_power *= optimizer->beta2;
    }
    return nmlp_optimizer_coefficients(optimizer, progress->beta1_power, progress->beta2_power);
}

static double penalty(const step *s)
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
    const int in_place = nmlp_batch_in_place(batch);
    step s = {
        .net = net,
        .kernels = kernels,
        .batch = batch,
        .m = nmlp_batch_rows(batch),
        .x = in_place ? batch->features : net->staged,
        .ldx = in_place ? batch->ld : net->ld_staged,
        .optimizer = optimizer != NULL ? optimizer->kind : -1,
        .l2 = l2,
    };
    if (optimizer != NULL)
        s.update = begin_update(net, optimizer);
    else
        s.update.l2 = (float)(2 * l2);
    const size_t threads = nmlp_parallel_threads(net->threads, operations(net, s.m));
    memset(net->correct, 0, (size_t)net->threads * sizeof *net->correct);
    nmlp_parallel_run(threads, run_step, &s);

    *result = (nmlp_result){.rows = s.m};
    result->data_loss = nmlp_loss_sum(net->row_loss, s.m) / (double)s.m;
    result->loss = result->data_loss + penalty(&s);
    for (int32_t w = 0; w < net->threads; w++) result->correct += net->correct[w];
}
