/* SPDX-License-Identifier: MIT
 *
 * Parallel regions. One of these provides their workers:
 *
 *     pool.c     NMLP_PARALLEL_POOL    the library's own helpers, created when needed and kept
 *     openmp.c   NMLP_PARALLEL_OPENMP  the compiler's OpenMP
 *     neither                          the caller works alone
 *
 * worker.c contains the work of each worker, waiting.c how workers wait for one another, and
 * settings.c their maximum number. */
#if !defined(_WIN32)
#define _POSIX_C_SOURCE 200809L /* pthread_atfork, pthread_setcancelstate */
#endif
#include "threads/parallel.h"

#include <stdatomic.h>

#include "platform/clock.h"
#include "threads/cancellation.h"
#include "threads/crowd.h"
#include "threads/workers.h"

static _Atomic int32_t busy_threads;

#if defined(NMLP_WITH_THREADS)

static nmlp_crowd crowd;

#if defined(_WIN32)
static void heed_forks(void) {}
#else
static void forget_threads(void)
{
    crowd = (nmlp_crowd){0};
    atomic_store(&busy_threads, 0);
    nmlp_workers_forget();
}
static void forget_in_children(void) { pthread_atfork(NULL, NULL, forget_threads); }
static void heed_forks(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, forget_in_children);
}
#endif

static size_t leave_processors(size_t threads)
{
    const int32_t busy = atomic_load_explicit(&busy_threads, memory_order_relaxed);
    if (busy == 0) return threads;
    const int32_t processors = nmlp_parallel_default_threads();
    const size_t left = busy < processors ? (size_t)(processors - busy) : 1;
    return threads < left ? threads : left;
}

/* Runs the task on several threads. Returns 0 if it does not run it. */
static size_t run_on_several(size_t threads, double operations, nmlp_task *task, void *context)
{
    threads = leave_processors(threads);
    if (threads < 2) return 0;
    const double began = nmlp_seconds();
    if (nmlp_crowd_alone(&crowd, began) && !nmlp_parallel_ignores_crowd()) return 0;
    heed_forks();
    const int state = hold_cancellation();
    const nmlp_region region = nmlp_workers_run(threads, operations, task, context);
    let_cancel(state);
    if (region.workers > 1)
        nmlp_crowd_note(&crowd, began, nmlp_seconds(), region.workers, region.waited);
    return region.workers;
}

#endif

size_t nmlp_parallel_run(size_t threads, double operations, nmlp_task *task, void *context)
{
#if defined(NMLP_WITH_THREADS)
    const size_t workers = threads > 1 ? run_on_several(threads, operations, task, context) : 0;
    if (workers > 0) return workers;
#else
    (void)threads;
    (void)operations;
#endif
    nmlp_worker_run(task, context, (nmlp_team){0, 1, NULL});
    return 1;
}

int nmlp_parallel_add_busy(int32_t change)
{
#if defined(NMLP_WITH_THREADS)
    heed_forks();
#endif
    int32_t busy = atomic_load(&busy_threads);
    int64_t sum;
    do {
        sum = (int64_t)busy + change;
        if (sum < 0 || sum > INT32_MAX) return 0;
    } while (!atomic_compare_exchange_weak(&busy_threads, &busy, (int32_t)sum));
    return 1;
}

const char *nmlp_parallel_backend_name(void)
{
#if defined(NMLP_PARALLEL_POOL)
    return "pool";
#elif defined(NMLP_PARALLEL_OPENMP)
    return "openmp";
#else
    return "none";
#endif
}
