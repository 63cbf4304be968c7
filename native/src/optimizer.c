/* SPDX-License-Identifier: MIT */
#include "optimizer.h"

#include <math.h>

int nmlp_optimizer_moments(int32_t kind)
{
    static const int moments[] = {
#define OPTIMIZER(value, name, count) [NMLP_OPTIMIZER_##value] = (count),
#include "isa/optimizers.def"
#undef OPTIMIZER
    };
    return kind < 0 || kind >= NMLP_OPTIMIZER_COUNT ? -1 : moments[kind];
}

/* Comparisons that are false for NaN. */
static int positive_or_zero(double x) { return x >= 0 && x <= 1e38; }
static int fraction(double x) { return x >= 0 && x < 1; }

int nmlp_optimizer_valid(const nmlp_optimizer *o)
{
    if (nmlp_optimizer_moments(o->kind) < 0) return 0;
    if (!positive_or_zero(o->learning_rate) || !positive_or_zero(o->l2)) return 0;
    if (o->kind == NMLP_OPTIMIZER_MOMENTUM) return fraction(o->momentum);
    if (o->kind == NMLP_OPTIMIZER_ADAM)
        return fraction(o->beta1) && fraction(o->beta2) && o->epsilon > 0 && o->epsilon < 1;
    return 1;
}

nmlp_update nmlp_optimizer_coefficients(const nmlp_optimizer *o, double beta1_power,
                                        double beta2_power)
{
    nmlp_update update = {
        .rate = (float)o->learning_rate,
        .l2 = (float)(2 * o->l2),
        .momentum = (float)o->momentum,
    };
    if (o->kind == NMLP_OPTIMIZER_ADAM) {
        update.rate = (float)(o->learning_rate / (1 - beta1_power));
        update.beta1 = (float)o->beta1;
        update.rest1 = (float)(1 - o->beta1);
        update.beta2 = (float)o->beta2;
        update.rest2 = (float)(1 - o->beta2);
        update.root_scale = (float)(1 / sqrt(1 - beta2_power)); /* correctly rounded everywhere */
        update.epsilon = (float)o->epsilon;
    }
    return update;
}
