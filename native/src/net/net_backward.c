/* SPDX-License-Identifier: MIT
 *
 * The backward pass of a train step. The first part computes the gradients of the sums of all
 * layers, beginning with the last layer, whose dy the loss has computed:
 *
 *     dz = norm'(act'(dropout'(dy)))        dy below = dz*W'        db = sum of dz's rows
 *
 * At this point, nothing has changed, and all magnitudes are known. If they prove that the update
 * will be finite (net_bounds.c), the second part is
 *
 *     dW = X'*dz, W's update        the update of bias, gamma and beta
 *
 * Each worker updates a few rows of W as soon as it has computed their gradient, while both are in
 * its cache. In the next forward pass, it reads the same columns again. Without this proof, or if
 * the gradient is kept or clipped, the gradient is stored and applied in separate passes
 * (net_kept.c). */
#include "net/net_step.h"
#include "ops/norm.h"

/* ------------------------------------------------------------------- updates */

/* Updates a worker's share of a bias, gamma or beta. */
static void update_row(const net_step *s, size_t offset, nmlp_range columns)
{
    if (columns.begin == columns.end) return;
    const nmlp_update coefficients = nmlp_optimizer_of_biases(s->update);
    const size_t at = offset + columns.begin;
    net_step_update(s, at, 1, columns.end - columns.begin, 0, step_tensor(s, s->gradients, at), 0,
                    &coefficients);
}

static void update_rows(const net_step *s, const net_layer *layer, nmlp_team team)
{
    const nmlp_range own = nmlp_parallel_share(layer->n, NMLP_LANES, team);
    update_row(s, layer->bias, own);
    if (layer->norm == NMLP_NORM_NONE) return;
    update_row(s, layer->gamma, own);
    update_row(s, layer->beta, own);
}

/* ------------------------------------------------------------------ weights */

typedef struct weight_update {
    const net_step *step;
    const net_layer *layer;
} weight_update;

static void update_weights(const nmlp_epilogue *epilogue, nmlp_range rows, nmlp_range columns,
                           const float *dw, size_t lddw)
{
    const weight_update *u = epilogue->context;
    /* Whole vectors: the gaps after the last column are 0 and stay 0. */
    const size_t width = nmlp_whole_vectors(columns.end - columns.begin);
    const nmlp_column_block s = net_column_block_of_w(u->layer, columns);
    net_step_update(u->step, u->layer->weight + s.offset + rows.begin * s.ld, rows.end - rows.begin,
                    width, s.ld, dw, lddw, &u->step->update);
}

/* Computes dW for these rows and columns, and updates W part by part. */
static void train_weights(const net_step *s, size_t l, nmlp_range rows, nmlp_range columns,
                          float *dw, nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l];
    const nmlp_dense dense = net_step_dense(s, l, team);
    weight_update context = {s, layer};
    nmlp_epilogue epilogue = {.run = update_weights, .context = &context};
    const float **reads = epilogue.reads;
    *reads++ = step_tensor(s, NMLP_TENSOR_PARAMETER, layer->weight);
    for (int32_t moment = NMLP_TENSOR_FIRST_MOMENT; moment <= NMLP_TENSOR_THIRD_MOMENT; moment++)
        if (step_keeps(s, moment)) *reads++ = step_tensor(s, moment, layer->weight);
    nmlp_dense_weight_gradient_part(s->kernels, &dense, layer->dz, layer->ldz, rows, columns, dw,
                                    &epilogue);
}

/* With few rows, chains are short, and storing dW and reading it again would take too long. The
 * update of momentum is then fused into the end of the chains (docs/tuning.md). Weights that exceed
 * the L2 cache must be prefetched, as train_weights() does, and the tile does not look for denormal
 * moments. */
static int fuses_update(const net_step *s, const net_layer *layer)
{
    return s->rule == NMLP_OPTIMIZER_MOMENTUM && !s->update.denormals &&
           s->m <= NMLP_FUSED_UPDATE_K && layer->n % NMLP_LANES == 0 &&
           layer->ldw != NMLP_IN_COLUMN_BLOCKS;
}

static void update_fused(const net_step *s, size_t l, nmlp_range rows, nmlp_range columns,
                         nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l];
    const nmlp_dense dense = net_step_dense(s, l, team);
    float *w = step_tensor(s, NMLP_TENSOR_PARAMETER, layer->weight);
    const nmlp_fused_update fused_update = {
        .update = s->update,
        .first = step_tensor(s, NMLP_TENSOR_FIRST_MOMENT, layer->weight) - w,
    };
    nmlp_dense_weight_update_part(s->kernels, &dense, layer->dz, layer->ldz, rows, columns, w,
                                  &fused_update);
}

/* Stores the gradient of these rows and columns of W, including the part of the penalty. */
static void keep_weight_gradient(const net_step *s, size_t l, nmlp_range rows, nmlp_range columns,
                                 nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l];
    const nmlp_dense dense = net_step_dense(s, l, team);
    float *dw = step_tensor(s, s->gradients, layer->weight);
    nmlp_dense_weight_gradient_part(s->kernels, &dense, layer->dz, layer->ldz, rows, columns, dw,
                                    NULL);
    while (columns.begin < columns.end) {
        const nmlp_column_block w = net_column_block_of_w(layer, columns);
        columns.begin += w.count;
        for (size_t p = rows.begin; p < rows.end; p++) {
            const size_t at = w.offset + p * w.ld;
            s->kernels->add_scaled(w.count, s->update.l2, dense.w + at, dw + at);
        }
    }
}

