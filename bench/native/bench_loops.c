/* SPDX-License-Identifier: MIT
 *
 * One body, compiled for each width of vectors, like the library's kernels. Unlike there, a product
 * and a sum may become one instruction. */
#include "bench_loops.h"

#if defined(__AVX512F__)
enum { BYTES = 64 };
#define LOOPS bench_loops_avx512
#elif defined(__AVX2__)
enum { BYTES = 32 };
#define LOOPS bench_loops_avx2
#else
enum { BYTES = 16 };
#define LOOPS bench_loops_plain
#endif

#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

typedef float vec __attribute__((vector_size(BYTES)));

enum { LANES = BYTES / 4, SUMS = 8 };

#define ALL(value) ((value) - (vec){0})

/* No chain starts at 1, the fixed point of x·a + b, where a compiler could detect that nothing
 * changes. */
static float run_chains(int rounds)
{
    vec chain[BENCH_CHAINS];
    const vec a = ALL(0.999999f), b = ALL(1e-6f);
    UNROLL
    for (int i = 0; i < BENCH_CHAINS; i++) chain[i] = ALL(0.01f * (float)i);
    for (int r = 0; r < rounds; r++) {
        UNROLL
        for (int i = 0; i < BENCH_CHAINS; i++) chain[i] = chain[i] * a + b;
    }
    UNROLL
    for (int i = 1; i < BENCH_CHAINS; i++) chain[0] += chain[i];
    return chain[0][0];
}

static float run_read(float *a, float *b, const float *c, size_t floats)
{
    (void)b;
    (void)c;
    const vec *x = (const vec *)a;
    vec sum[SUMS] = {{0}};
    for (size_t i = 0; i < floats / LANES; i += SUMS) {
        UNROLL
        for (size_t j = 0; j < SUMS; j++) sum[j] += x[i + j];
    }
    UNROLL
    for (int j = 1; j < SUMS; j++) sum[0] += sum[j];
    return sum[0][0];
}

/* Four vectors at a time, so that the loop counter is not the limit. */
#define FOR_EACH(i, floats)                                          \
    for (size_t i##0 = 0; i##0 < (floats) / LANES; i##0 += 4) UNROLL \
    for (size_t i = i##0; i < i##0 + 4; i++)

static float run_write(float *a, float *b, const float *c, size_t floats)
{
    (void)b;
    (void)c;
    vec *x = (vec *)a;
    const vec s = ALL(0.5f);
    FOR_EACH(i, floats) x[i] = s;
    return a[0];
}

static float run_scale(float *a, float *b, const float *c, size_t floats)
{
    (void)b;
    vec *restrict x = (vec *)a;
    const vec *restrict z = (const vec *)c, s = ALL(0.5f);
    FOR_EACH(i, floats) x[i] = s * z[i];
    return a[0];
}

static float run_triad(float *a, float *b, const float *c, size_t floats)
{
    vec *restrict x = (vec *)a;
    const vec *restrict y = (const vec *)b, *restrict z = (const vec *)c, s = ALL(0.5f);
    FOR_EACH(i, floats) x[i] = y[i] + s * z[i];
    return a[0];
}

static float run_update(float *a, float *b, const float *c, size_t floats)
{
    vec *restrict x = (vec *)a, *restrict y = (vec *)b;
    const vec *restrict z = (const vec *)c, s = ALL(0.9f), t = ALL(1e-6f);
    FOR_EACH(i, floats)
    {
        const vec v = s * y[i] + z[i];
        y[i] = v;
        x[i] -= t * v;
    }
    return a[0];
}

const bench_loops LOOPS = {.lanes = LANES,
                           .chains = run_chains,
                           .passes = {[BENCH_READ] = run_read,
                                      [BENCH_WRITE] = run_write,
                                      [BENCH_SCALE] = run_scale,
                                      [BENCH_TRIAD] = run_triad,
                                      [BENCH_UPDATE] = run_update}};
