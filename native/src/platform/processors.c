/* SPDX-License-Identifier: MIT */
#if defined(__linux__)
#define _GNU_SOURCE /* sched_getaffinity */
#endif
#include "platform/processors.h"

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
#include <sys/syscall.h>
#include <unistd.h>
#else
#include <unistd.h>
#endif

/* ------------------------------------------------------------------ affinity */

#if defined(NMLP_PARALLEL_OPENMP)

/* OpenMP's count respects the original affinity of the process, even if OpenMP has since bound this
 * thread to one processor (OMP_PROC_BIND). */
static int affine_processors(void) { return omp_get_num_procs(); }

#elif defined(_WIN32)

static int affine_processors(void)
{
    DWORD_PTR own = 0, system = 0;
    GetProcessAffinityMask(GetCurrentProcess(), &own, &system);
    int count = 0;
    for (; own != 0; own &= own - 1) count++;
    /* The mask is empty if the process spans several groups of 64 processors. */
    return count > 0 ? count : (int)GetActiveProcessorCount(ALL_PROCESSOR_GROUPS);
}

#elif defined(__linux__)

/* The kernel rejects a set that is smaller than its own. */
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

enum { PATH = 4096 };

/* Reads all of a short file. Returns 0 on any failure. */
static int read_text(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) return 0;
    const size_t length = fread(text, 1, size - 1, file);
    fclose(file);
    text[length] = '\0';
    return length > 0;
}

/* Returns the number of whole processors in a quota, at least one. "max", -1 or a missing file
 * means no quota. */
static int within(const char *quota, const char *period, int most)
{
    const double microseconds = strtod(quota, NULL), each = strtod(period, NULL);
    if (microseconds <= 0 || each <= 0 || microseconds / each >= most) return most;
    return microseconds < each ? 1 : (int)(microseconds / each);
}

/* Version 2 stores "150000 100000" in one file. Version 1 stores each number in a separate file. */
static int group_quota(const char *group, int version, int most)
{
    char path[PATH], quota[64], period[64];
    if (version == 2) {
        snprintf(path, sizeof path, "/sys/fs/cgroup%s/cpu.max", group);
        if (!read_text(path, quota, sizeof quota)) return most;
        const char *space = strchr(quota, ' ');
        return space != NULL ? within(quota, space, most) : most;
    }
    snprintf(path, sizeof path, "/sys/fs/cgroup/cpu%s/cpu.cfs_quota_us", group);
    if (!read_text(path, quota, sizeof quota)) return most;
    snprintf(path, sizeof path, "/sys/fs/cgroup/cpu%s/cpu.cfs_period_us", group);
    if (!read_text(path, period, sizeof period)) return most;
    return within(quota, period, most);
}

/* Applies the quotas of this group and of all groups above it. A container sees only the upper
 * ones. */
static int groups_quota(char *group, int version, int most)
{
    for (;;) {
        most = group_quota(group, version, most);
        char *slash = strrchr(group, '/');
        if (slash == NULL) return most;
        *slash = '\0';
    }
}

static int names_cpu(const char *controllers)
{
    for (const char *at = controllers; (at = strstr(at, "cpu")) != NULL; at += 3)
        if ((at == controllers || at[-1] == ',') && (at[3] == ',' || at[3] == '\0')) return 1;
    return 0;
}

/* /proc/self/cgroup contains lines like "0::/a/b" (version 2) and "4:cpu,cpuacct:/a/b" (version
 * 1). */
static int within_quota(int most)
{
    char text[PATH]; /* groups beyond this length are treated as having no quota */
    if (!read_text("/proc/self/cgroup", text, sizeof text)) return most;
    for (char *line = text, *next; line[0] != '\0'; line = next) {
        next = line + strcspn(line, "\n");
        if (next[0] != '\0') *next++ = '\0';
        char *controllers = strchr(line, ':');
        char *group = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
        if (group == NULL) continue;
        *group++ = '\0';
        controllers++;
        if (controllers[0] == '\0')
            most = groups_quota(group, 2, most);
        else if (names_cpu(controllers))
            most = groups_quota(group, 1, most);
    }
    return most;
}

#else
static int within_quota(int most) { return most; }
#endif

int nmlp_processors(void)
{
    const int count = within_quota(affine_processors());
    return count < 1 ? 1 : count;
}

#if defined(__linux__) && defined(NMLP_PARALLEL_POOL)

/* With more than 1024 processors, the kernel rejects sets of this size. */
_Static_assert(sizeof(cpu_set_t) == sizeof(nmlp_processor_set), "as sched.h has it");

long nmlp_thread_here(void) { return syscall(SYS_gettid); }

int nmlp_processor_here(void) { return sched_getcpu(); }

void nmlp_thread_keep_off(long thread, int processor, nmlp_thread_processors *known)
{
    cpu_set_t set;
    if (processor < 0 || processor >= CPU_SETSIZE ||
        sched_getaffinity((pid_t)thread, sizeof set, &set) != 0)
        return;
    if (memcmp(&set, &known->given, sizeof set) != 0) memcpy(&known->own, &set, sizeof set);
    memcpy(&set, &known->own, sizeof set);
    CPU_CLR((size_t)processor, &set);
    if (CPU_COUNT(&set) == 0 || sched_setaffinity((pid_t)thread, sizeof set, &set) != 0) return;
    memcpy(&known->given, &set, sizeof set);
}

#else
long nmlp_thread_here(void) { return 0; }
int nmlp_processor_here(void) { return -1; }
void nmlp_thread_keep_off(long thread, int processor, nmlp_thread_processors *known)
{
    (void)thread;
    (void)processor;
    (void)known;
}
#endif
