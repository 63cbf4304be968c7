/* SPDX-License-Identifier: MIT
 *
 * Whether a small task that is done over and over is faster on all its threads or on one: found
 * out by trying, now and again, since what a barrier between two processors costs is the
 * machine's secret and changes while a program runs. */
#ifndef NMLP_PACE_H
#define NMLP_PACE_H

#include <stddef.h>
#include <stdint.h>

/* Turns of each way that are compared when both are tried. */
enum { NMLP_PACE_TRIES = 3 };

typedef struct nmlp_pace {
    uint32_t turn; /* in the cycle of trying and using what was found */
    /* Seconds an operation, when last tried. */
    double all[NMLP_PACE_TRIES], one[NMLP_PACE_TRIES];
    double began;   /* of the turn at hand; 0: it is not timed */
    size_t threads; /* of the turn at hand */
} nmlp_pace;

/* Threads for a task of so many operations: 1, or as many of the wanted as have enough to do. */
size_t nmlp_pace_begin(nmlp_pace *pace, int32_t wanted, double operations);

/* The task is done, by so many workers. Fewer than it should have had say nothing about them: the
 * cycle begins anew. */
void nmlp_pace_end(nmlp_pace *pace, double operations, size_t workers);

#endif /* NMLP_PACE_H */
