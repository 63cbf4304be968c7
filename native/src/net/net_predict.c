/* SPDX-License-Identifier: MIT
 *
 * Prediction: each worker computes all layers for chunks of PREDICT_ROWS rows, without a barrier.
 * If there are fewer chunks than workers, all workers share each layer of a chunk by columns. */
#include "net/net_space.h"

#include <stdlib.h>

#include "ops/loss.h"
#include "ops/norm.h"

typedef struct run {
    const nmlp_net *net;
    const nmlp_kernels *kernels;
    const nmlp_batch *batch;
    size_t m, chunks;
    int32_t output;
    float *y; /* or NULL */
    size_t ldy;
    int32_t *classes; /* or NULL */
    float *space;
    double *chunk_loss;  /* or NULL: sum of row losses of each chunk */
    size_t *chunk_right; /* likewise */
} run;

/* ----------------------------------------------------------------------- rows */

/* The workers on one chunk: each has its own scratch memory, and all share the space. */
typedef struct chunk_team {
    nmlp_team team;
    float *scratch, *space;
} chunk_team;

static const float *take_rows(const run *r, nmlp_range rows, const chunk_team *t, size_t *ld)
{
    *ld = r->batch->ld;
    if (nmlp_batch_in_place(r->batch))
        return (const float *)r->batch->features + rows.begin * r->batch->ld;
    *ld = r->net->ld_staged;
    const nmlp_range share = nmlp_parallel_share(rows.end - rows.begin, 1, t->team);
    nmlp_batch_stage(r->kernels, r->batch, r->net->inputs,
                     (nmlp_range){rows.begin + share.begin, rows.begin + share.end},
                     t->space + share.begin * *ld, *ld);
    nmlp_parallel_barrier(t->team);
    return t->space;
}

/* Applies norm and activation to the sums in z, in place. With a norm, all workers have finished
 * their parts of the sums. */
static void complete_layer(const run *r, const net_layer *layer, float *z, size_t m,
                           nmlp_range rows, nmlp_range columns)
{
    if (layer->norm != NMLP_NORM_NONE) {
        const float *parameters = r->net->tensors[NMLP_TENSOR_PARAMETER];
        const nmlp_norm_rows norm = {
            .m = m,
            .n = layer->n,
            .x = z,
            .ldx = layer->ldz,
            .y = z,
            .ldy = layer->ldz,
            .gamma = parameters + layer->gamma,
            .beta = parameters + layer->beta,
            .mean = layer->running_mean,
            .variance = layer->running_variance,
            .epsilon = r->net->norm_epsilon,
        };
        nmlp_norm_forward_part(r->kernels, layer->norm, &norm, 0, rows, columns);
    }
    if (layer_fused(layer) || layer_maxout(layer) || layer->activation == NMLP_ACTIVATION_IDENTITY)
        return;
    for (size_t i = rows.begin; i < rows.end; i++) {
        float *row = z + i * layer->ldz + columns.begin;
        r->kernels->activation_forward[layer->activation](columns.end - columns.begin, layer->alpha,
                                                          row, row);
    }
}

/* Writes the outputs of a maxout layer over their first pieces. All workers have finished their
 * sums. */
static void take_greatest(const run *r, const net_layer *layer, float *z, nmlp_range rows)
{
    for (size_t i = rows.begin; i < rows.end; i++)
        r->kernels->maxout_forward(layer->outputs, layer->pieces, layer->outputs,
                                   z + i * layer->ldz, z + i * layer->ldz);
}

static void run_layer(const run *r, const net_layer *layer, const nmlp_dense *dense, nmlp_team team)
{
    nmlp_range rows, columns;
    nmlp_dense_forward_share(r->kernels, dense, team);
    nmlp_gemm_split(dense->m, dense->n, team, &rows, &columns);
    if (layer->norm != NMLP_NORM_NONE) {
        nmlp_parallel_barrier(team);
        nmlp_norm_split(layer->norm, dense->m, dense->n, team, &rows, &columns);
    }
    complete_layer(r, layer, dense->y, dense->m, rows, columns);
    if (layer_maxout(layer)) {
        nmlp_parallel_barrier(team);
        take_greatest(r, layer, dense->y, nmlp_parallel_share(dense->m, 1, team));
    }
    nmlp_parallel_barrier(team);
}

