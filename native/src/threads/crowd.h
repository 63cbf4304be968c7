/* SPDX-License-Identifier: MIT
 *
 * Whether other programs want the processors, learnt from how long workers wait for one another.
 *
 * A region of W workers that takes T seconds does the work of one worker in W*T, less what the
 * workers lose. Where one of them has no processor for d seconds, the W-1 others wait, so that of
 * W*T there are W*d lost and (W-1)*d waited. Beside one worker alone the region has won
 *
 *     W*T - W/(W-1) * waited - T        seconds, or lost them.
 *
 * When more has been lost than a credit of 2 milliseconds allows, the caller works alone. Now and
 * again it asks the others to help: after 4 regions at first, and while that fails again and again
 * after twice as many, up to 128; but not before the last try, if it lost time, has cost less than
 * a thirtieth of the time, and in any case after a quarter of a second and 4 regions.
 *
 * All of a process's regions share one crowd. The time is an argument, so that a test can make
 * it. */
#ifndef NMLP_CROWD_H
#define NMLP_CROWD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct nmlp_crowd {
    atomic_bool locked; /* nobody waits for it: a region that meets another here goes uncounted */
    atomic_bool alone;  /* callers work alone */
    double spent;       /* of the seconds that may be lost */
    double won;         /* seconds, since the others were last asked to help */
    double asked;       /* when that was */
    double until;       /* alone at least so long, */
    double latest;      /* and hardly longer than so long, */
    uint32_t regions;   /* and for so many regions more, */
    uint32_t period;    /* which were so many at first */
} nmlp_crowd;

/* Whether the caller of the region that begins now should work alone. */
int nmlp_crowd_alone(nmlp_crowd *crowd, double now);

/* A region of two or more workers, in which they waited for so many seconds in all, is over. */
void nmlp_crowd_note(nmlp_crowd *crowd, double began, double now, size_t workers, double waited);

#endif /* NMLP_CROWD_H */
