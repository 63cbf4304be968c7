/* SPDX-License-Identifier: MIT
 *
 * Concurrent callers of a network, and the environment variables. A process reads these only once,
 * so child processes test them. */
#include "api_net.h"

#if !defined(_WIN32)
#include <sys/wait.h>
#endif

/* ---------------------------------------------------------------- callers at once */

enum { CALLERS = 4, TIMES = 60, MANY = 300 };

typedef struct caller {
    nmlp_net *net;
    const float *x, *expected;
    size_t rows;
    int32_t threads;
    long ok, busy, other, wrong;
} caller;

static void predict_often(void *argument)
{
    caller *c = argument;
    float *y = test_floats(MANY * CLASSES);
    nmlp_batch batch = {
        .struct_size = sizeof batch, .features = c->x, .feature_rows = c->rows, .ld = INPUTS};
    for (int i = 0; i < TIMES; i++) {
        int32_t status =
            nmlp_net_predict(c->net, &batch, NMLP_OUTPUT_SCORES, y, CLASSES, c->threads);
        if (status == NMLP_ERROR_BUSY)
            c->busy++;
        else if (status != NMLP_OK)
            c->other++;
        else
            c->ok++, c->wrong += memcmp(y, c->expected, c->rows * CLASSES * sizeof *y) != 0;
    }
    free(y);
}

/* While a step runs that changes nothing (learning rate 0), a prediction is correct or BUSY. */
static void run_callers(bool train)
{
    nmlp_net *net = net_create();
    float *x = test_floats(MANY * INPUTS), *expected = test_floats(MANY * CLASSES);
    caller callers[CALLERS];
    test_thread threads[CALLERS];
    data_fill(3, -1, 1, x, MANY * INPUTS);
    nmlp_batch whole = {
        .struct_size = sizeof whole, .features = x, .feature_rows = MANY, .ld = INPUTS};
    CHECK_OK(nmlp_net_predict(net, &whole, NMLP_OUTPUT_SCORES, expected, CLASSES, 1));
    for (size_t i = 0; i < CALLERS; i++) {
        callers[i] = (caller){.net = net,
                              .x = x,
                              .expected = expected,
                              .rows = MANY - i * 50,
                              .threads = (int32_t)(i % 2 + 1)};
        thread_start(&threads[i], predict_often, &callers[i]);
    }
    for (int i = 0; train && i < TIMES; i++) {
        struct call *v = call_good(net);
        nmlp_result result = nmlp_result_init();
        v->optimizer.kind = NMLP_OPTIMIZER_SGD;
        v->optimizer.learning_rate = 0;
        int32_t status = nmlp_net_train_step(net, &v->batch, &v->optimizer, &result);
        CHECK_THAT(status == NMLP_OK || status == NMLP_ERROR_BUSY, "training: %d", (int)status);
    }
    for (size_t i = 0; i < CALLERS; i++) {
        thread_join(&threads[i]);
        CHECK_THAT(callers[i].wrong == 0 && callers[i].other == 0,
                   "caller %zu: %ld wrong, %ld failed", i, callers[i].wrong, callers[i].other);
        if (!train) CHECK_THAT(callers[i].ok == TIMES, "caller %zu: %ld busy", i, callers[i].busy);
    }
    nmlp_net_destroy(net);
    free(x);
    free(expected);
}

static void test_callers__predict_at_once(void) { run_callers(false); }

static void test_callers__train_beside(void) { run_callers(true); }

/* ------------------------------------------------------------------- environment */

static int isa_is_refused(void)
{
    float one = 1, to;
    size_t count;
    double loss;
    int32_t label = 0;
    nmlp_optimizer sgd = {
        .struct_size = sizeof sgd, .kind = NMLP_OPTIMIZER_SGD, .learning_rate = 0.1};
    struct creation c = creation_good();
    nmlp_net *net = NULL;
    const int32_t all[] = {
        nmlp_initialize(),
        nmlp_active_isa(),
        nmlp_gemm(1, 1, 1, 0, 0, 1, &one, 1, &one, 1, 0, &to, 1, 1),
        nmlp_dense_forward(1, 1, 1, 0, 0.0f, &one, 1, &one, 1, NULL, 0, &to, 1, 1),
        nmlp_dense_backward(1, 1, 1, 0, 0.0f, &one, 1, &one, 1, &one, 1, &one, 1, NULL, 0, 0, &to,
                            1, 1, NULL, 0, 1),
        nmlp_activation_forward(0, 0.0f, 1, &one, &to),
        nmlp_activation_backward(0, 0.0f, 1, &one, &one, &to),
        nmlp_softmax(1, 1, &one, 1, &to, 1, 1),
        nmlp_log_softmax(1, 1, &one, 1, &to, 1, 1),
        nmlp_softmax_cross_entropy(1, 1, &one, 1, &label, NULL, 0, 0, &loss, &count, 1),
        nmlp_optimizer_update(&sgd, 1, &one, &to, NULL, 0, NULL, 0, 1, 1),
        nmlp_sincospi(1, &one, &to, &one),
        nmlp_random_uniform(0, 0, 0, 1, 0, 1, &to),
        nmlp_random_normal(0, 0, 0, 1, 0, 1, &to),
        nmlp_random_permutation(0, 0, 1, &label),
        nmlp_net_create(&c.options, c.layers, 2, &net)};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (all[i] != NMLP_ERROR_UNSUPPORTED_ISA) return (int)i + 1;
    return net == NULL ? 0 : 99;
}

