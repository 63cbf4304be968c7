/* SPDX-License-Identifier: MIT */
#include "threads/waiting.h"

#if defined(NMLP_WITH_THREADS)

#include <stdbool.h>
#if !defined(_WIN32)
#include <sched.h>
#endif
#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#define SPIN() _mm_pause()
#elif defined(__aarch64__)
#define SPIN() __asm__ volatile("isb") /* about 10 ns; yield has no effect on most processors */
#else
#define SPIN() ((void)0)
#endif

#include "platform/clock.h"

#if defined(_WIN32)
void nmlp_word_lock(nmlp_word *word) { AcquireSRWLockExclusive(&word->lock); }
void nmlp_word_unlock(nmlp_word *word) { ReleaseSRWLockExclusive(&word->lock); }
void nmlp_word_wake(nmlp_word *word) { WakeAllConditionVariable(&word->changed); }
static void sleep_on(nmlp_word *word)
{
    SleepConditionVariableSRW(&word->changed, &word->lock, INFINITE, 0);
}
static void yield(void) { SwitchToThread(); }
#else
void nmlp_word_lock(nmlp_word *word) { pthread_mutex_lock(&word->lock); }
void nmlp_word_unlock(nmlp_word *word) { pthread_mutex_unlock(&word->lock); }
void nmlp_word_wake(nmlp_word *word) { pthread_cond_broadcast(&word->changed); }
static void sleep_on(nmlp_word *word) { pthread_cond_wait(&word->changed, &word->lock); }
static void yield(void) { sched_yield(); }
#endif

/* Either the sleeper sees the new value, or this function sees the sleeper: each first writes and
 * then reads what the other writes, in one order for all threads (memory_order_seq_cst). It uses an
 * exchange instead of a store: with a store, two tests slept forever under QEMU, which seems to let
 * a load overtake an earlier store where AArch64 does not. */
void nmlp_word_set(nmlp_word *word, uint32_t value)
{
    (void)atomic_exchange(&word->value, value);
    if (atomic_load(&word->sleepers) == 0) return;
    nmlp_word_lock(word);
    nmlp_word_wake(word);
    nmlp_word_unlock(word);
}

/* A spinning thread regularly yields its processor to other threads. One of them may be the thread
 * for which it waits. */
#define SPINS_BEFORE_YIELD 256

static bool has_come(nmlp_word *word, uint32_t value)
{
    return atomic_load_explicit(&word->value, memory_order_acquire) == value;
}

static bool spin(nmlp_word *word, uint32_t value, size_t spins)
{
    for (size_t turn = 1; turn <= spins; turn++) {
        if (has_come(word, value)) return true;
        SPIN();
        if (turn % SPINS_BEFORE_YIELD == 0) yield();
    }
    return has_come(word, value);
}

static void sleep_once(nmlp_word *word, uint32_t value)
{
    nmlp_word_lock(word);
    atomic_fetch_add(&word->sleepers, 1);
    if (atomic_load(&word->value) != value) sleep_on(word);
    atomic_fetch_sub(&word->sleepers, 1);
    nmlp_word_unlock(word);
}

void nmlp_word_await(nmlp_word *word, uint32_t value, size_t spins)
{
    while (!spin(word, value, spins)) sleep_once(word, value);
}

/* About 20 microseconds. If other processes also use the processors, a spinning thread occupies a
 * processor that the worker for which all wait could use (with 100000, steps took 30 times
 * longer). */
#define SPINS_BEFORE_SLEEP 1000

/* Shorter waits do not indicate that a worker has no processor, and do not justify reading the
 * clock. */
#define SPINS_BEFORE_CLOCK 200

static void await_long(struct nmlp_barrier *barrier, nmlp_word *word, uint32_t value)
{
    const double began = nmlp_seconds();
    nmlp_word_await(word, value, SPINS_BEFORE_SLEEP - SPINS_BEFORE_CLOCK);
    atomic_fetch_add(&barrier->waited, (uint64_t)(1e9 * (nmlp_seconds() - began)));
}

void nmlp_barrier_await(struct nmlp_barrier *barrier, nmlp_word *word, uint32_t value)
{
    if (!spin(word, value, SPINS_BEFORE_CLOCK)) await_long(barrier, word, value);
}

/* The last worker to arrive begins the next phase. No worker leaves the barrier before all have
 * arrived. */
void nmlp_barrier_wait(struct nmlp_barrier *barrier, size_t workers)
{
    const uint32_t next = atomic_load_explicit(&barrier->phase.value, memory_order_relaxed) + 1;
    if (atomic_fetch_add_explicit(&barrier->arrived, 1, memory_order_acq_rel) + 1 == workers) {
        atomic_store_explicit(&barrier->arrived, 0, memory_order_relaxed);
        nmlp_word_set(&barrier->phase, next);
    } else {
        nmlp_barrier_await(barrier, &barrier->phase, next);
    }
}

#else
typedef int nmlp_no_threads_to_wait_for; /* a translation unit needs a declaration */
#endif
