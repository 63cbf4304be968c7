/* SPDX-License-Identifier: MIT
 *
 * The product alone, beside each BLAS that CMake found:
 *
 *     bench_gemm                                            the table
 *     bench_gemm --shape M,K,N --form NN|TN|NT --threads T  one cell
 *
 * Each library runs in a process of its own, and all but the one being timed stand
 * still (SIGSTOP): the threads that one leaves spinning would take the cores from the
 * next. They take turns within each cell, so that what disturbs the machine for a while
 * disturbs all. One more process, the judge, tells before and after each sample whether
 * the cores run at full speed. */
#if defined(__linux__)
#define _GNU_SOURCE
#else
#define _POSIX_C_SOURCE 200809L
#endif
#include "bench_peer.h"
#include "bench_support.h"

#include <dlfcn.h>
#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

enum { ROUNDS = 25, LEAST_ROUNDS = 5, TRIES = 4, CHECKED_ENTRIES = 200, MAX_THREADS = 2 };

/* Seconds after which LEAST_ROUNDS are enough in a cell. */
static const double PATIENCE = 1;

/* ------------------------------------------------------------------------ cells */

typedef enum form { NN, TN, NT, FORMS } form;

static const char *const form_names[] = {"NN", "TN", "NT"};

/* A layer of m samples, k inputs and n outputs:
 * NN  Y = X*W [m x n],  TN  dW = X'*dY [k x n],  NT  dX = dY*W' [m x k]. */
typedef struct cell {
    size_t m, k, n;
    form form;
} cell;

static const size_t shapes[][3] = {
    {200, 3072, 50}, {128, 784, 256},    {256, 3072, 512}, {64, 512, 512},   {32, 64, 32},
    {1, 784, 256},   {1024, 1024, 1024}, {128, 256, 10},   {4096, 784, 256},
};

enum { CELLS = COUNT_OF(shapes) * FORMS };

static double cell_operations(const cell *c)
{
    return 2.0 * (double)c->m * (double)c->k * (double)c->n;
}

/* C [rows x columns] = op(A) * op(B), the sum over depth. */
typedef struct operands {
    int ta, tb;
    size_t rows, columns, depth, lda, ldb, ldc;
    float *a, *b, *c;
} operands;

static float *random_array(size_t count, uint64_t stream)
{
    float *array = bench_allocate(count * sizeof *array);
    bench_check(nmlp_random_uniform(1, stream, 0, count, -0.5f, 0.5f, array));
    return array;
}

static operands make_operands(const cell *c)
{
    operands o = {.ta = c->form == TN, .tb = c->form == NT};
    o.rows = c->form == TN ? c->k : c->m;
    o.columns = c->form == NT ? c->k : c->n;
    o.depth = c->form == NN ? c->k : c->form == TN ? c->m : c->n;
    o.lda = o.ta ? o.rows : o.depth;
    o.ldb = o.tb ? o.depth : o.columns;
    o.ldc = o.columns;
    o.a = random_array(o.rows * o.depth, 1);
    o.b = random_array(o.depth * o.columns, 2);
    o.c = random_array(o.rows * o.columns, 3);
    return o;
}

static void free_operands(operands *o)
{
    bench_free(o->a);
    bench_free(o->b);
    bench_free(o->c);
    *o = (operands){0};
}

static double exact_entry(const operands *o, size_t row, size_t column)
{
    double sum = 0;
    for (size_t i = 0; i < o->depth; i++)
        sum += (double)o->a[o->ta ? i * o->lda + row : row * o->lda + i] *
               (double)o->b[o->tb ? column * o->ldb + i : i * o->ldb + column];
    return sum;
}

static int is_right(const operands *o)
{
    uint32_t state = 7;
    for (int i = 0; i < CHECKED_ENTRIES; i++) {
        state = state * 1664525u + 1013904223u;
        const size_t row = (state >> 8) % o->rows;
        state = state * 1664525u + 1013904223u;
        const size_t column = (state >> 8) % o->columns;
        const double error = exact_entry(o, row, column) - (double)o->c[row * o->ldc + column];
        if (!(fabs(error) < 1e-5 * (1 + sqrt((double)o->depth)))) return 0; /* nor NaN */
    }
    return 1;
}

