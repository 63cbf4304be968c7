/* SPDX-License-Identifier: MIT
 *
 * The source of a region's workers: pool.c uses the library's own threads, openmp.c those of the
 * compiler's OpenMP. Only parallel.c calls them. */
#ifndef NMLP_WORKERS_H
#define NMLP_WORKERS_H

#include "threads/parallel.h"

typedef struct nmlp_region {
    size_t workers; /* that ran the task */
    double waited;  /* seconds that all of them together spent in long waits */
} nmlp_region;

/* Runs the task on the caller and as many other threads as are available, at most `threads` in
 * total. */
nmlp_region nmlp_workers_run(size_t threads, double operations, nmlp_task *task, void *context);

/* Runs the task on this thread, in the default floating-point modes. */
void nmlp_worker_run(nmlp_task *task, void *context, nmlp_team team);

/* Called in a child process, which has none of its parent's threads. */
void nmlp_workers_forget(void);

#endif /* NMLP_WORKERS_H */
