/* SPDX-License-Identifier: MIT
 *
 * Threads as the rest of the library sees them: a task is run by a number of workers at once,
 * which may wait for one another and divide work by their numbers. */
#ifndef NMLP_PARALLEL_H
#define NMLP_PARALLEL_H

#include <stddef.h>
#include <stdint.h>

#include "threads/lock.h"

/* The greatest number that a caller may ask for. */
#define NMLP_MAX_THREADS 1024

typedef struct nmlp_barrier nmlp_barrier;

typedef struct nmlp_team {
    size_t worker; /* 0 .. workers-1 */
    size_t workers;
    nmlp_barrier *barrier; /* NULL: alone */
} nmlp_team;

typedef struct nmlp_range {
    size_t begin, end;
} nmlp_range;

typedef void nmlp_task(void *context, nmlp_team team);

/* Runs the task on at most `threads` workers, in the default floating point modes, waits for all
 * of them and returns how many there were. There are fewer where other programs use the
 * processors (crowd.h), where workers of other callers use them already, where a thread cannot be
 * made, inside an OpenMP region, or where threads sleep and so many operations are not worth
 * waking them (INFINITY: always). The thread is not cancelled in here. */
size_t nmlp_parallel_run(size_t threads, double operations, nmlp_task *task, void *context);

/* Waits until all workers of the task have come here. */
void nmlp_parallel_barrier(nmlp_team team);

/* This worker's share of 0 .. count-1, in whole units except at the end. */
nmlp_range nmlp_parallel_share(size_t count, size_t unit, nmlp_team team);

/* How many of the wanted threads (0: the default) have enough to do for a task of this
 * many floating point operations. */
size_t nmlp_parallel_threads(int32_t wanted, double operations);

/* The workers of a caller that asks for so many threads (0: the default): at most
 * NMLP_WORKERS_PER_PROCESSOR times the default, since more would only wait for one another. */
enum { NMLP_WORKERS_PER_PROCESSOR = 8 };
int32_t nmlp_parallel_most_threads(int32_t wanted);

/* For tests: from now on tasks get all their threads on a busy machine too, and any task wakes
 * sleeping threads. */
void nmlp_parallel_ignore_crowd(void);
void nmlp_parallel_wake_for_all(void);
int nmlp_parallel_ignores_crowd(void);
int nmlp_parallel_is_eager(void);

int32_t nmlp_parallel_default_threads(void);
const char *nmlp_parallel_backend_name(void);

#endif /* NMLP_PARALLEL_H */
