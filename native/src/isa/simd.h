/* SPDX-License-Identifier: MIT
 *
 * The vector vocabulary of the instruction set that a unit is compiled for: NMLP_ISA_UNIT is its
 * name in isas.def. */
#ifndef NMLP_SIMD_UNIT_H
#define NMLP_SIMD_UNIT_H

#define NMLP_TEXT(x) #x
#define NMLP_HEADER_OF(isa) NMLP_TEXT(simd_##isa.h)
#define NMLP_HEADER(isa) NMLP_HEADER_OF(isa)
#include NMLP_HEADER(NMLP_ISA_UNIT)

/* prefix_<isa>: the one name that a unit exports. */
#define NMLP_JOIN(prefix, isa) prefix##_##isa
#define NMLP_UNIT_NAME_OF(prefix, isa) NMLP_JOIN(prefix, isa)
#define NMLP_UNIT_NAME(prefix) NMLP_UNIT_NAME_OF(prefix, NMLP_ISA_UNIT)

#endif /* NMLP_SIMD_UNIT_H */
