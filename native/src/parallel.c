/* SPDX-License-Identifier: MIT
 *
 * The only file that knows threads. They come from one of
 *
 *   NMLP_PARALLEL_POOL    helpers of our own, made when first wanted and kept
 *   NMLP_PARALLEL_OPENMP  the compiler's OpenMP
 *   neither               the caller works alone */
#define _POSIX_C_SOURCE 200809L /* pthread_sigmask */
#include "parallel.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#if defined(NMLP_PARALLEL_OPENMP)
#include <omp.h>
#endif
#if defined(NMLP_PARALLEL_OPENMP) || defined(NMLP_PARALLEL_POOL)
#define WITH_THREADS
#if defined(_WIN32)
#include <windows.h>
#else
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#endif
#endif
#if defined(__linux__)
#include <sys/prctl.h>
#endif
#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#define SPIN() _mm_pause()
#elif defined(__aarch64__)
#define SPIN() __asm__ volatile("isb") /* some 10 ns; yield does nothing on most */
#else
#define SPIN() ((void)0)
#endif

#include "clock.h"
#include "cpu.h"
#include "processors.h"

static void run_worker(nmlp_task *task, void *context, nmlp_team team)
{
    const uint64_t modes = nmlp_cpu_enter_default_modes();
    task(context, team);
    nmlp_cpu_leave_default_modes(modes);
}

#if defined(WITH_THREADS)

/* ------------------------------------------------------------------- waiting */

/* A word that threads wait for: a while spinning, then asleep in the system. */
typedef struct word {
    _Atomic uint32_t value, sleepers;
#if defined(_WIN32)
    SRWLOCK lock;
    CONDITION_VARIABLE changed;
#else
    pthread_mutex_t lock;
    pthread_cond_t changed;
#endif
} word;

#if defined(_WIN32)
#define WORD_INIT                                   \
    {                                               \
        0, 0, SRWLOCK_INIT, CONDITION_VARIABLE_INIT \
    }
static void word_lock(word *w) { AcquireSRWLockExclusive(&w->lock); }
static void word_unlock(word *w) { ReleaseSRWLockExclusive(&w->lock); }
static void word_sleep(word *w) { SleepConditionVariableSRW(&w->changed, &w->lock, INFINITE, 0); }
static void word_wake(word *w) { WakeAllConditionVariable(&w->changed); }
static void word_yield(void) { SwitchToThread(); }
#else
#define WORD_INIT                                                 \
    {                                                             \
        0, 0, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER \
    }
static void word_lock(word *w) { pthread_mutex_lock(&w->lock); }
static void word_unlock(word *w) { pthread_mutex_unlock(&w->lock); }
static void word_sleep(word *w) { pthread_cond_wait(&w->changed, &w->lock); }
static void word_wake(word *w) { pthread_cond_broadcast(&w->changed); }
static void word_yield(void) { sched_yield(); }
#endif

/* Either the sleeper sees the new value, or this sees the sleeper: both write first,
 * then read what the other writes, in one order for all (memory_order_seq_cst). An exchange
 * and no store: two tests slept for ever under QEMU, which seems to let a load pass the store
 * before it where AArch64 does not. */
static void word_set(word *w, uint32_t value)
{
    (void)atomic_exchange(&w->value, value);
    if (atomic_load(&w->sleepers) == 0) return;
    word_lock(w);
    word_wake(w);
    word_unlock(w);
}

/* About 20 microseconds, longer than workers of equal shares wait for one another; then
 * a worker sleeps. Where other processes want the processors, too, whoever spins keeps
 * one from the worker that all wait for (measured: steps 30 times longer with 100000). */
#define SPINS_BEFORE_SLEEP 1000

/* Who spins lets pass whoever else is on this processor, the one that it waits for, perhaps. */
#define SPINS_BEFORE_YIELD 256

