/* SPDX-License-Identifier: MIT
 *
 * The way down of a train step: from the last layer, whose dy the loss has given,
 *
 *     dz = norm'(act'(dropout'(dy)))        dy below = dz*W'        dW = X'*dz, then W's update
 *
 * W is updated only after the barrier behind the gradient that passes through it. A
 * worker updates just what it computed, a few rows of W at a time, while both are in
 * its cache; in the forward pass it reads the same columns again. Where the gradient is to
 * be kept or clipped it is written down instead, and a pass over all of it follows. */
#include <math.h>
#include <string.h>

#include "net_step.h"
#include "norm.h"

/* ------------------------------------------------------------------- updates */

static float *tensor(const net_step *s, int32_t kind, size_t offset)
{
    return s->net->tensors[kind] + offset;
}

/* Updates rows of parameters that begin at `offset` of the blocks by the gradient g. */
static void update(const net_step *s, size_t offset, size_t rows, size_t columns, size_t ldw,
                   const float *g, size_t ldg, const nmlp_update *coefficients)
{
    const nmlp_update_rows part = {
        .rows = rows,
        .columns = columns,
        .w = tensor(s, NMLP_TENSOR_PARAMETER, offset),
        .first = tensor(s, NMLP_TENSOR_FIRST_MOMENT, offset),
        .second = tensor(s, NMLP_TENSOR_SECOND_MOMENT, offset),
        .ldw = ldw,
        .g = g,
        .ldg = ldg,
    };
    s->kernels->update[s->optimizer](&part, coefficients);
}

/* A bias, gain or shift. */
static void update_row(const net_step *s, size_t offset, nmlp_range columns, const float *g)
{
    if (step_keeps(s) || columns.begin == columns.end) return;
    const nmlp_update coefficients = nmlp_optimizer_of_biases(s->update);
    update(s, offset + columns.begin, 1, columns.end - columns.begin, 0, g + columns.begin, 0,
           &coefficients);
}

/* ------------------------------------------------------------------ weights, biases */

/* The first of these columns of W that lie together. */
static nmlp_slice slice_of_w(const net_layer *layer, nmlp_range columns)
{
    nmlp_slice s = nmlp_slice_at(layer->ldw, layer->k, layer->n, columns.begin);
    const size_t wanted = columns.end - columns.begin;
    if (s.count > wanted) s.count = wanted;
    return s;
}

typedef struct weight_update {
    const net_step *step;
    const net_layer *layer;
} weight_update;

static void update_weights(const nmlp_finish *finish, nmlp_range rows, nmlp_range columns,
                           const float *dw, size_t lddw)
{
    const weight_update *u = finish->context;
    /* Whole vectors: the gaps behind the last column hold 0 and stay 0. */
    const size_t width = nmlp_whole_vectors(columns.end - columns.begin);
    const nmlp_slice s = slice_of_w(u->layer, columns);
    update(u->step, u->layer->weight + s.offset + rows.begin * s.ld, rows.end - rows.begin, width,
           s.ld, dw, lddw, &u->step->update);
}

/* dW of these rows and columns, and W's update part by part. */
static void train_weights(const net_step *s, size_t l, nmlp_range rows, nmlp_range columns,
                          float *dw, nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l];
    const nmlp_dense dense = net_step_dense(s, l, team);
    weight_update context = {s, layer};
    nmlp_finish finish = {.run = update_weights, .context = &context};
    const float **reads = finish.reads;
    *reads++ = tensor(s, NMLP_TENSOR_PARAMETER, layer->weight);
    for (int32_t moment = NMLP_TENSOR_FIRST_MOMENT; moment <= NMLP_TENSOR_SECOND_MOMENT; moment++)
        if (nmlp_optimizer_keeps(s->optimizer, moment)) *reads++ = tensor(s, moment, layer->weight);
    nmlp_dense_weight_gradient_part(s->kernels, &dense, layer->dz, layer->ldz, rows, columns, dw,
                                    &finish);
}

/* Few rows make short chains, beside which it costs to write dW down and read it again: momentum's
 * step is then how they end. 784-32-10 with 32 rows 33.7 -> 32.6 us, 784-256-128-10 with one 58 ->
 * 52, with 64 603 -> 602. Weights of more than the L2 cache holds come in time only if they are
 * asked for as train_weights() does. */
