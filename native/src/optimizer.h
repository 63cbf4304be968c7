/* SPDX-License-Identifier: MIT
 *
 * Optimizers: their coefficients for a step. The updates themselves are kernels. */
#ifndef NMLP_OPTIMIZER_H
#define NMLP_OPTIMIZER_H

#include "isa/kernels.h"
#include "nmlp.h"

/* Moments that a kind keeps: 0, 1 or 2; -1 for an unknown kind. */
int nmlp_optimizer_moments(int32_t kind);

/* Whether every member that the kind uses is in its range. */
int nmlp_optimizer_valid(const nmlp_optimizer *optimizer);

/* Coefficients of the t-th step, for weights; beta*_power = beta^t. */
nmlp_update nmlp_optimizer_coefficients(const nmlp_optimizer *optimizer, double beta1_power,
                                        double beta2_power);

#endif /* NMLP_OPTIMIZER_H */
