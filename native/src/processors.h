/* SPDX-License-Identifier: MIT */
#ifndef NMLP_PROCESSORS_H
#define NMLP_PROCESSORS_H

/* How many processors this process may use at once, at least 1: those of the system
 * that its affinity and its cgroup's CPU quota leave it. */
int nmlp_processors(void);

#endif /* NMLP_PROCESSORS_H */
