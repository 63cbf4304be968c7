/* SPDX-License-Identifier: MIT
 *
 * Finds out whether other programs compete for the processors, from the time that workers spend
 * waiting for each other.
 *
 * A region of W workers that takes T seconds does the work that one worker does in W*T seconds,
 * minus the losses. While one worker is without a processor for d seconds, the other W-1 wait: W*d
 * of the W*T seconds are lost, and (W-1)*d of them are spent waiting. Compared with one worker
 * alone, the region gains
 *
 *     W*T - W/(W-1) * waited - T        seconds; a negative number is a loss.
 *
 * When the losses exceed a credit of 2 milliseconds, callers work alone. From time to time they try
 * with all workers again: after 4 regions at first, and after twice as many each time the attempt
 * fails at once, up to 128 regions. After an attempt that lost time, there is also a pause. At
 * first it is as long as the loss; each failure doubles it, up to 32 times the loss. A thread that
 * needs a processor for a few milliseconds therefore costs little more than this time, and a
 * program that never stops costs about 3 percent. At the latest, the next attempt follows after 4
 * regions and a quarter of a second, or 25 times the time of the region that decided it, whichever
 * is longer.
 *
 * All regions of a process share one crowd. The time is an argument, so that a test can choose it.
 */
#ifndef NMLP_CROWD_H
#define NMLP_CROWD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct nmlp_crowd {
    atomic_bool locked; /* no one waits for it: a region that finds it locked is not counted */
    atomic_bool alone;  /* callers work alone */
    double spent;       /* seconds of the credit that are used up */
    double won;         /* seconds gained since the last attempt with all workers began */
    double asked;       /* start of that attempt */
    double until;       /* no new attempt before this time */
    double latest;      /* from this time on, a new attempt needs only SHORTEST regions alone */
    uint32_t regions;   /* regions that remain to be run alone */
    uint32_t period;    /* their number at the start of the period alone */
} nmlp_crowd;

/* Returns whether the caller of the region that begins now should work alone. */
int nmlp_crowd_alone(nmlp_crowd *crowd, double now);

/* Notes the end of a region of two or more workers, in which they waited this many seconds in
 * total. */
void nmlp_crowd_note(nmlp_crowd *crowd, double began, double now, size_t workers, double waited);

#endif /* NMLP_CROWD_H */
