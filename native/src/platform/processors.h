/* SPDX-License-Identifier: MIT */
#ifndef NMLP_PROCESSORS_H
#define NMLP_PROCESSORS_H

/* Returns the number of processors that this process may use at the same time, at least 1. Its
 * affinity and the CPU quota of its cgroup limit them. */
int nmlp_processors(void);

/* Return the system's number of the calling thread, or 0 if it has no usable number, and the number
 * of its current processor, or -1 if it is unknown. */
long nmlp_thread_here(void);
int nmlp_processor_here(void);

/* The processors on which a thread may run, and the set that nmlp_thread_keep_off has given it. */
typedef struct nmlp_processor_set {
    unsigned char bits[1024 / 8];
} nmlp_processor_set;

typedef struct nmlp_thread_processors {
    nmlp_processor_set own, given;
} nmlp_thread_processors;

/* From now on, the thread avoids this processor and no other, unless it is its only processor.
 * `known` is initially zero. If another caller has changed the set since, that set becomes the
 * thread's own. */
void nmlp_thread_keep_off(long thread, int processor, nmlp_thread_processors *known);

#endif /* NMLP_PROCESSORS_H */
