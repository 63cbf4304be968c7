/* SPDX-License-Identifier: MIT
 *
 * Measures the time of a train step per operation over many sizes, to find outliers:
 *
 *     bench_sweep [--threads T] [--only DIMENSION] [--full] [--csv]
 *
 * One dimension of a network varies at a time. The sizes are evenly spaced on a logarithmic scale
 * (the curve), plus neighbours of a few anchors (--full: all sizes within 5 %). --csv prints every
 * point instead of the curves. A cliff is a size whose time per operation is more than 1.3 times
 * the median of the sizes within 5 % of it. */
#include "bench_measure.h"

#include <math.h>

enum { MAX_SIZE = 20000, FEW = 64, TURNS = 4 };

static const double STICKS_OUT = 1.3, NEAR = 0.05, RATIO = 1.3;

/* ----------------------------------------------------------------------- series */

static void set_width(bench_network *network, size_t size) { network->outputs[0] = size; }

static void set_inputs(bench_network *network, size_t size) { network->inputs = size; }

static void set_batch(bench_network *network, size_t size) { network->batch = size; }

static void set_classes(bench_network *network, size_t size)
{
    network->outputs[network->layers - 1] = size;
}

static void set_all(bench_network *network, size_t size)
{
    network->inputs = size;
    for (size_t l = 0; l < network->layers; l++) network->outputs[l] = size;
}

static void set_depth(bench_network *network, size_t size)
{
    const size_t classes = network->outputs[network->layers - 1];
    for (size_t l = 0; l < size; l++) network->outputs[l] = network->outputs[0];
    network->outputs[size] = classes;
    network->layers = size + 1;
}

enum { MAX_ANCHORS = 12 };

typedef struct series {
    const char *name, *network;
    bench_network base;
    void (*set)(bench_network *network, size_t size);
    size_t first, last;
    size_t anchors[MAX_ANCHORS]; /* measured with their neighbours; 0 ends the list */
    size_t step;                 /* all multiples of it from 256 to 2048 as well; 0 for none */
} series;

static const series all_series[] = {
    {"width",
     "784-width-100, batch 128",
     {.inputs = 784, .batch = 128, .layers = 2, .outputs = {256, 100}},
     set_width,
     16,
     2048,
     {64, 100, 128, 256, 512, 1024},
     256},
    {"all widths",
     "width-width-width-width, batch 128",
     {.inputs = 256, .batch = 128, .layers = 3, .outputs = {256, 256, 256}},
     set_all,
     16,
     2048,
     {64, 128, 256, 512},
     256},
    {"depth",
     "256 inputs, so many layers of 256, 100 classes, batch 128",
     {.inputs = 256, .batch = 128, .layers = 2, .outputs = {256, 100}},
     set_depth,
     1,
     5,
     {1, 2, 3, 4, 5},
     0},
    {"batch",
     "784-256-100",
     {.inputs = 784, .batch = 128, .layers = 2, .outputs = {256, 100}},
     set_batch,
     1,
     8192,
     {64, 128, 256, 1024},
     0},
    {"classes",
     "784-256-classes, batch 128",
     {.inputs = 784, .batch = 128, .layers = 2, .outputs = {256, 100}},
     set_classes,
     2,
     1000,
     {64, 100, 256, 1000},
     0},
    {"inputs",
     "inputs-256-100, batch 128",
     {.inputs = 784, .batch = 128, .layers = 2, .outputs = {256, 100}},
     set_inputs,
     2,
     20000,
     {64, 784, 1024, 3072},
     256},
};

/* ------------------------------------------------------------------------ sizes */

enum { NEIGHBOUR = 1, CURVE };
typedef unsigned char size_set[MAX_SIZE + 1];

static void add(size_set wanted, const series *s, double size, unsigned char what)
{
    if (size >= (double)s->first && size <= (double)s->last && wanted[(size_t)size] < what)
        wanted[(size_t)size] = what;
}

/* Adds sizes on both sides of an anchor: next to it, and next to the ends of vectors and cache
 * lines. */
static void add_neighbours(size_set wanted, const series *s, size_t anchor, int full)
{
    static const size_t offsets[] = {0, 1, 2, 4, 7, 8, 15, 16, 24, 32, 48};
    const size_t most = (size_t)(NEAR * (double)anchor);
    for (size_t i = 0; i <= most && (full || i < COUNT_OF(offsets)); i++) {
        const size_t offset = full ? i : offsets[i];
        if (offset > most) break;
        add(wanted, s, (double)(anchor - offset), NEIGHBOUR);
        add(wanted, s, (double)(anchor + offset), NEIGHBOUR);
    }
}

