/* SPDX-License-Identifier: MIT */
#include "ops/optimizer.h"

#include <float.h>
#include <math.h>
#include <stddef.h>

#define OPTIMIZER(value, name, first, second)                                       \
    _Static_assert((int)NMLP_OPTIMIZER_##value == (int)nmlp_optimizer_index_##name, \
                   "optimizers.def is in the order of the values");
#include "isa/optimizers.def"
#undef OPTIMIZER

int nmlp_optimizer_known(int32_t kind) { return kind >= 0 && kind < NMLP_OPTIMIZER_COUNT; }

int nmlp_optimizer_is_adam(int32_t kind)
{
    return kind == NMLP_OPTIMIZER_ADAM || kind == NMLP_OPTIMIZER_ADAMW;
}

/* PyTorch ignores dampening without momentum. */
static int dampens(const nmlp_optimizer *o) { return o->dampening > 0 && o->momentum > 0; }

int32_t nmlp_optimizer_rule(const nmlp_optimizer *o)
{
    switch (o->kind) {
    case NMLP_OPTIMIZER_MOMENTUM:
        return dampens(o) ? nmlp_rule_index_momentum_dampened : o->kind;
    case NMLP_OPTIMIZER_ADAM:
        return o->amsgrad ? nmlp_rule_index_adam_amsgrad : o->kind;
    case NMLP_OPTIMIZER_ADAMW:
        return o->amsgrad ? nmlp_rule_index_adamw_amsgrad : o->kind;
    case NMLP_OPTIMIZER_RMSPROP:
        return o->centered ? nmlp_rule_index_rmsprop_centered : o->kind;
    default:
        return o->kind;
    }
}

int nmlp_optimizer_keeps(int32_t rule, int32_t moment)
{
    enum { FIRST = NMLP_TENSOR_FIRST_MOMENT, MOMENTS = NMLP_TENSOR_THIRD_MOMENT - FIRST + 1 };
    static const int moments[][MOMENTS] = {
#define OPTIMIZER(value, name, first, second) {first, second, 0},
#define VARIANT(name, first, second, third) {first, second, third},
#include "isa/optimizers.def"
#undef OPTIMIZER
    };
    return moments[rule][moment - FIRST];
}

/* These comparisons are false for NaN. The check applies to the float that will be used. */
int nmlp_optimizer_usable(double x) { return x == 0 || (x <= 1e38 && (float)x >= FLT_MIN); }
static int flag(int32_t x) { return x == 0 || x == 1; }
static int fraction(double x) { return nmlp_optimizer_usable(x) && (float)x < 1; }

static int has_momentum(int32_t kind)
{
    return kind == NMLP_OPTIMIZER_MOMENTUM || kind == NMLP_OPTIMIZER_NESTEROV ||
           kind == NMLP_OPTIMIZER_RMSPROP;
}

static int decay_valid(const nmlp_optimizer *o)
{
    return nmlp_optimizer_usable(o->decay) && o->learning_rate * o->decay <= 1e38 &&
           flag(o->decay_biases);
}

int nmlp_optimizer_valid(const nmlp_optimizer *o)
{
    if (!nmlp_optimizer_known(o->kind) || o->reserved != 0) return 0;
    const double always[] = {o->learning_rate, o->l2, o->clip_norm, o->clip_value, o->max_norm};
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
        if (!nmlp_optimizer_usable(always[i])) return 0;
    if (has_momentum(o->kind) && !fraction(o->momentum)) return 0;
    if (o->kind == NMLP_OPTIMIZER_MOMENTUM && !fraction(o->dampening)) return 0;
    if (o->kind == NMLP_OPTIMIZER_ADAGRAD && !nmlp_optimizer_usable(o->initial_accumulator))
        return 0;
    if (o->kind == NMLP_OPTIMIZER_RMSPROP && !(fraction(o->rho) && flag(o->centered))) return 0;
    if (o->kind == NMLP_OPTIMIZER_ADAMW && !decay_valid(o)) return 0;
    if (nmlp_optimizer_is_adam(o->kind) &&
        !(fraction(o->beta1) && fraction(o->beta2) && flag(o->amsgrad)))
        return 0;
    return !nmlp_optimizer_keeps(o->kind, NMLP_TENSOR_SECOND_MOMENT) ||
           (o->epsilon > 0 && fraction(o->epsilon));
}

