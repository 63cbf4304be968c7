/* SPDX-License-Identifier: MIT
 *
 * The only file that knows threads. */
#if defined(__linux__)
#define _GNU_SOURCE /* syscall */
#endif
#include "parallel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(_OPENMP)
#include <omp.h>
#endif
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
/* Of <linux/futex.h>, which musl's compiler does not come with. */
enum { FUTEX_WAIT_PRIVATE = 128, FUTEX_WAKE_PRIVATE = 129 };
#elif defined(_WIN32)
#include <windows.h>
#define YIELD() SwitchToThread()
#else
#include <sched.h>
#define YIELD() sched_yield()
#endif
#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#define SPIN() _mm_pause()
#else
#define SPIN() ((void)0)
#endif

#include "cpu.h"

/* ------------------------------------------------------------------ running */

static void run_worker(nmlp_task *task, void *context, nmlp_team team)
{
    const uint32_t modes = nmlp_cpu_enter_default_modes();
    task(context, team);
    nmlp_cpu_leave_default_modes(modes);
}

void nmlp_parallel_run(size_t threads, nmlp_task *task, void *context)
{
#if defined(_OPENMP)
    if (threads > 1 && !omp_in_parallel()) {
        nmlp_barrier barrier = {0};
#pragma omp parallel num_threads((int)threads)
        {
            const nmlp_team team = {(size_t)omp_get_thread_num(), (size_t)omp_get_num_threads(),
                                    &barrier};
            run_worker(task, context, team);
            nmlp_parallel_barrier(team); /* OpenMP's own, behind this, spins for longer */
        }
        return;
    }
#else
    (void)threads;
#endif
    run_worker(task, context, (nmlp_team){0, 1, NULL});
}

/* About 20 microseconds, longer than workers of equal shares wait for one another; then
 * a worker sleeps. Where other processes want the processors, too, whoever spins keeps
 * one from the worker that all wait for (measured: steps 30 times longer with 100000). */
#define SPINS_BEFORE_SLEEP 1000

/* Sleeps unless the phase is over already; may wake early. */
static void sleep_through(nmlp_barrier *barrier, uint32_t phase)
{
#if defined(__linux__)
    atomic_fetch_add(&barrier->sleepers, 1);
    syscall(SYS_futex, &barrier->phase, FUTEX_WAIT_PRIVATE, phase, NULL, NULL, 0);
    atomic_fetch_sub(&barrier->sleepers, 1);
#else
    (void)barrier;
    (void)phase;
    YIELD();
#endif
}

static void wake_sleepers(nmlp_barrier *barrier)
{
#if defined(__linux__)
    if (atomic_load(&barrier->sleepers) > 0)
        syscall(SYS_futex, &barrier->phase, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL, NULL, 0);
#else
    (void)barrier;
#endif
}

/* The last to arrive opens the next phase. */
void nmlp_parallel_barrier(nmlp_team team)
{
    if (team.workers == 1) return; /* alone, perhaps inside a region of the caller's */
    nmlp_barrier *barrier = team.barrier;
    const uint32_t phase = atomic_load_explicit(&barrier->phase, memory_order_relaxed);
    if (atomic_fetch_add_explicit(&barrier->arrived, 1, memory_order_acq_rel) + 1 == team.workers) {
        atomic_store_explicit(&barrier->arrived, 0, memory_order_relaxed);
        atomic_store(&barrier->phase, phase + 1);
        wake_sleepers(barrier);
        return;
    }
    for (size_t turn = 0; atomic_load_explicit(&barrier->phase, memory_order_acquire) == phase;
         turn++) {
        if (turn < SPINS_BEFORE_SLEEP)
            SPIN();
        else
            sleep_through(barrier, phase);
    }
}

nmlp_range nmlp_parallel_share(size_t count, size_t unit, nmlp_team team)
{
    const size_t units = (count + unit - 1) / unit;
    const size_t each = units / team.workers, more = units % team.workers;
    const size_t first = team.worker * each + (team.worker < more ? team.worker : more);
    const size_t last = first + each + (team.worker < more ? 1 : 0);
    return (nmlp_range){first * unit < count ? first * unit : count,
                        last * unit < count ? last * unit : count};
}

