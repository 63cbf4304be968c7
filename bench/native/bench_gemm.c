/* SPDX-License-Identifier: MIT
 *
 * Compares the matrix product with each BLAS that CMake found:
 *
 *     bench_gemm                                            the table
 *     bench_gemm --shape M,K,N --form NN|TN|NT --threads T  one cell
 *
 * Each library runs in its own process, and all except the measured one are stopped (SIGSTOP),
 * because threads that one library leaves spinning would take the cores from the next. The
 * libraries take turns within each cell, so that a temporary disturbance of the machine affects all
 * of them. Another process, the judge, checks before and after each sample whether the cores run at
 * full speed. */
#if defined(__linux__)
#define _GNU_SOURCE
#else
#define _POSIX_C_SOURCE 200809L
#endif
#include "bench_gemm_print.h"

#include <math.h>
#include <signal.h>

enum { ROUNDS = 25, LEAST_ROUNDS = 5, TRIES = 4, MAX_THREADS = 2 };

/* Seconds after which LEAST_ROUNDS are enough in a cell. */
static const double PATIENCE = 1;

static const size_t shapes[][3] = {
    {200, 3072, 50}, {128, 784, 256},    {256, 3072, 512}, {64, 512, 512},   {32, 64, 32},
    {1, 784, 256},   {1024, 1024, 1024}, {128, 256, 10},   {4096, 784, 256},
};

enum { CELLS = COUNT_OF(shapes) * FORMS };

/* --------------------------------------------------------------------- a round */

static int is_quiet(arena *a)
{
    return process_tell(&a->judge,
                        (command){.order = PROBE, .threads = a->threads, .peak = a->peak}) == 1;
}

static double sample(arena *a, process *p, int *disturbed)
{
    const command c = {.order = SAMPLE, .threads = a->threads};
    double time = NAN;
    for (int i = 0; i < TRIES; i++) {
        const int before = is_quiet(a);
        time = process_tell(p, c);
        if (isnan(time) || (is_quiet(a) && before)) return time;
    }
    ++*disturbed;
    return time;
}

static void prepare_all(arena *a, outcome *o, int present[CONTENDERS])
{
    for (int i = 0; i < CONTENDERS; i++) {
        process *p = &a->contender[i];
        const command c = {.order = PREPARE, .threads = a->threads, .cell = o->cell};
        present[i] = p->pid != 0 && !isnan(process_tell(p, c));
        if (present[i] || p->module == NULL || p->module[0] == '\0') continue;
        fprintf(stderr, "%s: %s\n", p->name, p->pid != 0 ? "wrong result" : "has ended");
        o->wrong++;
    }
    if (!present[OURS]) {
        fprintf(stderr, "NativeMlp: wrong result\n");
        o->wrong++;
    }
}

static outcome compete(arena *a, cell c)
{
    outcome o = {.cell = c};
    int present[CONTENDERS];
    double time[CONTENDERS][ROUNDS];
    size_t round = 0;
    prepare_all(a, &o, present);
    const double patience = bench_patience(PATIENCE), begin = bench_seconds();
    for (; round < ROUNDS && (round < LEAST_ROUNDS || bench_seconds() - begin < patience); round++)
        for (size_t i = 0; i < CONTENDERS; i++) {
            const size_t who = (i + round) % CONTENDERS; /* another library begins each time */
            if (!present[who]) continue;
            time[who][round] = sample(a, &a->contender[who], &o.disturbed[who]);
            if (isnan(time[who][round])) present[who] = 0;
        }
    for (int i = 0; i < CONTENDERS; i++) {
        o.disturbed[i] = 2 * (size_t)o.disturbed[i] > round;
        if (present[i]) o.speed[i] = cell_operations(&c) / bench_median(time[i], round);
    }
    return o;
}

/* ------------------------------------------------------------------------- main */

static void set_threads(arena *a, int threads)
{
    a->threads = threads;
    a->peak = process_tell(&a->judge, (command){.order = PEAK, .threads = threads});
    printf("%d thread%s: FMA peak %.1f GFLOP/s", threads, threads > 1 ? "s" : "", 1e-9 * a->peak);
    if (threads > 1)
        printf(", barrier %.0f ns",
               1e9 * process_tell(&a->judge, (command){.order = BARRIER, .threads = threads}));
    printf("\n\n");
}