static void choose_sizes(size_set wanted, const series *s, int full)
{
    memset(wanted, 0, sizeof(size_set));
    for (double size = (double)s->first; size < (double)s->last; size *= full ? sqrt(RATIO) : RATIO)
        add(wanted, s, floor(size), CURVE);
    add(wanted, s, (double)s->last, CURVE);
    for (size_t i = 0; i < MAX_ANCHORS && s->anchors[i] > 0; i++)
        add_neighbours(wanted, s, s->anchors[i], full);
    for (size_t size = s->step; s->step > 0 && size <= 2048; size += s->step)
        add(wanted, s, (double)size, NEIGHBOUR);
}

/* -------------------------------------------------------------------- measuring */

typedef struct point {
    size_t size, least; /* the smallest of the network's dimensions and the batch */
    double operations, time;
    int disturbed, on_curve;
} point;

typedef struct machine {
    int32_t threads;
    double peak;
} machine;

static size_t least_dimension(const bench_network *network)
{
    size_t least = network->inputs < network->batch ? network->inputs : network->batch;
    for (size_t l = 0; l < network->layers; l++)
        if (network->outputs[l] < least) least = network->outputs[l];
    return least;
}

static bench_network make_network(const series *s, size_t size)
{
    bench_network network = s->base;
    s->set(&network, size);
    return network;
}

static point measure(const series *s, size_t size, const machine *on, double patience)
{
    const bench_network network = make_network(s, size);
    const bench_sampling how = {
        .threads = on->threads, .peak = on->peak, .samples = 21, .patience = patience};
    bench_job job = bench_job_create(&network, on->threads, NMLP_OPTIMIZER_MOMENTUM);
    const bench_time time = bench_measure(bench_job_step, &job, &how);
    bench_job_destroy(&job);
    return (point){.size = size,
                   .least = least_dimension(&network),
                   .operations = bench_network_operations(&network),
                   .time = time.median,
                   .disturbed = time.disturbed};
}

static void print_point(const series *s, const point *p, const machine *on)
{
    const bench_network network = make_network(s, p->size);
    printf("%s,%zu,%zu", s->name, p->size, network.inputs);
    for (size_t l = 0; l < network.layers; l++) printf("-%zu", network.outputs[l]);
    printf(",%zu,%d,%.2f,%.0f,%.2f,%.3f,%d\n", network.batch, on->threads, 1e6 * p->time,
           p->operations, 1e-9 * p->operations / p->time, p->operations / p->time / on->peak,
           p->disturbed);
    fflush(stdout);
}

/* ---------------------------------------------------------------------- judging */

static double per_operation(const point *p) { return p->time / p->operations; }

/* Collects the time per operation of each size within 5 % of this one, including itself. */
static size_t look_around(const point *points, size_t count, size_t which, double *near)
{
    const double size = (double)points[which].size;
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (fabs((double)points[i].size - size) <= NEAR * size)
            near[found++] = per_operation(&points[i]);
    return found;
}

/* Returns the time per operation divided by the median of the nearby sizes, or 0 if there are too
 * few. */
static double excess(const point *points, size_t count, size_t which)
{
    static double near[MAX_SIZE];
    const size_t found = look_around(points, count, which, near);
    return found < 3 ? 0 : per_operation(&points[which]) / bench_median(near, found);
}

/* The same, divided by their minimum. */
static double excess_over_least(const point *points, size_t count, size_t which)
{
    static double near[MAX_SIZE];
    const size_t found = look_around(points, count, which, near);
    double least = near[0];
    for (size_t i = 1; i < found; i++)
        if (near[i] < least) least = near[i];
    return found < 2 ? 0 : per_operation(&points[which]) / least;
}

/* Measures outliers again, each time after a pause, and keeps the best time, because noise from a
 * neighbour is not a cliff. */
static void measure_again(const series *s, point *points, size_t count, const machine *on)
{
    for (int turn = 0; turn < TURNS; turn++)
        for (size_t i = 0; i < count; i++) {
            if (excess(points, count, i) <= STICKS_OUT) continue;
            point again = measure(s, points[i].size, on, 0.2);
            again.on_curve = points[i].on_curve;
            if (again.time < points[i].time) points[i] = again;
        }
}

static void print_cliffs(const series *s, const point *points, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const double ratio = excess(points, count, i);
        if (ratio > STICKS_OUT)
            printf("%s: %s %zu takes %.2f times as long per operation as its neighbours.\n",
                   points[i].least >= FEW ? "Cliff" : "Step (a dimension below 64)", s->name,
                   points[i].size, ratio);
    }
}

