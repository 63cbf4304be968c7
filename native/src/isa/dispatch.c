/* SPDX-License-Identifier: MIT */
#include "isa/dispatch.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "nmlp.h"

#if defined(__x86_64__) || defined(_M_X64)
#include "platform/cpu_x86.h"
#endif

typedef struct isa_entry {
    const char *name;
    const nmlp_kernels *kernels; /* NULL if this build does not contain them */
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

const nmlp_kernels *nmlp_dispatch_table(int32_t isa)
{
    if (isa < 0 || isa >= ISA_COUNT || !cpu_has(isa)) return NULL;
    return isa_table[isa].kernels;
}

const char *nmlp_dispatch_isa_name(int32_t isa)
{
    return isa < 0 || isa >= ISA_COUNT ? NULL : isa_table[isa].name;
}

static int32_t choose(void)
{
    const char *wanted = getenv("NMLP_ISA");
    if (wanted == NULL || wanted[0] == '\0') {
        int32_t isa = ISA_COUNT - 1;
        while (nmlp_dispatch_table(isa) == NULL) isa--;
        return isa;
    }
    for (int32_t isa = 0; isa < ISA_COUNT; isa++)
        if (strcmp(wanted, isa_table[isa].name) == 0)
            return nmlp_dispatch_table(isa) != NULL ? isa : NMLP_ERROR_UNSUPPORTED_ISA;
    return NMLP_ERROR_UNSUPPORTED_ISA;
}

int32_t nmlp_dispatch_choice(void)
{
    /* 1 + the choice, or 0 before the first choice. The first choice of any thread is kept. */
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
    const int32_t choice = nmlp_dispatch_choice();
    return choice < 0 ? NULL : isa_table[choice].kernels;
}
