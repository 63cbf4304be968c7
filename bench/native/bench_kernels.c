/* SPDX-License-Identifier: MIT
 *
 * Every kernel of the public header except the plain product, which bench_gemm measures: with each
 * instruction set of this machine, on one thread, and on two if the kernel uses threads, with the
 * data in each level of memory. A process cannot change its instruction set, so each one has its
 * own process, which also measures the limits. */
#if !defined(_WIN32)
#define _POSIX_C_SOURCE 200809L /* setenv */
#endif
#include "bench_dense.h"
#include "bench_measure.h"

#include <math.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_THREADS = 2, TILE = 4096, MAX_ARRAYS = 4 };

/* ------------------------------------------------------------ streaming kernels */

typedef struct work {
    size_t count, rows, columns;
    float *array[MAX_ARRAYS];
    int32_t *labels;
    int32_t threads;
    double loss;
    size_t correct;
} work;

static void forward(const work *w, int32_t kind)
{
    bench_check(nmlp_activation_forward(kind, 0.1f, w->count, w->array[1], w->array[0]));
}

static void backward(const work *w, int32_t kind)
{
    bench_check(
        nmlp_activation_backward(kind, 0.1f, w->count, w->array[1], w->array[2], w->array[0]));
}

#define ACTIVATION(value, name, saves)                                                       \
    static void name##_forward(void *context) { forward(context, NMLP_ACTIVATION_##value); } \
    static void name##_backward(void *context) { backward(context, NMLP_ACTIVATION_##value); }
#include "isa/activations.def"
#undef ACTIVATION

static void softmax(void *context)
{
    const work *w = context;
    bench_check(nmlp_softmax(w->rows, w->columns, w->array[1], w->columns, w->array[0], w->columns,
                             w->threads));
}

static void log_softmax(void *context)
{
    const work *w = context;
    bench_check(nmlp_log_softmax(w->rows, w->columns, w->array[1], w->columns, w->array[0],
                                 w->columns, w->threads));
}

static void cross_entropy(void *context)
{
    work *w = context;
    bench_check(nmlp_softmax_cross_entropy(w->rows, w->columns, w->array[0], w->columns, w->labels,
                                           NULL, 0, 0, &w->loss, &w->correct, w->threads));
}

static void cross_entropy_gradient(void *context)
{
    work *w = context;
    bench_check(nmlp_softmax_cross_entropy(w->rows, w->columns, w->array[1], w->columns, w->labels,
                                           w->array[0], w->columns, w->rows * w->columns, &w->loss,
                                           &w->correct, w->threads));
}

/* The moments, if any, are stored after w and g. */
static void update(const work *w, int32_t kind, int first, int second)
{
    const nmlp_optimizer optimizer = {.struct_size = sizeof optimizer,
                                      .kind = kind,
                                      .learning_rate = 1e-6,
                                      .l2 = 1e-6,
                                      .momentum = 0.9,
                                      .beta1 = 0.9,
                                      .beta2 = 0.999,
                                      .epsilon = 1e-8,
                                      .rho = 0.99,
                                      .decay = 1e-6};
    bench_check(nmlp_optimizer_update(&optimizer, w->count, w->array[0], w->array[1], w->array[2],
                                      first ? w->count : 0, w->array[first ? 3 : 2],
                                      second ? w->count : 0, 0.5, 0.5));
}