/* Prints the maximum over the sizes in which every dimension is at least 64. */
static void print_greatest(const point *points, size_t count)
{
    double greatest = 0;
    size_t where = 0;
    for (size_t i = 0; i < count; i++) {
        const double ratio = points[i].least >= FEW ? excess_over_least(points, count, i) : 0;
        if (ratio <= greatest) continue;
        greatest = ratio;
        where = points[i].size;
    }
    if (greatest > 0)
        printf(
            " None takes more than %.2f times as long per operation as the fastest within 5 %% of "
            "it (%zu).",
            greatest, where);
}

/* Prints the slope of time over operations on logarithmic scales. It is 1 if the cost grows with
 * the samples, the depth and the square of the width. */
static void print_growth(const point *points, size_t count)
{
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (size_t i = 0; i < count; i++) {
        if (points[i].least < FEW) continue;
        const double u = log(points[i].operations), v = log(points[i].time);
        n++, x += u, y += v, xx += u * u, xy += u * v;
    }
    if (n >= 2 && n * xx > x * x)
        printf("From 64 on the time grows with the operations to the power of %.3f.",
               (n * xy - x * y) / (n * xx - x * x));
}

static void print_curve(const series *s, const point *points, size_t count, const machine *on)
{
    printf("### %s: %s\n\n| size |", s->name, s->network);
    for (size_t i = 0; i < count; i++)
        if (points[i].on_curve) printf(" %zu |", points[i].size);
    printf("\n| --- |");
    for (size_t i = 0; i < count; i++)
        if (points[i].on_curve) printf(" --- |");
    printf("\n| of peak, %% |");
    for (size_t i = 0; i < count; i++)
        if (points[i].on_curve)
            printf(" %.0f%s |", 100 * points[i].operations / points[i].time / on->peak,
                   points[i].disturbed ? " †" : "");
    printf("\n\n");
    print_growth(points, count);
    print_greatest(points, count);
    printf("\n\n");
    print_cliffs(s, points, count);
    fflush(stdout);
}

static void sweep(const series *s, const machine *on, int full, int csv)
{
    static size_set wanted;
    static point points[MAX_SIZE + 1];
    size_t count = 0;
    choose_sizes(wanted, s, full);
    for (size_t size = s->first; size <= s->last; size++) {
        if (!wanted[size]) continue;
        points[count] = measure(s, size, on, full ? 0.2 : 0.05);
        points[count++].on_curve = wanted[size] == CURVE;
    }
    measure_again(s, points, count, on);
    if (!csv) print_curve(s, points, count, on);
    for (size_t i = 0; csv && i < count; i++) print_point(s, &points[i], on);
}

static void print_about(const machine *on)
{
    printf(
        "A train step with momentum, one dimension of a network varying at a time, in percent of "
        "the FMA peak. %d thread%s: FMA peak %.1f GFLOP/s",
        on->threads, on->threads > 1 ? "s" : "", 1e-9 * on->peak);
    if (on->threads > 1) printf(", barrier %.0f ns", 1e9 * bench_barrier(on->threads));
    printf("; isa %s. † marks what was disturbed.\n\n"
           "Below 64 there are steps: a row whose last vector is not full costs as much as if it "
           "were, few rows share what it costs to read W, and a call's fixed cost is a greater "
           "part.\n\n",
           nmlp_isa_name(nmlp_active_isa()));
}

static int is_known(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(all_series); i++)
        if (strcmp(name, all_series[i].name) == 0) return 1;
    return 0;
}

static int usage(void)
{
    fprintf(stderr, "usage: bench_sweep [--threads T] [--only DIMENSION] [--full] [--csv]\n"
                    "DIMENSION:");
    for (size_t i = 0; i < COUNT_OF(all_series); i++)
        fprintf(stderr, "%s \"%s\"", i > 0 ? "," : "", all_series[i].name);
    fprintf(stderr, "\n");
    return 2;
}

int main(int argc, char **argv)
{
    machine on = {.threads = 1};
    const char *only = NULL;
    int full = 0, csv = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--full") == 0)
            full = 1;
        else if (strcmp(argv[i], "--csv") == 0)
            csv = 1;
        else if (strcmp(argv[i], "--threads") == 0 && i + 1 < argc && atoi(argv[i + 1]) >= 1)
            on.threads = atoi(argv[++i]);
        else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc && is_known(argv[i + 1]))
            only = argv[++i];
        else
            return usage();
    }
    bench_check(nmlp_initialize());
    bench_start_threads(on.threads);
    on.peak = bench_fma_peak(on.threads);
    if (csv)
        printf("dimension,size,network,batch,threads,us,flops,gflops,share of peak,disturbed\n");
    else
        print_about(&on);
    for (size_t i = 0; i < COUNT_OF(all_series); i++)
        if (only == NULL || strcmp(only, all_series[i].name) == 0)
            sweep(&all_series[i], &on, full, csv);
    return 0;
}
