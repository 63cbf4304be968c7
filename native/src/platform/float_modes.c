/* SPDX-License-Identifier: MIT */
#include "platform/float_modes.h"

#include "platform/clock.h"

#if defined(__x86_64__) || defined(_M_X64)
#include <xmmintrin.h>
#endif

/* The caller also does not see the sticky exception flags that the work has raised. */
#if defined(__x86_64__) || defined(_M_X64)

enum { MXCSR_DEFAULT = 0x1f80, MXCSR_DENORMAL_OPERAND = 0x02 };

uint64_t nmlp_float_modes_enter(void)
{
    const uint32_t saved = _mm_getcsr();
    if (saved != MXCSR_DEFAULT) _mm_setcsr(MXCSR_DEFAULT);
    return saved;
}

bool nmlp_float_modes_met_denormals(void) { return (_mm_getcsr() & MXCSR_DENORMAL_OPERAND) != 0; }

void nmlp_float_modes_leave(uint64_t saved) { _mm_setcsr((uint32_t)saved); }

#elif defined(__aarch64__)

/* FPCR contains the modes, which are 0 by default, and FPSR the flags. Only the lower half of each
 * is used. */
uint64_t nmlp_float_modes_enter(void)
{
    uint64_t modes, flags;
    __asm__ volatile("mrs %0, fpcr" : "=r"(modes));
    __asm__ volatile("mrs %0, fpsr" : "=r"(flags));
    if (modes != 0) __asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)0) : "memory");
    return modes << 32 | flags;
}

bool nmlp_float_modes_met_denormals(void) { return false; }

void nmlp_float_modes_leave(uint64_t saved)
{
    const uint64_t modes = saved >> 32, flags = saved & UINT32_MAX;
    if (modes != 0) __asm__ volatile("msr fpcr, %0" : : "r"(modes) : "memory");
    __asm__ volatile("msr fpsr, %0" : : "r"(flags) : "memory");
}

#else
#error "this processor's floating point modes are not known here"
#endif

/* The shortest of some times, because other programs can interrupt one. */
static double shortest_time(float operand)
{
    enum { TRIES = 5, PRODUCTS = 100 };
    const volatile float x = operand;
    volatile float product;
    double shortest = 1;
    for (int i = 0; i < TRIES; i++) {
        const double begin = nmlp_seconds();
        for (int j = 0; j < PRODUCTS; j++) product = x * 0.75f;
        const double time = nmlp_seconds() - begin;
        if (time < shortest) shortest = time;
    }
    (void)product;
    return shortest;
}

/* Intel processors take some 30 times as long. Five times leaves room for noise on both sides. */
bool nmlp_float_modes_slow_denormals(void)
{
    return shortest_time(0x1p-130f) > 5 * shortest_time(1);
}
