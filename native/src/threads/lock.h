/* SPDX-License-Identifier: MIT
 *
 * A lock for many readers or one writer. Threads never wait for it. */
#ifndef NMLP_LOCK_H
#define NMLP_LOCK_H

#include <stdatomic.h>
#include <stdint.h>

typedef _Atomic int32_t nmlp_lock; /* number of readers, or -1 for a writer */

int nmlp_lock_read(nmlp_lock *lock); /* 1 if taken, 0 if a writer holds it */
void nmlp_unlock_read(nmlp_lock *lock);
int nmlp_lock_write(nmlp_lock *lock); /* 1 if taken, 0 if any thread holds it */
void nmlp_unlock_write(nmlp_lock *lock);

#endif /* NMLP_LOCK_H */