nmlp_optimizer nmlp_optimizer_usual(int32_t kind)
{
    const int adagrad = kind == NMLP_OPTIMIZER_ADAGRAD, rmsprop = kind == NMLP_OPTIMIZER_RMSPROP;
    return (nmlp_optimizer){
        .kind = kind,
        .learning_rate = adagrad || rmsprop ? 1e-2 : 1e-3,
        .momentum = rmsprop ? 0 : 0.9,
        .beta1 = 0.9,
        .beta2 = 0.999,
        .epsilon = adagrad ? 1e-10 : 1e-8,
        .rho = 0.99,
        .decay = 1e-2,
    };
}

nmlp_update nmlp_optimizer_coefficients(const nmlp_optimizer *o, double beta1_power,
                                        double beta2_power)
{
    nmlp_update update = {
        .rate = (float)o->learning_rate,
        .l2 = (float)(2 * o->l2),
        .kept = 1,
        .kept_biases = 1,
        .momentum = (float)o->momentum,
        .epsilon = (float)o->epsilon,
        .undampened = (float)(1 - o->dampening),
    };
    if (o->kind == NMLP_OPTIMIZER_RMSPROP) {
        update.beta2 = (float)o->rho;
        update.rest2 = (float)(1 - o->rho);
    }
    if (o->kind == NMLP_OPTIMIZER_ADAMW) {
        update.kept = (float)(1 - o->learning_rate * o->decay);
        if (o->decay_biases) update.kept_biases = update.kept;
    }
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

nmlp_update nmlp_optimizer_of_first_step(const nmlp_optimizer *o, nmlp_update update)
{
    update.undampened = 1;
    update.accumulator = (float)o->initial_accumulator;
    return update;
}

nmlp_update nmlp_optimizer_of_biases(nmlp_update update)
{
    update.l2 = 0;
    update.kept = update.kept_biases;
    return update;
}

/* The same terms as in k_optimizer.inc, with their magnitudes. A square root plus epsilon is at
 * least epsilon. */
nmlp_bounds nmlp_optimizer_bounds(int32_t rule, const nmlp_update *u, double g, nmlp_bounds b)
{
    double step = g;
    switch (rule) {
    case NMLP_OPTIMIZER_MOMENTUM:
        step = b.first = u->momentum * b.first + g;
        break;
    case nmlp_rule_index_momentum_dampened:
        step = b.first = u->momentum * b.first + u->undampened * g;
        break;
    case NMLP_OPTIMIZER_NESTEROV:
        b.first = u->momentum * b.first + g;
        step = u->momentum * b.first + g;
        break;
    case NMLP_OPTIMIZER_ADAM:
    case NMLP_OPTIMIZER_ADAMW:
    case nmlp_rule_index_adam_amsgrad:
    case nmlp_rule_index_adamw_amsgrad:
        b.first = u->beta1 * b.first + u->rest1 * g;
        b.second = u->beta2 * b.second + u->rest2 * g * g;
        if (b.third < b.second) b.third = b.second;
        step = b.first / u->epsilon;
        break;
    case NMLP_OPTIMIZER_ADAGRAD:
        b.second += u->accumulator + g * g;
        step = g / u->epsilon;
        break;
    case NMLP_OPTIMIZER_RMSPROP:
    case nmlp_rule_index_rmsprop_centered:
        if (rule == nmlp_rule_index_rmsprop_centered) b.third = u->beta2 * b.third + u->rest2 * g;
        b.second = u->beta2 * b.second + u->rest2 * g * g;
        step = b.first = u->momentum * b.first + g / u->epsilon;
        break;
    default:
        break;
    }
    if (fabs(u->kept) > 1) b.parameter *= fabs(u->kept);
    b.parameter += u->rate * step;
    return b;
}
