/* SPDX-License-Identifier: MIT
 *
 * The processes of bench_gemm.c: one for each library and one for the judge. */
#if defined(__linux__)
#define _GNU_SOURCE
#else
#define _POSIX_C_SOURCE 200809L
#endif
#include "bench_gemm_process.h"
#include "bench_peer.h"

#include <dlfcn.h>
#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

enum { CHECKED_ENTRIES = 200 };

/* -------------------------------------------------------------------- operands */

/* C [rows x columns] = op(A) * op(B), with sums over depth. */
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
        if (!(fabs(error) < 1e-5 * (1 + sqrt((double)o->depth)))) return 0; /* also for NaN */
    }
    return 1;
}

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

/* Stops until the next command arrives. */
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
    /* A core that has just woken may be slow at first. A core with a neighbour is slow each
     * time. */
    if (c->order == PROBE)
        for (int i = 0; i < 3 && a.value == 0; i++)
            a.value = bench_undisturbed(c->threads, c->peak);
    return a;
}

/* The state of the process of one library. */
static struct {
    peer_sgemm_function *sgemm;
    peer_threads_function *set_threads;
    peer_name_function *name;
    operands operands;
    size_t calls; /* per sample */
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

/* Chooses as many calls as take half a millisecond. */
static void choose_calls(void)
{
    own.calls = 1;
    while (time_products(own.calls) < 5e-4) own.calls *= 2;
}

/* The first calls bring the operands back into the caches and wake the workers. */
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

static void run_process(const process *p, int is_judge, int commands, int answers)
{
#if defined(__linux__)
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a stopped process would not notice that the pipe closes */
#endif
    own.sgemm = nmlp_sgemm;
    own.set_threads = nmlp_set_threads;
    own.name = nmlp_name;
    if (p->module != NULL && !load(p->module)) _exit(1);
    serve(is_judge ? judge : work, commands, answers);
}

void process_start(process *p, int is_judge)
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

int process_await_stop(process *p)
{
    int status;
    if (waitpid(p->pid, &status, WUNTRACED) == p->pid && WIFSTOPPED(status)) return 1;
    p->pid = 0;
    return 0;
}

double process_tell(process *p, command c)
{
    if (p->pid == 0) return NAN;
    p->answer.failed = 1;
    if (transfer(p->commands, &c, sizeof c, 1) && kill(p->pid, SIGCONT) == 0)
        transfer(p->answers, &p->answer, sizeof p->answer, 0);
    return process_await_stop(p) && !p->answer.failed ? p->answer.value : NAN;
}

void process_stop(process *p)
{
    if (p->pid == 0) return;
    kill(p->pid, SIGKILL);
    waitpid(p->pid, NULL, 0);
    p->pid = 0;
}