static int descends(const net_step *s, const net_layer *layer)
{
    return s->optimizer == NMLP_OPTIMIZER_MOMENTUM && s->m <= NMLP_DESCENT_K &&
           layer->n % NMLP_LANES == 0 && layer->ldw != NMLP_IN_SLICES;
}

static void descend(const net_step *s, size_t l, nmlp_range rows, nmlp_range columns,
                    nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l];
    const nmlp_dense dense = net_step_dense(s, l, team);
    float *w = tensor(s, NMLP_TENSOR_PARAMETER, layer->weight);
    const nmlp_descent descent = {
        .update = s->update,
        .first = tensor(s, NMLP_TENSOR_FIRST_MOMENT, layer->weight) - w,
    };
    nmlp_dense_weight_descent_part(s->kernels, &dense, layer->dz, layer->ldz, rows, columns, w,
                                   &descent);
}

/* Keeps the gradient of these rows and columns of W, the penalty's part added. */
static void keep_weight_gradient(const net_step *s, size_t l, nmlp_range rows, nmlp_range columns,
                                 nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l];
    const nmlp_dense dense = net_step_dense(s, l, team);
    float *dw = tensor(s, NMLP_TENSOR_GRADIENT, layer->weight);
    nmlp_dense_weight_gradient_part(s->kernels, &dense, layer->dz, layer->ldz, rows, columns, dw,
                                    NULL);
    while (columns.begin < columns.end) {
        const nmlp_slice w = slice_of_w(layer, columns);
        columns.begin += w.count;
        for (size_t p = rows.begin; p < rows.end; p++) {
            const size_t at = w.offset + p * w.ld;
            s->kernels->add_scaled(w.count, s->update.l2, dense.w + at, dw + at);
        }
    }
}

static void weight_gradient(const net_step *s, size_t l, float *space, nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l];
    nmlp_range rows, columns;
    nmlp_gemm_split(layer->k, layer->n, team, &rows, &columns);
    if (rows.begin == rows.end || columns.begin == columns.end) return;
    if (step_keeps(s))
        keep_weight_gradient(s, l, rows, columns, team);
    else if (descends(s, layer))
        descend(s, l, rows, columns, team);
    else
        train_weights(s, l, rows, columns, space, team);
}

static void bias_gradient(const net_step *s, size_t l, float *space, nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l];
    const nmlp_dense dense = net_step_dense(s, l, team);
    float *db = step_keeps(s) ? tensor(s, NMLP_TENSOR_GRADIENT, layer->bias) : space;
    const nmlp_range columns =
        nmlp_dense_bias_gradient_share(s->kernels, &dense, layer->dz, layer->ldz, db, team);
    update_row(s, layer->bias, columns, db);
}

/* ----------------------------------------------------------- activation, dropout */

/* ReLU's derivative is a gate at the end of the product that makes dz. */
static int gated(const net_layer *layer)
{
    return layer->activation == NMLP_ACTIVATION_RELU && layer->mask == NULL;
}

/* From the gradient of y to that of v, in these rows and columns of y. */
static void activate_backward(const net_step *s, const net_layer *layer, nmlp_range rows,
                              nmlp_range columns)
{
    const size_t count = columns.end - columns.begin;
    const int identity = layer->activation == NMLP_ACTIVATION_IDENTITY;
    if ((identity && layer->mask == NULL) || count == 0) return;
    const float *saved = nmlp_activation_saves_input(layer->activation) ? layer->v : layer->a;
    for (size_t i = rows.begin; i < rows.end; i++) {
        const size_t at = i * layer->ldy + columns.begin, sum = i * layer->ldz + columns.begin;
        float *dy = layer->dy + at, *dz = layer->dz + sum;
        if (layer->mask != NULL) s->kernels->multiply(count, dy, layer->mask + at, dy);
        if (layer_maxout(layer))
            s->kernels->maxout_backward(count, layer->pieces, layer->outputs, saved + sum, dy, dz);
        else if (!identity)
            s->kernels->activation_backward[layer->activation](count, layer->alpha, saved + sum, dy,
                                                               dz);
    }
}

/* dy of the layer below l, and on to its v. */
static void input_gradient(const net_step *s, size_t l, nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l], *below = &s->net->layers[l - 1];
    const nmlp_dense dense = net_step_dense(s, l, team);
    nmlp_dense_input_gradient_share(s->kernels, &dense, layer->dz, layer->ldz,
                                    gated(below) ? below->activation : NMLP_ACTIVATION_IDENTITY,
                                    below->dy, below->ldy, team);
    if (gated(below)) return;
    nmlp_range rows, columns;
    nmlp_gemm_split(s->m, layer->k, team, &rows, &columns);
    activate_backward(s, below, rows, columns);
}

