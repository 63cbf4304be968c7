/* SPDX-License-Identifier: MIT
 *
 * All update rules: the kinds of optimizers, then their variants. */
#ifndef OPTIMIZER_RULES_H
#define OPTIMIZER_RULES_H

#include "isa/kernels.h"
#include "nmlp.h"

static const char *const rule_names[] = {
#define OPTIMIZER(value, name, first, second) #name,
#define VARIANT(name, first, second, third) #name,
#include "isa/optimizers.def"
#undef OPTIMIZER
};

/* Returns an optimizer with this rule and the usual values. Members that a kind does not use are
 * ignored. */
static inline nmlp_optimizer optimizer_of_rule(int32_t rule)
{
    static const int32_t kinds[] = {NMLP_OPTIMIZER_MOMENTUM, NMLP_OPTIMIZER_ADAM,
                                    NMLP_OPTIMIZER_ADAMW, NMLP_OPTIMIZER_RMSPROP};
    _Static_assert(sizeof kinds / sizeof kinds[0] == NMLP_RULE_COUNT - NMLP_OPTIMIZER_COUNT,
                   "the kind of each variant");
    const int varies = rule >= NMLP_OPTIMIZER_COUNT;
    nmlp_optimizer optimizer =
        nmlp_optimizer_init(varies ? kinds[rule - NMLP_OPTIMIZER_COUNT] : rule);
    optimizer.amsgrad = optimizer.centered = varies;
    optimizer.dampening = varies ? 0.75 : 0;
    return optimizer;
}

#endif /* OPTIMIZER_RULES_H */
