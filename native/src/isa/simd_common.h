/* SPDX-License-Identifier: MIT
 *
 * What every vector vocabulary needs from the compiler. */
#ifndef NMLP_SIMD_COMMON_H
#define NMLP_SIMD_COMMON_H

#include <math.h> /* INFINITY; sqrtf, which is the correctly rounded instruction */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "platform/compiler.h"

/* Full unrolling and inlining is what turns a tile's array of accumulators into registers.
 * Without vector registers there is nothing to gain, and under a sanitizer, which checks
 * each access, there is only code to lose. */
#if defined(SANITIZED)
#define UNROLL
#define INLINE static NEVER_INLINE UNUSED
#elif defined(NO_VECTOR_REGISTERS)
#define UNROLL
#define INLINE static inline UNUSED
#else
#define UNROLL FULL_UNROLL
#define INLINE static ALWAYS_INLINE UNUSED
#endif
#define RARE static NEVER_INLINE COLD UNUSED

#define LANES 16

/* Heights of tiles, for TILE_SHAPES. */
#define HEIGHTS_6(X, v, half) \
    X(1, v, half) X(2, v, half) X(3, v, half) X(4, v, half) X(5, v, half) X(6, v, half)
#define HEIGHTS_7_TO_12(X, v, half) \
    X(7, v, half) X(8, v, half) X(9, v, half) X(10, v, half) X(11, v, half) X(12, v, half)

#endif /* NMLP_SIMD_COMMON_H */
