/* SPDX-License-Identifier: MIT
 *
 * Which of the kernel tables is in use. */
#ifndef NMLP_DISPATCH_H
#define NMLP_DISPATCH_H

#include "isa/kernels.h"

/* The table in use, chosen at the first call. NULL where that failed. */
const nmlp_kernels *nmlp_kernels_get(void);

/* The nmlp_isa in use, or the status of a choice that failed. */
int32_t nmlp_dispatch_choice(void);

/* The table of an nmlp_isa, NULL where this build or this processor lacks it. */
const nmlp_kernels *nmlp_dispatch_table(int32_t isa);

/* NULL for an unknown value. */
const char *nmlp_dispatch_isa_name(int32_t isa);

#endif /* NMLP_DISPATCH_H */
