/* SPDX-License-Identifier: MIT
 *
 * The arithmetic limit of this machine, measured, and what its threads pay to meet. */
#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "bench_loops.h"

#include <stdatomic.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define SPIN() _mm_pause()
#else
#define SPIN() ((void)0)
#endif

/* Long enough that all cores are undisturbed together once. */
static const double PEAK_SECONDS = 0.3;

enum { ROUNDS = 20000, PROBE_ROUNDS = 2000, SAMPLES = 41, BARRIERS = 2000 };

static double chains_speed(const bench_loops *loops, int rounds)
{
    volatile float sink = 0;
    const double start = bench_seconds();
    sink = loops->chains(rounds);
    const double time = bench_seconds() - start;
    (void)sink;
    return 2.0 * (double)(loops->lanes * BENCH_CHAINS) * rounds / time;
}

static double best_speed(const bench_loops *loops)
{
    double best = 0;
    for (int sample = 0; sample < 9; sample++) {
        const double now = chains_speed(loops, ROUNDS);
        if (now > best) best = now;
    }
    return best;
}

/* The widest vectors are not always the fastest: some processors slow down for them. */
const bench_loops *bench_fastest_loops(void)
{
    static const bench_loops *fastest;
    if (fastest != NULL) return fastest;
    fastest = &bench_loops_plain;
#if defined(BENCH_HAVE_AVX)
    if (nmlp_isa_available(NMLP_ISA_AVX2)) fastest = &bench_loops_avx2;
    if (nmlp_isa_available(NMLP_ISA_AVX512) &&
        best_speed(&bench_loops_avx512) > 0.98 * best_speed(fastest))
        fastest = &bench_loops_avx512;
#else
    (void)best_speed;
#endif
    return fastest;
}

/* The sum of the threads' speeds, or `threads` times the slowest. */
static double speed(int threads, int rounds, int slowest)
{
    const bench_loops *loops = bench_fastest_loops();
    double sum = 0, least = 1e300;
#if defined(_OPENMP)
#pragma omp parallel num_threads(threads) reduction(+ : sum) reduction(min : least)
#endif
    {
        const double own = chains_speed(loops, rounds);
        sum += own;
        least = own;
    }
    return slowest ? least * threads : sum;
}

double bench_fma_peak(int threads)
{
    double best = 0;
    const double begin = bench_seconds();
    do {
        const double now = speed(threads, ROUNDS, 0);
        if (now > best) best = now;
    } while (bench_seconds() - begin < PEAK_SECONDS);
    return best;
}

int bench_undisturbed(int threads, double peak)
{
    return speed(threads, PROBE_ROUNDS, 1) > 0.93 * peak;
}

/* ------------------------------------------------------------------- barrier */

#if defined(_OPENMP)

typedef struct meeting {
    _Alignas(64) atomic_int arrived;
    _Alignas(64) atomic_int phase;
} meeting;

static void meet(meeting *m, int threads)
{
    const int phase = atomic_load_explicit(&m->phase, memory_order_relaxed);
    if (atomic_fetch_add_explicit(&m->arrived, 1, memory_order_acq_rel) + 1 == threads) {
        atomic_store_explicit(&m->arrived, 0, memory_order_relaxed);
        atomic_store_explicit(&m->phase, phase + 1, memory_order_release);
        return;
    }
    while (atomic_load_explicit(&m->phase, memory_order_acquire) == phase) SPIN();
}

double bench_barrier(int threads)
{
    if (threads < 2) return 0;
    double sample[SAMPLES];
    static meeting place;
    for (int s = 0; s < SAMPLES; s++) {
        double time = 0;
#pragma omp parallel num_threads(threads) reduction(max : time)
        {
            meet(&place, threads);
            const double start = bench_seconds();
            for (int i = 0; i < BARRIERS; i++) meet(&place, threads);
            time = bench_seconds() - start;
        }
        sample[s] = time / BARRIERS;
    }
    return bench_median(sample, SAMPLES);
}

#else
double bench_barrier(int threads)
{
    (void)threads;
    return 0;
}
#endif