/* ------------------------------------------------------- what a process is told */

typedef enum order {
    NAME,    /* text: who it is */
    PEAK,    /* value: peak of fused multiply-adds */
    BARRIER, /* value: seconds of one */
    PROBE,   /* value: 1 if the cores are undisturbed, given the peak */
    PREPARE, /* make the operands, try, check; failed if wrong */
    SAMPLE   /* value: seconds of one product */
} order;

typedef struct command {
    order order;
    int threads;
    cell cell;
    double peak;
} command;

typedef struct answer {
    double value;
    int failed;
    char text[256];
} answer;

/* ------------------------------------------------------------ inside a process */

static int transfer(int file, void *data, size_t size, int writing)
{
    for (char *at = data; size > 0;) {
        const ssize_t part = writing ? write(file, at, size) : read(file, at, size);
        if (part <= 0) return 0;
        at += part;
        size -= (size_t)part;
    }
    return 1;
}

typedef answer obey_function(const command *c);

/* Stands still until the next command is there. */
static void serve(obey_function *obey, int commands, int answers)
{
    command c;
    for (;;) {
        raise(SIGSTOP);
        if (!transfer(commands, &c, sizeof c, 0)) _exit(0);
        answer a = obey(&c);
        if (!transfer(answers, &a, sizeof a, 1)) _exit(0);
    }
}

static answer judge(const command *c)
{
    answer a = {0};
    bench_start_threads(c->threads);
    if (c->order == PEAK) a.value = bench_fma_peak(c->threads);
    if (c->order == BARRIER) a.value = bench_barrier(c->threads);
    /* Who was just woken may be slow at first; who has a neighbour is slow each time. */
    if (c->order == PROBE)
        for (int i = 0; i < 3 && a.value == 0; i++)
            a.value = bench_undisturbed(c->threads, c->peak);
    return a;
}

/* Of the process of one library. */
static struct {
    peer_sgemm_function *sgemm;
    peer_threads_function *set_threads;
    peer_name_function *name;
    operands operands;
    size_t calls; /* of a sample */
} own;

static int own_threads;

static void nmlp_set_threads(int threads) { own_threads = threads; }

static const char *nmlp_name(void)
{
    static char text[128];
    snprintf(text, sizeof text, "NativeMlp %s, %s, threads %s", nmlp_version(),
             nmlp_isa_name(nmlp_active_isa()), nmlp_parallel_backend());
    return text;
}

static void nmlp_sgemm(int ta, int tb, size_t m, size_t n, size_t k, const float *a, size_t lda,
                       const float *b, size_t ldb, float *c, size_t ldc)
{
    bench_check(nmlp_gemm(m, n, k, ta, tb, 1.0f, a, lda, b, ldb, 0.0f, c, ldc, own_threads));
}

static void multiply(void)
{
    const operands *o = &own.operands;
    own.sgemm(o->ta, o->tb, o->rows, o->columns, o->depth, o->a, o->lda, o->b, o->ldb, o->c,
              o->ldc);
}

static double time_products(size_t calls)
{
    const double start = bench_seconds();
    for (size_t i = 0; i < calls; i++) multiply();
    return bench_seconds() - start;
}

/* As many as take half a millisecond. */
static void choose_calls(void)
{
    own.calls = 1;
    while (time_products(own.calls) < 5e-4) own.calls *= 2;
}

/* The first calls fetch the operands back and wake the workers. */
static double sample_product(void)
{
    time_products((own.calls + 3) / 4);
    return time_products(own.calls) / (double)own.calls;
}

static void prepare(const command *c, answer *a)
{
    free_operands(&own.operands);
    own.operands = make_operands(&c->cell);
    own.set_threads(c->threads);
    multiply();
    bench_pin_threads(c->threads);
    a->failed = !is_right(&own.operands);
    choose_calls();
}

static answer work(const command *c)
{
    answer a = {0};
    if (c->order == NAME) snprintf(a.text, sizeof a.text, "%s", own.name());
    if (c->order == PREPARE) prepare(c, &a);
    if (c->order == SAMPLE) a.value = sample_product();
    return a;
}

