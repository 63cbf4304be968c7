/* SPDX-License-Identifier: MIT
 *
 * What the benchmarks share: medians of many samples beside the machine's own limits,
 * measured in the same process, and networks with a batch to train them on. */
#ifndef NMLP_BENCH_SUPPORT_H
#define NMLP_BENCH_SUPPORT_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nmlp.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

/* ------------------------------------------------------------------- timing */

double bench_seconds(void);

/* Sorts the values; count >= 1. */
double bench_median(double *values, size_t count);

enum { BENCH_MAX_SAMPLES = 101 };

typedef struct bench_sampling {
    int threads;
    double peak;     /* bench_fma_peak(threads) */
    size_t samples;  /* as many as are wanted, at most BENCH_MAX_SAMPLES */
    double patience; /* seconds after which a few are enough, even disturbed ones */
} bench_sampling;

typedef struct bench_time {
    double median; /* seconds of one call */
    int disturbed; /* most samples had not the cores for themselves */
} bench_time;

/* So many seconds, or a twentieth of them where NMLP_BENCH_QUICK is set: a run that shows that all
 * works. */
double bench_patience(double seconds);

/* A sample is as many calls as take half a millisecond; it counts if the cores were
 * undisturbed just before and just after. */
bench_time bench_measure(void (*function)(void *), void *context, const bench_sampling *how);

/* ------------------------------------------------------------------ threads */

/* What worker 0 (the caller) to threads - 1 do at once; bench_meet() lets them wait for
 * one another. Threads of a team's own, each bound to a processor and gone afterwards:
 * nobody spins beside the library that is measured. */
enum { BENCH_MAX_TEAM = 256 };
typedef struct bench_meeting {
    _Alignas(64) _Atomic int arrived;
    _Alignas(64) _Atomic int phase;
    int threads;
} bench_meeting;
typedef void bench_task(void *context, int worker, bench_meeting *meeting);

void bench_run_team(int threads, bench_task *task, void *context);
void bench_meet(bench_meeting *meeting);

/* Has the library start as many workers and binds each thread of the process to a
 * processor of its own. A scheduler that moves them is the greatest noise of all. */
void bench_start_threads(int threads);

/* The same for threads that somebody else has started: a library keeps its own. Where
 * it keeps none, although it was asked for some, nothing is bound. */
void bench_pin_threads(int threads);

/* ------------------------------------------------------------------- limits */

/* Peak of fused multiply-adds, independent chains in registers, on every thread asked
 * for: the sum over the threads, in floating point operations per second. */
double bench_fma_peak(int threads);

/* Whether the cores run at full speed just now: a neighbour on a shared machine can take
 * half of one away unseen. */
int bench_undisturbed(int threads, double peak);

/* Seconds that a barrier of spinning threads takes; 0 for one thread. On a virtual
 * machine it tells whether the processors are near to each other. */
double bench_barrier(int threads);

/* What a loop does to memory; the limit of a kernel is the bandwidth of the pattern
 * that is like its own. */
typedef enum bench_pattern {
    BENCH_READ,   /* sum of a                             4 bytes an element */
    BENCH_WRITE,  /* a = s                                4 */
    BENCH_SCALE,  /* a = s * c                            8 */
    BENCH_TRIAD,  /* a = b + s * c                       12 */
    BENCH_UPDATE, /* b = s * b + c, a = a - t * b        20 */
    BENCH_PATTERN_COUNT
} bench_pattern;

typedef enum bench_level {
    BENCH_L1,
    BENCH_L2,
    BENCH_L3,
    BENCH_DRAM,
    BENCH_LEVEL_COUNT
} bench_level;

const char *bench_pattern_name(bench_pattern pattern);
const char *bench_level_name(bench_level level);

/* Bytes of all arrays together: of one thread for L1 and L2, of all for L3 and DRAM. */
size_t bench_level_bytes(bench_level level);

/* Bytes read and written per second, all threads together. pool has room for
 * BENCH_POOL_BYTES and is aligned to BENCH_ALIGNMENT. */
double bench_bandwidth(bench_pattern pattern, bench_level level, int threads, float *pool);

enum { BENCH_ALIGNMENT = 4096 };
#define BENCH_POOL_BYTES ((size_t)257 << 20)

/* ------------------------------------------------------------- common chores */

/* Ends the program if status is not NMLP_OK. */
void bench_check(int32_t status);

/* Aligned to BENCH_ALIGNMENT; ends the program where there is no memory. */
void *bench_allocate(size_t bytes);
void bench_free(void *memory);

/* ----------------------------------------------------------------- networks */

enum { BENCH_MAX_LAYERS = 8 };

typedef struct bench_network {
    const char *name;
    size_t inputs, batch, layers;
    size_t outputs[BENCH_MAX_LAYERS];
    const nmlp_layer *hidden; /* what hidden layers are like; NULL: ReLU alone */
    int32_t loss;             /* nmlp_loss */
} bench_network;

/* Operations of a step's products: forward and dW of every layer, dX of every one but
 * the first. */
double bench_network_operations(const bench_network *network);

typedef struct bench_job {
    nmlp_net *net;
    nmlp_batch batch;
    nmlp_optimizer optimizer;
    nmlp_result result;
    float *features;
    int32_t *labels;
} bench_job;

/* A network with random weights and a batch of random rows, ready to train. optimizer
 * is an nmlp_optimizer_kind. */
bench_job bench_job_create(const bench_network *network, int32_t threads, int32_t optimizer);
void bench_job_destroy(bench_job *job);

/* One train step; context is a bench_job. */
void bench_job_step(void *context);

#endif /* NMLP_BENCH_SUPPORT_H */
