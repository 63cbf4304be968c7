/* SPDX-License-Identifier: MIT
 *
 * Threads, as the rest of the library sees them: a task is run by a number of
 * workers at once, who may wait for each other and share out work by number. */
#ifndef NMLP_PARALLEL_H
#define NMLP_PARALLEL_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Bound on what a caller may ask for. */
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

/* Runs the task on at most `threads` workers, in the default floating point modes,
 * and waits for all. Fewer work where other callers' workers use the processors
 * already, where a thread cannot be made, inside an OpenMP region, or where threads
 * sleep and so many operations are not worth waking them (INFINITY: always). */
void nmlp_parallel_run(size_t threads, double operations, nmlp_task *task, void *context);

/* Waits until all workers of the task have come here. */
void nmlp_parallel_barrier(nmlp_team team);

/* This worker's share of 0 .. count-1, in whole units but for the end. */
nmlp_range nmlp_parallel_share(size_t count, size_t unit, nmlp_team team);

/* How many of the wanted threads (0: the default) have enough to do for a task of this
 * many floating point operations. */
size_t nmlp_parallel_threads(int32_t wanted, double operations);

/* For tests: from now on sleeping threads are woken for any task. */
void nmlp_parallel_wake_for_all(void);

int32_t nmlp_parallel_default_threads(void);
const char *nmlp_parallel_backend_name(void);

/* A lock that many readers or one writer hold; nobody waits for it. */
typedef _Atomic int32_t nmlp_lock; /* readers, or -1: a writer */

int nmlp_lock_read(nmlp_lock *lock); /* 1: taken, 0: a writer has it */
void nmlp_unlock_read(nmlp_lock *lock);
int nmlp_lock_write(nmlp_lock *lock); /* 1: taken, 0: somebody has it */
void nmlp_unlock_write(nmlp_lock *lock);

#endif /* NMLP_PARALLEL_H */