static void word_await(word *w, uint32_t value, size_t spins)
{
    for (;;) {
        for (size_t turn = 1; turn <= spins; turn++) {
            if (atomic_load_explicit(&w->value, memory_order_acquire) == value) return;
            SPIN();
            if (turn % SPINS_BEFORE_YIELD == 0) word_yield();
        }
        word_lock(w);
        atomic_fetch_add(&w->sleepers, 1);
        if (atomic_load(&w->value) != value) word_sleep(w);
        atomic_fetch_sub(&w->sleepers, 1);
        word_unlock(w);
    }
}

struct nmlp_barrier {
    _Atomic uint32_t arrived;
    word phase;
};

/* The last to arrive opens the next phase, which nobody leaves before all were here. */
static void barrier_wait(nmlp_barrier *barrier, size_t workers)
{
    const uint32_t next = atomic_load_explicit(&barrier->phase.value, memory_order_relaxed) + 1;
    if (atomic_fetch_add_explicit(&barrier->arrived, 1, memory_order_acq_rel) + 1 == workers) {
        atomic_store_explicit(&barrier->arrived, 0, memory_order_relaxed);
        word_set(&barrier->phase, next);
    } else {
        word_await(&barrier->phase, next, SPINS_BEFORE_SLEEP);
    }
}

/* -------------------------------------------------------------------- teams */

#if defined(NMLP_PARALLEL_POOL)

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
    word state;
} helper;

/* Helpers are never given back: asleep they cost some kilobytes, and there are never
 * more of them than were at work at once. */
static struct {
    helper *_Atomic helpers;
    _Atomic size_t at_work;  /* in regions, callers and helpers */
    _Atomic double unhelped; /* when a task last found its helpers asleep */
    atomic_bool wake_for_all;
} pool;

/* Longer than between regions: between two steps somebody may fetch data. */
#define SPINS_BEFORE_IDLE_SLEEP 4000

/* A product has up to some 115 KiB of locals, a packed B above all. musl's own default, 128 KiB,
 * would just do; this leaves room for a sanitizer. */
#define HELPER_STACK ((size_t)1 << 20)

/* Linux wakes a helper where its caller runs, above all in a virtual machine, whose idle processors
 * it takes for taken away; there it begins when the caller sleeps. (Two tasks of 5 microseconds,
 * every 2 ms, took 156.) So a helper is kept off the processor of the caller who wakes it, and goes
 * away from one whom it meets later. */
static void keep_off(helper *h, int processor)
{
    const long thread = atomic_load(&h->thread);
    if (thread == 0 || processor < 0) return;
    word_lock(&h->state);
    nmlp_thread_keep_off(thread, processor, &h->processors);
    word_unlock(&h->state);
}