#define OPTIMIZER(value, name, first, second)                   \
    static void name##_update(void *context)                    \
    {                                                           \
        update(context, NMLP_OPTIMIZER_##value, first, second); \
    }
#include "isa/optimizers.def"
#undef OPTIMIZER

static void random_uniform(void *context)
{
    const work *w = context;
    bench_check(nmlp_random_uniform(1, 2, 0, w->count, 0.0f, 1.0f, w->array[0]));
}

static void random_normal(void *context)
{
    const work *w = context;
    bench_check(nmlp_random_normal(1, 2, 0, w->count, 0.0f, 1.0f, w->array[0]));
}

static void sincospi(void *context)
{
    const work *w = context;
    bench_check(nmlp_sincospi(w->count, w->array[2], w->array[0], w->array[1]));
}

typedef struct stream {
    const char *name;
    void (*run)(void *context);
    bench_pattern limit;  /* the kernel cannot exceed the bandwidth of this pattern by much */
    size_t arrays, bytes; /* bytes read and written per element */
    size_t columns;       /* columns of a row; 0 if there are no rows */
    int threaded;
} stream;

static const stream streams[] = {
#define ACTIVATION(value, name, saves)                           \
    {#name " forward", name##_forward, BENCH_SCALE, 2, 8, 0, 0}, \
        {#name " backward", name##_backward, BENCH_TRIAD, 3, 12, 0, 0},
#include "isa/activations.def"
#undef ACTIVATION
    {"softmax, 10 wide", softmax, BENCH_SCALE, 2, 8, 10, 1},
    {"softmax, 1000 wide", softmax, BENCH_SCALE, 2, 8, 1000, 1},
    {"log-softmax, 10 wide", log_softmax, BENCH_SCALE, 2, 8, 10, 1},
    {"log-softmax, 1000 wide", log_softmax, BENCH_SCALE, 2, 8, 1000, 1},
    {"cross-entropy, 10 wide", cross_entropy, BENCH_READ, 1, 4, 10, 1},
    {"cross-entropy, 1000 wide", cross_entropy, BENCH_READ, 1, 4, 1000, 1},
    {"with gradient, 10 wide", cross_entropy_gradient, BENCH_SCALE, 2, 8, 10, 1},
    {"with gradient, 1000 wide", cross_entropy_gradient, BENCH_SCALE, 2, 8, 1000, 1},
#define OPTIMIZER(value, name, first, second) \
    {#name " update",                         \
     name##_update,                           \
     BENCH_UPDATE,                            \
     2 + (first) + (second),                  \
     12 + 8 * ((first) + (second)),           \
     0,                                       \
     0},
#include "isa/optimizers.def"
#undef OPTIMIZER
    {"random uniform", random_uniform, BENCH_WRITE, 1, 4, 0, 0},
    {"random normal", random_normal, BENCH_WRITE, 1, 4, 0, 0},
    {"sine and cosine", sincospi, BENCH_TRIAD, 3, 12, 0, 0},
};

/* -------------------------------------------------------------------- measuring */

typedef struct limits {
    int32_t threads;
    double peak, bandwidth[BENCH_PATTERN_COUNT][BENCH_LEVEL_COUNT];
} limits;

/* Repeats a short sequence of numbers, because generating all of them would take longer than the
 * benchmark. */
static void fill(float *dst, size_t count, const float *tile)
{
    for (size_t i = 0; i < count; i += TILE)
        memcpy(dst + i, tile, (count - i < TILE ? count - i : TILE) * sizeof *dst);
}

static void draw(float *tile) { bench_check(nmlp_random_normal(1, 1, 0, TILE, 0.0f, 1.0f, tile)); }

static limits find_limits(int32_t threads, float *pool)
{
    limits l = {.threads = threads, .peak = bench_fma_peak(threads)};
    for (bench_pattern p = 0; p < BENCH_PATTERN_COUNT; p++)
        for (bench_level at = 0; at < BENCH_LEVEL_COUNT; at++)
            l.bandwidth[p][at] = bench_bandwidth(p, at, threads, pool);
    return l;
}

static bench_time measure(void (*run)(void *), void *context, const limits *l)
{
    const bench_sampling how = {
        .threads = l->threads, .peak = l->peak, .samples = 21, .patience = 0.12};
    return bench_measure(run, context, &how);
}

/* The fallback in plain C takes minutes for data that it reads once, and memory does not limit
 * it. */
static int is_measured(bench_level at)
{
    return at != BENCH_DRAM || nmlp_active_isa() != NMLP_ISA_SCALAR;
}

static void print_share(double speed, double limit, int disturbed)
{
    const double giga = 1e-9 * speed, percent = 100 * speed / limit;
    printf(" %6.*f | %3.*f %%%s |", giga < 10 ? 2 : 1, giga, percent < 10 ? 1 : 0, percent,
           disturbed ? "*" : " ");
}

/* If threads share the work, each uses the whole size of the level in L1 and L2. */
static work make_work(const stream *s, bench_level at, int32_t threads, float *pool)
{
    const size_t shares = at < BENCH_L3 ? (size_t)threads : 1;
    work w = {.threads = threads, .columns = s->columns > 0 ? s->columns : 1};
    w.rows = shares * bench_level_bytes(at) / sizeof(float) / s->arrays / w.columns;
    w.count = w.rows * w.columns;
    float tile[TILE];
    draw(tile);
    for (size_t i = 0; i < s->arrays; i++) {
        w.array[i] = pool + i * (w.count + 80);
        if (i >= 2) /* second moments are not negative */
            for (size_t j = 0; j < TILE; j++) tile[j] = fabsf(tile[j]);
        fill(w.array[i], w.count, tile);
    }
    w.labels = bench_allocate(w.rows * sizeof *w.labels);
    for (size_t i = 0; i < w.rows; i++) w.labels[i] = (int32_t)(i * 7 % w.columns);
    return w;
}

static void run_stream(const stream *s, const limits *l, float *pool)
{
    if (l->threads > 1 && !s->threaded) return;
    printf("| %-24s | GB/s    |", s->name);
    for (bench_level at = 0; at < BENCH_LEVEL_COUNT; at++) {
        if (!is_measured(at)) {
            printf("        |        |");
            continue;
        }
        work w = make_work(s, at, l->threads, pool);
        const bench_time time = measure(s->run, &w, l);
        print_share((double)(w.count * s->bytes) / time.median, l->bandwidth[s->limit][at],
                    time.disturbed);
        bench_free(w.labels);
    }
    printf(" %s |\n", bench_pattern_name(s->limit));
    fflush(stdout);
}

static float *take(float **pool, size_t count, const float *tile)
{
    float *array = *pool;
    fill(array, count, tile);
    *pool += (count + 15) / 16 * 16;
    return array;
}

static layer make_layer(const size_t size[3], int32_t threads, float *pool)
{
    float tile[TILE];
    draw(tile);
    layer l = {.m = size[0], .n = size[1], .k = size[2], .threads = threads};
    l.x = take(&pool, l.m * l.k, tile);
    l.dx = take(&pool, l.m * l.k, tile);
    l.w = take(&pool, l.k * l.n, tile);
    l.dw = take(&pool, l.k * l.n, tile);
    l.y = take(&pool, l.m * l.n, tile);
    l.dy = take(&pool, l.m * l.n, tile);
    l.b = take(&pool, l.n, tile);
    l.db = take(&pool, l.n, tile);
    return l;
}

static void run_product(const product *p, const limits *of, float *pool)
{
    printf("| %-24s | GFLOP/s |", p->name);
    for (bench_level at = 0; at < BENCH_LEVEL_COUNT; at++) {
        if (!is_measured(at)) {
            printf("        |        |");
            continue;
        }
        layer l = make_layer(product_sizes[at], of->threads, pool);
        const double operations = 2.0 * p->products * (double)l.m * (double)l.n * (double)l.k;
        const bench_time time = measure(p->run, &l, of);
        print_share(operations / time.median, of->peak, time.disturbed);
    }
    printf(" FMA |\n");
    fflush(stdout);
}

/* --------------------------------------------------------------------- printing */

static void print_limits(const limits *l)
{
    printf("%d thread%s: FMA peak %.1f GFLOP/s", l->threads, l->threads > 1 ? "s" : "",
           1e-9 * l->peak);
    if (l->threads > 1) printf(", barrier %.0f ns", 1e9 * bench_barrier(l->threads));
    printf("\n\n| limit, GB/s |");
    for (bench_level at = 0; at < BENCH_LEVEL_COUNT; at++) printf(" %s |", bench_level_name(at));
    printf("\n|---|---|---|---|---|\n");
    for (bench_pattern p = 0; p < BENCH_PATTERN_COUNT; p++) {
        printf("| %s |", bench_pattern_name(p));
        for (bench_level at = 0; at < BENCH_LEVEL_COUNT; at++)
            printf(" %.1f |", 1e-9 * l->bandwidth[p][at]);
        printf("\n");
    }
    printf("\n");
}

static void run_all(int32_t threads, float *pool)
{
    bench_start_threads(threads);
    const limits l = find_limits(threads, pool);
    print_limits(&l);
    printf("| kernel                   | unit    |     L1 | of it  |     L2 | of it  |     L3 | "
           "of it  |   DRAM | of it  | limit |\n"
           "|--------------------------|---------|--------|--------|--------|--------|--------|-"
           "-------|--------|--------|-------|\n");
    for (size_t i = 0; i < COUNT_OF(streams); i++) run_stream(&streams[i], &l, pool);
    for (size_t i = 0; i < COUNT_OF(products); i++) run_product(&products[i], &l, pool);
    printf("\n");
    fflush(stdout);
}

static void run_isa(void)
{
    bench_check(nmlp_initialize());
    printf("## Kernels, %s\n\n", nmlp_isa_name(nmlp_active_isa()));
    float *pool = bench_allocate(BENCH_POOL_BYTES);
    float tile[TILE];
    draw(tile);
    fill(pool, BENCH_POOL_BYTES / sizeof *pool, tile);
    for (int32_t threads = 1; threads <= MAX_THREADS && threads <= nmlp_default_threads();
         threads++)
        run_all(threads, pool);
    bench_free(pool);
}

/* Returns 0 if the child succeeded, otherwise 1. */
static int run_isa_in_child(const char *name)
{
    const pid_t child = fork();
    if (child == 0) {
        setenv("NMLP_ISA", name, 1);
        run_isa();
        exit(0);
    }
    int status = 1;
    if (child > 0 && waitpid(child, &status, 0) == child && status == 0) return 0;
    fprintf(stderr, "bench_kernels: the process for %s failed\n", name);
    return 1;
}

int main(void)
{
    const char *wanted = getenv("NMLP_ISA");
    int failed = 0;
    printf("# Kernels\n\n"
           "The data fill a level of the memory (limits below), on two threads the part of L1 and "
           "L2 that each has.\n\"of it\": of the limit named in the last column, measured in the "
           "same process; * the cores were disturbed.\n\n");
    fflush(stdout);
    int32_t isas = 0;
    while (nmlp_isa_name(isas) != NULL) isas++;
    for (int32_t isa = isas - 1; isa >= 0; isa--) {
        const char *name = nmlp_isa_name(isa);
        if (wanted != NULL && wanted[0] != '\0' && strcmp(wanted, name) != 0) continue;
        if (nmlp_isa_available(isa))
            failed |= run_isa_in_child(name);
        else
            printf("## Kernels, %s\n\nNot on this processor or not in this build.\n\n", name);
        fflush(stdout);
    }
    return failed;
}
