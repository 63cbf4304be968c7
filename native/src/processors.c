/* SPDX-License-Identifier: MIT */
#if defined(__linux__)
#define _GNU_SOURCE /* sched_getaffinity */
#endif
#include "processors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(NMLP_PARALLEL_OPENMP)
#include <omp.h>
#elif defined(_WIN32)
#include <windows.h>
#elif defined(__linux__)
#include <errno.h>
#include <sched.h>
#else
#include <unistd.h>
#endif

/* ------------------------------------------------------------------ affinity */

#if defined(NMLP_PARALLEL_OPENMP)

/* OpenMP's count heeds the affinity that the process was given, also where OpenMP has
 * since bound this thread to one processor (OMP_PROC_BIND). */
static int affine_processors(void) { return omp_get_num_procs(); }

#elif defined(_WIN32)

static int affine_processors(void)
{
    DWORD_PTR own = 0, system = 0;
    GetProcessAffinityMask(GetCurrentProcess(), &own, &system);
    int count = 0;
    for (; own != 0; own &= own - 1) count++;
    /* No mask: the process spans several groups of 64 processors. */
    return count > 0 ? count : (int)GetActiveProcessorCount(ALL_PROCESSOR_GROUPS);
}

#elif defined(__linux__)

/* The kernel refuses a set that is smaller than its own. */
static int affine_processors(void)
{
    for (int size = 1024; size <= 1 << 20; size *= 2) {
        cpu_set_t *set = CPU_ALLOC((size_t)size);
        if (set == NULL) break;
        const size_t bytes = CPU_ALLOC_SIZE((size_t)size);
        const int failed = sched_getaffinity(0, bytes, set) != 0 ? errno : 0;
        const int count = failed ? 0 : CPU_COUNT_S(bytes, set);
        CPU_FREE(set);
        if (failed != EINVAL) return count;
    }
    return 1;
}

#else
static int affine_processors(void) { return (int)sysconf(_SC_NPROCESSORS_ONLN); }
#endif

/* --------------------------------------------------------------------- quota */

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
        char text[64], *rest;
        snprintf(path, sizeof path, "/sys/fs/cgroup%s/cpu.max", group);
        if (read_text(path, text, sizeof text)) {
            const double quota = strtod(text, &rest); /* "max": 0 */
            most = quota_threads(quota, strtod(rest, NULL), most);
        }
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

int nmlp_processors(void)
{
    const int count = within_quota(affine_processors());
    return count < 1 ? 1 : count;
}
