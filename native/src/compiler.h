/* SPDX-License-Identifier: MIT
 *
 * What C11 has no words for, in those of each compiler: gcc and clang, clang-cl (which is clang
 * without __GNUC__), and MSVC's own cl. Everything else here is plain C11. */
#ifndef NMLP_COMPILER_H
#define NMLP_COMPILER_H

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED
#endif

#if defined(__GNUC__) || defined(__clang__)
#define UNUSED __attribute__((unused))
#define ALWAYS_INLINE inline __attribute__((always_inline))
#define NEVER_INLINE __attribute__((noinline))
#define COLD __attribute__((cold))
#define PREFETCH_L1(p) __builtin_prefetch((p), 0, 3)
#define PREFETCH_L2(p) __builtin_prefetch((p), 0, 2)
#else
#include <intrin.h>
#define UNUSED
#define ALWAYS_INLINE __forceinline
#define NEVER_INLINE __declspec(noinline)
#define COLD
#if defined(_M_X64)
#define PREFETCH_L1(p) _mm_prefetch((const char *)(p), _MM_HINT_T0)
#define PREFETCH_L2(p) _mm_prefetch((const char *)(p), _MM_HINT_T1)
#else
#define PREFETCH_L1(p) __prefetch(p)
#define PREFETCH_L2(p) __prefetch(p)
#endif
#endif

/* Before a loop of constant length. cl has no such wish: right there, but slower. */
#if defined(__clang__)
#define FULL_UNROLL _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__)
#define FULL_UNROLL _Pragma("GCC unroll 16")
#else
#define FULL_UNROLL
#endif

#endif /* NMLP_COMPILER_H */