static void help(helper *h)
{
    atomic_store(&h->thread, nmlp_thread_here());
    for (;;) {
        word_await(&h->state, BUSY, SPINS_BEFORE_IDLE_SLEEP);
        if (h->caller_processor >= 0 && h->caller_processor == nmlp_processor_here())
            keep_off(h, h->caller_processor);
        run_worker(h->task, h->context, h->team);
        word_set(&h->state, DONE);
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

/* A child process has none of its parent's threads. */
static void forget_helpers(void)
{
    atomic_store(&pool.helpers, NULL);
    atomic_store(&pool.at_work, 0);
}

static void forget_helpers_in_children(void) { pthread_atfork(NULL, NULL, forget_helpers); }

/* Signals are for the threads of the program: a helper takes none. The library stays
 * loaded while it has helpers (linked with -z nodelete). */
static int start_helper(helper *h)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, forget_helpers_in_children);
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
    *h = (helper){.state = WORD_INIT};
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

static int is_worth_waking(double operations)
{
    return operations >= OPERATIONS_WORTH_WAKING || atomic_load(&pool.wake_for_all);
}

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
    word_lock(&h->state);
    word_wake(&h->state);
    word_unlock(&h->state);
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

static void run_team(size_t threads, double operations, nmlp_task *task, void *context)
{
    const int wake = is_worth_waking(operations);
    const int many = threads > (size_t)nmlp_parallel_default_threads();
    const int processor = many ? -1 : nmlp_processor_here();
    const size_t entered = enter_region(threads);
    helper *mates = NULL;
    size_t workers = 1;
    for (helper *h; workers < entered && (h = take_helper(wake, processor)) != NULL; workers++) {
        h->next_mate = mates;
        mates = h;
    }
    atomic_fetch_sub(&pool.at_work, entered - workers);
    if (workers < entered && !wake) call_helper(processor);

    nmlp_barrier barrier = {0, WORD_INIT};
    nmlp_team team = {workers, workers, &barrier};
    for (helper *h = mates; h != NULL; h = h->next_mate) {
        team.worker--;
        h->task = task;
        h->context = context;
        h->team = team;
        h->caller_processor = processor;
        word_set(&h->state, BUSY);
    }
    team.worker = 0;
    run_worker(task, context, team);
    for (helper *h = mates, *next; h != NULL; h = next) {
        next = h->next_mate;
        word_await(&h->state, DONE, SPINS_BEFORE_SLEEP);
        atomic_store_explicit(&h->state.value, IDLE, memory_order_release);
    }
    atomic_fetch_sub(&pool.at_work, workers);
}

#elif defined(NMLP_PARALLEL_OPENMP)

static void run_team(size_t threads, double operations, nmlp_task *task, void *context)
{
    (void)operations;
    if (omp_in_parallel()) {
        run_worker(task, context, (nmlp_team){0, 1, NULL});
        return;
    }
    nmlp_barrier barrier = {0, WORD_INIT};
#pragma omp parallel num_threads((int)threads)
    {
        const nmlp_team team = {(size_t)omp_get_thread_num(), (size_t)omp_get_num_threads(),
                                &barrier};
        run_worker(task, context, team);
        barrier_wait(&barrier, team.workers); /* OpenMP's own, behind this, spins for longer */
    }
}

#endif
#endif /* WITH_THREADS */

/* ------------------------------------------------------------------- running */

void nmlp_parallel_run(size_t threads, double operations, nmlp_task *task, void *context)
{
#if defined(WITH_THREADS)
    if (threads > 1) {
        run_team(threads, operations, task, context);
        return;
    }
#else
    (void)threads;
    (void)operations;
#endif
    run_worker(task, context, (nmlp_team){0, 1, NULL});
}

void nmlp_parallel_barrier(nmlp_team team)
{
#if defined(WITH_THREADS)
    if (team.workers > 1) barrier_wait(team.barrier, team.workers);
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

size_t nmlp_parallel_threads(int32_t wanted, double operations)
{
    const int32_t threads = wanted > 0 ? wanted : nmlp_parallel_default_threads();
    const double useful = operations / OPERATIONS_PER_WORKER;
    if (useful < 2 || threads < 2) return 1;
    return useful < threads ? (size_t)useful : (size_t)threads;
}

void nmlp_parallel_wake_for_all(void)
{
#if defined(NMLP_PARALLEL_POOL)
    atomic_store(&pool.wake_for_all, true);
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
#if defined(WITH_THREADS)
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
        value = find_default_threads();
        atomic_store_explicit(&threads, value, memory_order_relaxed);
    }
    return value;
}

/* ---------------------------------------------------------------------- lock */

int nmlp_lock_read(nmlp_lock *lock)
{
    int32_t readers = atomic_load_explicit(lock, memory_order_relaxed);
    while (readers >= 0)
        if (atomic_compare_exchange_weak_explicit(lock, &readers, readers + 1, memory_order_acquire,
                                                  memory_order_relaxed))
            return 1;
    return 0;
}

void nmlp_unlock_read(nmlp_lock *lock) { atomic_fetch_sub_explicit(lock, 1, memory_order_release); }

int nmlp_lock_write(nmlp_lock *lock)
{
    int32_t free_lock = 0;
    return atomic_compare_exchange_strong_explicit(lock, &free_lock, -1, memory_order_acquire,
                                                   memory_order_relaxed);
}

void nmlp_unlock_write(nmlp_lock *lock) { atomic_store_explicit(lock, 0, memory_order_release); }