static int load(const char *path)
{
    void *module = dlopen(path, RTLD_LOCAL | RTLD_NOW);
    if (module == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return 0;
    }
    *(void **)&own.sgemm = dlsym(module, "peer_sgemm");
    *(void **)&own.set_threads = dlsym(module, "peer_threads");
    *(void **)&own.name = dlsym(module, "peer_name");
    return own.sgemm != NULL && own.set_threads != NULL && own.name != NULL;
}

/* ------------------------------------------------------------------- processes */

typedef struct process {
    const char *name;
    const char *module; /* "" where CMake did not find the library */
    pid_t pid;          /* 0: not there, or no longer */
    int listed;         /* it was there at first and has a column */
    int commands, answers;
    answer answer; /* the last one */
} process;

static void run_process(const process *p, int is_judge, int commands, int answers)
{
#if defined(__linux__)
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* one that stands still would not see the pipe close */
#endif
    own.sgemm = nmlp_sgemm;
    own.set_threads = nmlp_set_threads;
    own.name = nmlp_name;
    if (p->module != NULL && !load(p->module)) _exit(1);
    serve(is_judge ? judge : work, commands, answers);
}

static void start(process *p, int is_judge)
{
    int commands[2], answers[2];
    if (p->module != NULL && p->module[0] == '\0') return;
    fflush(NULL);
    if (pipe(commands) != 0 || pipe(answers) != 0 || (p->pid = fork()) < 0) {
        perror("bench_gemm");
        exit(1);
    }
    if (p->pid == 0) {
        close(commands[1]);
        close(answers[0]);
        run_process(p, is_judge, commands[0], answers[1]);
    }
    close(commands[0]);
    close(answers[1]);
    p->commands = commands[1];
    p->answers = answers[0];
}

/* Waits until it stands still; forgets it if it ended instead. */
static int await_stop(process *p)
{
    int status;
    if (waitpid(p->pid, &status, WUNTRACED) == p->pid && WIFSTOPPED(status)) return 1;
    p->pid = 0;
    return 0;
}

/* The value answered; NaN where the process failed or is not there. */
static double tell(process *p, command c)
{
    if (p->pid == 0) return NAN;
    p->answer.failed = 1;
    if (transfer(p->commands, &c, sizeof c, 1) && kill(p->pid, SIGCONT) == 0)
        transfer(p->answers, &p->answer, sizeof p->answer, 0);
    return await_stop(p) && !p->answer.failed ? p->answer.value : NAN;
}

static void stop(process *p)
{
    if (p->pid == 0) return;
    kill(p->pid, SIGKILL);
    waitpid(p->pid, NULL, 0);
    p->pid = 0;
}

/* --------------------------------------------------------------------- a round */

enum { OURS, OPENBLAS, BLIS, ONEDNN, MKL, CONTENDERS };

typedef struct arena {
    process judge, contender[CONTENDERS];
    int threads;
    double peak;
} arena;

typedef struct outcome {
    cell cell;
    double speed[CONTENDERS];  /* operations per second; 0: not there */
    int disturbed[CONTENDERS]; /* how many of its samples; at last, whether most */
    int wrong;                 /* how many */
} outcome;

static int is_quiet(arena *a)
{
    return tell(&a->judge, (command){.order = PROBE, .threads = a->threads, .peak = a->peak}) == 1;
}

