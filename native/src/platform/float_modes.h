/* SPDX-License-Identifier: MIT
 *
 * The floating-point modes of the calling thread. */
#ifndef NMLP_FLOAT_MODES_H
#define NMLP_FLOAT_MODES_H

#include <stdint.h>

/* Saves the caller's modes and sets the defaults: round to nearest, denormals kept, exceptions
 * masked. */
uint64_t nmlp_float_modes_enter(void);

/* Restores the modes that nmlp_float_modes_enter() has saved. */
void nmlp_float_modes_leave(uint64_t saved);

#endif /* NMLP_FLOAT_MODES_H */
