/* SPDX-License-Identifier: MIT
 *
 * Stored gradients, which include the part of l2. They are clipped, tried and applied row by row,
 * in passes that all workers share. */
#include "net/net_step.h"

#include <float.h>

#include "ops/optimizer.h"

/* A row of a gradient: row p of a tensor [rows x n]. */
typedef struct kept_row {
    size_t layer, tensor, rows, p; /* tensor: its offset in the blocks */
    size_t number;                 /* among all rows of all tensors */
    double factor;                 /* by which the gradient is multiplied */
} kept_row;

typedef void row_visit(net_step *s, const kept_row *row, nmlp_team team);

/* Visits the rows of a worker: its share of the weights, and for worker 0 all other tensors. */
static void visit_rows(net_step *s, nmlp_team team, double factor, row_visit *visit)
{
    size_t row = 0;
    for (size_t l = 0; l < s->net->layer_count; l++) {
        const net_layer *layer = &s->net->layers[l];
        const size_t k = layer->k;
        const nmlp_range share = nmlp_parallel_share(k, 1, team);
        for (size_t p = share.begin; p < share.end; p++)
            visit(s, &(kept_row){l, layer->weight, k, p, row + p, factor}, team);
        const size_t others[] = {layer->bias, layer->gamma, layer->beta};
        const size_t count = layer->norm != NMLP_NORM_NONE ? 3 : 1;
        for (size_t i = 0; team.worker == 0 && i < count; i++)
            visit(s, &(kept_row){l, others[i], 1, 0, row + k + i, factor}, team);
        row += k + 3;
    }
}

static const net_layer *layer_of(const net_step *s, const kept_row *row)
{
    return &s->net->layers[row->layer];
}

/* The elements of the row that begin at this column and are adjacent in memory; offset is the
 * offset in the blocks. */
static nmlp_column_block column_block_of_row(const net_step *s, const kept_row *row, size_t column)
{
    const net_layer *layer = layer_of(s, row);
    nmlp_column_block part = nmlp_column_block_at(layer->ldw, row->rows, layer->n, column);
    part.offset += row->tensor + row->p * part.ld;
    return part;
}

/* ------------------------------------------------------------------ norm */

/* Measures the row: its maximum magnitude, and the sum of its squares after clipping. */
static void measure_row(net_step *s, const kept_row *row, nmlp_team team)
{
    const net_layer *layer = layer_of(s, row);
    nmlp_column_block part;
    for (size_t j = 0; j < layer->n; j += part.count) {
        part = column_block_of_row(s, row, j);
        float *g = step_tensor(s, s->gradients, part.offset);
        s->kernels->greatest_size(1, part.count, g, part.count,
                                  &net_step_sizes(s, row->layer, team)->rows);
        if (s->clip_value > 0) s->kernels->clamp(part.count, (float)s->clip_value, g);
    }
    s->net->gradient_squares[row->number] = nmlp_net_row_squares(
        s->kernels, layer, step_tensor(s, s->gradients, row->tensor), row->rows, row->p);
}

/* The same in double, for squares that do not fit in floats, such as those of 1e20 and of 1e-30. */
static double row_squares_in_double(const net_step *s, size_t l, size_t tensor, size_t rows,
                                    size_t p)
{
    const kept_row row = {.layer = l, .tensor = tensor, .rows = rows, .p = p};
    double sum = 0;
    nmlp_column_block part;
    for (size_t j = 0; j < s->net->layers[l].n; j += part.count) {
        part = column_block_of_row(s, &row, j);
        const float *g = step_tensor(s, s->gradients, part.offset);
        for (size_t i = 0; i < part.count; i++) sum += (double)g[i] * g[i];
    }
    return sum;
}

/* Adds up the rows in order, in double. The error of each row's sum is at most n/16 + 4 float
 * roundings, and that of the norm half as many. With `exactly`, all squares are computed in double.
 */
static double sum_of_squares(const net_step *s, int exactly)
{
    double sum = 0;
    const float *squares = s->net->gradient_squares;
    for (size_t l = 0; l < s->net->layer_count; l++) {
        const net_layer *layer = &s->net->layers[l];
        const size_t k = layer->k, others[] = {layer->bias, layer->gamma, layer->beta};
        const size_t used = k + (layer->norm != NMLP_NORM_NONE ? 3 : 1);
        for (size_t p = 0; p < used; p++) {
            if (!exactly && squares[p] - squares[p] == 0)
                sum += squares[p];
            else if (p < k)
                sum += row_squares_in_double(s, l, layer->weight, k, p);
            else
                sum += row_squares_in_double(s, l, others[p - k], 1, 0);
        }
        squares += k + 3;
    }
    return sum;
}

/* Below this sum, squares that underflow as floats could be a relevant part of it. */
static const double LEAST_SUM_OF_FLOATS = 0x1p-80;

static double gradient_norm(const net_step *s)
{
    const double sum = sum_of_squares(s, 0);
    return sqrt(sum < LEAST_SUM_OF_FLOATS ? sum_of_squares(s, 1) : sum);
}