/* Computes the scores of these rows, and returns their address. */
static const float *scores_of(const run *r, nmlp_range rows, const chunk_team *t, size_t *ld)
{
    const nmlp_net *net = r->net;
    const size_t area = (net->predict_floats - net->scratch_floats) / 3;
    size_t ldx;
    const float *x = take_rows(r, rows, t, &ldx);
    for (size_t l = 0; l < net->layer_count; l++) {
        const net_layer *layer = &net->layers[l];
        float *parameters = net->tensors[NMLP_TENSOR_PARAMETER];
        const nmlp_dense dense = {
            .m = rows.end - rows.begin,
            .n = layer->n,
            .k = layer->k,
            .activation = layer_fused(layer) ? layer->activation : NMLP_ACTIVATION_IDENTITY,
            .x = x,
            .ldx = ldx,
            .w = parameters + layer->weight,
            .narrow_w = nmlp_net_narrow_weights(net, layer),
            .ldw = layer->ldw,
            .bias = parameters + layer->bias,
            .y = t->space + (1 + l % 2) * area,
            .ldy = layer->ldz,
            .sparse = 1,
            .padded = 1,
            .scratch = t->scratch,
        };
        run_layer(r, layer, &dense, t->team);
        x = dense.y;
        ldx = dense.ldy;
    }
    *ld = ldx;
    return x;
}

/* Computes the loss of a chunk from its scores. Its targets replace its features in memory. */
static void measure(const run *r, size_t chunk, nmlp_range rows, const float *scores, size_t ld,
                    float *space)
{
    const size_t count = rows.end - rows.begin;
    float row_loss[PREDICT_ROWS];
    nmlp_loss_rows loss = nmlp_net_loss(r->net, 1);
    loss.m = count;
    loss.scores = scores;
    loss.lds = loss.ldt = ld;
    loss.labels = r->batch->label_count > 0 ? r->batch->labels + rows.begin : NULL;
    loss.weights = r->batch->weight_count > 0 ? r->batch->weights + rows.begin : NULL;
    loss.row_loss = row_loss;
    if (nmlp_loss_takes_targets(r->net->loss)) {
        nmlp_batch_stage_targets(r->batch, loss.n, rows, space, ld);
        loss.targets = space;
    }
    r->chunk_right[chunk] = nmlp_loss_part(r->kernels, r->net->loss, &loss, (nmlp_range){0, count});
    r->chunk_loss[chunk] = nmlp_loss_sum(row_loss, count);
}

static void classify(const run *r, nmlp_range rows, const float *scores, size_t ld)
{
    const size_t n = last_layer(r->net)->outputs;
    for (size_t i = rows.begin; i < rows.end; i++)
        r->classes[i] = nmlp_loss_class(r->net->loss, n, scores + (i - rows.begin) * ld);
}

static void run_chunk(const run *r, size_t chunk, const chunk_team *t)
{
    const nmlp_range rows = {chunk * PREDICT_ROWS,
                             chunk + 1 < r->chunks ? (chunk + 1) * PREDICT_ROWS : r->m};
    const size_t count = rows.end - rows.begin, n = last_layer(r->net)->outputs;
    size_t ld;
    const float *scores = scores_of(r, rows, t, &ld);
    if (t->team.worker > 0) return;
    if (r->chunk_loss != NULL) measure(r, chunk, rows, scores, ld, t->space);
    if (r->classes != NULL) classify(r, rows, scores, ld);
    if (r->y == NULL) return;
    float *y = r->y + rows.begin * r->ldy;
    if (r->output == NMLP_OUTPUT_PROBABILITIES && r->net->loss == NMLP_LOSS_BINARY_CROSS_ENTROPY)
        r->kernels->sigmoid(count, n, scores, ld, y, r->ldy);
    else if (r->output == NMLP_OUTPUT_PROBABILITIES)
        r->kernels->softmax(count, n, scores, ld, y, r->ldy);
    else
        r->kernels->scale(count, n, 1.0f, scores, ld, y, r->ldy);
}

