/* SPDX-License-Identifier: MIT
 *
 * What crowd.h decides, on a clock that the test sets: a machine of two processors, quiet at first,
 * beside another program for a while, and quiet again. */
#include "test_support.h"

#include "threads/crowd.h"

/* A step takes so long alone, and half of that with a helper. Beside another program the helper
 * runs for 3 ms and then stands still for 4, and its caller waits for it. */
typedef struct machine {
    nmlp_crowd crowd;
    double now, alone;
    int busy;
    double ran; /* seconds, since the helper last stood still */
} machine;

static const double slice = 3e-3, stall = 4e-3;

/* Whether the step had a helper. */
static int step(machine *m)
{
    if (nmlp_crowd_alone(&m->crowd, m->now)) {
        m->now += m->alone;
        m->ran = 0; /* it has slept, and runs at once */
        return 0;
    }
    const double began = m->now;
    double waited = 0;
    m->now += m->alone / 2;
    for (m->ran += m->alone / 2; m->busy && m->ran > slice; m->ran -= slice) waited += stall;
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
        machine m = {.now = 1e9, .alone = step_seconds[i]};
        helped(&m, 100);
        m.busy = 1;
        helped(&m, 50);
        const double came = m.now;
        helped(&m, 2000);
        CHECK_THAT(2000 * m.alone >= 0.9 * (m.now - came),
                   "steps of %g s: %g of one worker's speed", m.alone,
                   2000 * m.alone / (m.now - came));
        m.busy = 0;
        helped(&m, 200);
        CHECK_THAT(helped(&m, 1000) == 1000, "steps of %g s", m.alone);
    }
}

/* A step of a large network, which the other program makes twice as slow as it is alone: few steps
 * fit between two attempts, and each attempt costs a whole one. */
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

/* Something ran for 5 ms, once. */
static void test_alone__accident_costs_a_few_steps(void)
{
    machine m = {.now = 1e9, .alone = 1e-3};
    helped(&m, 1000);
    nmlp_crowd_note(&m.crowd, m.now - 5e-3, m.now, 2, 5e-3);
    CHECK(helped(&m, 200) == 200 - 4 + 1); /* the last of 4 asks again */
}

/* A wait that costs less than the helper brings is no reason: two thirds of the speed of two are
 * more than one has. */
static void test_note__uneven_shares_keep_helpers(void)
{
    machine m = {.now = 1e9, .alone = 3e-3};
    for (int i = 0; i < 1000; i++) {
        CHECK(!nmlp_crowd_alone(&m.crowd, m.now));
        nmlp_crowd_note(&m.crowd, m.now, m.now + 2e-3, 2, 1e-3);
        m.now += 2e-3;
    }
}

/* Of four workers one has no processor for most of the time: three wait for it. */
static void test_note__one_of_four_stands_still(void)
{
    machine m = {.now = 1e9};
    nmlp_crowd_note(&m.crowd, m.now, m.now + 4e-3, 4, 3 * 2e-3);
    CHECK(!nmlp_crowd_alone(&m.crowd, m.now)); /* twice one worker's speed */
    nmlp_crowd_note(&m.crowd, m.now, m.now + 40e-3, 4, 3 * 38e-3);
    CHECK(nmlp_crowd_alone(&m.crowd, m.now));
}

/* A clock that is set back keeps nobody alone. */
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
    RUN(test_note__uneven_shares_keep_helpers);
    RUN(test_note__one_of_four_stands_still);
    RUN(test_alone__clock_set_back);
    return test_end("test_crowd");
}
