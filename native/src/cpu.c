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

/* Indexed by nmlp_isa, the better ones later. */
static const isa_entry isa_table[] = {
    [NMLP_ISA_SCALAR] = {"scalar", &nmlp_kernels_scalar},
#if defined(NMLP_HAVE_AVX2)
    [NMLP_ISA_AVX2] = {"avx2", &nmlp_kernels_avx2},
#else
    [NMLP_ISA_AVX2] = {"avx2", NULL},
#endif
#if defined(NMLP_HAVE_AVX512)
    [NMLP_ISA_AVX512] = {"avx512", &nmlp_kernels_avx512},
#else
    [NMLP_ISA_AVX512] = {"avx512", NULL},
#endif
};

enum { ISA_COUNT = sizeof isa_table / sizeof isa_table[0] };

static int cpu_has(int32_t isa)
{
    switch (isa) {
    case NMLP_ISA_SCALAR:
        return 1;
#if defined(NMLP_HAVE_AVX2)
    case NMLP_ISA_AVX2:
        return cpu_has_all(CPU_AVX2 | CPU_FMA);
#endif
#if defined(NMLP_HAVE_AVX512)
    case NMLP_ISA_AVX512: /* its unit is compiled with AVX2 and FMA, too */
        return cpu_has_all(CPU_AVX512F | CPU_AVX2 | CPU_FMA);
#endif
    default:
        return 0;
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

#if defined(__x86_64__) || defined(_M_X64)

enum { MXCSR_DEFAULT = 0x1f80 };

uint32_t nmlp_cpu_enter_default_modes(void)
{
    const uint32_t saved = _mm_getcsr();
    if (saved != MXCSR_DEFAULT) _mm_setcsr(MXCSR_DEFAULT);
    return saved;
}

/* The sticky exception flags that the work raised stay out of the caller's sight. */
void nmlp_cpu_leave_default_modes(uint32_t saved) { _mm_setcsr(saved); }

#else
#error "this processor's floating point modes are not known here"
#endif
