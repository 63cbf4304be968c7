/* SPDX-License-Identifier: MIT */
#ifndef NMLP_PROCESSORS_H
#define NMLP_PROCESSORS_H

/* How many processors this process may use at once, at least 1: those of the system
 * that its affinity and its cgroup's CPU quota leave it. */
int nmlp_processors(void);

/* The system's number of the calling thread; 0 where it has none that is of use. */
long nmlp_thread_here(void);

/* A thread of this process may now run where the calling thread may, but not on the processor
 * where that runs just now. Nothing happens where that leaves none. */
void nmlp_thread_send_away(long thread);

#endif /* NMLP_PROCESSORS_H */
