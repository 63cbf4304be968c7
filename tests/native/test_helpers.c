/* SPDX-License-Identifier: MIT
 *
 * Workers without a processor, and helpers that sleep. */
#if defined(__linux__)
#define _GNU_SOURCE /* sched_setaffinity */
#endif
#include "threads_net.h"

/* ------------------------------------------------------------ a worker without a processor */

static void let_pass(long milliseconds)
{
#if defined(_WIN32)
    Sleep((DWORD)milliseconds);
#else
    const struct timespec t = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&t, NULL);
#endif
}

static void be_late(void *context, nmlp_team team)
{
    (void)context;
    if (team.worker == 1) let_pass(20);
    nmlp_parallel_barrier(team);
}

static size_t late_workers(void) { return nmlp_parallel_run(2, INFINITY, be_late, NULL); }

/* One wait of 20 ms exceeds the time that helpers may lose. Later, they are tried again. */
static void test_run__late_worker_is_left_out_for_a_while(void)
{
    size_t workers = late_workers();
    for (int turn = 0; workers == 2 && turn < 10; turn++) workers = late_workers();
    CHECK(workers == 1);
    for (int turn = 0; workers == 1 && turn < 10000; turn++, let_pass(1))
        workers = workers_of(INFINITY);
    CHECK(workers == 2);
}

/* Steps on all threads and on one, while other programs start and stop. */
static void test_train__late_workers_do_not_change_the_bits(void)
{
    nmlp_net *net = make(3), *expected = make(1);
    for (int turn = 0; turn < 20; turn++) {
        late_workers();
        train(net, turn);
        train(expected, turn);
    }
    CHECK(hash_of(net) == hash_of(expected));
    nmlp_net_destroy(net);
    nmlp_net_destroy(expected);
}

/* ------------------------------------------------------------- sleeping helpers */

static void let_helpers_sleep(void) { let_pass(200); }

/* An occasional small task ends before a helper could wake. */
static void test_run__small_task_lets_helpers_sleep(void)
{
    CHECK(workers_of(INFINITY) == 2);
    let_helpers_sleep();
    CHECK(workers_of(small) == 1);
    CHECK(workers_of(1e9) == 2);
    let_helpers_sleep();
    CHECK(workers_of(small) == 1);
}

static void test_run__many_small_tasks_get_help(void)
{
    let_helpers_sleep();
    int tasks = 0;
    while (workers_of(small) == 1 && tasks < 1000000) tasks++;
    CHECK_THAT(tasks > 0 && tasks < 1000000, "%d alone", tasks);
}

#if defined(__linux__)

static void note_processor(void *context, nmlp_team team)
{
    if (team.worker == 1) *(int *)context = sched_getcpu();
}

/* The system may move a caller to the processor of its helper, or the caller may bind itself to
 * it. */
static void test_run__helper_leaves_its_caller(void)
{
    cpu_set_t all, one;
    CHECK(sched_getaffinity(0, sizeof all, &all) == 0);
    if (CPU_COUNT(&all) < 2 || nmlp_default_threads() < 2) return;
    let_helpers_sleep();
    CHECK(workers_of(INFINITY) == 2); /* the helper is awake and avoids one of them */
    for (int processor = 0; processor < CPU_SETSIZE; processor++) {
        if (!CPU_ISSET((size_t)processor, &all)) continue;
        CPU_ZERO(&one);
        CPU_SET((size_t)processor, &one);
        CHECK(sched_setaffinity(0, sizeof one, &one) == 0);
        int helper = processor;
        for (int turn = 0; turn < 1000 && helper == processor; turn++)
            nmlp_parallel_run(2, INFINITY, note_processor, &helper);
        CHECK_THAT(helper != processor, "both on processor %d", processor);
    }
    CHECK(sched_setaffinity(0, sizeof all, &all) == 0);
}

#endif

int main(void)
{
    make_data();
    test_begin("test_helpers");
    if (strcmp(nmlp_parallel_backend(), "none") != 0) {
        RUN(test_run__late_worker_is_left_out_for_a_while);
        RUN(test_train__late_workers_do_not_change_the_bits);
    }
    nmlp_parallel_ignore_crowd(); /* other tests may run at the same time */
    if (has_pool()) {
        RUN(test_run__small_task_lets_helpers_sleep);
        RUN(test_run__many_small_tasks_get_help);
#if defined(__linux__)
        RUN(test_run__helper_leaves_its_caller);
#endif
    }
    return test_end("test_helpers");
}
