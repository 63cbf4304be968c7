/* SPDX-License-Identifier: MIT */
#include "cpu.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "nmlp.h"

#if defined(__x86_64__) || defined(_M_X64)
#include <xmmintrin.h>

#include "cpu_x86.h"
#endif

typedef struct isa_entry {
    const char *name;
    const nmlp_kernels *kernels; /* NULL: not in this build */
} isa_entry;

/* Indexed by nmlp_isa. */
static const isa_entry isa_table[] = {
#define ISA(value, name, has) [NMLP_ISA_##value] = {#name, &nmlp_kernels_##name},
#define ISA_ELSEWHERE(value, name) [NMLP_ISA_##value] = {#name, NULL},
#include "isa/isas.def"
#undef ISA
};

enum { ISA_COUNT = sizeof isa_table / sizeof isa_table[0] };

static bool cpu_has(int32_t isa)
{
    switch (isa) {
#define ISA(value, name, has) \
    case NMLP_ISA_##value:    \
        return has;
#include "isa/isas.def"
#undef ISA
    default:
        return false;
    }
}

const nmlp_kernels *nmlp_cpu_table(int32_t isa)
{
    if (isa < 0 || isa >= ISA_COUNT || !cpu_has(isa)) return NULL;
    return isa_table[isa].kernels;
}

const char *nmlp_cpu_isa_name(int32_t isa)
{
    return isa < 0 || isa >= ISA_COUNT ? NULL : isa_table[isa].name;
}

static int32_t choose(void)
{
    const char *wanted = getenv("NMLP_ISA");
    if (wanted == NULL || wanted[0] == '\0') {
        int32_t isa = ISA_COUNT - 1;
        while (nmlp_cpu_table(isa) == NULL) isa--;
        return isa;
    }
    for (int32_t isa = 0; isa < ISA_COUNT; isa++)
        if (strcmp(wanted, isa_table[isa].name) == 0)
            return nmlp_cpu_table(isa) != NULL ? isa : NMLP_ERROR_UNSUPPORTED_ISA;
    return NMLP_ERROR_UNSUPPORTED_ISA;
}

int32_t nmlp_cpu_choice(void)
{
    /* 1 + the choice; 0: not chosen yet. The first choice stands, whoever made it. */
    static _Atomic int32_t chosen;
    int32_t value = atomic_load_explicit(&chosen, memory_order_acquire);
    if (value == 0) {
        const int32_t own = 1 + choose();
        value = atomic_compare_exchange_strong(&chosen, &value, own) ? own : value;
    }
    return value - 1;
}

const nmlp_kernels *nmlp_kernels_get(void)
{
    const int32_t choice = nmlp_cpu_choice();
    return choice < 0 ? NULL : isa_table[choice].kernels;
}

/* The sticky exception flags that the work raised stay out of the caller's sight, too. */
#if defined(__x86_64__) || defined(_M_X64)

enum { MXCSR_DEFAULT = 0x1f80 };

uint64_t nmlp_cpu_enter_default_modes(void)
{
    const uint32_t saved = _mm_getcsr();
    if (saved != MXCSR_DEFAULT) _mm_setcsr(MXCSR_DEFAULT);
    return saved;
}

void nmlp_cpu_leave_default_modes(uint64_t saved) { _mm_setcsr((uint32_t)saved); }

#elif defined(__aarch64__)

/* FPCR has the modes, all 0 by default, and FPSR the flags; of each the lower half is in use. */
uint64_t nmlp_cpu_enter_default_modes(void)
{
    uint64_t modes, flags;
    __asm__ volatile("mrs %0, fpcr" : "=r"(modes));
    __asm__ volatile("mrs %0, fpsr" : "=r"(flags));
    if (modes != 0) __asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)0) : "memory");
    return modes << 32 | flags;
}

void nmlp_cpu_leave_default_modes(uint64_t saved)
{
    const uint64_t modes = saved >> 32, flags = saved & UINT32_MAX;
    if (modes != 0) __asm__ volatile("msr fpcr, %0" : : "r"(modes) : "memory");
    __asm__ volatile("msr fpsr, %0" : : "r"(flags) : "memory");
}

#else
#error "this processor's floating point modes are not known here"
#endif
