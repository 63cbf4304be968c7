/* SPDX-License-Identifier: MIT
 *
 * Worker threads from the point of view of a program's owner: never more than requested, none that
 * keeps a processor busy after the work, and no more than affinity and quota allow. The bits are
 * the same if a thread cannot be created, after a fork, and with many calling threads. */
#if defined(__linux__)
#define _GNU_SOURCE /* sched_setaffinity */
#endif
#include "threads_net.h"

#if defined(__linux__)
#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#endif
#include <time.h>

static uint64_t hash_of_training(int32_t threads)
{
    nmlp_net *net = make(threads);
    train(net, STEPS);
    const uint64_t hash = hash_of(net);
    nmlp_net_destroy(net);
    return hash;
}

/* ------------------------------------------------------------- many callers */

typedef struct caller {
    test_thread thread;
    uint64_t hash;
} caller;

static void train_one(void *argument)
{
    caller *c = argument;
    c->hash = hash_of_training(2);
}

static void test_train__many_callers_get_the_bits_of_one(void)
{
    const uint64_t expected = hash_of_training(1);
    caller callers[CALLERS];
    hash_print("callers", expected);
    for (size_t i = 0; i < CALLERS; i++) thread_start(&callers[i].thread, train_one, &callers[i]);
    for (size_t i = 0; i < CALLERS; i++) {
        thread_join(&callers[i].thread);
        CHECK_THAT(callers[i].hash == expected, "caller %zu", i);
    }
}

/* ------------------------------------------- busy threads of the program itself */

static void test_busy_threads__each_has_a_processor(void)
{
    const int32_t processors = nmlp_default_threads();
    const uint64_t expected = hash_of_training(1);
    for (int32_t busy = 0; busy <= processors + 1; busy++) {
        const size_t left = busy == 0 || processors - busy > 1 ? 2 : 1;
        CHECK_OK(nmlp_add_busy_threads(busy));
        CHECK_THAT(workers_of(INFINITY) <= left, "%d of %d processors", busy, processors);
        CHECK_THAT(!has_pool() || workers_of(INFINITY) == left, "%d of %d processors", busy,
                   processors);
        CHECK(hash_of_training(3) == expected);
        CHECK_OK(nmlp_add_busy_threads(-busy));
    }
    CHECK_THAT(!has_pool() || workers_of(INFINITY) == 2, "not all processors are free again");
}

#if defined(__linux__)

/* ------------------------------------------------------ what is left of them */

static int count_threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    if (tasks == NULL) return -1;
    int count = 0;
    for (const struct dirent *entry; (entry = readdir(tasks)) != NULL;)
        if (entry->d_name[0] != '.') count++;
    closedir(tasks);
    return count;
}

static double processor_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Counts in addition to existing threads, so that a sanitizer's own thread does not count. */
static int threads_are_as_asked(void)
{
    const int before = count_threads();
    for (int32_t threads = 1; threads <= 4; threads++) {
        hash_of_training(threads);
        if (count_threads() - before > threads - 1) return threads;
    }
    hash_of_training(2);
    return count_threads() - before <= 3 ? 0 : 9;
}

/* A thousand threads would only wait for one another, for a task of any size. */
static int threads_are_bounded(void)
{
    if (strcmp(nmlp_parallel_backend_name(), "none") == 0) return 77;
    const int before = count_threads(), most = 8 * nmlp_default_threads();
    size_t workers = 0;
    nmlp_parallel_run(nmlp_parallel_threads(1000, 1e12), INFINITY, note_workers, &workers);
    if (workers < 2 || workers > (size_t)most) return 1;
    return count_threads() - before < most ? 0 : 2;
}

/* A helper that wakes while a small task searches for it is not counted as missing. The test has
 * pauses of up to 0.3 ms, in which the helper may fall asleep, and consecutive tasks, which wake
 * it. */
