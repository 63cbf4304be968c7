/* SPDX-License-Identifier: MIT
 *
 * A lock that many readers or one writer hold; nobody waits for it. */
#ifndef NMLP_LOCK_H
#define NMLP_LOCK_H

#include <stdatomic.h>
#include <stdint.h>

typedef _Atomic int32_t nmlp_lock; /* readers, or -1: a writer */

int nmlp_lock_read(nmlp_lock *lock); /* 1: taken, 0: a writer has it */
void nmlp_unlock_read(nmlp_lock *lock);
int nmlp_lock_write(nmlp_lock *lock); /* 1: taken, 0: somebody has it */
void nmlp_unlock_write(nmlp_lock *lock);

#endif /* NMLP_LOCK_H */
