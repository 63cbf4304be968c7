/* SPDX-License-Identifier: MIT */
#if defined(__linux__)
#define _GNU_SOURCE /* sched_setaffinity */
#endif
#include "bench_support.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#if defined(_WIN32)
#include <malloc.h>
#include <windows.h>
#endif
#if defined(__x86_64__)
#include <immintrin.h>
#define SPIN() _mm_pause()
#else
#define SPIN() ((void)0)
#endif
#if defined(__linux__)
#include <dirent.h>
#include <sched.h>
#include <sys/types.h>
#include <unistd.h>
#endif

/* ------------------------------------------------------------------- timing */

double bench_seconds(void)
{
#if defined(_WIN32)
    LARGE_INTEGER t, each_second;
    QueryPerformanceFrequency(&each_second);
    QueryPerformanceCounter(&t);
    return (double)t.QuadPart / (double)each_second.QuadPart;
#else
    struct timespec t;
    timespec_get(&t, TIME_UTC);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
#endif
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_median(double *values, size_t count)
{
    qsort(values, count, sizeof values[0], compare_doubles);
    return values[count / 2];
}

double bench_patience(double seconds)
{
    return getenv("NMLP_BENCH_QUICK") == NULL ? seconds : seconds / 20;
}

/* ------------------------------------------------------------------ threads */

#if defined(__linux__)

/* Returns the processors that the process could use at the first call. */
static const cpu_set_t *given_processors(void)
{
    static cpu_set_t given;
    static int asked;
    if (!asked) {
        CPU_ZERO(&given);
        if (sched_getaffinity(0, sizeof given, &given) != 0) CPU_ZERO(&given);
        asked = 1;
    }
    return &given;
}

static cpu_set_t nth_processor(const cpu_set_t *given, int n)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, given) && n-- == 0) CPU_SET(cpu, &one);
    return one;
}

static void bind(pid_t thread, int worker)
{
    const cpu_set_t *given = given_processors();
    const cpu_set_t one = nth_processor(given, worker % CPU_COUNT(given));
    sched_setaffinity(thread, sizeof one, &one);
}

static void bind_this_thread(int worker) { bind(0, worker); }

/* Calls the function for each thread of this process and returns their number. */
static int each_thread(void (*visit)(pid_t thread, int worker))
{
    DIR *tasks = opendir("/proc/self/task");
    if (tasks == NULL) return 0;
    int workers = 0;
    for (const struct dirent *entry; (entry = readdir(tasks)) != NULL;) {
        const pid_t thread = (pid_t)atoi(entry->d_name);
        if (thread <= 0) continue;
        const int worker = thread == getpid() ? 0 : ++workers;
        if (visit != NULL) visit(thread, worker);
    }
    closedir(tasks);
    return 1 + workers;
}

void bench_pin_threads(int threads)
{
    const cpu_set_t *given = given_processors();
    if (CPU_COUNT(given) < threads) return;
    if (each_thread(NULL) >= threads)
        each_thread(bind);
    else
        sched_setaffinity(0, sizeof *given, given);
}

#else
static void bind_this_thread(int worker) { (void)worker; }
void bench_pin_threads(int threads) { (void)threads; }
#endif

void bench_start_threads(int threads)
{
    enum { SIDE = 256 };    /* enough work for any number of threads */
    nmlp_default_threads(); /* it is read only once, and a bound thread would see one processor */
    float *c = bench_allocate(3 * SIDE * SIDE * sizeof *c), *a = c + SIDE * SIDE;
    memset(c, 0, 3 * SIDE * SIDE * sizeof *c);
    bench_check(nmlp_gemm(SIDE, SIDE, SIDE, 0, 0, 1.0f, a, SIDE, a + SIDE * SIDE, SIDE, 0.0f, c,
                          SIDE, threads));
    free(c);
    bench_pin_threads(threads);
}

/* --------------------------------------------------------------------- teams */

typedef struct member {
    bench_task *task;
    void *context;
    bench_meeting *meeting;
    int worker;
} member;

void bench_meet(bench_meeting *m)
{
    const int phase = atomic_load_explicit(&m->phase, memory_order_relaxed);
    if (atomic_fetch_add_explicit(&m->arrived, 1, memory_order_acq_rel) + 1 == m->threads) {
        atomic_store_explicit(&m->arrived, 0, memory_order_relaxed);
        atomic_store_explicit(&m->phase, phase + 1, memory_order_release);
        return;
    }
    while (atomic_load_explicit(&m->phase, memory_order_acquire) == phase) SPIN();
}

