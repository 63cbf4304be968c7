/* SPDX-License-Identifier: MIT
 *
 * Workers from the library's own pool of helpers, which are created when first needed and kept. */
#define _POSIX_C_SOURCE 200809L /* pthread_sigmask */
#include "threads/workers.h"

#if defined(NMLP_PARALLEL_POOL)

#include <stdbool.h>
#include <stdlib.h>
#if defined(_WIN32)
#include <windows.h>
#else
#include <pthread.h>
#include <signal.h>
#endif
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include "platform/clock.h"
#include "platform/processors.h"
#include "threads/waiting.h"

/* The caller changes IDLE -> TAKEN -> BUSY, and the helper BUSY -> DONE. Only the caller that has
 * seen DONE sets IDLE, so no other caller can take the helper before. */
enum { IDLE, TAKEN, BUSY, DONE };

typedef struct helper {
    struct helper *next;      /* in the list of all helpers; never changes */
    struct helper *next_mate; /* in the list of helpers that one caller has taken */
    nmlp_task *task;
    void *context;
    nmlp_team team;
    _Atomic long thread; /* its nmlp_thread_here(), set when it has started */
    nmlp_thread_processors processors;
    int caller_processor; /* -1 if the helper need not avoid it */
    char line[64]; /* separates `state`, on which the helper spins, from what the caller writes */
    nmlp_word state;
} helper;

/* Helpers are never destroyed: a sleeping helper costs a few kilobytes, and there are never more
 * helpers than have been at work at the same time. */
static struct {
    helper *_Atomic helpers;
    _Atomic size_t at_work;  /* callers and helpers in regions */
    _Atomic double unhelped; /* the last time that a task found its helpers asleep */
} pool;

/* Longer than the time between two regions, in which a program may fetch data for its next step. */
#define SPINS_BEFORE_IDLE_SLEEP 4000

/* A product has up to about 115 KiB of local variables, most of which is a copy of B. The default
 * of musl, 128 KiB, would be just enough; this size leaves room for a sanitizer. */
#define HELPER_STACK ((size_t)1 << 20)

/* -------------------------------------------------------------- its processor */

/* Linux tends to wake a helper on the processor of its caller, especially in a virtual machine,
 * where it assumes that the host has taken the idle processors away. There, the helper starts only
 * when the caller sleeps (docs/tuning.md). Therefore a helper avoids the processor of the caller
 * that wakes it, and leaves a processor that it later shares with its caller. */
static void keep_off(helper *h, int processor)
{
    const long thread = atomic_load(&h->thread);
    if (thread == 0 || processor < 0) return;
    nmlp_word_lock(&h->state);
    nmlp_thread_keep_off(thread, processor, &h->processors);
    nmlp_word_unlock(&h->state);
}

/* -------------------------------------------------------------- their threads */

static void help(helper *h)
{
    atomic_store(&h->thread, nmlp_thread_here());
    for (;;) {
        nmlp_word_await(&h->state, BUSY, SPINS_BEFORE_IDLE_SLEEP);
        if (h->caller_processor >= 0 && h->caller_processor == nmlp_processor_here())
            keep_off(h, h->caller_processor);
        nmlp_worker_run(h->task, h->context, h->team);
        nmlp_word_set(&h->state, DONE);
    }
}

#if defined(_WIN32)

static DWORD WINAPI helper_main(void *h)
{
    help(h);
    return 0;
}

/* The library must not be unloaded while it has helpers. */
static int start_helper(helper *h)
{
    HMODULE module;
    GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                       (const char *)&pool, &module);
    HANDLE thread =
        CreateThread(NULL, HELPER_STACK, helper_main, h, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    if (thread == NULL) return 0;
    CloseHandle(thread);
    return 1;
}

#else

static void *helper_main(void *h)
{
#if defined(__linux__)
    prctl(PR_SET_NAME, "nmlp"); /* for debuggers and top */
#endif
    help(h);
    return NULL;
}

/* Helpers block all signals, which are for the threads of the program. The library is linked with
 * -z nodelete, so it stays loaded while it has helpers. */
static int start_helper(helper *h)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return 0;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, HELPER_STACK);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    const int failed = pthread_create(&thread, &attributes, helper_main, h);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return !failed;
}

#endif

/* Creates a helper that the caller has taken. Returns NULL if no thread can be created. */
static helper *make_helper(void)
{
    helper *h = malloc(sizeof *h);
    if (h == NULL) return NULL;
    *h = (helper){.state = NMLP_WORD_INIT};
    atomic_store(&h->state.value, TAKEN);
    if (!start_helper(h)) {
        free(h);
        return NULL;
    }
    h->next = atomic_load(&pool.helpers);
    while (!atomic_compare_exchange_weak(&pool.helpers, &h->next, h)) {
    }
    return h;
}

