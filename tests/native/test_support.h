/* SPDX-License-Identifier: MIT
 *
 * Shared by the C test programs: checks that are counted, data from a seed, buffers that end at an
 * unreadable page, threads and hashes.
 *
 * A program runs its tests with the instruction set in NMLP_ISA. It prints a line for each failed
 * check and finally "name [isa]: N checks, N failed". The exit code is 0 if all passed, 1 if not,
 * and 77 (CTest's SKIP_RETURN_CODE) if this machine does not support the instruction set. Lines
 * "hash <name> <hex>" must be the same for every instruction set. */
#ifndef TEST_SUPPORT_H
#define TEST_SUPPORT_H

#if !defined(_DEFAULT_SOURCE)
#define _DEFAULT_SOURCE /* mmap's MAP_ANONYMOUS under -std=c11 */
#endif

#include "nmlp.h"

#include <float.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>
#ifndef MAP_ANONYMOUS
#define MAP_ANONYMOUS MAP_ANON
#endif
#endif

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif

#if defined(__MINGW_PRINTF_FORMAT) /* the name printf means Microsoft's, without %zu */
#define TEST_PRINTF(at, first) __attribute__((__format__(__MINGW_PRINTF_FORMAT, at, first)))
#elif defined(__GNUC__) || defined(__clang__)
#define TEST_PRINTF(at, first) __attribute__((__format__(__printf__, at, first)))
#else
#define TEST_PRINTF(at, first)
#endif

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define EPS ((double)FLT_EPSILON) /* 2^-23: one operation has a relative error of at most EPS/2 */
#define TINY 1.5e-45              /* the distance between two denormals */

/* ------------------------------------------------------------------- checks */

enum { TEST_REPORTS = 20 };

static const char *test_running = "start";
static _Atomic long test_checks; /* also counted by the threads of a test */
static _Atomic long test_failures;

TEST_PRINTF(4, 5)
static inline bool check_at(const char *file, int line, bool passed, const char *format, ...)
{
    test_checks++;
    if (passed) return true;
    if (++test_failures <= TEST_REPORTS) {
        va_list arguments;
        printf("%s:%d: %s: ", file, line, test_running);
        va_start(arguments, format);
        vprintf(format, arguments);
        va_end(arguments);
        printf("\n");
    }
    return false;
}

#define CHECK(condition) check_at(__FILE__, __LINE__, (condition), "%s", #condition)

/* Checks a condition and describes the case: CHECK_THAT(x == 0, "at %d", i). */
#define CHECK_THAT(condition, ...) check_at(__FILE__, __LINE__, (condition), __VA_ARGS__)

static inline bool check_status_at(const char *file, int line, int32_t expected, int32_t actual,
                                   const char *call)
{
    return check_at(file, line, expected == actual, "%s: expected %d (%s), got %d (%s)", call,
                    (int)expected, nmlp_status_string(expected), (int)actual,
                    nmlp_status_string(actual));
}

#define CHECK_STATUS(expected, call) check_status_at(__FILE__, __LINE__, (expected), (call), #call)
#define CHECK_OK(call) CHECK_STATUS(NMLP_OK, call)