static void *take_part(void *argument)
{
    const member *m = argument;
    bind_this_thread(m->worker);
    bench_meet(m->meeting);
    m->task(m->context, m->worker, m->meeting);
    return NULL;
}

void bench_run_team(int threads, bench_task *task, void *context)
{
    bench_meeting meeting = {.threads = threads};
    member members[BENCH_MAX_TEAM];
    pthread_t thread[BENCH_MAX_TEAM];
    for (int i = 0; i < threads; i++) members[i] = (member){task, context, &meeting, i};
    for (int i = 1; i < threads; i++)
        if (pthread_create(&thread[i], NULL, take_part, &members[i]) != 0)
            bench_check(NMLP_ERROR_OUT_OF_MEMORY);
    take_part(&members[0]);
    for (int i = 1; i < threads; i++) pthread_join(thread[i], NULL);
}

/* ------------------------------------------------------------- common chores */

void bench_check(int32_t status)
{
    if (status == NMLP_OK) return;
    fprintf(stderr, "benchmark: %s\n", nmlp_status_string(status));
    exit(1);
}

void *bench_allocate(size_t bytes)
{
    const size_t rounded = (bytes + BENCH_ALIGNMENT - 1) / BENCH_ALIGNMENT * BENCH_ALIGNMENT;
    const size_t size = rounded > 0 ? rounded : BENCH_ALIGNMENT;
#if defined(_WIN32)
    void *memory = _aligned_malloc(size, BENCH_ALIGNMENT);
#else
    void *memory = aligned_alloc(BENCH_ALIGNMENT, size);
#endif
    if (memory == NULL) bench_check(NMLP_ERROR_OUT_OF_MEMORY);
    return memory;
}

void bench_free(void *memory)
{
#if defined(_WIN32)
    _aligned_free(memory);
#else
    free(memory);
#endif
}

/* ----------------------------------------------------------------- networks */

double bench_network_operations(const bench_network *network)
{
    double sum = 0;
    size_t k = network->inputs;
    for (size_t l = 0; l < network->layers; l++) {
        const size_t n = network->outputs[l];
        sum += (l == 0 ? 4.0 : 6.0) * (double)network->batch * (double)k * (double)n;
        k = n;
    }
    return sum;
}

static nmlp_net *create_net(const bench_network *network, int32_t threads)
{
    static const nmlp_layer relu = {.struct_size = sizeof relu, .activation = NMLP_ACTIVATION_RELU};
    nmlp_layer layers[BENCH_MAX_LAYERS] = {0};
    for (size_t l = 0; l + 1 < network->layers; l++)
        layers[l] = network->hidden != NULL ? *network->hidden : relu;
    layers[network->layers - 1] = (nmlp_layer){.struct_size = sizeof layers[0]};
    for (size_t l = 0; l < network->layers; l++) layers[l].outputs = network->outputs[l];
    const nmlp_net_options options = {.struct_size = sizeof options,
                                      .loss = network->loss,
                                      .inputs = network->inputs,
                                      .max_batch = network->batch,
                                      .threads = threads,
                                      .norm_momentum = 0.1f};
    nmlp_net *net;
    bench_check(nmlp_net_create(&options, layers, network->layers, &net));
    bench_check(nmlp_net_initialize(net, 1));
    return net;
}

bench_job bench_job_create(const bench_network *network, int32_t threads, int32_t optimizer)
{
    const size_t rows = network->batch, classes = network->outputs[network->layers - 1];
    bench_job job = {.net = create_net(network, threads), .result = nmlp_result_init()};
    job.features = bench_allocate(rows * network->inputs * sizeof *job.features);
    job.labels = bench_allocate(rows * sizeof *job.labels);
    bench_check(nmlp_random_normal(1, 7, 0, rows * network->inputs, 0.0f, 1.0f, job.features));
    for (size_t i = 0; i < rows; i++) job.labels[i] = (int32_t)(i % classes);
    job.batch = (nmlp_batch){.struct_size = sizeof job.batch,
                             .features = job.features,
                             .feature_rows = rows,
                             .ld = network->inputs,
                             .labels = job.labels,
                             .label_count = rows};
    job.optimizer = nmlp_optimizer_init(optimizer);
    job.optimizer.learning_rate = 1e-4;
    job.optimizer.momentum = 0.9;
    job.optimizer.epsilon = 1e-8;
    return job;
}

void bench_job_destroy(bench_job *job)
{
    nmlp_net_destroy(job->net);
    bench_free(job->features);
    bench_free(job->labels);
}

void bench_job_step(void *context)
{
    bench_job *job = context;
    bench_check(nmlp_net_train_step(job->net, &job->batch, &job->optimizer, &job->result));
}