void nmlp_workers_forget(void)
{
    atomic_store(&pool.helpers, NULL);
    atomic_store(&pool.at_work, 0);
}

/* --------------------------------------------------------------- taking them */

static int is_awake(helper *h) { return atomic_load(&h->state.sleepers) == 0; }

/* Takes the first idle helper. With `wake`, it may be one that sleeps or a new one. */
static helper *take_helper(int wake, int processor)
{
    for (int asleep = 0; asleep <= wake; asleep++)
        for (helper *h = atomic_load(&pool.helpers); h != NULL; h = h->next) {
            uint32_t idle = IDLE;
            if (!(asleep || is_awake(h)) ||
                !atomic_compare_exchange_strong(&h->state.value, &idle, TAKEN))
                continue;
            if (asleep) keep_off(h, processor);
            return h;
        }
    return wake ? make_helper() : NULL;
}

/* Waking a helper costs its caller about 8 microseconds, and the helper begins after 10 to 20. Half
 * of this work is done sooner by the caller alone. */
#define OPERATIONS_WORTH_WAKING 6e6

/* Seconds: the time of a small task, and half of the time for which an idle helper spins. */
#define SOON 1e-4

/* If small tasks follow one another, wakes a helper, so that it spins and helps with the next
 * tasks. A helper that is awake by now can also help with them, so a new one is created only if all
 * are at work. */
static void call_helper(int processor)
{
    const double now = nmlp_seconds(), before = atomic_exchange(&pool.unhelped, now);
    if (now - before > SOON) return;
    helper *h = atomic_load(&pool.helpers);
    while (h != NULL && atomic_load(&h->state.value) != IDLE) h = h->next;
    if (h == NULL) {
        h = make_helper();
        if (h != NULL) atomic_store(&h->state.value, IDLE);
        return;
    }
    if (is_awake(h)) return;
    keep_off(h, processor);
    nmlp_word_lock(&h->state);
    nmlp_word_wake(&h->state);
    nmlp_word_unlock(&h->state);
}

/* All regions together have at most as many workers as there are processors, or as one region
 * requests if that is more. The caller itself always works. */
static size_t enter_region(size_t threads)
{
    const size_t processors = (size_t)nmlp_parallel_default_threads();
    const size_t most = threads > processors ? threads : processors;
    size_t at_work = atomic_load(&pool.at_work), workers;
    do {
        const size_t left = at_work < most ? most - at_work : 0;
        workers = threads < left ? threads : left > 1 ? left : 1;
    } while (!atomic_compare_exchange_weak(&pool.at_work, &at_work, at_work + workers));
    return workers;
}

/* Takes as many helpers as are available. Returns the number of workers, including the caller. */
static size_t take_mates(size_t threads, int wake, int processor, helper **mates)
{
    const size_t entered = enter_region(threads);
    size_t workers = 1;
    for (helper *h; workers < entered && (h = take_helper(wake, processor)) != NULL; workers++) {
        h->next_mate = *mates;
        *mates = h;
    }
    atomic_fetch_sub(&pool.at_work, entered - workers);
    if (workers < entered && !wake) call_helper(processor);
    return workers;
}

/* -------------------------------------------------------------------- a region */

static void send_mates(helper *mates, nmlp_team team, int processor, nmlp_task *task, void *context)
{
    team.worker = team.workers;
    for (helper *h = mates; h != NULL; h = h->next_mate) {
        team.worker--;
        h->task = task;
        h->context = context;
        h->team = team;
        h->caller_processor = processor;
        nmlp_word_set(&h->state, BUSY);
    }
}

static void await_mates(helper *mates, nmlp_barrier *barrier)
{
    for (helper *h = mates, *next; h != NULL; h = next) {
        next = h->next_mate;
        nmlp_barrier_await(barrier, &h->state, DONE);
        atomic_store_explicit(&h->state.value, IDLE, memory_order_release);
    }
}

nmlp_region nmlp_workers_run(size_t threads, double operations, nmlp_task *task, void *context)
{
    const int wake = operations >= OPERATIONS_WORTH_WAKING || nmlp_parallel_is_eager();
    const int many = threads > (size_t)nmlp_parallel_default_threads();
    const int processor = many ? -1 : nmlp_processor_here();
    helper *mates = NULL;
    nmlp_region region = {take_mates(threads, wake, processor, &mates), 0};

    nmlp_barrier barrier = NMLP_BARRIER_INIT;
    const nmlp_team team = {0, region.workers, &barrier};
    send_mates(mates, team, processor, task, context);
    nmlp_worker_run(task, context, team);
    await_mates(mates, &barrier);
    atomic_fetch_sub(&pool.at_work, region.workers);
    region.waited = 1e-9 * (double)atomic_load(&barrier.waited);
    return region;
}

#else
typedef int nmlp_no_pool; /* a translation unit needs a declaration */
#endif