static void run_task(void *context, nmlp_team team)
{
    const run *r = context;
    const nmlp_team alone = {0, 1, NULL};
    const int together = r->chunks < team.workers;
    float *own = r->space + team.worker * r->net->predict_floats;
    const chunk_team t = {together ? team : alone, own,
                          (together ? r->space : own) + r->net->scratch_floats};
    const nmlp_range chunks = nmlp_parallel_share(r->chunks, 1, together ? alone : team);
    for (size_t chunk = chunks.begin; chunk < chunks.end; chunk++) {
        run_chunk(r, chunk, &t);
        nmlp_parallel_barrier(t.team); /* the space can be used again */
    }
}

/* ---------------------------------------------------------------------- calls */

/* Fewer rows take as long as ROWS_OF_ONE_PASS, because the weights must be read. Reading a weight
 * from a cache takes as long as about 6 operations. */
enum { ROWS_OF_ONE_PASS = 3 };

static double operations(double weights, size_t m)
{
    return 2.0 * weights * (double)(m > ROWS_OF_ONE_PASS ? m : ROWS_OF_ONE_PASS);
}

/* Weights that are skipped because of zeros in a single row do not justify another thread. */
static double weights_read(const run *r, int32_t threads)
{
    const net_layer *first = &r->net->layers[0];
    const double all = (double)r->net->parameter_count;
    if (r->m > 1 || threads == 1) return all;
    return all - nmlp_batch_zero_share(r->batch, r->net->inputs, 0) * (double)(first->k * first->n);
}

/* The chunks are summed in order, so that the sum does not depend on the workers. */
static void add_up(const run *r, nmlp_result *result)
{
    double sum = 0;
    *result = (nmlp_result){.rows = r->m};
    for (size_t chunk = 0; chunk < r->chunks; chunk++) {
        sum += r->chunk_loss[chunk];
        result->correct += r->chunk_right[chunk];
    }
    result->data_loss = result->loss = sum / nmlp_net_total(r->net, r->batch);
}

static int32_t run_in(run *r, predict_space *space, int32_t threads, nmlp_result *result)
{
    const double work = operations(weights_read(r, threads), r->m);
    const size_t wanted = nmlp_parallel_threads(threads, work);
    r->space = space->floats;
    if (result != NULL) {
        r->chunk_loss = malloc(r->chunks * sizeof *r->chunk_loss);
        r->chunk_right = malloc(r->chunks * sizeof *r->chunk_right);
    }
    const int enough = result == NULL || (r->chunk_loss != NULL && r->chunk_right != NULL);
    if (enough) {
        nmlp_parallel_run(wanted < space->workers ? wanted : space->workers, work, run_task, r);
        if (result != NULL) add_up(r, result);
    }
    free(r->chunk_loss);
    free(r->chunk_right);
    return enough ? NMLP_OK : NMLP_ERROR_OUT_OF_MEMORY;
}

int32_t nmlp_net_run(nmlp_net *net, const nmlp_kernels *kernels, const nmlp_batch *batch,
                     const nmlp_answers *answers, int32_t threads, nmlp_result *result)
{
    nmlp_batch own;
    run r = {.net = net,
             .kernels = kernels,
             .batch = &own,
             .m = nmlp_batch_rows(batch),
             .output = answers->output,
             .y = answers->y,
             .ldy = answers->ldy,
             .classes = answers->classes};
    r.chunks = (r.m + PREDICT_ROWS - 1) / PREDICT_ROWS;
    const int measured = result != NULL;
    const double most = operations((double)net->parameter_count, r.m);
    predict_space *space = net_take_space(net, nmlp_parallel_threads(threads, most),
                                          measured || batch->index_count > 0 ? r.m : 0);
    if (space == NULL) return NMLP_ERROR_OUT_OF_MEMORY;
    int32_t status = nmlp_batch_take(batch, nmlp_net_classes(net), measured, space->own, &own);
    if (status == NMLP_OK && measured && !nmlp_net_total_ok(nmlp_net_total(net, &own)))
        status = NMLP_ERROR_INVALID_ARGUMENT;
    if (status == NMLP_OK) status = run_in(&r, space, threads, result);
    net_give_space(net, space);
    return status;
}
