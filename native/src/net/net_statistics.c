/* SPDX-License-Identifier: MIT
 *
 * The statistics of batch norms: those of the current batch, the running ones, and those of the
 * batch from which the kept gradient was computed. */
#include "net/net_step.h"

/* The running variance uses the unbiased estimate, with m - 1. A single row has none. */
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

void net_step_run_statistics(const net_step *s, nmlp_team team)
{
    for (size_t l = 0; l < s->net->layer_count; l++) {
        const net_layer *layer = &s->net->layers[l];
        if (layer->norm == NMLP_NORM_BATCH && s->m > 0)
            run_statistics(s, layer, nmlp_parallel_share(layer->n, NMLP_LANES, team));
    }
}

void net_step_size_statistics(const net_step *s, const net_layer *layer, nmlp_range columns,
                              layer_sizes *sizes)
{
    const size_t n = columns.end - columns.begin;
    if (layer->norm != NMLP_NORM_BATCH) return;
    const float *const statistics[] = {layer->mean, layer->variance, layer->running_mean,
                                       layer->running_variance};
    for (size_t i = 0; i < 4; i++)
        s->kernels->greatest_size(1, n, statistics[i] + columns.begin, n, &sizes->statistics);
}

/* Whether a running statistic is finite after the step. The limit is slightly below the maximum
 * float, to allow for rounding. */
static int runs_finite(double running, double batch, double momentum, double factor)
{
    const double sum = fabs((1 - momentum) * running) + fabs(momentum * factor * batch);
    return sum <= 0x1.fffff0p127;
}

int net_step_find_in_statistics(const net_step *s, const net_layer *layer, size_t *column,
                                size_t *which)
{
    if (layer->norm != NMLP_NORM_BATCH || s->m == 0) return 0;
    const double momentum = s->net->norm_momentum, m = (double)s->m;
    const double unbiased = s->m > 1 ? m / (m - 1) : 0;
    for (size_t j = 0; j < layer->n; j++) {
        *column = j;
        *which = 0;
        if (!runs_finite(layer->running_mean[j], layer->mean[j], momentum, 1)) return 1;
        *which = 1;
        if (!runs_finite(layer->running_variance[j], layer->variance[j], momentum, unbiased))
            return 1;
    }
    return 0;
}

void net_keep_statistics(nmlp_net *net, size_t rows)
{
    net->kept_rows = rows;
    for (size_t l = 0; l < net->layer_count; l++) {
        const net_layer *layer = &net->layers[l];
        if (layer->norm != NMLP_NORM_BATCH) continue;
        memcpy(layer->kept_mean, layer->mean, layer->n * sizeof(float));
        memcpy(layer->kept_variance, layer->variance, layer->n * sizeof(float));
    }
}

void net_restore_statistics(const nmlp_net *net)
{
    for (size_t l = 0; l < net->layer_count; l++) {
        const net_layer *layer = &net->layers[l];
        if (layer->norm != NMLP_NORM_BATCH) continue;
        memcpy(layer->mean, layer->kept_mean, layer->n * sizeof(float));
        memcpy(layer->variance, layer->kept_variance, layer->n * sizeof(float));
    }
}
