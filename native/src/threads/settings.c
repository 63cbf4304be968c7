/* SPDX-License-Identifier: MIT
 *
 * The maximum number of threads, the number that is worthwhile for a task, and settings for
 * tests. */
#if !defined(_WIN32)
#define _POSIX_C_SOURCE 200809L /* pthread_setcancelstate */
#endif
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "platform/processors.h"
#include "threads/cancellation.h"
#include "threads/parallel.h"

#if defined(NMLP_WITH_THREADS)
static atomic_bool eager, uncrowded;
#endif

#if defined(NMLP_PARALLEL_POOL)
/* About 3 microseconds, ten times the cost of distributing work to threads that are awake and of
 * the barrier at its end. */
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

int nmlp_parallel_ignores_crowd(void)
{
#if defined(NMLP_WITH_THREADS)
    return atomic_load(&uncrowded);
#else
    return 0;
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
    static _Atomic int32_t threads; /* 0 before the first read */
    int32_t value = atomic_load_explicit(&threads, memory_order_relaxed);
    if (value == 0) {
        const int state = hold_cancellation(); /* reading files is a cancellation point */
        value = find_default_threads();
        let_cancel(state);
        atomic_store_explicit(&threads, value, memory_order_relaxed);
    }
    return value;
}
