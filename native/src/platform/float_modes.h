/* SPDX-License-Identifier: MIT
 *
 * The floating-point modes of the calling thread. */
#ifndef NMLP_FLOAT_MODES_H
#define NMLP_FLOAT_MODES_H

#include <stdbool.h>
#include <stdint.h>

/* Saves the caller's modes and sets the defaults: round to nearest, denormals kept, exceptions
 * masked. */
uint64_t nmlp_float_modes_enter(void);

/* Whether an operation since nmlp_float_modes_enter() had a denormal operand. Always false on
 * AArch64. */
bool nmlp_float_modes_met_denormals(void);

/* Measures whether this processor is slow with denormal operands, in some microseconds. */
bool nmlp_float_modes_slow_denormals(void);

/* Restores the modes that nmlp_float_modes_enter() has saved. */
void nmlp_float_modes_leave(uint64_t saved);

#endif /* NMLP_FLOAT_MODES_H */
