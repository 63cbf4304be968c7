/* SPDX-License-Identifier: MIT */
#include "threads/crowd.h"

/* The number of regions for which a caller works alone before it tries all workers again. */
enum { SHORTEST = 4, LONGEST = 128 };

/* Seconds. On Linux, a worker that loses its processor gets it back after 3 or 4 milliseconds. A
 * loss of half of this time is not a coincidence. An attempt must allow for a worker that has to
 * wake up. */
#define CREDIT 2e-3
#define CREDIT_OF_A_TRY 2.5e-4

/* A region may be slower than one worker by this fraction of its time: the measurement is not
 * exact, and a single worker would not always have its processor either. */
#define TOLERANCE 0.1

/* A loss in a region that begins after this many seconds with all workers counts as a new one and
 * does not lengthen the period. */
#define PEACE 0.1

/* The next attempt waits for at most LONGEST_ALONE seconds and a few regions. If a region takes so
 * long that it may lose a tenth of a second, this limit would cost a tenth of the time. In that
 * case, the limit is LONGEST_ALONE_REGIONS times the region. */
#define LONGEST_ALONE 0.25
#define LONGEST_ALONE_REGIONS 25

static bool lock(nmlp_crowd *crowd) { return !atomic_exchange(&crowd->locked, true); }
static void unlock(nmlp_crowd *crowd) { atomic_store(&crowd->locked, false); }

static double earlier(double a, double b) { return a < b ? a : b; }
static double longer(double a, double b) { return a > b ? a : b; }

static void ask_again(nmlp_crowd *crowd, double now)
{
    crowd->asked = now;
    crowd->won = 0;
    crowd->spent = CREDIT - CREDIT_OF_A_TRY;
    atomic_store(&crowd->alone, false);
}

int nmlp_crowd_alone(nmlp_crowd *crowd, double now)
{
    if (!atomic_load_explicit(&crowd->alone, memory_order_relaxed)) return 0;
    if (!lock(crowd)) return 1;
    if (crowd->regions > 0) crowd->regions--;
    const bool set_back = now < crowd->asked; /* the clock was set back */
    const bool due = crowd->regions == 0 && now >= crowd->until;
    const bool late = crowd->regions + SHORTEST <= crowd->period && now >= crowd->latest;
    if (due || late || set_back) ask_again(crowd, now);
    const int alone = atomic_load(&crowd->alone);
    unlock(crowd);
    return alone;
}

/* Begins a period alone, after the region that lost too much. */
static void leave_alone(nmlp_crowd *crowd, double began, double now)
{
    const bool again = began - crowd->asked < PEACE && crowd->period > 0;
    crowd->period = !again ? SHORTEST : crowd->period < LONGEST ? 2 * crowd->period : LONGEST;
    crowd->regions = crowd->period;
    const double lost = crowd->won < 0 ? -crowd->won : 0;
    crowd->latest = now + longer(LONGEST_ALONE, LONGEST_ALONE_REGIONS * (now - began));
    crowd->until = earlier(now + lost * (crowd->period / SHORTEST), crowd->latest);
    atomic_store(&crowd->alone, true);
}

void nmlp_crowd_note(nmlp_crowd *crowd, double began, double now, size_t workers, double waited)
{
    const double w = (double)workers, took = now - began;
    if (took <= 0 || !lock(crowd)) return;
    const double won = (w - 1) * took - w / (w - 1) * waited;
    crowd->won += won;
    crowd->spent -= won + TOLERANCE * took;
    if (crowd->spent < 0) crowd->spent = 0;
    if (crowd->spent > CREDIT && !atomic_load(&crowd->alone)) leave_alone(crowd, began, now);
    unlock(crowd);
}
