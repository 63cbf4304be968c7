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

/* Full unrolling and inlining is what turns a tile's array of accumulators into registers.
 * Without vector registers there is nothing to gain, and under a sanitizer, which checks
 * each access, there is only code to lose. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED
#endif

#if defined(SANITIZED)
#define UNROLL
#define INLINE static __attribute__((noinline, unused))
#elif defined(NO_VECTOR_REGISTERS)
#define UNROLL
#define INLINE static inline __attribute__((unused))
#elif defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE static inline __attribute__((always_inline, unused))
#else
#define UNROLL _Pragma("GCC unroll 16")
#define INLINE static inline __attribute__((always_inline, unused))
#endif
#define RARE static __attribute__((noinline, cold, unused))

#define PREFETCH_L1(p) __builtin_prefetch((p), 0, 3)
#define PREFETCH_L2(p) __builtin_prefetch((p), 0, 2)

#define LANES 16

/* Heights of tiles, for TILE_SHAPES. */
#define HEIGHTS_6(X, v, half) \
    X(1, v, half) X(2, v, half) X(3, v, half) X(4, v, half) X(5, v, half) X(6, v, half)
#define HEIGHTS_7_TO_12(X, v, half) \
    X(7, v, half) X(8, v, half) X(9, v, half) X(10, v, half) X(11, v, half) X(12, v, half)

#endif /* NMLP_SIMD_COMMON_H */
