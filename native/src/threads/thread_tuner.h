/* SPDX-License-Identifier: MIT
 *
 * Decides whether a small task that is repeated many times is faster on all its threads or on one.
 * It measures both from time to time, because the cost of a barrier between two processors differs
 * between machines and changes while a program runs. */
#ifndef NMLP_THREAD_TUNER_H
#define NMLP_THREAD_TUNER_H

#include <stddef.h>
#include <stdint.h>

/* The number of timed runs of each alternative that are compared. */
enum { NMLP_TUNER_TRIALS = 3 };

typedef struct nmlp_thread_tuner {
    uint32_t turn; /* position in the cycle of measuring both and using the better one */
    /* Seconds per operation in the last measurement. */
    double all[NMLP_TUNER_TRIALS], one[NMLP_TUNER_TRIALS];
    double began;   /* start of the current run; 0 if it is not timed */
    size_t threads; /* of the current run */
} nmlp_thread_tuner;

/* Returns the threads for a task of this many operations: 1, or as many of the wanted threads as
 * have enough work. */
size_t nmlp_thread_tuner_begin(nmlp_thread_tuner *tuner, int32_t wanted, double operations);

/* Notes the end of the task, which this many workers have run. If there were fewer than intended,
 * the time is not used, and the cycle begins again. */
void nmlp_thread_tuner_end(nmlp_thread_tuner *tuner, double operations, size_t workers);

#endif /* NMLP_THREAD_TUNER_H */