/* ---------------------------------------------------------------------- norms */

/* The variance runs with m - 1, as an estimate; one row has none. */
static void run_statistics(const net_step *s, const net_layer *layer, nmlp_range columns)
{
    const size_t n = columns.end - columns.begin;
    const float momentum = s->net->norm_momentum;
    float *mean = layer->running_mean + columns.begin;
    float *variance = layer->running_variance + columns.begin;
    s->kernels->scale(1, n, 1.0f - momentum, mean, n, mean, n);
    s->kernels->add_scaled(n, momentum, layer->mean + columns.begin, mean);
    if (s->m < 2) return;
    const float unbiased = momentum * ((float)s->m / (float)(s->m - 1));
    s->kernels->scale(1, n, 1.0f - momentum, variance, n, variance, n);
    s->kernels->add_scaled(n, unbiased, layer->variance + columns.begin, variance);
}

/* From the gradient of v to that of z; gain and shift are updated on the way. All of dz is
 * there before, and behind it. */
static void norm_backward(const net_step *s, const net_layer *layer, nmlp_team team)
{
    const nmlp_norm_rows norm = net_step_norm(s, layer, layer->dz);
    float *gain = tensor(s, NMLP_TENSOR_GRADIENT, layer->gain);
    float *shift = tensor(s, NMLP_TENSOR_GRADIENT, layer->shift);
    const nmlp_range own = nmlp_parallel_share(layer->n, NMLP_LANES, team);
    const size_t n = own.end - own.begin, at = own.begin;
    s->kernels->sum_products(s->m, n, layer->dz + at, layer->ldz, layer->z + at, layer->ldz,
                             gain + at);
    s->kernels->sum_rows(s->m, n, layer->dz + at, layer->ldz, shift + at);
    if (layer->norm == NMLP_NORM_LAYER) nmlp_parallel_barrier(team);
    nmlp_range rows, columns;
    nmlp_norm_split(layer->norm, s->m, layer->n, team, &rows, &columns);
    nmlp_norm_backward_part(s->kernels, layer->norm, &norm, rows, columns);
    nmlp_parallel_barrier(team);
    update_row(s, layer->gain, own, gain);
    update_row(s, layer->shift, own, shift);
    if (layer->norm == NMLP_NORM_BATCH && s->purpose == NET_TRAIN) run_statistics(s, layer, own);
}

/* ------------------------------------------------------------- a kept gradient */

/* A row of a gradient: row p of a tensor [rows x n]. */
typedef struct kept_row {
    const net_layer *layer;
    size_t tensor, rows, p; /* tensor: its offset in the blocks */
    size_t number;          /* among all rows of all tensors */
    float factor;           /* for the gradient */
} kept_row;

typedef void row_visit(const net_step *s, const kept_row *row);

/* A worker's rows: weights by share, the other tensors by the first worker. */
static void visit_rows(const net_step *s, nmlp_team team, float factor, row_visit *visit)
{
    size_t row = 0;
    for (size_t l = 0; l < s->net->layer_count; l++) {
        const net_layer *layer = &s->net->layers[l];
        const size_t k = layer->k;
        const nmlp_range share = nmlp_parallel_share(k, 1, team);
        for (size_t p = share.begin; p < share.end; p++)
            visit(s, &(kept_row){layer, layer->weight, k, p, row + p, factor});
        const size_t others[] = {layer->bias, layer->gain, layer->shift};
        const size_t count = layer->norm != NMLP_NORM_NONE ? 3 : 1;
        for (size_t i = 0; team.worker == 0 && i < count; i++)
            visit(s, &(kept_row){layer, others[i], 1, 0, row + k + i, factor});
        row += k + 3;
    }
}

static nmlp_slice slice_of_row(const kept_row *row, size_t column)
{
    nmlp_slice s = nmlp_slice_at(row->layer->ldw, row->rows, row->layer->n, column);
    s.offset += row->tensor + row->p * s.ld;
    return s;
}

