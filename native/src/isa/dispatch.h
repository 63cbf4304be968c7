/* SPDX-License-Identifier: MIT
 *
 * Chooses the kernel table that the library uses. */
#ifndef NMLP_DISPATCH_H
#define NMLP_DISPATCH_H

#include "isa/kernels.h"

/* Returns the table in use, which the first call chooses. Returns NULL if the choice failed. */
const nmlp_kernels *nmlp_kernels_get(void);

/* Returns the nmlp_isa in use, or the error status if the choice failed. */
int32_t nmlp_dispatch_choice(void);

/* Returns the table of an nmlp_isa, or NULL if this build or this processor does not support it. */
const nmlp_kernels *nmlp_dispatch_table(int32_t isa);

/* Returns NULL for an unknown value. */
const char *nmlp_dispatch_isa_name(int32_t isa);

#endif /* NMLP_DISPATCH_H */