static int small_tasks_share_a_helper(void)
{
    const int before = count_threads();
    workers_of(INFINITY);
    for (int turn = 0; turn < 1500; turn++) {
        const double end = nmlp_seconds() + 1e-6 * (turn % 300);
        while (nmlp_seconds() < end) continue;
        for (int task = 0; task < 20; task++) workers_of(small);
    }
    return count_threads() - before <= 1 ? 0 : 1;
}

/* Lets them fall asleep for a tenth of a second, then measures for a whole second. */
static int processors_are_idle_after_training(void)
{
    hash_of_training(3);
    const struct timespec settle = {0, 1000000}, second = {1, 0};
    nanosleep(&settle, NULL);
    const double before = processor_seconds();
    nanosleep(&second, NULL);
    return processor_seconds() - before < 0.01 ? 0 : 1;
}

/* ------------------------------------------------------- what the system allows */

static int one_processor_is_one_thread(void)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET((size_t)sched_getcpu(), &one);
    if (sched_setaffinity(0, sizeof one, &one) != 0) return 1;
    return nmlp_default_threads() == 1 ? 0 : 2;
}

static bool write_text(const char *folder, const char *file, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *to = fopen(path, "r+");
    if (to == NULL) return false;
    const bool written = fputs(text, to) >= 0;
    return fclose(to) == 0 && written;
}

/* Creates a cgroup with a quota of 1.2 processors, which allows one thread. Returns 77 if this
 * process may not create one. */
static const char *const group_roots[] = {[1] = "/sys/fs/cgroup/cpu", [2] = "/sys/fs/cgroup"};

static void name_group(int version, long test, char name[64])
{
    snprintf(name, 64, "%s/nmlp-test-%ld", group_roots[version], test);
}

static int threads_in_group(int version)
{
    char group[64];
    name_group(version, (long)getppid(), group);
    if (mkdir(group, 0755) != 0) return 77;
    const bool set = version == 2 ? write_text(group, "cpu.max", "120000 100000")
                                  : write_text(group, "cpu.cfs_period_us", "100000") &&
                                        write_text(group, "cpu.cfs_quota_us", "120000");
    if (!set || !write_text(group, "cgroup.procs", "0")) return 77;
    return nmlp_default_threads() == 1 ? 0 : 1;
}

static int quota_of_version_1_is_heeded(void) { return threads_in_group(1); }
static int quota_of_version_2_is_heeded(void) { return threads_in_group(2); }

/* Called after its process has ended. */
static void remove_groups(void)
{
    char group[64];
    for (int version = 1; version <= 2; version++) {
        name_group(version, (long)getpid(), group);
        rmdir(group);
    }
}

#if defined(__SANITIZE_THREAD__) || defined(NMLP_TEST_CROSS_COMPILED)
/* Neither the race detector nor qemu supports threads in the child of a process with threads. */
static const bool children_have_threads = false;
#else
static const bool children_have_threads = true;
#endif
#if defined(__SANITIZE_ADDRESS__)
static const bool needs_address_space = true;
#else
static const bool needs_address_space = false;
#endif

/* Leaves no memory for the stack of another thread. */
static int fewer_threads_give_the_same_bits(void)
{
    const uint64_t expected = hash_of_training(1);
    nmlp_net *net = make(4);
    char line[256] = "";
    FILE *status = fopen("/proc/self/statm", "r");
    if (status == NULL || fgets(line, sizeof line, status) == NULL) return 77;
    fclose(status);
    const rlim_t size = strtoull(line, NULL, 10) * (rlim_t)sysconf(_SC_PAGESIZE);
    const struct rlimit limit = {size + (512 << 10), size + (512 << 10)};
    if (setrlimit(RLIMIT_AS, &limit) != 0) return 77;
    void *volatile more = malloc(1 << 20);
    if (more != NULL) return 77; /* an emulator does not limit the memory of the program */
    train(net, STEPS);
    if (count_threads() != 1) return 1;
    return hash_of(net) == expected ? 0 : 2;
}