static void measure_row(const net_step *s, const kept_row *row)
{
    const size_t n = row->layer->n;
    const float *gradient = tensor(s, NMLP_TENSOR_GRADIENT, row->tensor);
    nmlp_slice part;
    for (size_t j = 0; s->clip_value > 0 && j < n; j += part.count) {
        part = slice_of_row(row, j);
        s->kernels->clamp(part.count, (float)s->clip_value,
                          tensor(s, NMLP_TENSOR_GRADIENT, part.offset));
    }
    s->net->gradient_squares[row->number] =
        nmlp_net_row_squares(s->kernels, row->layer, gradient, row->rows, row->p);
}

/* The rows in their order, in double: each row's sum is off by at most n/16 + 4 roundings of
 * float, the norm by half as many. */
static double gradient_norm(const net_step *s)
{
    double sum = 0;
    size_t row = 0;
    for (size_t l = 0; l < s->net->layer_count; l++) {
        const net_layer *layer = &s->net->layers[l];
        const size_t used = layer->k + (layer->norm != NMLP_NORM_NONE ? 3 : 1);
        for (size_t p = 0; p < used; p++) sum += s->net->gradient_squares[row + p];
        row += layer->k + 3;
    }
    return sqrt(sum);
}

static void update_kept_row(const net_step *s, const kept_row *row)
{
    const int is_weight = row->tensor == row->layer->weight;
    nmlp_update coefficients = is_weight ? s->update : nmlp_optimizer_of_biases(s->update);
    coefficients.l2 = 0; /* the gradient has it */
    nmlp_slice part;
    for (size_t j = 0; j < row->layer->n; j += part.count) {
        part = slice_of_row(row, j);
        float *g = tensor(s, NMLP_TENSOR_GRADIENT, part.offset);
        if (row->factor != 1.0f)
            s->kernels->scale(1, part.count, row->factor, g, part.count, g, part.count);
        update(s, part.offset, 1, part.count, 0, g, 0, &coefficients);
    }
}

static void use_kept_gradient(net_step *s, nmlp_team team)
{
    nmlp_parallel_barrier(team);
    visit_rows(s, team, 1.0f, measure_row);
    nmlp_parallel_barrier(team);
    const double norm = gradient_norm(s);
    if (team.worker == 0) s->gradient_norm = norm;
    if (s->purpose == NET_GRADIENT) return;
    const int clipped = s->clip_norm > 0 && norm > s->clip_norm;
    visit_rows(s, team, clipped ? (float)(s->clip_norm / (norm + 1e-6)) : 1.0f, update_kept_row);
}

/* -------------------------------------------------------------------- max-norm */

static void shorten_columns(const net_step *s, float *space, nmlp_team team)
{
    nmlp_parallel_barrier(team);
    for (size_t l = 0; l < s->net->layer_count; l++) {
        const net_layer *layer = &s->net->layers[l];
        nmlp_range own = nmlp_parallel_share(layer->n, NMLP_LANES, team);
        while (own.begin < own.end) {
            const nmlp_slice slice = slice_of_w(layer, own);
            float *w = tensor(s, NMLP_TENSOR_PARAMETER, layer->weight + slice.offset);
            own.begin += slice.count;
            s->kernels->sum_products(layer->k, slice.count, w, slice.ld, w, slice.ld, space);
            s->kernels->shorten(slice.count, s->max_norm, space, space);
            s->kernels->scale_columns(layer->k, slice.count, space, w, slice.ld);
        }
    }
}

void net_step_backward(net_step *s, nmlp_team team)
{
    const nmlp_net *net = s->net;
    float *space = step_scratch(s, team) + net->scratch_floats;
    const net_layer *last = last_layer(net);
    if (last->activation != NMLP_ACTIVATION_IDENTITY || last->mask != NULL) {
        const nmlp_range rows = nmlp_parallel_share(s->m, 1, team);
        activate_backward(s, last, rows, (nmlp_range){0, last->outputs});
        nmlp_parallel_barrier(team);
    }
    for (size_t l = net->layer_count; l-- > 0;) {
        if (net->layers[l].norm != NMLP_NORM_NONE) norm_backward(s, &net->layers[l], team);
        if (l > 0) {
            input_gradient(s, l, team);
            nmlp_parallel_barrier(team);
        }
        weight_gradient(s, l, space, team);
        bias_gradient(s, l, space, team);
    }
    if (step_keeps(s)) use_kept_gradient(s, team);
    if (s->purpose == NET_TRAIN && s->max_norm > 0) shorten_columns(s, space, team);
}
