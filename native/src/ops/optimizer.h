/* SPDX-License-Identifier: MIT
 *
 * Optimizers: their coefficients for a step. The updates themselves are kernels. */
#ifndef NMLP_OPTIMIZER_H
#define NMLP_OPTIMIZER_H

#include "isa/kernels.h"
#include "nmlp.h"

int nmlp_optimizer_known(int32_t kind);

/* Whether the kind counts powers of its betas. */
int nmlp_optimizer_is_adam(int32_t kind);

/* Whether x is 0, or from 0 to 1e38 and as a float neither 0 nor denormal. */
int nmlp_optimizer_usable(double x);

/* The rule that a valid optimizer asks for: its kind, or a variant of that. It numbers the kernels
 * for updates. */
int32_t nmlp_optimizer_rule(const nmlp_optimizer *optimizer);

/* Whether a rule keeps this moment: NMLP_TENSOR_FIRST_MOMENT to NMLP_TENSOR_THIRD_MOMENT. */
int nmlp_optimizer_keeps(int32_t rule, int32_t moment);

/* Whether every member that the kind uses is in its range. */
int nmlp_optimizer_valid(const nmlp_optimizer *optimizer);

/* The defaults of a known kind; struct_size is 0. */
nmlp_optimizer nmlp_optimizer_usual(int32_t kind);

/* Coefficients of the t-th step, t > 1, for weights; beta*_power = beta^t. */
nmlp_update nmlp_optimizer_coefficients(const nmlp_optimizer *optimizer, double beta1_power,
                                        double beta2_power);

/* The same for the first step, in which momentum is not dampened and AdaGrad's sums begin. */
nmlp_update nmlp_optimizer_of_first_step(const nmlp_optimizer *optimizer, nmlp_update update);

/* The same for biases, gammas and betas, which are not penalised and decay only on request. */
nmlp_update nmlp_optimizer_of_biases(nmlp_update update);

/* Bounds of the magnitudes of parameters and moments, without rounding. A second moment is never
 * below 0. INFINITY where nothing is known. */
typedef struct nmlp_bounds {
    double parameter, first, second, third;
} nmlp_bounds;

/* The bounds after an update by this rule and by gradients of at most this magnitude, l2's part
 * included. */
nmlp_bounds nmlp_optimizer_bounds(int32_t rule, const nmlp_update *update, double gradient,
                                  nmlp_bounds before);

#endif /* NMLP_OPTIMIZER_H */
