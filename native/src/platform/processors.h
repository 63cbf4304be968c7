/* SPDX-License-Identifier: MIT */
#ifndef NMLP_PROCESSORS_H
#define NMLP_PROCESSORS_H

/* How many processors this process may use at once, at least 1: those of the system
 * that its affinity and its cgroup's CPU quota leave it. */
int nmlp_processors(void);

/* The system's number of the calling thread, 0 where it has none that is of use, and of the
 * processor that it runs on, -1 where that is not known. */
long nmlp_thread_here(void);
int nmlp_processor_here(void);

/* Where a thread may run, and what nmlp_thread_keep_off has left of that. */
typedef struct nmlp_processor_set {
    unsigned char bits[1024 / 8];
} nmlp_processor_set;

typedef struct nmlp_thread_processors {
    nmlp_processor_set own, given;
} nmlp_thread_processors;

/* From now on the thread stays off this processor alone, unless it has no other. `known` begins as
 * zeros; what somebody else has set since is the thread's own. */
void nmlp_thread_keep_off(long thread, int processor, nmlp_thread_processors *known);

#endif /* NMLP_PROCESSORS_H */
