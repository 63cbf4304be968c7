/* SPDX-License-Identifier: MIT
 *
 * Optimizers: their coefficients for a step. The updates themselves are kernels. */
#ifndef NMLP_OPTIMIZER_H
#define NMLP_OPTIMIZER_H

#include "isa/kernels.h"
#include "nmlp.h"

int nmlp_optimizer_known(int32_t kind);

/* Whether a known kind keeps this moment: NMLP_TENSOR_FIRST_MOMENT or _SECOND_MOMENT. */
int nmlp_optimizer_keeps(int32_t kind, int32_t moment);

/* Whether the kind counts powers of its betas. */
int nmlp_optimizer_is_adam(int32_t kind);

/* Whether x is 0, or from 0 to 1e38 and as a float neither 0 nor denormal. */
int nmlp_optimizer_usable(double x);

/* Whether every member that the kind uses is in its range. */
int nmlp_optimizer_valid(const nmlp_optimizer *optimizer);

/* The defaults of a known kind; struct_size is 0. */
nmlp_optimizer nmlp_optimizer_usual(int32_t kind);

/* Coefficients of the t-th step, for weights; beta*_power = beta^t. */
nmlp_update nmlp_optimizer_coefficients(const nmlp_optimizer *optimizer, double beta1_power,
                                        double beta2_power);

/* The same for biases, gammas and betas, which are not penalised and decay only on request. */
nmlp_update nmlp_optimizer_of_biases(nmlp_update update);

/* Bounds of the magnitudes of parameters, first and second moments, without rounding. A second
 * moment is never below 0. INFINITY where nothing is known. */
typedef struct nmlp_bounds {
    double parameter, first, second;
} nmlp_bounds;

/* The bounds after an update of this kind by gradients of at most this magnitude, l2's part
 * included. */
nmlp_bounds nmlp_optimizer_bounds(int32_t kind, const nmlp_update *update, double gradient,
                                  nmlp_bounds before);

#endif /* NMLP_OPTIMIZER_H */
