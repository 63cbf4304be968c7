/* SPDX-License-Identifier: MIT */
#include "threads/pace.h"

#include "platform/clock.h"

/* A task longer than some 100 microseconds on one thread gains from more of them wherever they
 * are (measured: 784-256-128-10, 129e6 operations, is 1.5 times as fast where a barrier costs
 * 300 ns, 1.95 times where it costs 35). */
#define CERTAIN_OPERATIONS 1.2e7

/* What each worker should have to do: some 10 microseconds of a certain task, in which it meets the
 * others a dozen times; to try, some 3, ten times what it takes to send out work to threads that
 * are awake and to meet at its end. */
#define OPERATIONS_PER_WORKER 1.5e6
#define OPERATIONS_WORTH_A_TRY 3e5

/* What more threads must gain to be worth other programs' processors. */
#define WORTH_IT 0.95

/* A cycle: turns on all threads, on one, and then many on what was better, so that the worse way
 * costs less than 1 % of the time. The first turn of a way, which finds its data in other
 * caches, is not counted. */
enum { WAY = 1 + NMLP_PACE_TRIES, CYCLE = 512 };

/* One of three may be disturbed. */
static double median(const double t[NMLP_PACE_TRIES])
{
    const double least = t[0] < t[1] ? t[0] : t[1], most = t[0] < t[1] ? t[1] : t[0];
    return t[2] < least ? least : t[2] > most ? most : t[2];
}

/* Threads for a turn, which is timed if there is a choice. */
static size_t choose(nmlp_pace *pace, int32_t wanted, double operations)
{
    const int certain = operations >= CERTAIN_OPERATIONS;
    const double useful = operations / (certain ? OPERATIONS_PER_WORKER : OPERATIONS_WORTH_A_TRY);
    const size_t most = useful < wanted ? (size_t)useful : (size_t)wanted;
    pace->began = 0;
    if (most < 2) return 1;
    if (certain) return most;
    pace->began = nmlp_seconds();
    if (pace->turn < WAY) return most;
    if (pace->turn < 2 * WAY) return 1;
    return median(pace->all) < WORTH_IT * median(pace->one) ? most : 1;
}

size_t nmlp_pace_begin(nmlp_pace *pace, int32_t wanted, double operations)
{
    pace->threads = choose(pace, wanted, operations);
    return pace->threads;
}

void nmlp_pace_end(nmlp_pace *pace, double operations, size_t workers)
{
    if (pace->began == 0) return;
    if (workers < pace->threads) { /* others want the processors: try again when they do not */
        pace->turn = 0;
        return;
    }
    const double spent = (nmlp_seconds() - pace->began) / operations;
    const uint32_t try = pace->turn % WAY;
    if (pace->turn < 2 * WAY && try > 0)
        (pace->turn < WAY ? pace->all : pace->one)[try - 1] = spent;
    pace->turn = (pace->turn + 1) % CYCLE;
}