/* A worker pays for its wake-up and the barriers with some microseconds: it should
 * have some 10 of them to work, at around 1e11 operations per second. */
#define OPERATIONS_PER_WORKER 1.5e6

size_t nmlp_parallel_threads(int32_t wanted, double operations)
{
    const int32_t threads = wanted > 0 ? wanted : nmlp_parallel_default_threads();
    const double useful = operations / OPERATIONS_PER_WORKER;
    if (useful < 2 || threads < 2) return 1;
    return useful < threads ? (size_t)useful : (size_t)threads;
}

const char *nmlp_parallel_backend_name(void)
{
#if defined(_OPENMP)
    return "openmp";
#else
    return "none";
#endif
}

/* -------------------------------------------------- how many processors we have */

#if defined(__linux__)

/* Reads a short file whole; 0 on any failure. */
static int read_text(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) return 0;
    const size_t length = fread(text, 1, size - 1, file);
    fclose(file);
    text[length] = '\0';
    return length > 0;
}

static int quota_threads(double quota, double period, int most)
{
    if (quota <= 0 || period <= 0) return most;
    const double threads = quota / period;
    if (threads >= most) return most;
    return threads < 1 ? 1 : (int)threads;
}

/* cgroup v2: "max 100000" or "150000 100000" in cpu.max of our group and of each
 * above it, as /proc/self/cgroup ("0::/a/b") names them. */
static int cgroup2_threads(int most)
{
    char groups[4096], path[4096 + 32]; /* a longer path has no quota */
    if (!read_text("/proc/self/cgroup", groups, sizeof groups)) return most;
    char *group = strstr(groups, "0::");
    if (group == NULL) return most;
    group += 3;
    group[strcspn(group, "\n")] = '\0';
    for (;;) {
        char text[64];
        double quota = 0, period = 0;
        snprintf(path, sizeof path, "/sys/fs/cgroup%s/cpu.max", group);
        if (read_text(path, text, sizeof text) && sscanf(text, "%lf %lf", &quota, &period) == 2)
            most = quota_threads(quota, period, most);
        char *slash = strrchr(group, '/');
        if (slash == NULL) return most;
        *slash = '\0';
    }
}

/* cgroup v1, as containers mount it. */
static int cgroup1_threads(int most)
{
    char quota[64], period[64];
    if (!read_text("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", quota, sizeof quota)) return most;
    if (!read_text("/sys/fs/cgroup/cpu/cpu.cfs_period_us", period, sizeof period)) return most;
    return quota_threads(strtod(quota, NULL), strtod(period, NULL), most);
}

static int within_quota(int most) { return cgroup1_threads(cgroup2_threads(most)); }

#else
static int within_quota(int most) { return most; }
#endif

/* OpenMP's count heeds the affinity that the process was given, also where OpenMP has
 * since bound this thread to one processor (OMP_PROC_BIND). */
static int usable_processors(void)
{
#if defined(_OPENMP)
    return within_quota(omp_get_num_procs());
#else
    return within_quota(1);
#endif
}

static int32_t find_default_threads(void)
{
    const char *text = getenv("NMLP_THREADS");
    if (text != NULL) {
        char *end;
        const long wanted = strtol(text, &end, 10);
        if (end != text && *end == '\0' && wanted >= 1 && wanted <= NMLP_MAX_THREADS)
            return (int32_t)wanted;
    }
    const int count = usable_processors();
    return count < 1 ? 1 : count < NMLP_MAX_THREADS ? count : NMLP_MAX_THREADS;
}

int32_t nmlp_parallel_default_threads(void)
{
    static _Atomic int32_t threads; /* 0: not read yet */
    int32_t value = atomic_load_explicit(&threads, memory_order_relaxed);
    if (value == 0) {
        value = find_default_threads();
        atomic_store_explicit(&threads, value, memory_order_relaxed);
    }
    return value;
}

/* ---------------------------------------------------------------------- lock */

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
