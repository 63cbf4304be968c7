/* SPDX-License-Identifier: MIT */
#include "bench_measure.h"

static double time_calls(void (*function)(void *), void *context, size_t calls)
{
    const double start = bench_seconds();
    for (size_t i = 0; i < calls; i++) function(context);
    return bench_seconds() - start;
}

static size_t calls_per_sample(void (*function)(void *), void *context)
{
    size_t calls = 1;
    while (time_calls(function, context, calls) < 5e-4) calls *= 2;
    return calls;
}

bench_time bench_measure(void (*function)(void *), void *context, const bench_sampling *how)
{
    double sample[BENCH_MAX_SAMPLES];
    const double patience = bench_patience(how->patience), begin = bench_seconds();
    const size_t calls = calls_per_sample(function, context);
    int impatient = bench_seconds() - begin > patience;
    const size_t least = impatient ? 1 : 3; /* a single call exceeds the patience */
    size_t kept = 0, disturbed = 0;
    while (kept < how->samples && !(impatient && kept >= least)) {
        const int before = bench_undisturbed(how->threads, how->peak);
        if (calls > 1) function(context); /* wakes the workers */
        const double time = time_calls(function, context, calls) / (double)calls;
        const int quiet = before && bench_undisturbed(how->threads, how->peak);
        if (quiet || impatient) sample[kept++] = time;
        if (!quiet && impatient) disturbed++;
        impatient = bench_seconds() - begin > patience;
    }
    return (bench_time){bench_median(sample, kept), 2 * disturbed > kept};
}
