/* SPDX-License-Identifier: MIT */
#include "threads/thread_tuner.h"

#include "platform/clock.h"

/* A task that takes more than about 100 microseconds on one thread is faster on several threads,
 * whichever processors they use. For 784-256-128-10 with 129e6 operations, the factor is 1.5 if a
 * barrier costs 300 ns, and 1.95 if it costs 35 ns. */
#define CERTAIN_OPERATIONS 1.2e7

/* The operations that each worker should have. If several threads are certainly faster, this is
 * about 10 microseconds of a task with a dozen barriers. To be worth measuring, it is about 3
 * microseconds, ten times the cost of distributing work to threads that are awake and of the
 * barrier at its end. */
#define OPERATIONS_PER_WORKER 1.5e6
#define OPERATIONS_WORTH_A_TRY 3e5

/* More threads must reduce the time to this fraction to justify using processors that other
 * programs may need. */
#define WORTH_IT 0.95

/* A cycle: runs on all threads, runs on one thread, and then many runs with the better alternative,
 * so that the worse one costs less than 1 % of the time. The first run of each alternative finds
 * its data in other caches and is not counted. */
enum { WAY = 1 + NMLP_TUNER_TRIALS, CYCLE = 512 };

/* A disturbance of one of the three times does not change the result much. */
static double median(const double t[NMLP_TUNER_TRIALS])
{
    const double least = t[0] < t[1] ? t[0] : t[1], most = t[0] < t[1] ? t[1] : t[0];
    return t[2] < least ? least : t[2] > most ? most : t[2];
}

/* Returns the threads for a run. If there is a choice, the run is timed. */
static size_t choose(nmlp_thread_tuner *tuner, int32_t wanted, double operations)
{
    const int certain = operations >= CERTAIN_OPERATIONS;
    const double useful = operations / (certain ? OPERATIONS_PER_WORKER : OPERATIONS_WORTH_A_TRY);
    const size_t most = useful < wanted ? (size_t)useful : (size_t)wanted;
    tuner->began = 0;
    if (most < 2) return 1;
    if (certain) return most;
    tuner->began = nmlp_seconds();
    if (tuner->turn < WAY) return most;
    if (tuner->turn < 2 * WAY) return 1;
    return median(tuner->all) < WORTH_IT * median(tuner->one) ? most : 1;
}

size_t nmlp_thread_tuner_begin(nmlp_thread_tuner *tuner, int32_t wanted, double operations)
{
    tuner->threads = choose(tuner, wanted, operations);
    return tuner->threads;
}

void nmlp_thread_tuner_end(nmlp_thread_tuner *tuner, double operations, size_t workers)
{
    if (tuner->began == 0) return;
    if (workers < tuner->threads) { /* other programs use the processors: measure again later */
        tuner->turn = 0;
        return;
    }
    const double spent = (nmlp_seconds() - tuner->began) / operations;
    const uint32_t try = tuner->turn % WAY;
    if (tuner->turn < 2 * WAY && try > 0)
        (tuner->turn < WAY ? tuner->all : tuner->one)[try - 1] = spent;
    tuner->turn = (tuner->turn + 1) % CYCLE;
}