static inline uint32_t float_bits(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline float float_from_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Checks that actual[count] has the bits of expected[count]. Counts as one check. */
static inline bool check_bits_at(const char *file, int line, const char *what,
                                 const float *expected, const float *actual, size_t count)
{
    size_t i = 0;
    if (count == 0 || memcmp(expected, actual, count * sizeof(float)) == 0)
        return check_at(file, line, true, "%s", what);
    while (float_bits(expected[i]) == float_bits(actual[i])) i++;
    return check_at(file, line, false,
                    "%s: element %zu of %zu: expected %.9g (%08x), got %.9g (%08x)", what, i, count,
                    (double)expected[i], (unsigned)float_bits(expected[i]), (double)actual[i],
                    (unsigned)float_bits(actual[i]));
}

#define CHECK_BITS(what, expected, actual, count) \
    check_bits_at(__FILE__, __LINE__, what, expected, actual, count)

/* Checks that actual is within the tolerance of expected. A NaN never is. */
static inline bool check_near_at(const char *file, int line, const char *what, size_t index,
                                 double expected, double actual, double tolerance)
{
    return check_at(file, line, fabs(actual - expected) <= tolerance,
                    "%s: element %zu: expected %.9g, got %.9g, off by %.3g > %.3g", what, index,
                    expected, actual, fabs(actual - expected), tolerance);
}

#define CHECK_NEAR(what, index, expected, actual, tolerance) \
    check_near_at(__FILE__, __LINE__, what, index, expected, actual, tolerance)

/* A fault is usually an access to a guard page. Prints the name of the test and exits. */
static inline void test_on_signal(int number)
{
    printf("%s: signal %d (a guard page touched?)\n", test_running, number);
    fflush(stdout);
    _Exit(3);
}

static inline void test_begin(const char *program)
{
    int32_t status = nmlp_initialize();
    const char *wanted = getenv("NMLP_ISA");
    signal(SIGSEGV, test_on_signal);
    signal(SIGILL, test_on_signal);
#if defined(SIGBUS)
    signal(SIGBUS, test_on_signal);
#endif
    if (status == NMLP_ERROR_UNSUPPORTED_ISA && wanted != NULL) {
        for (int32_t isa = 0; nmlp_isa_name(isa) != NULL; isa++) {
            if (strcmp(wanted, nmlp_isa_name(isa)) != 0) continue;
            printf("%s [%s]: skipped, this machine or build lacks it\n", program, wanted);
            exit(77);
        }
    }
    if (!CHECK_OK(status)) exit(1);
}

static inline int test_end(const char *program)
{
    int32_t isa = nmlp_active_isa();
    if (test_failures > TEST_REPORTS) printf("... and %ld more\n", test_failures - TEST_REPORTS);
    printf("%s [%s]: %ld checks, %ld failed\n", program, isa < 0 ? "none" : nmlp_isa_name(isa),
           test_checks, test_failures);
    return test_failures == 0 ? 0 : 1;
}

#define RUN(test) (test_running = #test, test())

/* --------------------------------------------------------------- data, hashes */

/* splitmix64, so that the data of the tests does not depend on the library. */
static inline uint64_t data_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline size_t data_below(uint64_t *state, size_t limit)
{
    return (size_t)(data_next(state) % limit);
}

/* Uniform in [low, high], with all mantissas. */
static inline float data_float(uint64_t *state, float low, float high)
{
    double u = (double)(data_next(state) >> 11) * 0x1p-53;
    return (float)((double)low + ((double)high - (double)low) * u);
}

static inline void data_fill(uint64_t seed, float low, float high, float *dst, size_t count)
{
    for (size_t i = 0; i < count; i++) dst[i] = data_float(&seed, low, high);
}

/* Signed values with magnitudes from 2^low to 2^high. */
static inline void data_fill_wide(uint64_t seed, int low, int high, float *dst, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int exponent = low + (int)data_below(&seed, (size_t)(high - low + 1));
        float mantissa = data_float(&seed, 1.0f, 2.0f);
        dst[i] = (float)ldexp((double)(data_next(&seed) & 1 ? mantissa : -mantissa), exponent);
    }
}

static inline uint64_t hash_bytes(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++) hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static const uint64_t hash_start = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

static inline void hash_print(const char *name, uint64_t hash)
{
    printf("hash %s %016llx\n", name, (unsigned long long)hash);
}

/* --------------------------------------------------------------------- memory */

static inline void *test_alloc(size_t size)
{
    void *memory = calloc(1, size == 0 ? 1 : size);
    if (memory == NULL) {
        printf("%s: the test itself is out of memory\n", test_running);
        exit(1);
    }
    return memory;
}

