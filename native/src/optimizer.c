/* SPDX-License-Identifier: MIT */
#include "optimizer.h"

#include <math.h>

#define OPTIMIZER(value, name, first, second)                                       \
    _Static_assert((int)NMLP_OPTIMIZER_##value == (int)nmlp_optimizer_index_##name, \
                   "optimizers.def is in the order of the values");
#include "isa/optimizers.def"
#undef OPTIMIZER

int nmlp_optimizer_known(int32_t kind) { return kind >= 0 && kind < NMLP_OPTIMIZER_COUNT; }

int nmlp_optimizer_keeps(int32_t kind, int32_t moment)
{
    static const struct {
        int first, second;
    } moments[] = {
#define OPTIMIZER(value, name, first, second) [NMLP_OPTIMIZER_##value] = {first, second},
#include "isa/optimizers.def"
#undef OPTIMIZER
    };
    return moment == NMLP_TENSOR_FIRST_MOMENT ? moments[kind].first : moments[kind].second;
}

int nmlp_optimizer_is_adam(int32_t kind)
{
    return kind == NMLP_OPTIMIZER_ADAM || kind == NMLP_OPTIMIZER_ADAMW;
}

/* Comparisons that are false for NaN. */
static int positive_or_zero(double x) { return x >= 0 && x <= 1e38; }
static int fraction(double x) { return x >= 0 && x < 1; }

static int has_momentum(int32_t kind)
{
    return kind == NMLP_OPTIMIZER_MOMENTUM || kind == NMLP_OPTIMIZER_NESTEROV ||
           kind == NMLP_OPTIMIZER_RMSPROP;
}

int nmlp_optimizer_valid(const nmlp_optimizer *o)
{
    if (!nmlp_optimizer_known(o->kind)) return 0;
    if (!positive_or_zero(o->learning_rate) || !positive_or_zero(o->l2)) return 0;
    if (!positive_or_zero(o->clip_norm) || !positive_or_zero(o->clip_value)) return 0;
    if (!positive_or_zero(o->max_norm)) return 0;
    if (has_momentum(o->kind) && !fraction(o->momentum)) return 0;
    if (o->kind == NMLP_OPTIMIZER_RMSPROP && !fraction(o->smoothing)) return 0;
    if (o->kind == NMLP_OPTIMIZER_ADAMW && !positive_or_zero(o->decay)) return 0;
    if (nmlp_optimizer_is_adam(o->kind) && !(fraction(o->beta1) && fraction(o->beta2))) return 0;
    return !nmlp_optimizer_keeps(o->kind, NMLP_TENSOR_SECOND_MOMENT) ||
           (o->epsilon > 0 && o->epsilon < 1);
}

nmlp_update nmlp_optimizer_coefficients(const nmlp_optimizer *o, double beta1_power,
                                        double beta2_power)
{
    nmlp_update update = {
        .rate = (float)o->learning_rate,
        .l2 = (float)(2 * o->l2),
        .kept = 1,
        .momentum = (float)o->momentum,
        .epsilon = (float)o->epsilon,
    };
    if (o->kind == NMLP_OPTIMIZER_RMSPROP) {
        update.beta2 = (float)o->smoothing;
        update.rest2 = (float)(1 - o->smoothing);
    }
    if (o->kind == NMLP_OPTIMIZER_ADAMW) update.kept = (float)(1 - o->learning_rate * o->decay);
    if (nmlp_optimizer_is_adam(o->kind)) {
        update.rate = (float)(o->learning_rate / (1 - beta1_power));
        update.beta1 = (float)o->beta1;
        update.rest1 = (float)(1 - o->beta1);
        update.beta2 = (float)o->beta2;
        update.rest2 = (float)(1 - o->beta2);
        update.root_scale = (float)(1 / sqrt(1 - beta2_power)); /* correctly rounded everywhere */
    }
    return update;
}

nmlp_update nmlp_optimizer_of_biases(nmlp_update update)
{
    update.l2 = 0;
    update.kept = 1;
    return update;
}
