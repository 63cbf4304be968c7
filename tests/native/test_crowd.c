/* SPDX-License-Identifier: MIT
 *
 * The decisions of crowd.h, with a clock that the test sets. The machine has two processors. It is
 * quiet at first, then runs another program for a while, and is quiet again. */
#include "test_support.h"

#include "threads/crowd.h"

/* `alone` is the time of a step without a helper; with a helper, it takes half of this. While
 * another program runs, the helper runs for 3 ms and then stops for 4 ms, and its caller waits for
 * it. */
typedef struct machine {
    nmlp_crowd crowd;
    double now, alone;
    int busy;
    int late;   /* whether the other program delays a helper that has slept */
    double ran; /* seconds since the helper last stopped, or since the other program began */
} machine;

static const double slice = 3e-3, stall = 4e-3;

/* Whether the step had a helper. */
static int step(machine *m)
{
    if (nmlp_crowd_alone(&m->crowd, m->now)) {
        m->now += m->alone;
        m->ran = m->late ? slice : 0;
        return 0;
    }
    const double began = m->now;
    double waited = 0;
    m->now += m->alone / 2;
    m->ran = m->busy ? m->ran + m->alone / 2 : 0;
    for (; m->ran > slice; m->ran -= slice) waited += stall;
    m->now += waited;
    nmlp_crowd_note(&m->crowd, began, m->now, 2, waited);
    return 1;
}

static int helped(machine *m, int steps)
{
    int count = 0;
    for (int i = 0; i < steps; i++) count += step(m);
    return count;
}

static const double step_seconds[] = {3e-4, 1e-3, 1.5e-3, 5e-3, 3e-2};

static void test_alone__quiet_machine_never(void)
{
    for (size_t i = 0; i < sizeof step_seconds / sizeof *step_seconds; i++) {
        machine m = {.now = 1e9, .alone = step_seconds[i]};
        CHECK(helped(&m, 1000) == 1000);
    }
}

static void test_alone__other_program_comes_and_goes(void)
{
    for (size_t i = 0; i < sizeof step_seconds / sizeof *step_seconds; i++) {
        for (int late = 0; late < 2; late++) {
            machine m = {.now = 1e9, .alone = step_seconds[i], .late = late};
            helped(&m, 100);
            m.busy = 1;
            helped(&m, 100);
            const double came = m.now;
            helped(&m, 2000);
            CHECK_THAT(2000 * m.alone >= 0.9 * (m.now - came),
                       "steps of %g s: %g of one worker's speed", m.alone,
                       2000 * m.alone / (m.now - came));
            m.busy = 0;
            const double went = m.now;
            helped(&m, 200);
            while (m.now < went + 0.3) step(&m);
            CHECK_THAT(helped(&m, 1000) == 1000, "steps of %g s", m.alone);
        }
    }
}

/* A step of a large network. With all workers, the other program makes it take twice as long as
 * alone. Few steps fit between two attempts, and each attempt costs the time of a whole step. */
static void test_alone__long_steps_are_seldom_tried(void)
{
    const double alone = 0.05, took = 0.1;
    machine m = {.now = 1e9};
    for (int i = 0; i < 1000; i++) {
        const double began = m.now;
        const int helped = !nmlp_crowd_alone(&m.crowd, began);
        m.now += helped ? took : alone;
        if (helped) nmlp_crowd_note(&m.crowd, began, m.now, 2, took - alone / 2);
    }
    CHECK_THAT(1000 * alone >= 0.9 * (m.now - 1e9), "%g of one worker's speed",
               1000 * alone / (m.now - 1e9));
}

/* Another program ran once for 5 ms. */
static void test_alone__accident_costs_a_few_steps(void)
{
    machine m = {.now = 1e9, .alone = 1e-3};
    helped(&m, 1000);
    nmlp_crowd_note(&m.crowd, m.now - 5e-3, m.now, 2, 5e-3);
    CHECK(helped(&m, 200) == 200 - 4 + 1); /* the last of 4 tries again */
}

/* A thread of the same program writes a file for 20 ms, three times a second. It costs at most the
 * 4 steps before the first attempt and the 8 before the second. */
static void test_alone__short_disturbances_cost_a_few_steps(void)
{
    machine m = {.now = 1e9, .alone = 1e-3, .late = 1};
    for (int i = 0; i < 30; i++) {
        const double begins = m.now, ends = begins + 0.3;
        int alone = 0;
        while (m.now < ends) {
            m.busy = m.now < begins + 20e-3;
            alone += !step(&m);
        }
        CHECK_THAT(alone <= 4 + 8, "%d steps without a helper", alone);
    }
}

/* The first region waits for its helper to start. */
static void test_alone__slow_start_costs_its_own_time(void)
{
    machine m = {.now = 1e9, .alone = 1e-3};
    nmlp_crowd_note(&m.crowd, m.now - 15e-3, m.now, 2, 15e-3);
    CHECK(helped(&m, 200) >= 200 - 15);
}

/* A wait that costs less than the helper gains is not a reason to work alone: two thirds of the
 * speed of two workers exceed the speed of one. */
static void test_note__uneven_shares_keep_helpers(void)
{
    machine m = {.now = 1e9, .alone = 3e-3};
    for (int i = 0; i < 1000; i++) {
        CHECK(!nmlp_crowd_alone(&m.crowd, m.now));
        nmlp_crowd_note(&m.crowd, m.now, m.now + 2e-3, 2, 1e-3);
        m.now += 2e-3;
    }
}

/* One of four workers has no processor for most of the time, and three wait for it. */
static void test_note__one_of_four_stands_still(void)
{
    machine m = {.now = 1e9};
    nmlp_crowd_note(&m.crowd, m.now, m.now + 4e-3, 4, 3 * 2e-3);
    CHECK(!nmlp_crowd_alone(&m.crowd, m.now)); /* twice the speed of one worker */
    nmlp_crowd_note(&m.crowd, m.now, m.now + 40e-3, 4, 3 * 38e-3);
    CHECK(nmlp_crowd_alone(&m.crowd, m.now));
}

/* Setting the clock back does not keep callers working alone. */
static void test_alone__clock_set_back(void)
{
    machine m = {.now = 1e9, .alone = 1e-3, .busy = 1};
    helped(&m, 500);
    m.now -= 1000;
    m.busy = 0;
    helped(&m, 200);
    CHECK(helped(&m, 100) == 100);
}

int main(void)
{
    test_begin("test_crowd");
    RUN(test_alone__quiet_machine_never);
    RUN(test_alone__other_program_comes_and_goes);
    RUN(test_alone__long_steps_are_seldom_tried);
    RUN(test_alone__accident_costs_a_few_steps);
    RUN(test_alone__short_disturbances_cost_a_few_steps);
    RUN(test_alone__slow_start_costs_its_own_time);
    RUN(test_note__uneven_shares_keep_helpers);
    RUN(test_note__one_of_four_stands_still);
    RUN(test_alone__clock_set_back);
    return test_end("test_crowd");
}
