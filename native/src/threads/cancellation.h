/* SPDX-License-Identifier: MIT
 *
 * Prevents cancellation of the calling thread inside the library. If the thread ended there, its
 * helpers would continue to use data that no longer exists, and its network would stay busy
 * forever. */
#ifndef NMLP_CANCELLATION_H
#define NMLP_CANCELLATION_H

#include "threads/waiting.h" /* NMLP_WITH_THREADS */

#if defined(NMLP_WITH_THREADS) && !defined(_WIN32) && !defined(__ANDROID__)
#include <pthread.h>

static inline int hold_cancellation(void)
{
    int state;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    return state;
}
static inline void let_cancel(int state) { pthread_setcancelstate(state, &state); }
#else
static inline int hold_cancellation(void) { return 0; }
static inline void let_cancel(int state) { (void)state; }
#endif

#endif /* NMLP_CANCELLATION_H */
