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

/* Peak of fused multiply-adds, independent chains in registers, on every thread asked
 * for: the sum over the threads, in floating point operations per second. */
double bench_fma_peak(int threads);

/* Whether the cores run at full speed just now: a neighbour on a shared machine can take
 * half of one away unseen. */
int bench_undisturbed(int threads, double peak);

/* Median time of one call in seconds. A sample is as many calls as take half a
 * millisecond; it counts if the cores were undisturbed just before and just after. Where
 * that hardly ever happens every sample counts, and *disturbed says so. */
static inline double median_time(void (*function)(void *), void *context, int threads, double peak,
                                 int *disturbed)
{
    double sample[SAMPLES];
    size_t calls = 1, kept = 0;
    for (;;) {
        const double start = seconds();
        for (size_t i = 0; i < calls; i++) function(context);
        if (seconds() - start > 5e-4) break;
        calls *= 2;
    }
    const double begin = seconds();
    *disturbed = 0;
    while (kept < SAMPLES) {
        if (seconds() - begin > 5) *disturbed = 1;
        const int before = *disturbed || bench_undisturbed(threads, peak);
        const double start = seconds();
        for (size_t i = 0; i < calls; i++) function(context);
        const double time = (seconds() - start) / (double)calls;
        if (before && (*disturbed || bench_undisturbed(threads, peak))) sample[kept++] = time;
    }
    qsort(sample, kept, sizeof sample[0], compare_doubles);
    return sample[kept / 2];
}

#endif /* NMLP_BENCH_SUPPORT_H */