/* The factor that limits the norm of the gradient to clip_norm. */
static double clip_factor(const net_step *s, double norm)
{
    return s->clip_norm > 0 && norm > s->clip_norm ? s->clip_norm / (norm + 1e-6) : 1;
}

/* A factor that is not a normal float is applied in double: as a float, it would be inexact or 0.
 */
static void scale_gradient(const net_step *s, double factor, const float *g, size_t count,
                           float *scaled)
{
    if (factor >= FLT_MIN) {
        s->kernels->scale(1, count, (float)factor, g, count, scaled, count);
        return;
    }
    for (size_t i = 0; i < count; i++) scaled[i] = (float)(factor * (double)g[i]);
}

/* ---------------------------------------------------------------- trial, update */

/* Parameters, moments and gradient of some columns of a row. */
enum { TRIAL_COLUMNS = NMLP_BLOCK_COLUMNS, MOMENTS = TENSOR_KINDS - NMLP_TENSOR_FIRST_MOMENT };
typedef struct trial {
    float w[TRIAL_COLUMNS], g[TRIAL_COLUMNS];
    float moments[MOMENTS][TRIAL_COLUMNS];
} trial;

static nmlp_update coefficients_of(const net_step *s, const kept_row *row)
{
    const int is_weight = row->tensor == layer_of(s, row)->weight;
    nmlp_update coefficients = is_weight ? s->update : nmlp_optimizer_of_biases(s->update);
    coefficients.l2 = 0; /* already in the gradient */
    return coefficients;
}

/* Updates copies of `count` elements at this offset. */
static void try_update(const net_step *s, const kept_row *row, size_t offset, size_t count,
                       trial *t)
{
    const size_t bytes = count * sizeof(float);
    const nmlp_update coefficients = coefficients_of(s, row);
    memset(t, 0, sizeof *t);
    memcpy(t->w, step_tensor(s, NMLP_TENSOR_PARAMETER, offset), bytes);
    for (int32_t i = 0; i < MOMENTS && !s->restarts; i++)
        if (step_keeps(s, NMLP_TENSOR_FIRST_MOMENT + i))
            memcpy(t->moments[i], step_tensor(s, NMLP_TENSOR_FIRST_MOMENT + i, offset), bytes);
    scale_gradient(s, row->factor, step_tensor(s, s->gradients, offset), count, t->g);
    const nmlp_update_rows rows = {.rows = 1,
                                   .columns = count,
                                   .w = t->w,
                                   .first = t->moments[0],
                                   .second = t->moments[1],
                                   .third = t->moments[2],
                                   .g = t->g};
    s->kernels->update[s->rule](&rows, &coefficients);
}

/* The index of the first element of x[count] that is not finite; count if there is none. */
static size_t first_nonfinite(const float *x, size_t count)
{
    size_t i = 0;
    while (i < count && x[i] - x[i] == 0) i++;
    return i;
}

/* The first column whose parameter or moment would not be finite after the update; the length of
 * the row if there is none. */
static size_t find_in_row(const net_step *s, const kept_row *row)
{
    const size_t n = layer_of(s, row)->n;
    nmlp_column_block part;
    for (size_t j = 0; j < n; j += part.count) {
        part = column_block_of_row(s, row, j);
        if (part.count > TRIAL_COLUMNS) part.count = TRIAL_COLUMNS;
        trial t;
        try_update(s, row, part.offset, part.count, &t);
        size_t first = first_nonfinite(t.w, part.count);
        for (int32_t i = 0; i < MOMENTS; i++)
            if (step_keeps(s, NMLP_TENSOR_FIRST_MOMENT + i))
                first = first_nonfinite(t.moments[i], first);
        if (first < part.count) return j + first;
    }
    return n;
}

static void try_row(net_step *s, const kept_row *row, nmlp_team team)
{
    (void)team;
    if (!s->broken && find_in_row(s, row) < layer_of(s, row)->n) s->broken = 1;
}

static void update_kept_row(net_step *s, const kept_row *row, nmlp_team team)
{
    (void)team;
    const nmlp_update coefficients = coefficients_of(s, row);
    nmlp_column_block part;
    for (size_t j = 0; j < layer_of(s, row)->n; j += part.count) {
        part = column_block_of_row(s, row, j);
        float *g = step_tensor(s, s->gradients, part.offset);
        for (int32_t kind = NMLP_TENSOR_FIRST_MOMENT; s->restarts && kind < TENSOR_KINDS; kind++)
            if (nmlp_net_keeps(s->net, kind))
                memset(step_tensor(s, kind, part.offset), 0, part.count * sizeof(float));
        if (row->factor != 1) scale_gradient(s, row->factor, g, part.count, g);
        net_step_update(s, part.offset, 1, part.count, 0, g, 0, &coefficients);
    }
}

static void judge_statistics(net_step *s)
{
    size_t column, which;
    for (size_t l = 0; l < s->net->layer_count; l++)
        if (net_step_find_in_statistics(s, &s->net->layers[l], &column, &which)) s->broken = 1;
}

/* ------------------------------------------------------------------------ use */

