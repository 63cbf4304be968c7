/* SPDX-License-Identifier: MIT
 *
 * The forward pass of a train step: Y = dropout(act(norm(X*W + b))), layer by layer, and the
 * loss. */
#include "ops/loss.h"
#include "net/net_step.h"
#include "ops/norm.h"
#include "ops/random.h"

nmlp_dense net_step_dense(const net_step *s, size_t l, nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l];
    float *parameters = s->net->tensors[NMLP_TENSOR_PARAMETER];
    return (nmlp_dense){
        .m = s->m,
        .n = layer->n,
        .k = layer->k,
        .activation = layer_fused(layer) ? layer->activation : NMLP_ACTIVATION_IDENTITY,
        .x = l == 0 ? s->x : s->net->layers[l - 1].y,
        .ldx = l == 0 ? s->ldx : s->net->layers[l - 1].ldy,
        .w = parameters + layer->weight,
        .ldw = layer->ldw,
        .bias = parameters + layer->bias,
        .y = layer->z,
        .ldy = layer->ldz,
        .padded = 1,
        .scratch = step_scratch(s, team),
    };
}

nmlp_norm_rows net_step_norm(const net_step *s, const net_layer *layer, float *y)
{
    const float *parameters = s->net->tensors[NMLP_TENSOR_PARAMETER];
    const float *gradients = s->net->tensors[s->gradients];
    return (nmlp_norm_rows){
        .m = s->m,
        .n = layer->n,
        .x = layer->z,
        .ldx = layer->ldz,
        .y = y,
        .ldy = layer->ldz,
        .gamma = parameters + layer->gamma,
        .beta = parameters + layer->beta,
        .mean = layer->mean,
        .variance = layer->variance,
        .inverse_stddev = layer->inverse_stddevs,
        .sum_gamma = gradients + layer->gamma,
        .sum_beta = gradients + layer->beta,
        .epsilon = s->net->norm_epsilon,
    };
}

/* ------------------------------------------------------------------- rows */

static void take_rows(const net_step *s, nmlp_team team)
{
    nmlp_net *net = s->net;
    const nmlp_range rows = nmlp_parallel_share(s->m, 1, team);
    if (net->targets != NULL) {
        const net_layer *last = last_layer(net);
        nmlp_batch_stage_targets(s->batch, last->outputs, rows,
                                 net->targets + rows.begin * last->ldy, last->ldy);
    }
    if (s->x == net->staged)
        nmlp_batch_stage(s->kernels, s->batch, net->inputs, rows,
                         net->staged + rows.begin * net->ld_staged, net->ld_staged);
}

/* The sum of squares of each row of each W, for the penalty. The rows are summed in order
 * afterwards, whichever worker computed them. */
static void square_weights(const net_step *s, nmlp_team team)
{
    if (s->l2 == 0) return;
    float *squares = s->net->row_squares;
    for (size_t l = 0; l < s->net->layer_count; l++) {
        const net_layer *layer = &s->net->layers[l];
        const float *w = s->net->tensors[NMLP_TENSOR_PARAMETER] + layer->weight;
        const nmlp_range rows = nmlp_parallel_share(layer->k, 1, team);
        for (size_t p = rows.begin; p < rows.end; p++)
            squares[p] = nmlp_net_row_squares(s->kernels, layer, w, layer->k, p);
        squares += layer->k;
    }
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

/* -------------------------------------------------------------------- layers */

/* Computes y from v, in these rows and columns of y. */
static void activate(const net_step *s, size_t l, nmlp_range rows, nmlp_range columns)
{
    const net_layer *layer = &s->net->layers[l];
    const size_t count = columns.end - columns.begin;
    const int in_place = layer_fused(layer) ||
                         (layer->activation == NMLP_ACTIVATION_IDENTITY && layer->v == layer->a);
    if ((in_place && layer->mask == NULL) || count == 0) return;
    for (size_t i = rows.begin; i < rows.end; i++) {
        const size_t at = i * layer->ldy + columns.begin;
        if (layer_maxout(layer))
            s->kernels->maxout_forward(count, layer->pieces, layer->outputs,
                                       layer->v + i * layer->ldz + columns.begin, layer->a + at);
        else if (!in_place)
            s->kernels->activation_forward[layer->activation](count, layer->alpha, layer->v + at,
                                                              layer->a + at);
        if (layer->mask == NULL) continue;
        nmlp_random_dropout(s->kernels, s->net->dropout_seed, s->number, l, layer->dropout,
                            layer->outputs, i, columns, layer->mask + at);
        s->kernels->multiply(count, layer->a + at, layer->mask + at, layer->y + at);
    }
}

static void forward(const net_step *s, size_t l, nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l];
    nmlp_dense dense = net_step_dense(s, l, team);
    dense.greatest = &net_step_sizes(s, l, team)->input;
    nmlp_range rows, columns;
    nmlp_gemm_split(s->m, layer->n, team, &rows, &columns);
    nmlp_dense_forward_share(s->kernels, &dense, team);
    if (layer->norm != NMLP_NORM_NONE) {
        nmlp_parallel_barrier(team);
        const nmlp_norm_rows norm = net_step_norm(s, layer, layer->v);
        nmlp_norm_split(layer->norm, s->m, layer->n, team, &rows, &columns);
        nmlp_norm_forward_part(s->kernels, layer->norm, &norm, 1, rows, columns);
    }
    if (layer_maxout(layer)) { /* other workers may have computed some of the pieces */
        nmlp_parallel_barrier(team);
        rows = nmlp_parallel_share(s->m, 1, team);
        columns = (nmlp_range){0, layer->outputs};
    }
    activate(s, l, rows, columns);
    nmlp_parallel_barrier(team);
}

/* ---------------------------------------------------------------------- loss */

static void loss_and_gradient(net_step *s, nmlp_team team)
{
    nmlp_net *net = s->net;
    const net_layer *last = last_layer(net);
    nmlp_loss_rows loss = nmlp_net_loss(net, s->total);
    loss.m = s->m;
    loss.scores = last->y;
    loss.lds = loss.ldt = loss.ldds = last->ldy;
    loss.labels = s->batch->label_count > 0 ? net->labels : NULL;
    loss.targets = net->targets;
    loss.weights = s->batch->weight_count > 0 ? net->row_weights : NULL;
    loss.dscores = last->dy;
    loss.row_loss = net->row_loss;
    const nmlp_range rows = nmlp_parallel_share(s->m, 1, team);
    net->correct[team.worker] = nmlp_loss_part(s->kernels, net->loss, &loss, rows);
    for (size_t i = rows.begin; i < rows.end; i++)
        if (!(net->row_loss[i] - net->row_loss[i] == 0)) s->broken = 1;
    if (team.worker > 0) return;
    s->penalty = penalty(s);
    if (!(s->penalty < INFINITY)) s->broken = 1;
}

void net_step_forward(net_step *s, nmlp_team team)
{
    memset(net_step_sizes(s, 0, team), 0, s->net->layer_count * sizeof(layer_sizes));
    take_rows(s, team);
    square_weights(s, team);
    nmlp_parallel_barrier(team);
    for (size_t l = 0; l < s->net->layer_count; l++) forward(s, l, team);
    loss_and_gradient(s, team);
    nmlp_parallel_barrier(team);
}
