/* SPDX-License-Identifier: MIT
 *
 * Computes the coefficients of optimizers for a step. Kernels perform the updates. */
#ifndef NMLP_OPTIMIZER_H
#define NMLP_OPTIMIZER_H

#include "isa/kernels.h"
#include "nmlp.h"

int nmlp_optimizer_known(int32_t kind);

/* Whether the kind counts powers of its betas. */
int nmlp_optimizer_is_adam(int32_t kind);

/* Whether x is 0, or is between 0 and 1e38 and becomes neither 0 nor denormal as a float. */
int nmlp_optimizer_usable(double x);

/* Returns the rule of a valid optimizer: its kind, or a variant of the kind. The rule is the index
 * of the update kernel. */
int32_t nmlp_optimizer_rule(const nmlp_optimizer *optimizer);

/* Whether a rule keeps this moment, NMLP_TENSOR_FIRST_MOMENT to NMLP_TENSOR_THIRD_MOMENT. */
int nmlp_optimizer_keeps(int32_t rule, int32_t moment);

/* Whether every member that the kind uses is in its range. */
int nmlp_optimizer_valid(const nmlp_optimizer *optimizer);

/* Returns the defaults of a known kind. struct_size is 0. */
nmlp_optimizer nmlp_optimizer_usual(int32_t kind);

/* Returns the coefficients of step t, t > 1, for weights. beta*_power is beta^t. */
nmlp_update nmlp_optimizer_coefficients(const nmlp_optimizer *optimizer, double beta1_power,
                                        double beta2_power);

/* Returns these coefficients for the first step, in which momentum is not dampened and the sums of
 * AdaGrad begin. */
nmlp_update nmlp_optimizer_of_first_step(const nmlp_optimizer *optimizer, nmlp_update update);

/* Returns these coefficients for biases, gammas and betas, which have no penalty and decay only on
 * request. */
nmlp_update nmlp_optimizer_of_biases(nmlp_update update);

/* Bounds of the magnitudes of parameters and moments, without rounding. A second moment is never
 * below 0. INFINITY if nothing is known. */
typedef struct nmlp_bounds {
    double parameter, first, second, third;
} nmlp_bounds;

/* Returns the bounds after an update with this rule and with gradients of at most this magnitude,
 * including the part of l2. */
nmlp_bounds nmlp_optimizer_bounds(int32_t rule, const nmlp_update *update, double gradient,
                                  nmlp_bounds before);

#endif /* NMLP_OPTIMIZER_H */