static inline float *test_floats(size_t count) { return test_alloc(count * sizeof(float)); }

static inline void fill_bits(float *dst, size_t count, uint32_t bits)
{
    for (size_t i = 0; i < count; i++) memcpy(dst + i, &bits, sizeof bits);
}

/* A value that is never a result: a NaN with bits that no instruction produces. */
static const uint32_t poison = 0x7fc5a5a5u;

/* Memory between two pages that must not be accessed. Data is adjacent to one of them. Next to the
 * upper page, its start may have any alignment. */
typedef struct guarded {
    unsigned char *low;
    size_t size;
} guarded;

static inline guarded guarded_create(size_t size)
{
    guarded g;
    unsigned char *base = NULL;
#if defined(_WIN32)
    SYSTEM_INFO info;
    DWORD old;
    GetSystemInfo(&info);
    size_t page = info.dwPageSize;
    g.size = (size + page) / page * page;
    base = VirtualAlloc(NULL, g.size + 2 * page, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    bool made = base != NULL && VirtualProtect(base, page, PAGE_NOACCESS, &old) &&
                VirtualProtect(base + page + g.size, page, PAGE_NOACCESS, &old);
#else
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    g.size = (size + page) / page * page;
    base = mmap(NULL, g.size + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool made = base != (unsigned char *)MAP_FAILED &&
                mprotect(base + page, g.size, PROT_READ | PROT_WRITE) == 0;
#endif
    if (!made) {
        printf("%s: no guarded memory\n", test_running);
        exit(1);
    }
    g.low = base + page;
    return g;
}

static inline void guarded_destroy(guarded *g)
{
#if defined(_WIN32)
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    VirtualFree(g->low - info.dwPageSize, 0, MEM_RELEASE);
#else
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    munmap(g->low - page, g->size + 2 * page);
#endif
    g->low = NULL;
}

/* Returns size bytes that end at the upper page (at_end) or begin at the lower one. */
static inline void *guarded_bytes(const guarded *g, size_t size, bool at_end)
{
    if (size > g->size) {
        printf("%s: guarded memory of %zu is less than %zu\n", test_running, g->size, size);
        exit(1);
    }
    return at_end ? g->low + (g->size - size) : g->low;
}

static inline float *guarded_floats(const guarded *g, size_t count, bool at_end)
{
    return guarded_bytes(g, count * sizeof(float), at_end);
}

/* -------------------------------------------------------------------- threads */

typedef void (*thread_body)(void *argument);

typedef struct test_thread {
    thread_body body;
    void *argument;
#if defined(_WIN32)
    HANDLE handle;
#else
    pthread_t handle;
#endif
} test_thread;

#if defined(_WIN32)
static inline DWORD WINAPI thread_entry(void *argument)
#else
static inline void *thread_entry(void *argument)
#endif
{
    test_thread *thread = argument;
    thread->body(thread->argument);
    return 0;
}

static inline void thread_start(test_thread *thread, thread_body body, void *argument)
{
    thread->body = body;
    thread->argument = argument;
#if defined(_WIN32)
    thread->handle = CreateThread(NULL, 0, thread_entry, thread, 0, NULL);
    bool started = thread->handle != NULL;
#else
    bool started = pthread_create(&thread->handle, NULL, thread_entry, thread) == 0;
#endif
    if (!started) {
        printf("%s: no thread\n", test_running);
        exit(1);
    }
}

static inline void thread_join(test_thread *thread)
{
#if defined(_WIN32)
    WaitForSingleObject(thread->handle, INFINITE);
    CloseHandle(thread->handle);
#else
    pthread_join(thread->handle, NULL);
#endif
}

static inline long test_processors(void)
{
#if defined(_WIN32)
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    return (long)info.dwNumberOfProcessors;
#else
    return sysconf(_SC_NPROCESSORS_ONLN);
#endif
}

#endif /* TEST_SUPPORT_H */
