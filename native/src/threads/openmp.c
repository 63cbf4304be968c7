/* SPDX-License-Identifier: MIT
 *
 * Workers that the compiler's OpenMP provides. */
#include "threads/workers.h"

#if defined(NMLP_PARALLEL_OPENMP)

#include <omp.h>
#include <stdbool.h>

#include "threads/waiting.h"

/* A child process inherits OpenMP's records of the parent's threads, but not the threads
 * themselves, and libgomp would wait for them forever. */
static atomic_bool has_threads, lost_threads;

void nmlp_workers_forget(void) { atomic_store(&lost_threads, atomic_load(&has_threads)); }

nmlp_region nmlp_workers_run(size_t threads, double operations, nmlp_task *task, void *context)
{
    (void)operations;
    nmlp_region region = {1, 0};
    if (omp_in_parallel() || atomic_load(&lost_threads)) {
        nmlp_worker_run(task, context, (nmlp_team){0, 1, NULL});
        return region;
    }
    atomic_store(&has_threads, true);
    nmlp_barrier barrier = NMLP_BARRIER_INIT;
#pragma omp parallel num_threads((int)threads)
    {
        const nmlp_team team = {(size_t)omp_get_thread_num(), (size_t)omp_get_num_threads(),
                                &barrier};
        if (team.worker == 0) region.workers = team.workers;
        nmlp_worker_run(task, context, team);
        nmlp_parallel_barrier(team); /* OpenMP's own barrier, which follows, spins longer */
    }
    region.waited = 1e-9 * (double)atomic_load(&barrier.waited);
    return region;
}

#else
typedef int nmlp_no_openmp; /* a translation unit needs a declaration */
#endif
