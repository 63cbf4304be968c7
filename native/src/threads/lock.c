/* SPDX-License-Identifier: MIT */
#include "threads/lock.h"

int nmlp_lock_read(nmlp_lock *lock)
{
    int32_t readers = atomic_load_explicit(lock, memory_order_relaxed);
    while (readers >= 0)
        if (atomic_compare_exchange_weak_explicit(lock, &readers, readers + 1, memory_order_acquire,
                                                  memory_order_relaxed))
            return 1;
    return 0;
}

void nmlp_unlock_read(nmlp_lock *lock) { atomic_fetch_sub_explicit(lock, 1, memory_order_release); }

int nmlp_lock_write(nmlp_lock *lock)
{
    int32_t free_lock = 0;
    return atomic_compare_exchange_strong_explicit(lock, &free_lock, -1, memory_order_acquire,
                                                   memory_order_relaxed);
}

void nmlp_unlock_write(nmlp_lock *lock) { atomic_store_explicit(lock, 0, memory_order_release); }
