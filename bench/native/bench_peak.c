/* SPDX-License-Identifier: MIT
 *
 * Measures the arithmetic limit of this machine and the cost of a barrier between its threads. */
#include "bench_loops.h"

/* Long enough that all cores are undisturbed at the same time once. */
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

typedef struct chains {
    const bench_loops *loops;
    int rounds;
    double *speed; /* the speed of each worker */
} chains;

static void run_chains(void *context, int worker, bench_meeting *meeting)
{
    const chains *c = context;
    (void)meeting;
    c->speed[worker] = chains_speed(c->loops, c->rounds);
}

/* Returns the sum of the speeds of the threads, or `threads` times the slowest. */
static double speed(int threads, int rounds, int slowest)
{
    double own[BENCH_MAX_TEAM], sum = 0, least = 1e300;
    chains c = {bench_fastest_loops(), rounds, own};
    bench_run_team(threads, run_chains, &c);
    for (int i = 0; i < threads; i++) {
        sum += own[i];
        if (own[i] < least) least = own[i];
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

static void run_barriers(void *context, int worker, bench_meeting *meeting)
{
    double *time = context;
    const double start = bench_seconds();
    for (int i = 0; i < BARRIERS; i++) bench_meet(meeting);
    if (worker == 0) *time = bench_seconds() - start;
}

double bench_barrier(int threads)
{
    if (threads < 2) return 0;
    double sample[SAMPLES];
    for (int s = 0; s < SAMPLES; s++) {
        double time;
        bench_run_team(threads, run_barriers, &time);
        sample[s] = time / BARRIERS;
    }
    return bench_median(sample, SAMPLES);
}
