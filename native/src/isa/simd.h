/* SPDX-License-Identifier: MIT
 *
 * The vector operations of the instruction set for which a unit is compiled. NMLP_ISA_UNIT is its
 * name in isas.def. */
#ifndef NMLP_SIMD_UNIT_H
#define NMLP_SIMD_UNIT_H

#define NMLP_TEXT(x) #x
#define NMLP_HEADER_OF(isa) NMLP_TEXT(simd_##isa.h)
#define NMLP_HEADER(isa) NMLP_HEADER_OF(isa)
#include NMLP_HEADER(NMLP_ISA_UNIT)

#if !defined(HAS_FIND_NONZERO)
/* Writes first + i for each lane i that is not 0, without gaps, and returns their number. `at` has
 * room for 16. */
INLINE size_t vf_find_nonzero(vf v, int32_t first, int32_t *at)
{
    float lanes[LANES];
    size_t found = 0;
    vf_store(lanes, v);
    for (size_t i = 0; i < LANES; i++) { /* no branch, because it would be unpredictable */
        at[found] = first + (int32_t)i;
        found += lanes[i] != 0;
    }
    return found;
}
#endif

#if !defined(HAS_SLOW_DENORMALS)
/* Whether a lane is denormal, on instruction sets whose processors can be slow then; otherwise
 * false. */
INLINE bool vf_any_denormal(vf v)
{
    (void)v;
    return false;
}
#endif

/* prefix_<isa>, the only name that a unit exports. */
#define NMLP_JOIN(prefix, isa) prefix##_##isa
#define NMLP_UNIT_NAME_OF(prefix, isa) NMLP_JOIN(prefix, isa)
#define NMLP_UNIT_NAME(prefix) NMLP_UNIT_NAME_OF(prefix, NMLP_ISA_UNIT)

#endif /* NMLP_SIMD_UNIT_H */
