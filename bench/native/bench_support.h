/* SPDX-License-Identifier: MIT
 *
 * Timing: medians of many samples, beside the machine's own limit in the same run. */
#ifndef NMLP_BENCH_SUPPORT_H
#define NMLP_BENCH_SUPPORT_H

#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(_OPENMP)
#include <omp.h>
#endif

#include "nmlp.h"

enum { SAMPLES = 101 };

static inline double seconds(void)
{
    struct timespec t;
    timespec_get(&t, TIME_UTC);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static inline int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median time of one call in seconds; a sample is as many calls as take half a millisecond. */
static inline double median_time(void (*function)(void *), void *context)
{
    double sample[SAMPLES];
    size_t calls = 1;
    for (;;) {
        const double start = seconds();
        for (size_t i = 0; i < calls; i++) function(context);
        if (seconds() - start > 5e-4) break;
        calls *= 2;
    }
    for (size_t s = 0; s < SAMPLES; s++) {
        const double start = seconds();
        for (size_t i = 0; i < calls; i++) function(context);
        sample[s] = (seconds() - start) / (double)calls;
    }
    qsort(sample, SAMPLES, sizeof sample[0], compare_doubles);
    return sample[SAMPLES / 2];
}

/* Peak of fused multiply-adds: independent chains in registers. Runs on every thread
 * asked for; the sum of the threads in floating point operations per second. */
double bench_fma_peak(int threads);

#endif /* NMLP_BENCH_SUPPORT_H */