static double sample(arena *a, process *p, int *disturbed)
{
    const command c = {.order = SAMPLE, .threads = a->threads};
    double time = NAN;
    for (int i = 0; i < TRIES; i++) {
        const int before = is_quiet(a);
        time = tell(p, c);
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
        present[i] = p->pid != 0 && !isnan(tell(p, c));
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
            const size_t who = (i + round) % CONTENDERS; /* another one begins each time */
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

/* -------------------------------------------------------------------- printing */

static double best_peer(const outcome *o)
{
    double best = 0;
    for (int i = OURS + 1; i < CONTENDERS; i++)
        if (o->speed[i] > best) best = o->speed[i];
    return best;
}

static void print_ratio(double ours, double theirs)
{
    if (ours > 0 && theirs > 0)
        printf(" %.2f |", ours / theirs);
    else
        printf(" |");
}

static void print_speed(const outcome *o, int who)
{
    if (o->speed[who] > 0)
        printf(" %.1f%s |", 1e-9 * o->speed[who], o->disturbed[who] ? "*" : "");
    else
        printf(" |");
}

static void print_cell_name(const cell *c)
{
    printf("%zu,%zu,%zu %s", c->m, c->k, c->n, form_names[c->form]);
}

static void print_head(const arena *a)
{
    printf("| shape, form | NativeMlp | of peak |");
    for (int i = OURS + 1; i < CONTENDERS; i++)
        if (a->contender[i].listed) printf(" %s |", a->contender[i].name);
    printf(" / best peer | / OpenBLAS |\n|---|---|---|---|---|");
    for (int i = OURS + 1; i < CONTENDERS; i++)
        if (a->contender[i].listed) printf("---|");
    printf("\n");
}

static void print_outcome(const arena *a, const outcome *o)
{
    printf("| ");
    print_cell_name(&o->cell);
    printf(" |");
    print_speed(o, OURS);
    printf(" %.0f %% |", 100 * o->speed[OURS] / a->peak);
    for (int i = OURS + 1; i < CONTENDERS; i++)
        if (a->contender[i].listed) print_speed(o, i);
    print_ratio(o->speed[OURS], best_peer(o));
    print_ratio(o->speed[OURS], o->speed[OPENBLAS]);
    printf("\n");
    fflush(stdout);
}

/* The geometric mean of our speed over another's, where there is one. */
static void print_mean(const char *name, const outcome *o, size_t count, int who)
{
    double sum = 0;
    size_t cells = 0;
    for (size_t i = 0; i < count; i++) {
        const double theirs = who == OURS ? best_peer(&o[i]) : o[i].speed[who];
        if (!(theirs > 0 && o[i].speed[OURS] > 0)) continue;
        sum += log(o[i].speed[OURS] / theirs);
        cells++;
    }
    if (cells > 0) printf("* geometric mean over %s: %.3f\n", name, exp(sum / (double)cells));
}

static void print_worst(const outcome *o, size_t count)
{
    double worst = INFINITY;
    const outcome *which = NULL;
    for (size_t i = 0; i < count; i++) {
        const double ratio = o[i].speed[OURS] / best_peer(&o[i]);
        if (ratio < worst) worst = ratio, which = &o[i];
    }
    if (which == NULL || isinf(worst)) return;
    printf("* worst cell: %.2f at ", worst);
    print_cell_name(&which->cell);
    printf("\n");
}

static void print_large(const outcome *o, size_t count, double peak)
{
    double least = INFINITY;
    const outcome *which = NULL;
    for (size_t i = 0; i < count; i++)
        if (cell_operations(&o[i].cell) > 5e8 && o[i].speed[OURS] < least)
            least = o[i].speed[OURS], which = &o[i];
    if (which == NULL) return;
    printf("* least share of peak above half a GFLOP: %.0f %% at ", 100 * least / peak);
    print_cell_name(&which->cell);
    printf("\n");
}

static void print_summary(const arena *a, const outcome *o, size_t count)
{
    printf("\n");
    print_mean("the best peer of each cell", o, count, OURS);
    for (int i = OURS + 1; i < CONTENDERS; i++) print_mean(a->contender[i].name, o, count, i);
    print_worst(o, count);
    print_large(o, count, a->peak);
    printf("\n");
}

/* ------------------------------------------------------------------------- main */

static void set_threads(arena *a, int threads)
{
    a->threads = threads;
    a->peak = tell(&a->judge, (command){.order = PEAK, .threads = threads});
    printf("%d thread%s: FMA peak %.1f GFLOP/s", threads, threads > 1 ? "s" : "", 1e-9 * a->peak);
    if (threads > 1)
        printf(", barrier %.0f ns",
               1e9 * tell(&a->judge, (command){.order = BARRIER, .threads = threads}));
    printf("\n\n");
}

/* How many results were wrong. */
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
    start(&a->judge, 1);
    if (!await_stop(&a->judge)) exit(1);
    for (int i = 0; i < CONTENDERS; i++) {
        process *p = &a->contender[i];
        start(p, 0);
        if (p->pid != 0 && await_stop(p)) tell(p, (command){.order = NAME});
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
    stop(&a->judge);
    for (int i = 0; i < CONTENDERS; i++) stop(&a->contender[i]);
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

/* The cells asked for: all, those of a form, those of a shape, or one. */
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
