/* SPDX-License-Identifier: MIT
 *
 * Workers from a pool of our own: helpers, which are made when first needed and kept. */
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

/* IDLE -> TAKEN -> BUSY is the caller's to set, BUSY -> DONE the helper's; only the
 * caller that saw DONE sets IDLE, so no other can take the helper in between. */
enum { IDLE, TAKEN, BUSY, DONE };

typedef struct helper {
    struct helper *next;      /* of all helpers; never changes */
    struct helper *next_mate; /* of those that one caller has taken */
    nmlp_task *task;
    void *context;
    nmlp_team team;
    _Atomic long thread; /* nmlp_thread_here() of it, when it has started */
    nmlp_thread_processors processors;
    int caller_processor; /* -1: need not be kept off */
    char line[64];        /* the helper spins on `state`, the caller writes what is above */
    nmlp_word state;
} helper;

/* Helpers are never given back: asleep they cost some kilobytes, and there are never
 * more of them than were at work at once. */
static struct {
    helper *_Atomic helpers;
    _Atomic size_t at_work;  /* in regions, callers and helpers */
    _Atomic double unhelped; /* when a task last found its helpers asleep */
} pool;

/* Longer than the time between two regions, in which a program may fetch data for its next step. */
#define SPINS_BEFORE_IDLE_SLEEP 4000

/* A product has up to some 115 KiB of local variables, most of it a copy of B. musl's default,
 * 128 KiB, would just suffice; this leaves room for a sanitizer. */
#define HELPER_STACK ((size_t)1 << 20)

/* -------------------------------------------------------------- its processor */

/* Linux tends to wake a helper on its caller's processor, above all in a virtual machine, whose
 * idle processors it considers taken away; there the helper starts only when the caller sleeps
 * (docs/tuning.md). So a helper is kept off the processor of the caller that wakes it, and moves
 * away from one that it meets later. */
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

/* The library must not be unloaded under a helper's feet. */
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

/* Signals are for the threads of the program: a helper takes none. The library stays
 * loaded while it has helpers (linked with -z nodelete). */
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

/* A new helper, taken by the caller; NULL where no thread is to be had. */
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

/* The first idle helper, if need be one that sleeps or that must be made. */
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

/* Waking a helper costs its caller some 8 microseconds, and it comes after 10 to 20: half of this
 * alone is done sooner. */
#define OPERATIONS_WORTH_WAKING 6e6

/* Seconds, the time of a small task and half of that for which an idle helper spins. */
#define SOON 1e-4

/* Where small tasks follow one another, a helper that sleeps is brought to spin again, and helps
 * with the next ones. One that has woken meanwhile is there for them, too: only where all are at
 * work one is made. */
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

/* All regions together have no more workers than there are processors, or than one of
 * them asks for; but the caller itself always works. */
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

/* As many mates as there are, and the caller. */
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
