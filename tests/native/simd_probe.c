/* SPDX-License-Identifier: MIT */
#include "simd_probe.h"

#include "isa/kernels.h"

#include "isa/simd.h"

void NMLP_UNIT_NAME(simd_probe)(simd_operation operation, const float *x, size_t n, float *out)
{
    const vf a = vf_load(x), b = vf_load(x + LANES), c = vf_load(x + 2 * LANES);
    switch (operation) {
#define SIMD_OPERATION(name, arithmetic, ...) \
    case SIMD_##name: {                       \
        __VA_ARGS__;                          \
        break;                                \
    }
        SIMD_OPERATIONS
#undef SIMD_OPERATION
    case SIMD_COUNT:
        break;
    }
}
