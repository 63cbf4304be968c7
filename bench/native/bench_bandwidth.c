/* SPDX-License-Identifier: MIT
 *
 * The bandwidth of each level of memory for the access patterns of the kernels. */
#include "bench_loops.h"

typedef struct pattern {
    const char *name;
    size_t arrays, bytes; /* bytes read and written per element */
} pattern;

static const pattern patterns[] = {
    [BENCH_READ] = {"read", 1, 4},      [BENCH_WRITE] = {"write", 1, 4},
    [BENCH_SCALE] = {"scale", 2, 8},    [BENCH_TRIAD] = {"triad", 3, 12},
    [BENCH_UPDATE] = {"update", 3, 20},
};

typedef struct level {
    const char *name;
    size_t bytes;
    int shared; /* shared by the threads; otherwise each has this much */
    int samples;
} level;

static const level levels[] = {
    [BENCH_L1] = {"L1, 16 KiB", (size_t)16 << 10, 0, 21},
    [BENCH_L2] = {"L2, 256 KiB", (size_t)256 << 10, 0, 21},
    [BENCH_L3] = {"L3, 8 MiB", (size_t)8 << 20, 1, 21},
    [BENCH_DRAM] = {"DRAM, 256 MiB", (size_t)256 << 20, 1, 7},
};

const char *bench_pattern_name(bench_pattern which) { return patterns[which].name; }
const char *bench_level_name(bench_level which) { return levels[which].name; }
size_t bench_level_bytes(bench_level which) { return levels[which].bytes; }

/* Bytes between the arrays. They avoid stores and loads whose addresses are equal in the lower 12
 * bits, which would wait for one another. The gap is only a few lines of L1. */
enum { GAP = 320 };

/* Bytes moved in one sample of a small level, for which one pass would be too short. */
#define SAMPLE_BYTES ((size_t)16 << 20)

typedef struct passes {
    bench_pass *pass;
    size_t arrays, floats, count;
    float *pool;
    size_t apart; /* distance between the parts of the workers, in floats */
    double *seconds;
} passes;

/* c is the last array; b is the middle one of three. */
static void run_passes(void *context, int worker, bench_meeting *meeting)
{
    const passes *p = context;
    float *place = p->pool + (size_t)worker * p->apart;
    const size_t next = p->floats + GAP / sizeof(float);
    volatile float sink = 0;
    const double start = bench_seconds();
    for (size_t i = 0; i < p->count; i++)
        sink = p->pass(place, place + next, place + (p->arrays - 1) * next, p->floats);
    (void)sink;
    bench_meet(meeting);
    if (worker == 0) *p->seconds = bench_seconds() - start;
}

double bench_bandwidth(bench_pattern which, bench_level at, int threads, float *pool)
{
    bench_pass *const pass = bench_fastest_loops()->passes[which];
    const pattern *p = &patterns[which];
    const level *l = &levels[at];
    const size_t share = l->shared ? l->bytes / (size_t)threads : l->bytes;
    const size_t floats = share / sizeof(float) / p->arrays / BENCH_PASS_UNIT * BENCH_PASS_UNIT;
    const size_t moved = floats * p->bytes;
    const size_t count = moved < SAMPLE_BYTES ? SAMPLE_BYTES / moved : 1;
    const size_t apart = (share / BENCH_ALIGNMENT + 1) * BENCH_ALIGNMENT / sizeof(float);
    double best = 0;
    for (int sample = 0; sample < l->samples; sample++) {
        double time;
        passes all = {pass, p->arrays, floats, count, pool, apart, &time};
        bench_run_team(threads, run_passes, &all);
        const double now = (double)(moved * count * (size_t)threads) / time;
        if (now > best) best = now;
    }
    return best;
}
