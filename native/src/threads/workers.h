/* SPDX-License-Identifier: MIT
 *
 * Where the workers of a region come from: pool.c has threads of our own, openmp.c the compiler's.
 * Only parallel.c calls them. */
#ifndef NMLP_WORKERS_H
#define NMLP_WORKERS_H

#include "threads/parallel.h"

typedef struct nmlp_region {
    size_t workers; /* that took part */
    double waited;  /* seconds, of all of them together, in waits that were long */
} nmlp_region;

/* Runs the task on the caller and as many others as can be had, `threads` in all at most. */
nmlp_region nmlp_workers_run(size_t threads, double operations, nmlp_task *task, void *context);

/* The task on this thread, in the default floating point modes. */
void nmlp_worker_run(nmlp_task *task, void *context, nmlp_team team);

/* In a child process, which has none of its parent's threads. */
void nmlp_workers_forget(void);

#endif /* NMLP_WORKERS_H */
