/* SPDX-License-Identifier: MIT */
#include "math_probe.h"

#include "isa/kernels.h"

#include "isa/simd.h"

#include "isa/k_math.inc"

static vf value_of(math_function function, vf x)
{
    vf first, second;
    switch (function) {
    case MATH_EXP:
        return vf_exp(x);
    case MATH_LOG:
        return vf_log(x);
    case MATH_EXPM1:
        return vf_expm1(x);
    case MATH_LOG1P:
        return vf_log1p(x);
    case MATH_TANH:
        return vf_tanh(x);
    case MATH_SIGMOID:
        return vf_sigmoid(x);
    case MATH_SIGMOID_REST:
        (void)vf_sigmoids(x, &second);
        return second;
    case MATH_ERF:
        return vf_erf(x, &second);
    case MATH_ERF_REST:
        (void)vf_erf(x, &second);
        return second;
    default:
        vf_sincospi(x, &first, &second);
        return function == MATH_SINPI ? first : second;
    }
}

void NMLP_UNIT_NAME(math_probe)(math_function function, size_t count, const float *x, float *y)
{
    (void)k_sincospi; /* a function above replaces it */
    for (size_t i = 0; i < count; i += LANES) {
        const size_t n = count - i;
        vf_store_n(y + i, value_of(function, vf_load_n(x + i, n, 1.0f)), n);
    }
}
