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

/* Whether every member that the kind uses is in its range. */
int nmlp_optimizer_valid(const nmlp_optimizer *optimizer);

/* Coefficients of the t-th step, for weights; beta*_power = beta^t. */
nmlp_update nmlp_optimizer_coefficients(const nmlp_optimizer *optimizer, double beta1_power,
                                        double beta2_power);

/* The same for what is neither penalised nor decayed: biases, gains, shifts. */
nmlp_update nmlp_optimizer_of_biases(nmlp_update update);

#endif /* NMLP_OPTIMIZER_H */
