/* SPDX-License-Identifier: MIT
 *
 * The decisions of thread_tuner.h: for small tasks with a choice, both alternatives are tried, and
 * the faster one is used. Here, they differ by a factor of a hundred, which every clock can
 * measure. */
#include "test_support.h"

#include "threads/thread_tuner.h"

enum { ALL = 4, TURNS = 40 };
static const double small = 2e6, large = 1e9;

static void work(long amount)
{
    for (volatile long i = 0; i < amount; i++) continue;
}

/* Runs turns on all threads and on one, where each takes this long. */
static void count(nmlp_thread_tuner *tuner, double operations, long on_all, long on_one, int turns,
                  int counts[2])
{
    counts[0] = counts[1] = 0;
    for (int turn = 0; turn < turns; turn++) {
        const size_t threads = nmlp_thread_tuner_begin(tuner, ALL, operations);
        CHECK(threads == ALL || threads == 1);
        counts[threads == 1]++;
        work(threads == 1 ? on_one : on_all);
        nmlp_thread_tuner_end(tuner, operations, threads);
    }
}

static void test_begin__tries_both_and_keeps_the_better(void)
{
    int counts[2];
    nmlp_thread_tuner tuner = {0};
    count(&tuner, small, 1000, 100000, TURNS, counts);
    CHECK_THAT(counts[1] == 1 + NMLP_TUNER_TRIALS, "%d turns on one thread, which is slower",
               counts[1]);
    tuner = (nmlp_thread_tuner){0};
    count(&tuner, small, 100000, 1000, TURNS, counts);
    CHECK_THAT(counts[0] == 1 + NMLP_TUNER_TRIALS, "%d turns on all threads, which are slower",
               counts[0]);
}

/* The result of a measurement expires. */
static void test_begin__tries_again(void)
{
    int counts[2];
    nmlp_thread_tuner tuner = {0};
    count(&tuner, small, 100000, 1000, 600, counts);
    CHECK(tuner.turn > 0 && counts[0] == 2 * (1 + NMLP_TUNER_TRIALS));
    count(&tuner, small, 100, 10000, 1024, counts);
    CHECK_THAT(counts[1] < counts[0], "%d on one, %d on all", counts[1], counts[0]);
}

static void test_begin__large_or_alone_has_no_choice(void)
{
    int counts[2];
    nmlp_thread_tuner tuner = {0};
    count(&tuner, large, 100, 1, TURNS, counts);
    CHECK(counts[0] == TURNS && tuner.turn == 0);
    CHECK(nmlp_thread_tuner_begin(&tuner, 1, small) == 1);
    nmlp_thread_tuner_end(&tuner, small, 1);
    CHECK(tuner.turn == 0);
}

/* While other programs use the processors, fewer workers run than intended. Their time says nothing
 * about all threads, which are measured when the processors are free again. */
static void test_end__fewer_workers_are_not_measured(void)
{
    int counts[2];
    nmlp_thread_tuner tuner = {0};
    for (int turn = 0; turn < TURNS; turn++) {
        CHECK(nmlp_thread_tuner_begin(&tuner, ALL, small) == ALL);
        work(100000);
        nmlp_thread_tuner_end(&tuner, small, 1);
        CHECK(tuner.turn == 0);
    }
    count(&tuner, small, 1000, 100000, TURNS, counts);
    CHECK_THAT(counts[1] == 1 + NMLP_TUNER_TRIALS, "%d turns on one thread, which is slower",
               counts[1]);
}

int main(void)
{
    test_begin("test_thread_tuner");
    RUN(test_begin__tries_both_and_keeps_the_better);
    RUN(test_begin__tries_again);
    RUN(test_begin__large_or_alone_has_no_choice);
    RUN(test_end__fewer_workers_are_not_measured);
    return test_end("test_thread_tuner");
}
