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

#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline, unused))
#elif defined(__GNUC__)
/* Full unrolling is what turns a tile's array of accumulators into registers. */
#define UNROLL _Pragma("GCC unroll 16")
#define INLINE static inline __attribute__((always_inline, unused))
#else
#define UNROLL
#define INLINE static inline
#endif

#define LANES 16

#endif /* NMLP_SIMD_COMMON_H */
