/* SPDX-License-Identifier: MIT
 *
 * Shared by the benchmarks: the time and medians, the limits of the machine, measured in the same
 * process, and networks with a batch to train on. */
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

/* Returns this many seconds, or a twentieth of them if NMLP_BENCH_QUICK is set, for a run that only
 * shows that everything works. */
double bench_patience(double seconds);

/* ------------------------------------------------------------------ threads */

/* The function that workers 0 (the caller) to threads - 1 run in parallel. With bench_meet(), they
 * wait for one another. A team has its own threads. Each is bound to a processor and ends
 * afterwards, so that no thread spins while the library is measured. */
enum { BENCH_MAX_TEAM = 256 };
typedef struct bench_meeting {
    _Alignas(64) _Atomic int arrived;
    _Alignas(64) _Atomic int phase;
    int threads;
} bench_meeting;
typedef void bench_task(void *context, int worker, bench_meeting *meeting);

void bench_run_team(int threads, bench_task *task, void *context);
void bench_meet(bench_meeting *meeting);

/* Lets the library start this many workers, and binds each thread of the process to its own
 * processor. Threads that the scheduler moves are the largest source of noise. */
void bench_start_threads(int threads);

/* The same for threads that another library has started and keeps. If it keeps no threads although
 * some were requested, nothing is bound. */
void bench_pin_threads(int threads);

/* ------------------------------------------------------------------- limits */

/* Returns the peak speed of fused multiply-adds in independent chains in registers: the sum over
 * the requested threads, in floating-point operations per second. */
double bench_fma_peak(int threads);

/* Whether the cores run at full speed at the moment. On a shared machine, a neighbour can take half
 * of a core without being visible. */
int bench_undisturbed(int threads, double peak);

/* Returns the seconds of a barrier of spinning threads; 0 for one thread. On a virtual machine,
 * this shows whether the processors are close to each other. */
double bench_barrier(int threads);

/* The memory access of a loop. The limit of a kernel is the bandwidth of the pattern that is most
 * similar to its own. */
typedef enum bench_pattern {
    BENCH_READ,   /* sum of a                             4 bytes per element */
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

/* Returns the bytes of all arrays together: per thread for L1 and L2, of all threads for L3 and
 * DRAM. */
size_t bench_level_bytes(bench_level level);

/* Returns the bytes read and written per second by all threads together. pool has BENCH_POOL_BYTES
 * and is aligned to BENCH_ALIGNMENT. */
double bench_bandwidth(bench_pattern pattern, bench_level level, int threads, float *pool);

enum { BENCH_ALIGNMENT = 4096 };
#define BENCH_POOL_BYTES ((size_t)257 << 20)

/* ------------------------------------------------------------- common chores */

/* Ends the program if status is not NMLP_OK. */
void bench_check(int32_t status);

/* Allocates memory that is aligned to BENCH_ALIGNMENT. Ends the program if there is not enough
 * memory. */
void *bench_allocate(size_t bytes);
void bench_free(void *memory);

/* ----------------------------------------------------------------- networks */

enum { BENCH_MAX_LAYERS = 8 };

typedef struct bench_network {
    const char *name;
    size_t inputs, batch, layers;
    size_t outputs[BENCH_MAX_LAYERS];
    const nmlp_layer *hidden; /* the pattern of hidden layers; NULL means only ReLU */
    int32_t loss;             /* nmlp_loss */
} bench_network;

/* Returns the operations of the products of a step: forward and dW of every layer, and dX of every
 * layer except the first. */
double bench_network_operations(const bench_network *network);

typedef struct bench_job {
    nmlp_net *net;
    nmlp_batch batch;
    nmlp_optimizer optimizer;
    nmlp_result result;
    float *features;
    int32_t *labels;
} bench_job;

/* Creates a network with random weights and a batch of random rows, ready to train. optimizer is an
 * nmlp_optimizer_kind. */
bench_job bench_job_create(const bench_network *network, int32_t threads, int32_t optimizer);
void bench_job_destroy(bench_job *job);

/* Runs one train step. context is a bench_job. */
void bench_job_step(void *context);

#endif /* NMLP_BENCH_SUPPORT_H */
