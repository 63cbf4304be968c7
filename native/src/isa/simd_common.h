/* SPDX-License-Identifier: MIT
 *
 * Compiler features that all simd_<name>.h files use. */
#ifndef NMLP_SIMD_COMMON_H
#define NMLP_SIMD_COMMON_H

#include <math.h> /* INFINITY; sqrtf, which is the correctly rounded instruction */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "platform/compiler.h"

/* Full unrolling and inlining keeps the accumulators of a tile in registers. It brings no gain
 * without vector registers. Under a sanitizer, which checks each access, it would only enlarge the
 * code. */
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
