/* SPDX-License-Identifier: MIT
 *
 * The elementary functions of k_math.inc, which the library does not export, for whole arrays. Like
 * isa/kernels.c, math_probe.c is compiled once per instruction set. */
#ifndef MATH_PROBE_H
#define MATH_PROBE_H

#include <stddef.h>

typedef enum math_function {
    MATH_EXP,
    MATH_LOG,
    MATH_EXPM1,
    MATH_LOG1P,
    MATH_TANH,
    MATH_SIGMOID,
    MATH_SIGMOID_REST,
    MATH_ERF,
    MATH_ERF_REST,
    MATH_SINPI,
    MATH_COSPI
} math_function;

typedef void math_probe(math_function function, size_t count, const float *x, float *y);

#define ISA(value, name, has) math_probe math_probe_##name;
#include "isa/isas.def"
#undef ISA

#endif /* MATH_PROBE_H */
