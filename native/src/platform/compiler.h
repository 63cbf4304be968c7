/* SPDX-License-Identifier: MIT
 *
 * Extensions of C11 for each compiler: gcc and clang, clang-cl (clang without __GNUC__), and cl,
 * MSVC's own compiler. All other code of the library is plain C11. */
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

/* For use before a loop: FULL_UNROLL if its length is constant, UNROLL_BY_2 if it is long. cl has
 * no such pragmas: its code is correct, but slower. */
#if defined(__clang__)
#define FULL_UNROLL _Pragma("clang loop unroll(full)")
#define UNROLL_BY_2 _Pragma("clang loop unroll_count(2)")
#elif defined(__GNUC__)
#define FULL_UNROLL _Pragma("GCC unroll 16")
#define UNROLL_BY_2 _Pragma("GCC unroll 2")
#else
#define FULL_UNROLL
#define UNROLL_BY_2
#endif

/* The name and version of the compiler as text. clang also defines the macros of gcc. */
#define QUOTED(text) #text
#define TEXT_OF(macro) QUOTED(macro)
#define VERSION_TEXT(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)
#if defined(__clang__)
#define COMPILER "clang " VERSION_TEXT(__clang_major__, __clang_minor__, __clang_patchlevel__)
#elif defined(__GNUC__)
#define COMPILER "gcc " VERSION_TEXT(__GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__)
#elif defined(_MSC_VER)
#define COMPILER "MSVC " TEXT_OF(_MSC_VER)
#else
#define COMPILER "unknown"
#endif

#endif /* NMLP_COMPILER_H */
