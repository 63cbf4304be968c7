/* SPDX-License-Identifier: MIT
 *
 * The arithmetic limit of this machine, measured: 24 independent chains of 16 lanes.
 * Compiled for AVX2, which every machine worth measuring has; on current processors
 * AVX-512 has the same peak or twice it, and the table says which ISA ran. */
#include "bench_support.h"

#if defined(__AVX512F__) || defined(__AVX2__)
#include <immintrin.h>
#endif

enum { CHAINS = 10, ROUNDS = 20000, PROBE_ROUNDS = 2000 };

static float run_chains(int rounds)
{
#if defined(__AVX2__) && defined(__FMA__)
    __m256 chain[CHAINS];
    const __m256 a = _mm256_set1_ps(0.999999f), b = _mm256_set1_ps(1e-6f);
    for (int i = 0; i < CHAINS; i++) chain[i] = _mm256_set1_ps((float)i);
    for (int r = 0; r < rounds; r++)
        _Pragma("GCC unroll 10") for (int i = 0; i < CHAINS; i++) chain[i] =
            _mm256_fmadd_ps(chain[i], a, b);
    for (int i = 1; i < CHAINS; i++) chain[0] = _mm256_add_ps(chain[0], chain[i]);
    return _mm256_cvtss_f32(chain[0]);
#else
    return 0;
#endif
}

/* The sum of the threads' speeds, or `threads` times the slowest. */
static double speed(int threads, int rounds, int slowest)
{
    double sum = 0, least = 1e300;
    volatile float sink = 0;
#if defined(_OPENMP)
#pragma omp parallel num_threads(threads) reduction(+ : sum) reduction(min : least)
#endif
    {
        const double start = seconds();
        sink = run_chains(rounds);
        const double own = 2.0 * 8 * CHAINS * rounds / (seconds() - start);
        sum += own;
        least = own;
    }
    (void)sink;
    return slowest ? least * threads : sum;
}

double bench_fma_peak(int threads)
{
    double best = 0;
    for (int sample = 0; sample < 41; sample++) {
        const double now = speed(threads, ROUNDS, 0);
        if (now > best) best = now;
    }
    return best;
}

int bench_undisturbed(int threads, double peak)
{
    return speed(threads, PROBE_ROUNDS, 1) > 0.93 * peak;
}
