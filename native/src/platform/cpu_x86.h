/* SPDX-License-Identifier: MIT
 *
 * The features of an x86-64 processor whose registers the operating system saves. This file queries
 * the processor itself, because each compiler has a different function for it, and that of clang-cl
 * is in a library that it does not link. */
#ifndef NMLP_CPU_X86_H
#define NMLP_CPU_X86_H

#include <stdint.h>

#if defined(_MSC_VER)
#include <intrin.h>
#else
#include <cpuid.h>
#endif

enum { CPU_FMA = 1, CPU_AVX2 = 2, CPU_AVX512F = 4 };

typedef struct cpuid_words {
    uint32_t a, b, c, d;
} cpuid_words;

/* Returns zeros for a leaf that this processor does not support. */
static inline cpuid_words cpuid_leaf(uint32_t leaf)
{
    cpuid_words w = {0};
#if defined(_MSC_VER)
    int32_t words[4];
    __cpuid(words, 0);
    if ((uint32_t)words[0] < leaf) return w;
    __cpuidex(words, (int)leaf, 0);
    w = (cpuid_words){(uint32_t)words[0], (uint32_t)words[1], (uint32_t)words[2],
                      (uint32_t)words[3]};
#else
    (void)__get_cpuid_count(leaf, 0, &w.a, &w.b, &w.c, &w.d);
#endif
    return w;
}

/* Returns the registers that the operating system saves, from the low half of XCR0. */
static inline uint32_t saved_registers(void)
{
#if defined(_MSC_VER)
    return (uint32_t)_xgetbv(0);
#else
    uint32_t low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
#endif
}

static inline uint32_t cpu_features(void)
{
    enum { FMA = 1u << 12, OSXSAVE = 1u << 27, AVX2 = 1u << 5, AVX512F = 1u << 16 };
#if defined(__APPLE__) /* enables the registers of AVX-512 for a thread at their first use */
    enum { YMM = 0x06, ZMM = YMM };
#else
    enum { YMM = 0x06, ZMM = 0xe6 };
#endif
    const uint32_t basic = cpuid_leaf(1).c, extended = cpuid_leaf(7).b;
    if ((basic & OSXSAVE) == 0) return 0;
    const uint32_t saved = saved_registers();
    uint32_t features = 0;
    if ((saved & YMM) == YMM && (basic & FMA) != 0) features |= CPU_FMA;
    if ((saved & YMM) == YMM && (extended & AVX2) != 0) features |= CPU_AVX2;
    if ((saved & ZMM) == ZMM && (extended & AVX512F) != 0) features |= CPU_AVX512F;
#if defined(NMLP_EMULATE_AVX512) /* in a build for tests, the unit needs only AVX2 */
    if ((features & CPU_AVX2) != 0) features |= CPU_AVX512F;
#endif
    return features;
}

static inline int cpu_has_all(uint32_t features) { return (cpu_features() & features) == features; }

#endif /* NMLP_CPU_X86_H */
