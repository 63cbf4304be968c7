/* SPDX-License-Identifier: MIT
 *
 * Proves, before the first parameter changes, that the update of a step will be finite.
 *
 * W is updated tile by tile while its gradient is computed. If the last tile were not finite, the
 * first one would already have changed. Therefore the proof uses bounds that are known before any
 * update. Let |x| be the maximum magnitude in the m input rows of a layer, and |dz| the maximum
 * magnitude in the gradient of the layer's sums. Then
 *
 *     |dW| <= m * |x| * |dz|        |db| <= m * |dz|
 *
 * and the same holds for all partial sums. At this time, the gradients of gamma and beta have
 * already been computed. The penalty adds at most l2 * |w|. From the maximum of these bounds over
 * all layers, nmlp_optimizer_bounds() computes bounds of the parameters and moments after the
 * update. The network keeps them from step to step. They are measured again only if they are
 * unknown, or have become too large to prove anything.
 *
 * The bounds are computed in double, in a few products and sums, as if floats did not round. In
 * floats, rounding lengthens a chain of m terms by a factor of at most (1 + 2^-24)^m, which is less
 * than 2^6 for m up to MOST_ROWS. PROVEN is 2^-8 times the maximum float, so a value that is below
 * PROVEN without rounding is finite with rounding.
 *
 * A step without a proof may still be finite. Its gradient is stored, the update is tried on
 * copies, and it is applied if the copies are finite (net_kept.c). */
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

/* The maximum of the two. A NaN, the result of infinity times 0, counts as infinity. */
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
        const double input = greater(sizes.input, 1); /* 1 is the input of a bias */
        gradient = greater(gradient, greater((double)s->m * input * sizes.gradient, sizes.rows));
        statistics = greater(statistics, sizes.statistics);
    }
    return net_step_safe(s, gradient, statistics, after);
}

/* ------------------------------------------------------------------- measuring */

/* The gaps between rows are 0 and do not change the result. */
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
    /* Only nmlp_net_write can store negative second moments; their square roots would be NaN. */
    if (any_negative(net->tensors[NMLP_TENSOR_SECOND_MOMENT], net->tensor_floats))
        bounds.second = INFINITY;
    return bounds;
}