static int any_isa_runs(void)
{
    return nmlp_initialize() == NMLP_OK && nmlp_active_isa() >= 0 ? 0 : 1;
}

static int seven_threads(void) { return nmlp_default_threads() == 7 ? 0 : 1; }

static int threads_are_not_set(void)
{
    int32_t threads = nmlp_default_threads();
    return threads >= 1 && threads <= test_processors() ? 0 : 1;
}

/* The bodies of children, by name. Windows has no fork, so a child there is a new process of this
 * program. */
static const struct child_body {
    const char *name;
    int (*run)(void);
} child_bodies[] = {
    {"isa_is_refused", isa_is_refused},
    {"any_isa_runs", any_isa_runs},
    {"seven_threads", seven_threads},
    {"threads_are_not_set", threads_are_not_set},
};

static const struct child_body *child_body_named(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(child_bodies); i++)
        if (strcmp(child_bodies[i].name, name) == 0) return &child_bodies[i];
    printf("%s is no child's body\n", name);
    exit(2);
}

/* Returns the exit code of the body in a child whose environment contains the variable or lacks it,
 * or -1. */
#if defined(_WIN32)
static int run_child(const char *name, const char *value, const struct child_body *body)
{
    char before[256], program[MAX_PATH], command[MAX_PATH + 64];
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    DWORD code = 0;
    const DWORD length = GetEnvironmentVariableA(name, before, sizeof before);
    const bool was_set = length > 0 || GetLastError() != ERROR_ENVVAR_NOT_FOUND;
    if (length >= sizeof before || GetModuleFileNameA(NULL, program, sizeof program) == 0)
        return -1;
    snprintf(command, sizeof command, "\"%s\" %s", program, body->name);
    SetEnvironmentVariableA(name, value);
    const bool begun =
        CreateProcessA(program, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process);
    SetEnvironmentVariableA(name, was_set ? before : NULL);
    if (!begun) return -1;
    WaitForSingleObject(process.hProcess, INFINITE);
    const bool ended = GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return ended ? (int)code : -1;
}
#else
static int run_child(const char *name, const char *value, const struct child_body *body)
{
    int result = -1;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (value == NULL)
            unsetenv(name);
        else
            setenv(name, value, 1);
        _exit(body->run());
    }
    bool ended = child > 0 && waitpid(child, &result, 0) == child && WIFEXITED(result);
    return ended ? WEXITSTATUS(result) : -1;
}
#endif

static void check_child(int line, const char *name, const char *value, const char *body)
{
    const int code = run_child(name, value, child_body_named(body));
    check_at(__FILE__, line, code == 0, "%s=%s: %s: exit %d", name, value ? value : "(none)", body,
             code);
}

/* Must run before this process has chosen an instruction set or created a thread. */
static void test_environment__children(void)
{
    check_child(__LINE__, "NMLP_ISA", "bogus", "isa_is_refused");
    check_child(__LINE__, "NMLP_ISA", "AVX2", "isa_is_refused");
    check_child(__LINE__, "NMLP_ISA", "avx", "isa_is_refused");
    check_child(__LINE__, "NMLP_ISA", "scalar ", "isa_is_refused");
    check_child(__LINE__, "NMLP_ISA", NULL, "any_isa_runs");
    for (int32_t isa = 0; nmlp_isa_name(isa) != NULL; isa++)
        check_child(__LINE__, "NMLP_ISA", nmlp_isa_name(isa),
                    nmlp_isa_available(isa) ? "any_isa_runs" : "isa_is_refused");
    if (strcmp(nmlp_parallel_backend(), "none") != 0)
        check_child(__LINE__, "NMLP_THREADS", "7", "seven_threads");
    static const char *const not_threads[] = {NULL,   "",    "0",  "-3",
                                              "1025", "abc", "3x", "99999999999999999999"};
    for (size_t i = 0; i < COUNT_OF(not_threads); i++)
        check_child(__LINE__, "NMLP_THREADS", not_threads[i], "threads_are_not_set");
}

int main(int count, char **arguments)
{
    if (count == 2) return child_body_named(arguments[1])->run();
    RUN(test_environment__children);
    test_begin("test_callers");
    RUN(test_callers__predict_at_once);
    RUN(test_callers__train_beside);
    return test_end("test_callers");
}
