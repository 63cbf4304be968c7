/* SPDX-License-Identifier: MIT
 *
 * The proof that a step's update is finite, before its first parameter changes.
 *
 * W is updated tile by tile as its gradient is computed: what is not finite in the last tile would
 * be found when the first has long been changed. So the proof must come before, from sizes. Let |x|
 * be the greatest size in the m rows that a layer is given, |dz| that in the gradient of its sums.
 * Then of its gradients
 *
 *     |dW| <= m * |x| * |dz|        |db| <= m * |dz|
 *
 * and so is every partial sum of them; those of gamma and beta are there already. With l2's part,
 * which is at most l2 * |w|, the greatest of all layers is |g|, and nmlp_optimizer_bounds() has
 * what an update by gradients of this size makes of bounds of the parameters and of the moments.
 * These are remembered from step to step; they are measured again only where they are not known, or
 * have grown so far that they prove nothing.
 *
 * Rounding makes a chain of m terms at most (1 + 2^-24)^m times as long, less than 2^6 for m up to
 * MOST_ROWS. The bounds are products and sums of a few doubles. PROVEN is 2^-8 of what floats hold:
 * what stays below it in real numbers is finite in floats.
 *
 * A step that is not proven safe is not yet wrong: it keeps its gradient, tries the update on
 * copies and is applied where these are finite (net_kept.c). */
#include "net/net_step.h"

#include "ops/optimizer.h"

static const double PROVEN = 0x1p120;
enum { MOST_ROWS = 1 << 26 };

static double size_of_bits(uint32_t bits)
{
    float size;
    memcpy(&size, &bits, sizeof size);
    return size - size == 0 ? size : INFINITY;
}

/* NaN, as infinity times 0 is, counts as infinity. */
static double greater(double a, double b)
{
    if (b != b) return INFINITY;
    return a > b ? a : b;
}

layer_sizes *net_step_sizes(const net_step *s, size_t l, nmlp_team team)
{
    return s->net->sizes + team.worker * s->net->layer_count + l;
}

net_sizes net_step_layer_sizes(const net_step *s, size_t l, nmlp_team team)
{
    net_sizes all = {0};
    for (size_t w = 0; w < team.workers; w++) {
        const layer_sizes *own = s->net->sizes + w * s->net->layer_count + l;
        all.input = greater(all.input, size_of_bits(own->input));
        all.gradient = greater(all.gradient, size_of_bits(own->gradient));
        all.rows = greater(all.rows, size_of_bits(own->rows));
        all.statistics = greater(all.statistics, size_of_bits(own->statistics));
    }
    return all;
}

int net_step_safe(const net_step *s, double gradient, double statistics, nmlp_bounds *after)
{
    nmlp_bounds before = s->net->bounds;
    if (s->restarts) before.first = before.second = before.third = 0;
    gradient += s->update.l2 * before.parameter;
    *after = nmlp_optimizer_bounds(s->rule, &s->update, gradient, before);
    return gradient <= PROVEN && statistics <= PROVEN && after->parameter <= PROVEN &&
           s->m <= MOST_ROWS &&
           (after->first <= PROVEN || !step_keeps(s, NMLP_TENSOR_FIRST_MOMENT)) &&
           (after->second <= PROVEN || !step_keeps(s, NMLP_TENSOR_SECOND_MOMENT)) &&
           (after->third <= PROVEN || !step_keeps(s, NMLP_TENSOR_THIRD_MOMENT));
}

int net_step_proven(const net_step *s, nmlp_team team, nmlp_bounds *after)
{
    double gradient = 0, statistics = 0;
    for (size_t l = 0; l < s->net->layer_count; l++) {
        const net_sizes sizes = net_step_layer_sizes(s, l, team);
        const double input = greater(sizes.input, 1); /* a bias's */
        gradient = greater(gradient, greater((double)s->m * input * sizes.gradient, sizes.rows));
        statistics = greater(statistics, sizes.statistics);
    }
    return net_step_safe(s, gradient, statistics, after);
}

/* ------------------------------------------------------------------- measuring */

/* Gaps hold 0. */
static double greatest_of(const nmlp_net *net, const nmlp_kernels *kernels, int32_t kind)
{
    uint32_t bits = 0;
    kernels->greatest_size(1, net->tensor_floats, net->tensors[kind], net->tensor_floats, &bits);
    return size_of_bits(bits);
}

static int any_negative(const float *x, size_t count)
{
    int negative = 0;
    for (size_t i = 0; i < count; i++) negative |= x[i] < 0;
    return negative;
}

nmlp_bounds net_measure_bounds(const nmlp_net *net, const nmlp_kernels *kernels)
{
    nmlp_bounds bounds = {
        .parameter = greatest_of(net, kernels, NMLP_TENSOR_PARAMETER),
        .first = greatest_of(net, kernels, NMLP_TENSOR_FIRST_MOMENT),
        .second = greatest_of(net, kernels, NMLP_TENSOR_SECOND_MOMENT),
        .third = nmlp_net_keeps(net, NMLP_TENSOR_THIRD_MOMENT)
                     ? greatest_of(net, kernels, NMLP_TENSOR_THIRD_MOMENT)
                     : 0,
    };
    /* Only nmlp_net_write can bring them; their square roots are NaN. */
    if (any_negative(net->tensors[NMLP_TENSOR_SECOND_MOMENT], net->tensor_floats))
        bounds.second = INFINITY;
    return bounds;
}
