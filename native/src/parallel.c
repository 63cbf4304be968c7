/* SPDX-License-Identifier: MIT
 *
 * Regions: who takes part, and what each does. Where the workers come from is in
 *
 *   pool.c     NMLP_PARALLEL_POOL    helpers of our own, made when first wanted and kept
 *   openmp.c   NMLP_PARALLEL_OPENMP  the compiler's OpenMP
 *   neither                          the caller works alone
 *
 * and how they wait for one another in waiting.c. */
#if !defined(_WIN32)
#define _POSIX_C_SOURCE 200809L /* pthread_atfork, pthread_setcancelstate */
#endif
#include "parallel.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "cpu.h"
#include "crowd.h"
#include "processors.h"
#include "waiting.h"
#include "workers.h"

void nmlp_worker_run(nmlp_task *task, void *context, nmlp_team team)
{
    const uint64_t modes = nmlp_cpu_enter_default_modes();
    task(context, team);
    nmlp_cpu_leave_default_modes(modes);
}

/* A thread that ended in here would leave its helpers at work on what is no longer there, and its
 * network busy for ever. */
#if defined(NMLP_WITH_THREADS) && !defined(_WIN32) && !defined(__ANDROID__)
static int hold_cancellation(void)
{
    int state;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    return state;
}
static void let_cancel(int state) { pthread_setcancelstate(state, &state); }
#else
static int hold_cancellation(void) { return 0; }
static void let_cancel(int state) { (void)state; }
#endif

/* ------------------------------------------------------------------- running */

#if defined(NMLP_WITH_THREADS)

static nmlp_crowd crowd;
static atomic_bool eager, uncrowded;

#if defined(_WIN32)
static void heed_forks(void) {}
#else
static void forget_threads(void)
{
    crowd = (nmlp_crowd){0};
    nmlp_workers_forget();
}
static void forget_in_children(void) { pthread_atfork(NULL, NULL, forget_threads); }
static void heed_forks(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, forget_in_children);
}
#endif

/* On several threads, or on none: 0. */
static size_t run_on_several(size_t threads, double operations, nmlp_task *task, void *context)
{
    const double began = nmlp_seconds();
    if (nmlp_crowd_alone(&crowd, began) && !atomic_load(&uncrowded)) return 0;
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

void nmlp_parallel_barrier(nmlp_team team)
{
#if defined(NMLP_WITH_THREADS)
    if (team.workers > 1) nmlp_barrier_wait(team.barrier, team.workers);
#else
    (void)team;
#endif
}

nmlp_range nmlp_parallel_share(size_t count, size_t unit, nmlp_team team)
{
    const size_t units = (count + unit - 1) / unit;
    const size_t each = units / team.workers, more = units % team.workers;
    const size_t first = team.worker * each + (team.worker < more ? team.worker : more);
    const size_t last = first + each + (team.worker < more ? 1 : 0);
    return (nmlp_range){first * unit < count ? first * unit : count,
                        last * unit < count ? last * unit : count};
}

#if defined(NMLP_PARALLEL_POOL)
/* Some 3 microseconds, ten times what it takes to send out work to threads that are awake and to
 * meet at its end. */
#define OPERATIONS_PER_WORKER 3e5
#else
/* OpenMP does not say whether its threads are awake. */
#define OPERATIONS_PER_WORKER 1.5e6
#endif

int32_t nmlp_parallel_most_threads(int32_t wanted)
{
    const int32_t processors = nmlp_parallel_default_threads();
    if (wanted <= 0) return processors;
    return wanted / NMLP_WORKERS_PER_PROCESSOR < processors
               ? wanted
               : NMLP_WORKERS_PER_PROCESSOR * processors;
}

size_t nmlp_parallel_threads(int32_t wanted, double operations)
{
    const int32_t threads = nmlp_parallel_most_threads(wanted);
    const double useful = operations / OPERATIONS_PER_WORKER;
    if (useful < 2 || threads < 2) return 1;
    return useful < threads ? (size_t)useful : (size_t)threads;
}

void nmlp_parallel_wake_for_all(void)
{
#if defined(NMLP_WITH_THREADS)
    atomic_store(&eager, true);
#endif
    nmlp_parallel_ignore_crowd();
}

void nmlp_parallel_ignore_crowd(void)
{
#if defined(NMLP_WITH_THREADS)
    atomic_store(&uncrowded, true);
#endif
}

int nmlp_parallel_is_eager(void)
{
#if defined(NMLP_WITH_THREADS)
    return atomic_load(&eager);
#else
    return 0;
#endif
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

static int32_t find_default_threads(void)
{
#if defined(NMLP_WITH_THREADS)
    const char *text = getenv("NMLP_THREADS");
    if (text != NULL) {
        char *end;
        const long wanted = strtol(text, &end, 10);
        if (end != text && *end == '\0' && wanted >= 1 && wanted <= NMLP_MAX_THREADS)
            return (int32_t)wanted;
    }
    const int count = nmlp_processors();
    return count < NMLP_MAX_THREADS ? count : NMLP_MAX_THREADS;
#else
    return 1;
#endif
}

int32_t nmlp_parallel_default_threads(void)
{
    static _Atomic int32_t threads; /* 0: not read yet */
    int32_t value = atomic_load_explicit(&threads, memory_order_relaxed);
    if (value == 0) {
        const int state = hold_cancellation(); /* reading files is a cancellation point */
        value = find_default_threads();
        let_cancel(state);
        atomic_store_explicit(&threads, value, memory_order_relaxed);
    }
    return value;
}
