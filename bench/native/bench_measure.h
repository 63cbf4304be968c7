/* SPDX-License-Identifier: MIT
 *
 * The time of a call: the median of many samples. */
#ifndef NMLP_BENCH_MEASURE_H
#define NMLP_BENCH_MEASURE_H

#include "bench_support.h"

enum { BENCH_MAX_SAMPLES = 101 };

typedef struct bench_sampling {
    int threads;
    double peak;     /* bench_fma_peak(threads) */
    size_t samples;  /* requested number, at most BENCH_MAX_SAMPLES */
    double patience; /* seconds after which a few samples are enough, even disturbed ones */
} bench_sampling;

typedef struct bench_time {
    double median; /* seconds of one call */
    int disturbed; /* other programs used the cores during most samples */
} bench_time;

/* A sample is as many calls as take half a millisecond. It counts if the cores were undisturbed
 * immediately before and after it. */
bench_time bench_measure(void (*function)(void *), void *context, const bench_sampling *how);

#endif /* NMLP_BENCH_MEASURE_H */
