/* SPDX-License-Identifier: MIT
 *
 * The loops that measure the limits of the machine, once for each width of vectors. */
#ifndef NMLP_BENCH_LOOPS_H
#define NMLP_BENCH_LOOPS_H

#include "bench_support.h"

enum { BENCH_CHAINS = 10 };

/* One pass over arrays of this many floats, a multiple of BENCH_PASS_UNIT. The return value
 * prevents the compiler from removing the work. */
typedef float bench_pass(float *a, float *b, const float *c, size_t floats);

enum { BENCH_PASS_UNIT = 128 };

typedef struct bench_loops {
    size_t lanes;
    float (*chains)(int rounds); /* 2 * lanes * BENCH_CHAINS operations per round */
    bench_pass *passes[BENCH_PATTERN_COUNT];
} bench_loops;

extern const bench_loops bench_loops_plain, bench_loops_avx2, bench_loops_avx512;

/* Returns the fastest loops for this machine. The first call must not be made by several threads at
 * the same time. */
const bench_loops *bench_fastest_loops(void);

#endif /* NMLP_BENCH_LOOPS_H */