/* Returns the number of wrong results. */
static int run(arena *a, int threads, const cell *cells, size_t count)
{
    outcome outcomes[CELLS];
    int wrong = 0;
    set_threads(a, threads);
    print_head(a);
    for (size_t i = 0; i < count; i++) {
        outcomes[i] = compete(a, cells[i]);
        print_outcome(a, &outcomes[i]);
        wrong += outcomes[i].wrong;
    }
    print_summary(a, outcomes, count);
    return wrong;
}

static void open_arena(arena *a)
{
    *a = (arena){.judge = {.name = "judge"},
                 .contender = {[OURS] = {.name = "NativeMlp"},
                               [OPENBLAS] = {.name = "OpenBLAS", .module = BENCH_OPENBLAS},
                               [BLIS] = {.name = "BLIS", .module = BENCH_BLIS},
                               [ONEDNN] = {.name = "oneDNN", .module = BENCH_ONEDNN},
                               [MKL] = {.name = "MKL", .module = BENCH_MKL}}};
    signal(SIGPIPE, SIG_IGN);
    process_start(&a->judge, 1);
    if (!process_await_stop(&a->judge)) exit(1);
    for (int i = 0; i < CONTENDERS; i++) {
        process *p = &a->contender[i];
        process_start(p, 0);
        if (p->pid != 0 && process_await_stop(p)) process_tell(p, (command){.order = NAME});
        p->listed = p->pid != 0;
        if (p->listed)
            printf("* %s\n", p->answer.text);
        else
            printf("* %s: absent (%s)\n", p->name,
                   p->module[0] == '\0' ? "CMake did not find it" : "it does not load");
    }
    printf("\n");
}

static void close_arena(arena *a)
{
    process_stop(&a->judge);
    for (int i = 0; i < CONTENDERS; i++) process_stop(&a->contender[i]);
}

static int usage(void)
{
    fprintf(stderr, "usage: bench_gemm [--shape M,K,N] [--form NN|TN|NT] [--threads T]\n");
    return 2;
}

static int parse_form(const char *text)
{
    int f = NN;
    while (f < FORMS && strcmp(text, form_names[f]) != 0) f++;
    return f;
}

/* Selects the requested cells: all, those of a form, those of a shape, or one. */
static size_t choose_cells(cell *cells, const cell *shape, int only)
{
    size_t count = 0;
    for (size_t s = 0; s < (shape != NULL ? 1 : COUNT_OF(shapes)); s++)
        for (int f = NN; f < FORMS; f++) {
            if (only != FORMS && only != f) continue;
            cells[count] =
                shape != NULL ? *shape : (cell){shapes[s][0], shapes[s][1], shapes[s][2], NN};
            cells[count++].form = (form)f;
        }
    return count;
}

int main(int argc, char **argv)
{
    cell cells[CELLS], shape = {0};
    int only = FORMS, threads = 0, wrong = 0;
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc) return usage();
        if (strcmp(argv[i], "--shape") == 0) {
            if (sscanf(argv[i + 1], "%zu,%zu,%zu", &shape.m, &shape.k, &shape.n) != 3 ||
                shape.m == 0 || shape.k == 0 || shape.n == 0)
                return usage();
        } else if (strcmp(argv[i], "--form") == 0) {
            if ((only = parse_form(argv[i + 1])) == FORMS) return usage();
        } else if (strcmp(argv[i], "--threads") == 0) {
            if ((threads = atoi(argv[i + 1])) < 1) return usage();
        } else
            return usage();
    }
    const size_t count = choose_cells(cells, shape.m > 0 ? &shape : NULL, only);
    const int most = nmlp_default_threads() < MAX_THREADS ? nmlp_default_threads() : MAX_THREADS;

    printf("# Products, GFLOP/s\n\n"
           "shape M,K,N: NN is Y[M,N] = X*W, TN is dW[K,N] = X'*dY, NT is dX[M,K] = dY*W'; plain "
           "buffers; * the cores were disturbed.\n\n");
    arena a;
    open_arena(&a);
    for (int t = threads > 0 ? threads : 1; t <= (threads > 0 ? threads : most); t++)
        wrong += run(&a, t, cells, count);
    close_arena(&a);
    return wrong != 0;
}