/* ------------------------------------------------------------------- children */

static int exit_code(int (*body)(void))
{
    int result = -1;
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) _exit(body());
    if (child < 0 || waitpid(child, &result, 0) != child || !WIFEXITED(result)) return -1;
    return WEXITSTATUS(result);
}

#define CHECK_CHILD(body)                                                     \
    do {                                                                      \
        const int code = exit_code(body);                                     \
        CHECK_THAT(code == 0 || code == 77, "%s: exit code %d", #body, code); \
    } while (0)

/* Must run while this process has only its first thread. */
static void test_threads__of_a_process(void)
{
    CHECK_CHILD(threads_are_as_asked);
    CHECK_CHILD(threads_are_bounded);
    CHECK_CHILD(small_tasks_share_a_helper);
    CHECK_CHILD(processors_are_idle_after_training);
    CHECK_CHILD(one_processor_is_one_thread);
    CHECK_CHILD(quota_of_version_1_is_heeded);
    CHECK_CHILD(quota_of_version_2_is_heeded);
    remove_groups();
    if (has_pool() && !needs_address_space) CHECK_CHILD(fewer_threads_give_the_same_bits);
}

static uint64_t expected_in_child;

static int child_trains(void)
{
    alarm(60); /* ends a child that waits forever for threads of its parent */
    return hash_of_training(3) == expected_in_child ? 0 : 1;
}

static void test_fork__child_trains(void)
{
    expected_in_child = hash_of_training(3);
    CHECK_CHILD(child_trains);
    CHECK(hash_of_training(3) == expected_in_child);
}

static int child_has_no_busy_threads(void)
{
    return nmlp_add_busy_threads(-1) == NMLP_ERROR_INVALID_ARGUMENT ? 0 : 1;
}

static void test_fork__child_has_no_busy_threads(void)
{
    CHECK_OK(nmlp_add_busy_threads(1));
    CHECK_CHILD(child_has_no_busy_threads);
    CHECK_OK(nmlp_add_busy_threads(-1));
}

#endif

/* ------------------------------------------------------------------ cancellation */

#if !defined(_WIN32)

static nmlp_net *cancelled_net;

/* With more workers than processors, workers sleep in system calls, in which a cancelled thread
 * would end. */
static void *train_while_cancelled(void *unused)
{
    (void)unused;
    pthread_cancel(pthread_self());
    train(cancelled_net, 100);
    pthread_testcancel();
    return NULL;
}

static void test_train__cancelled_thread_leaves_the_network_free(void)
{
    pthread_t thread;
    void *result = NULL;
    cancelled_net = make(5);
    CHECK(pthread_create(&thread, NULL, train_while_cancelled, NULL) == 0);
    CHECK(pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED);
    train(cancelled_net, 1); /* not NMLP_ERROR_BUSY */
    nmlp_net *expected = make(1);
    train(expected, 101);
    CHECK(hash_of(cancelled_net) == hash_of(expected));
    nmlp_net_destroy(expected);
    nmlp_net_destroy(cancelled_net);
}

#endif

int main(void)
{
    make_data();
#if defined(__linux__)
    test_running = "test_threads__of_a_process";
    if (children_have_threads) test_threads__of_a_process();
#endif
    test_begin("test_threads");
    nmlp_parallel_ignore_crowd(); /* other tests may run at the same time */
    RUN(test_train__many_callers_get_the_bits_of_one);
    RUN(test_busy_threads__each_has_a_processor);
#if !defined(_WIN32)
    if (strcmp(nmlp_parallel_backend(), "none") != 0)
        RUN(test_train__cancelled_thread_leaves_the_network_free);
#endif
#if defined(__linux__)
    if (children_have_threads) {
        RUN(test_fork__child_trains);
        if (strcmp(nmlp_parallel_backend(), "none") != 0) RUN(test_fork__child_has_no_busy_threads);
    }
#endif
    return test_end("test_threads");
}
