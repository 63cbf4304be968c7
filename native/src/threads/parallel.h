/* SPDX-License-Identifier: MIT
 *
 * The interface of threads to the rest of the library. Several workers run a task in parallel. They
 * can wait for one another, and they divide the work according to their numbers. */
#ifndef NMLP_PARALLEL_H
#define NMLP_PARALLEL_H

#include <stddef.h>
#include <stdint.h>

#include "threads/lock.h"

/* The maximum that a caller may request. */
#define NMLP_MAX_THREADS 1024

typedef struct nmlp_barrier nmlp_barrier;

typedef struct nmlp_team {
    size_t worker; /* 0 .. workers-1 */
    size_t workers;
    nmlp_barrier *barrier; /* NULL for a single worker */
} nmlp_team;

typedef struct nmlp_range {
    size_t begin, end;
} nmlp_range;

typedef void nmlp_task(void *context, nmlp_team team);

/* Runs the task on at most `threads` workers, in the default floating-point modes, waits for all of
 * them and returns their number. The number is smaller than `threads` if other programs use the
 * processors (crowd.h), if threads of the program are busy (nmlp_parallel_add_busy), if workers of
 * other callers already use them, if a thread cannot be created, inside an OpenMP region, or if
 * threads sleep and this number of operations is not worth waking them (INFINITY always is). The
 * calling thread cannot be cancelled during the call. */
size_t nmlp_parallel_run(size_t threads, double operations, nmlp_task *task, void *context);

/* Waits until all workers of the task have reached the barrier. */
void nmlp_parallel_barrier(nmlp_team team);

/* Returns this worker's share of 0 .. count-1, in whole units except at the end. */
nmlp_range nmlp_parallel_share(size_t count, size_t unit, nmlp_team team);

/* Returns how many of the wanted threads (0 means the default) have enough work in a task of this
 * many floating-point operations. */
size_t nmlp_parallel_threads(int32_t wanted, double operations);

/* The number of workers for a caller that requests this many threads (0 means the default). It is
 * at most NMLP_WORKERS_PER_PROCESSOR times the default, because more would only wait for one
 * another. */
enum { NMLP_WORKERS_PER_PROCESSOR = 8 };
int32_t nmlp_parallel_most_threads(int32_t wanted);

/* For tests: from now on, tasks get all their threads even on a busy machine, and any task wakes
 * sleeping threads. */
void nmlp_parallel_ignore_crowd(void);
void nmlp_parallel_wake_for_all(void);
int nmlp_parallel_ignores_crowd(void);
int nmlp_parallel_is_eager(void);

int32_t nmlp_parallel_default_threads(void);

/* Changes the number of threads of the program to which tasks leave a processor. Returns 0, and
 * changes nothing, if it would not be a number from 0 to INT32_MAX. */
int nmlp_parallel_add_busy(int32_t change);
const char *nmlp_parallel_backend_name(void);

#endif /* NMLP_PARALLEL_H */