/* The maximum sizes of all layers; INFINITY if something is not finite. */
static net_sizes greatest_sizes(const net_step *s, nmlp_team team)
{
    net_sizes all = {0};
    for (size_t l = 0; l < s->net->layer_count; l++) {
        const net_sizes sizes = net_step_layer_sizes(s, l, team);
        all.rows = fmax(all.rows, sizes.rows);
        all.statistics = fmax(all.statistics, sizes.statistics);
    }
    return all;
}

static void try_all(net_step *s, double factor, nmlp_team team)
{
    visit_rows(s, team, factor, try_row);
    if (team.worker == 0) judge_statistics(s);
    nmlp_parallel_barrier(team);
}

void net_step_use_kept(net_step *s, nmlp_team team)
{
    nmlp_parallel_barrier(team);
    if (s->purpose == NET_FIND_NONFINITE) return;
    visit_rows(s, team, 1, measure_row);
    nmlp_parallel_barrier(team);
    const double norm = gradient_norm(s);
    const int wanted = s->purpose == NET_GRADIENT || s->clip_norm > 0 || s->clip_value > 0;
    if (team.worker == 0 && wanted) s->gradient_norm = norm;
    if (s->purpose == NET_GRADIENT) return;
    const net_sizes sizes = greatest_sizes(s, team);
    if (!(sizes.rows < INFINITY)) {
        s->broken = 1;
        return;
    }
    const double factor = clip_factor(s, norm);
    nmlp_bounds after;
    if (!net_step_safe(s, sizes.rows, sizes.statistics, &after)) {
        after = NET_UNKNOWN_BOUNDS;
        try_all(s, factor, team);
    }
    if (s->broken) return;
    if (team.worker == 0) s->bounds = after;
    visit_rows(s, team, factor, update_kept_row);
}

/* ---------------------------------------------------------------------- search */

int net_step_find_in_update(net_step *s, nmlp_fault *fault)
{
    const nmlp_team alone = {0, 1, NULL};
    visit_rows(s, alone, 1, measure_row);
    const double factor = clip_factor(s, gradient_norm(s));
    for (size_t l = 0; l < s->net->layer_count; l++) {
        const net_layer *layer = &s->net->layers[l];
        const size_t others[] = {layer->bias, layer->gamma, layer->beta};
        const size_t k = layer->k, rows = k + (layer->norm != NMLP_NORM_NONE ? 3 : 1);
        fault->layer = l;
        for (size_t p = 0; p < rows; p++) {
            const kept_row weight = {l, layer->weight, k, p, 0, factor};
            const kept_row other = {l, p < k ? 0 : others[p - k], 1, 0, 0, factor};
            fault->row = p;
            fault->column = find_in_row(s, p < k ? &weight : &other);
            if (fault->column < layer->n) return 1;
        }
        if (net_step_find_in_statistics(s, layer, &fault->column, &fault->row)) {
            fault->row += k + 3;
            return 1;
        }
    }
    return 0;
}

/* -------------------------------------------------------------------- max-norm */

/* The same in double, for columns whose squares do not fit in floats. A factor that does not fit in
 * a float is applied at once. */
static void shorten_in_double(const net_step *s, const net_layer *layer, float *w, size_t ld,
                              size_t count, float *factors)
{
    for (size_t j = 0; j < count; j++) {
        double sum = 0;
        for (size_t p = 0; p < layer->k; p++) sum += (double)w[p * ld + j] * w[p * ld + j];
        const double most = s->max_norm, factor = sum > most * most ? most / sqrt(sum) : 1;
        factors[j] = factor >= FLT_MIN ? (float)factor : 1;
        for (size_t p = 0; factor < FLT_MIN && p < layer->k; p++)
            w[p * ld + j] = (float)(factor * (double)w[p * ld + j]);
    }
}

/* For smaller norms, squares may underflow as floats; for larger norms, factors may. */
static const float LEAST_MAX_NORM_OF_FLOATS = 0x1p-40f;

void net_step_shorten_columns(const net_step *s, nmlp_team team)
{
    float *factors = step_scratch(s, team) + s->net->scratch_floats;
    nmlp_parallel_barrier(team);
    for (size_t l = 0; l < s->net->layer_count; l++) {
        const net_layer *layer = &s->net->layers[l];
        nmlp_range own = nmlp_parallel_share(layer->n, NMLP_LANES, team);
        while (own.begin < own.end) {
            const nmlp_column_block column_block = net_column_block_of_w(layer, own);
            float *w = step_tensor(s, NMLP_TENSOR_PARAMETER, layer->weight + column_block.offset);
            own.begin += column_block.count;
            s->kernels->sum_products(layer->k, column_block.count, w, column_block.ld, w,
                                     column_block.ld, factors);
            if (s->max_norm < LEAST_MAX_NORM_OF_FLOATS ||
                first_nonfinite(factors, column_block.count) < column_block.count)
                shorten_in_double(s, layer, w, column_block.ld, column_block.count, factors);
            else
                s->kernels->shorten(column_block.count, s->max_norm, factors, factors);
            s->kernels->scale_columns(layer->k, column_block.count, factors, w, column_block.ld);
        }
    }
}
