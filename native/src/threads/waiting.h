/* SPDX-License-Identifier: MIT
 *
 * Threads wait until a word has a value, and for one another at a barrier. A thread spins for about
 * 20 microseconds, which is longer than workers with equal shares wait for one another. Then it
 * sleeps in the operating system. */
#ifndef NMLP_WAITING_H
#define NMLP_WAITING_H

#if defined(NMLP_PARALLEL_OPENMP) || defined(NMLP_PARALLEL_POOL)
#define NMLP_WITH_THREADS

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#if defined(_WIN32)
#include <windows.h>
#else
#include <pthread.h>
#endif

/* A word that threads wait for. */
typedef struct nmlp_word {
    _Atomic uint32_t value, sleepers;
#if defined(_WIN32)
    SRWLOCK lock;
    CONDITION_VARIABLE changed;
#else
    pthread_mutex_t lock;
    pthread_cond_t changed;
#endif
} nmlp_word;

#if defined(_WIN32)
#define NMLP_WORD_INIT                              \
    {                                               \
        0, 0, SRWLOCK_INIT, CONDITION_VARIABLE_INIT \
    }
#else
#define NMLP_WORD_INIT                                            \
    {                                                             \
        0, 0, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER \
    }
#endif

void nmlp_word_lock(nmlp_word *word);
void nmlp_word_unlock(nmlp_word *word);

/* Wakes the threads that sleep on the word, although its value has not changed. The caller has
 * locked the word. */
void nmlp_word_wake(nmlp_word *word);

/* Sets the value and wakes the threads that sleep on the word. */
void nmlp_word_set(nmlp_word *word, uint32_t value);

/* Waits for the value: spins at most this many times, then sleeps. */
void nmlp_word_await(nmlp_word *word, uint32_t value, size_t spins);

/* The barrier of the workers of one region. */
struct nmlp_barrier {
    _Atomic uint32_t arrived;
    nmlp_word phase;
    _Atomic uint64_t waited; /* nanoseconds that all workers spent in long waits */
};

#define NMLP_BARRIER_INIT       \
    {                           \
        .phase = NMLP_WORD_INIT \
    }

/* Waits until this many workers have reached the barrier. */
void nmlp_barrier_wait(struct nmlp_barrier *barrier, size_t workers);

/* Waits, as at the barrier, for a word that another worker of the region will set. */
void nmlp_barrier_await(struct nmlp_barrier *barrier, nmlp_word *word, uint32_t value);

#endif
#endif /* NMLP_WAITING_H */
