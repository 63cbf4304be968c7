/* SPDX-License-Identifier: MIT
 *
 * Which instruction sets this processor has, and the kernel table in use. */
#ifndef NMLP_CPU_H
#define NMLP_CPU_H

#include "isa/kernels.h"

/* The table in use, chosen at the first call. NULL where that failed. */
const nmlp_kernels *nmlp_kernels_get(void);

/* The nmlp_isa in use, or the status of a choice that failed. */
int32_t nmlp_cpu_choice(void);

/* The table of an nmlp_isa, NULL where this build or this processor lacks it. */
const nmlp_kernels *nmlp_cpu_table(int32_t isa);

/* NULL for an unknown value. */
const char *nmlp_cpu_isa_name(int32_t isa);

/* Saves the caller's floating point modes and sets the defaults: round to nearest,
 * denormals kept, exceptions masked. */
uint64_t nmlp_cpu_enter_default_modes(void);
void nmlp_cpu_leave_default_modes(uint64_t saved);

#endif /* NMLP_CPU_H */