static void weight_gradient(const net_step *s, size_t l, int keeps, nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l];
    nmlp_range rows, columns;
    nmlp_gemm_split(layer->k, layer->n, team, &rows, &columns);
    if (rows.begin == rows.end || columns.begin == columns.end) return;
    if (keeps)
        keep_weight_gradient(s, l, rows, columns, team);
    else if (fuses_update(s, layer))
        update_fused(s, l, rows, columns, team);
    else
        train_weights(s, l, rows, columns, step_scratch(s, team) + s->net->scratch_floats, team);
}

/* ----------------------------------------------------------- activation, dropout */

/* The derivative of ReLU is a mask at the end of the product that computes dz. */
static int masks_by_relu(const net_layer *layer)
{
    return layer->activation == NMLP_ACTIVATION_RELU && layer->mask == NULL;
}

/* Computes the gradient of v from that of y, in these rows and columns of y. */
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

/* Computes dy of the layer below l, and from it the gradient of its v. */
static void input_gradient(const net_step *s, size_t l, nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l], *below = &s->net->layers[l - 1];
    const nmlp_dense dense = net_step_dense(s, l, team);
    nmlp_dense_input_gradient_share(s->kernels, &dense, layer->dz, layer->ldz,
                                    masks_by_relu(below) ? below->activation
                                                         : NMLP_ACTIVATION_IDENTITY,
                                    below->dy, below->ldy, team);
    if (masks_by_relu(below)) return;
    nmlp_range rows, columns;
    nmlp_gemm_split(s->m, layer->k, team, &rows, &columns);
    activate_backward(s, below, rows, columns);
}

/* ---------------------------------------------------------------------- norms */

/* Measures the gradients of gamma and beta in these columns. */
static void size_gradients(const net_step *s, const net_layer *layer, nmlp_range columns,
                           layer_sizes *sizes)
{
    const size_t n = columns.end - columns.begin;
    const size_t gradients[] = {layer->gamma, layer->beta};
    for (size_t i = 0; i < 2; i++)
        s->kernels->greatest_size(1, n, step_tensor(s, s->gradients, gradients[i] + columns.begin),
                                  n, &sizes->rows);
}

/* Computes the gradient of z from that of v, and the gradients of gamma and beta. All of dz is
 * complete before and afterwards. */
static void norm_backward(const net_step *s, size_t l, nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l];
    layer_sizes *sizes = net_step_sizes(s, l, team);
    const nmlp_norm_rows norm = net_step_norm(s, layer, layer->dz);
    float *gamma = step_tensor(s, s->gradients, layer->gamma);
    float *beta = step_tensor(s, s->gradients, layer->beta);
    const nmlp_range own = nmlp_parallel_share(layer->n, NMLP_LANES, team);
    const size_t n = own.end - own.begin, at = own.begin;
    s->kernels->sum_products(s->m, n, layer->dz + at, layer->ldz, layer->z + at, layer->ldz,
                             gamma + at);
    s->kernels->sum_rows(s->m, n, layer->dz + at, layer->ldz, beta + at, &sizes->rows);
    size_gradients(s, layer, own, sizes);
    net_step_size_statistics(s, layer, own, sizes);
    if (layer->norm == NMLP_NORM_LAYER) nmlp_parallel_barrier(team);
    nmlp_range rows, columns;
    nmlp_norm_split(layer->norm, s->m, layer->n, team, &rows, &columns);
    nmlp_norm_backward_part(s->kernels, layer->norm, &norm, rows, columns);
    nmlp_parallel_barrier(team);
}

/* ------------------------------------------------------------------- all of it */

/* Computes the gradient of the bias, and the maximum magnitude of the gradient of the sums. */
static void bias_gradient(const net_step *s, size_t l, nmlp_team team)
{
    const net_layer *layer = &s->net->layers[l];
    const nmlp_dense dense = net_step_dense(s, l, team);
    layer_sizes *sizes = net_step_sizes(s, l, team);
    nmlp_dense_bias_gradient_share(s->kernels, &dense, layer->dz, layer->ldz,
                                   step_tensor(s, s->gradients, layer->bias), &sizes->gradient,
                                   team);
}

static void gradients_of_sums(const net_step *s, nmlp_team team)
{
    const net_layer *last = last_layer(s->net);
    if (last->activation != NMLP_ACTIVATION_IDENTITY || last->mask != NULL) {
        const nmlp_range rows = nmlp_parallel_share(s->m, 1, team);
        activate_backward(s, last, rows, (nmlp_range){0, last->outputs});
        nmlp_parallel_barrier(team);
    }
    for (size_t l = s->net->layer_count; l-- > 0;) {
        if (s->net->layers[l].norm != NMLP_NORM_NONE) norm_backward(s, l, team);
        bias_gradient(s, l, team);
        if (l > 0) input_gradient(s, l, team);
        nmlp_parallel_barrier(team);
    }
}

void net_step_end_update(const net_step *s, nmlp_team team)
{
    if (s->broken) return;
    net_step_run_statistics(s, team);
    if (s->max_norm > 0) net_step_shorten_columns(s, team);
}

/* Whether the whole gradient must be known before the first update. */
static int keeps(const net_step *s, nmlp_team team, nmlp_bounds *after)
{
    return s->purpose != NET_TRAIN || s->clip_norm > 0 || s->clip_value > 0 || s->restarts ||
           !net_step_proven(s, team, after);
}

void net_step_backward(net_step *s, nmlp_team team)
{
    gradients_of_sums(s, team);
    nmlp_bounds after;
    const int keep = keeps(s, team, &after);
    for (size_t l = 0; l < s->net->layer_count; l++) {
        weight_gradient(s, l, keep, team);
        if (!keep) update_rows(s, &s->net->layers[l], team);
    }
    if (keep)
        net_step_use_kept(s, team);
    else if (team.worker == 0)
        s->bounds = after;
    if (s->purpose == NET_TRAIN) net_step_end_update(s, team);
}
