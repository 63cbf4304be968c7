/* SPDX-License-Identifier: MIT
 *
 * The boundary: every exported function refuses every kind of bad argument with the
 * documented status and writes nothing; networks under several threads at once.
 *
 * REFUSES(status, call, change): the call with good arguments but for one change. */

#include "isa/kernels.h"
#include "test_support.h"

#define REFUSES(status, kind, change)                                              \
    do {                                                                           \
        struct kind v = kind##_good();                                             \
        change;                                                                    \
        int32_t actual = kind##_call(&v);                                          \
        check_status_at(__FILE__, __LINE__, (status), actual, #kind ": " #change); \
        check_nothing_written(__LINE__, #kind ": " #change);                       \
    } while (0)
#define INVALID(kind, change) REFUSES(NMLP_ERROR_INVALID_ARGUMENT, kind, change)
#define ACCEPTS(kind, change)                                                              \
    do {                                                                                   \
        struct kind v = kind##_good();                                                     \
        change;                                                                            \
        check_status_at(__FILE__, __LINE__, NMLP_OK, kind##_call(&v), #kind ": " #change); \
        clear_outputs();                                                                   \
    } while (0)

/* Inputs are all 0.5, outputs all poison until a call is accepted. */
enum { ROOM = 64 };
static float in[ROOM], out[4][ROOM];
static int32_t labels[ROOM], order[ROOM];
static double loss_out;
static size_t size_out;

static void clear_outputs(void)
{
    for (size_t i = 0; i < 4; i++) fill_bits(out[i], ROOM, poison);
    for (size_t i = 0; i < ROOM; i++) in[i] = 0.5f, labels[i] = (int32_t)(i % 3), order[i] = -7;
    loss_out = -77;
    size_out = 777;
}

static void check_nothing_written(int line, const char *what)
{
    bool kept = loss_out == -77.0 && size_out == 777;
    for (size_t i = 0; i < ROOM; i++) {
        for (size_t a = 0; a < 4; a++) kept = kept && float_bits(out[a][i]) == poison;
        kept = kept && order[i] == -7 && in[i] == 0.5f;
    }
    check_at(__FILE__, line, kept, "%s: refused, but something was written", what);
    if (!kept) clear_outputs();
}

static const size_t huge = SIZE_MAX / 2;

/* ------------------------------------------------------------------------ gemm */

struct gemm {
    size_t m, n, k;
    int32_t ta, tb;
    const float *a;
    size_t lda;
    const float *b;
    size_t ldb;
    float *c;
    size_t ldc;
    int32_t threads;
};

static struct gemm gemm_good(void)
{
    return (struct gemm){2, 3, 4, 0, 0, in, 4, in, 3, out[0], 3, 1};
}

static int32_t gemm_call(const struct gemm *v)
{
    return nmlp_gemm(v->m, v->n, v->k, v->ta, v->tb, 1, v->a, v->lda, v->b, v->ldb, 0, v->c, v->ldc,
                     v->threads);
}

static void test_gemm__bad_arguments(void)
{
    clear_outputs();
    ACCEPTS(gemm, (void)v);
    INVALID(gemm, v.ta = 2);
    INVALID(gemm, v.ta = -1);
    INVALID(gemm, v.tb = 2);
    INVALID(gemm, v.a = NULL);
    INVALID(gemm, v.b = NULL);
    INVALID(gemm, v.c = NULL);
    INVALID(gemm, v.lda = 3);
    INVALID(gemm, v.ldb = 2);
    INVALID(gemm, v.ldc = 2);
    INVALID(gemm, (v.ta = 1, v.lda = 1));
    INVALID(gemm, (v.tb = 1, v.ldb = 3));
    INVALID(gemm, v.threads = -1);
    INVALID(gemm, v.threads = INT32_MIN);
    INVALID(gemm, v.m = huge);
    INVALID(gemm, v.n = huge);
    INVALID(gemm, v.k = huge);
    INVALID(gemm, v.lda = huge);
    INVALID(gemm, v.ldb = huge);
    INVALID(gemm, v.ldc = huge);
    INVALID(gemm, v.ldc = SIZE_MAX);
    INVALID(gemm, (v.m = (size_t)1 << 32, v.lda = v.ldc = (size_t)1 << 32));
    ACCEPTS(gemm, v.threads = 0);
    ACCEPTS(gemm, (v.m = 0, v.a = NULL, v.c = NULL));
    ACCEPTS(gemm, (v.k = 0, v.a = NULL, v.b = NULL));
}

/* --------------------------------------------------------------- dense layers */

struct forward {
    size_t m, n, k;
    int32_t activation;
    const float *x;
    size_t ldx;
    const float *w;
    size_t ldw;
    const float *bias;
    size_t bias_length;
    float *y;
    size_t ldy;
    int32_t threads;
};

static struct forward forward_good(void)
{
    return (struct forward){2, 3, 4, 1, in, 4, in, 3, in, 3, out[0], 3, 1};
}

static int32_t forward_call(const struct forward *v)
{
    return nmlp_dense_forward(v->m, v->n, v->k, v->activation, 0.0f, v->x, v->ldx, v->w, v->ldw,
                              v->bias, v->bias_length, v->y, v->ldy, v->threads);
}

static void test_dense_forward__bad_arguments(void)
{
    ACCEPTS(forward, (void)v);
    INVALID(forward, v.activation = -1);
    INVALID(forward, v.activation = NMLP_ACTIVATION_MAXOUT);
    INVALID(forward, v.activation = NMLP_ACTIVATION_COUNT);
    INVALID(forward, v.activation = INT32_MAX);
    INVALID(forward, v.x = NULL);
    INVALID(forward, v.w = NULL);
    INVALID(forward, v.bias = NULL);
    INVALID(forward, v.y = NULL);
    INVALID(forward, v.bias_length = 2);
    INVALID(forward, v.bias_length = 4);
    INVALID(forward, v.ldx = 3);
    INVALID(forward, v.ldw = 2);
    INVALID(forward, v.ldy = 2);
    INVALID(forward, v.threads = -1);
    INVALID(forward, v.m = huge);
    INVALID(forward, v.ldx = huge);
    INVALID(forward, v.ldw = huge);
    INVALID(forward, v.ldy = huge);
    ACCEPTS(forward, (v.bias = NULL, v.bias_length = 0));
}

struct backward {
    size_t m, n, k;
    int32_t activation;
    const float *x;
    size_t ldx;
    const float *w;
    size_t ldw;
    const float *y;
    size_t ldy;
    float *dy;
    size_t lddy;
    float *dx;
    size_t lddx, dx_length;
    float *dw;
    size_t lddw, dw_length;
    float *db;
    size_t db_length;
    int32_t threads;
};

static struct backward backward_good(void)
{
    return (struct backward){2, 3,      4, 1, in,     4, in, 3,      in, 3, out[0],
                             3, out[1], 4, 8, out[2], 3, 12, out[3], 3,  1};
}

static int32_t backward_call(const struct backward *v)
{
    return nmlp_dense_backward(v->m, v->n, v->k, v->activation, 0.0f, v->x, v->ldx, v->w, v->ldw,
                               v->y, v->ldy, v->dy, v->lddy, v->dx, v->lddx, v->dx_length, v->dw,
                               v->lddw, v->dw_length, v->db, v->db_length, v->threads);
}

static void test_dense_backward__bad_arguments(void)
{
    ACCEPTS(backward, (void)v);
    INVALID(backward, v.activation = -1);
    INVALID(backward, v.activation = NMLP_ACTIVATION_MAXOUT);
    INVALID(backward, v.x = NULL);
    INVALID(backward, v.w = NULL);
    INVALID(backward, v.y = NULL);
    INVALID(backward, v.dy = NULL);
    INVALID(backward, v.dx = NULL);
    INVALID(backward, v.dw = NULL);
    INVALID(backward, v.db = NULL);
    INVALID(backward, v.dx_length = 7);
    INVALID(backward, v.dx_length = 9);
    INVALID(backward, v.dw_length = 11);
    INVALID(backward, v.db_length = 2);
    INVALID(backward, v.ldx = 3);
    INVALID(backward, v.ldw = 2);
    INVALID(backward, v.ldy = 2);
    INVALID(backward, v.lddy = 2);
    INVALID(backward, (v.lddx = 3, v.dx_length = 6));
    INVALID(backward, (v.lddw = 2, v.dw_length = 8));
    INVALID(backward, v.threads = -1);
    INVALID(backward, v.lddy = huge);
    INVALID(backward, v.m = huge);
    ACCEPTS(backward, (v.dx = NULL, v.dx_length = 0));
    ACCEPTS(backward, (v.dw = NULL, v.dw_length = 0));
    ACCEPTS(backward, (v.db = NULL, v.db_length = 0));
}

/* --------------------------------------------------------- rows and elements */

struct rows {
    size_t m, n;
    const float *x;
    size_t ldx;
    float *y;
    size_t ldy;
    int32_t threads;
    int32_t (*function)(size_t, size_t, const float *, size_t, float *, size_t, int32_t);
};

static struct rows rows_good(void)
{
    return (struct rows){2, 3, in, 3, out[0], 3, 1, nmlp_softmax};
}

static int32_t rows_call(const struct rows *v)
{
    return v->function(v->m, v->n, v->x, v->ldx, v->y, v->ldy, v->threads);
}

static void test_softmax__bad_arguments(void)
{
    ACCEPTS(rows, (void)v);
    for (int log = 0; log < 2; log++) {
#define ROWS(change) INVALID(rows, v.function = log ? nmlp_log_softmax : nmlp_softmax; change)
        ROWS(v.x = NULL);
        ROWS(v.y = NULL);
        ROWS(v.ldx = 2);
        ROWS(v.ldy = 2);
        ROWS(v.threads = -1);
        ROWS(v.m = huge);
        ROWS(v.n = huge);
        ROWS(v.ldx = huge);
        ROWS(v.ldy = huge);
#undef ROWS
    }
}

struct entropy {
    size_t m, n;
    const float *scores;
    size_t lds;
    const int32_t *labels;
    float *d;
    size_t ldd, length;
    double *loss;
    size_t *correct;
    int32_t threads;
};

static struct entropy entropy_good(void)
{
    return (struct entropy){2, 3, in, 3, labels, out[0], 3, 6, &loss_out, &size_out, 1};
}

static int32_t entropy_call(const struct entropy *v)
{
    return nmlp_softmax_cross_entropy(v->m, v->n, v->scores, v->lds, v->labels, v->d, v->ldd,
                                      v->length, v->loss, v->correct, v->threads);
}

static void test_cross_entropy__bad_arguments(void)
{
    static const int32_t bad[][2] = {{0, 3}, {-1, 0}, {0, INT32_MAX}, {INT32_MIN, 1}};
    ACCEPTS(entropy, (void)v);
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        REFUSES(NMLP_ERROR_LABEL_RANGE, entropy, v.labels = bad[i]);
    INVALID(entropy, v.m = 0);
    INVALID(entropy, v.scores = NULL);
    INVALID(entropy, v.labels = NULL);
    INVALID(entropy, v.d = NULL);
    INVALID(entropy, v.length = 5);
    INVALID(entropy, v.length = 7);
    INVALID(entropy, v.lds = 2);
    INVALID(entropy, (v.ldd = 2, v.length = 4));
    INVALID(entropy, v.loss = NULL);
    INVALID(entropy, v.correct = NULL);
    INVALID(entropy, v.threads = -1);
    INVALID(entropy, v.m = huge);
    INVALID(entropy, v.lds = huge);
    ACCEPTS(entropy, (v.d = NULL, v.length = 0));
}

static void test_elements__bad_arguments(void)
{
    const int32_t bad = NMLP_ERROR_INVALID_ARGUMENT;
    CHECK_STATUS(bad, nmlp_activation_forward(-1, 0.0f, 3, in, out[0]));
    CHECK_STATUS(bad, nmlp_activation_forward(NMLP_ACTIVATION_MAXOUT, 0.0f, 3, in, out[0]));
    CHECK_STATUS(bad, nmlp_activation_forward(1, 0.0f, 3, NULL, out[0]));
    CHECK_STATUS(bad, nmlp_activation_forward(1, 0.0f, 3, in, NULL));
    CHECK_STATUS(bad, nmlp_activation_forward(1, 0.0f, huge, in, out[0]));
    CHECK_OK(nmlp_activation_forward(1, 0.0f, 0, NULL, NULL));
    CHECK_STATUS(bad, nmlp_activation_backward(-1, 0.0f, 3, in, in, out[0]));
    CHECK_STATUS(bad, nmlp_activation_backward(NMLP_ACTIVATION_MAXOUT, 0.0f, 3, in, in, out[0]));
    CHECK_STATUS(bad, nmlp_activation_backward(1, 0.0f, 3, NULL, in, out[0]));
    CHECK_STATUS(bad, nmlp_activation_backward(1, 0.0f, 3, in, NULL, out[0]));
    CHECK_STATUS(bad, nmlp_activation_backward(1, 0.0f, 3, in, in, NULL));
    CHECK_STATUS(bad, nmlp_activation_backward(1, 0.0f, huge, in, in, out[0]));
    CHECK_OK(nmlp_activation_backward(1, 0.0f, 0, NULL, NULL, NULL));
    CHECK_STATUS(bad, nmlp_maxout_forward(1, 2, 0, in, 4, out[0], 2));
    CHECK_STATUS(bad, nmlp_maxout_forward(1, 2, 2, NULL, 4, out[0], 2));
    CHECK_STATUS(bad, nmlp_maxout_forward(1, 2, 2, in, 3, out[0], 2));
    CHECK_STATUS(bad, nmlp_maxout_forward(1, 2, 2, in, 4, NULL, 2));
    CHECK_STATUS(bad, nmlp_maxout_forward(1, 2, 2, in, 4, out[0], 1));
    CHECK_STATUS(bad, nmlp_maxout_forward(huge, 2, 2, in, 4, out[0], 2));
    CHECK_STATUS(bad, nmlp_maxout_forward(1, huge, 4, in, SIZE_MAX, out[0], huge));
    CHECK_OK(nmlp_maxout_forward(3, 0, 2, NULL, 0, NULL, 0));
    CHECK_STATUS(bad, nmlp_maxout_backward(1, 2, 0, in, 4, in, 2, out[0], 4));
    CHECK_STATUS(bad, nmlp_maxout_backward(1, 2, 2, NULL, 4, in, 2, out[0], 4));
    CHECK_STATUS(bad, nmlp_maxout_backward(1, 2, 2, in, 3, in, 2, out[0], 4));
    CHECK_STATUS(bad, nmlp_maxout_backward(1, 2, 2, in, 4, NULL, 2, out[0], 4));
    CHECK_STATUS(bad, nmlp_maxout_backward(1, 2, 2, in, 4, in, 1, out[0], 4));
    CHECK_STATUS(bad, nmlp_maxout_backward(1, 2, 2, in, 4, in, 2, NULL, 4));
    CHECK_STATUS(bad, nmlp_maxout_backward(1, 2, 2, in, 4, in, 2, out[0], 3));
    CHECK_STATUS(bad, nmlp_maxout_backward(1, huge, 4, in, SIZE_MAX, in, huge, out[0], SIZE_MAX));
    CHECK_OK(nmlp_maxout_backward(3, 0, 2, NULL, 0, NULL, 0, NULL, 0));
    CHECK_STATUS(bad, nmlp_sincospi(3, NULL, out[0], out[1]));
    CHECK_STATUS(bad, nmlp_sincospi(3, in, NULL, out[1]));
    CHECK_STATUS(bad, nmlp_sincospi(3, in, out[0], NULL));
    CHECK_STATUS(bad, nmlp_sincospi(huge, in, out[0], out[1]));
    CHECK_OK(nmlp_sincospi(0, NULL, NULL, NULL));
    CHECK_STATUS(bad, nmlp_random_uniform(1, 2, 3, 4, 0, 1, NULL));
    CHECK_STATUS(bad, nmlp_random_uniform(1, 2, 3, huge, 0, 1, out[0]));
    CHECK_OK(nmlp_random_uniform(1, 2, 3, 0, 0, 1, NULL));
    CHECK_STATUS(bad, nmlp_random_normal(1, 2, 3, 4, 0, 1, NULL));
    CHECK_STATUS(bad, nmlp_random_normal(1, 2, 3, huge, 0, 1, out[0]));
    CHECK_OK(nmlp_random_normal(1, 2, 3, 0, 0, 1, NULL));
    CHECK_STATUS(bad, nmlp_random_permutation(1, 2, 4, NULL));
    CHECK_STATUS(bad, nmlp_random_permutation(1, 2, (size_t)1 << 31, order));
    CHECK_STATUS(bad, nmlp_random_permutation(1, 2, SIZE_MAX, order));
    CHECK_OK(nmlp_random_permutation(1, 2, 0, NULL));
    check_nothing_written(__LINE__, "elements");
}

/* ------------------------------------------------------------------ optimizers */

/* What follows `o` is what a newer caller's structure has beyond this library's. */
struct update {
    nmlp_optimizer o;
    unsigned char newer[8];
    bool null;
    size_t count;
    float *w;
    const float *g;
    float *first;
    size_t first_length;
    float *second;
    size_t second_length;
};

static struct update update_good(void)
{
    return (struct update){.o = {.struct_size = sizeof(nmlp_optimizer),
                                 .kind = NMLP_OPTIMIZER_ADAM,
                                 .learning_rate = 1e-3,
                                 .momentum = 0.9,
                                 .beta1 = 0.9,
                                 .beta2 = 0.999,
                                 .epsilon = 1e-8},
                           .count = 4,
                           .w = out[0],
                           .g = in,
                           .first = out[1],
                           .first_length = 4,
                           .second = out[2],
                           .second_length = 4};
}

static int32_t update_call(const struct update *v)
{
    return nmlp_optimizer_update(v->null ? NULL : &v->o, v->count, v->w, v->g, v->first,
                                 v->first_length, v->second, v->second_length, 0.9, 0.999);
}

static void test_optimizer__bad_arguments(void)
{
    static const double not_rates[] = {NAN, INFINITY, -INFINITY, -1e-9};
    static const double not_fractions[] = {NAN, INFINITY, -0.1, 1.0, 1.5};
    static const double not_epsilons[] = {NAN, INFINITY, 0, -1e-8};
    ACCEPTS(update, (void)v);
    INVALID(update, v.null = true);
    INVALID(update, v.o.struct_size = 0);
    INVALID(update, v.o.struct_size = offsetof(nmlp_optimizer, decay_biases) - 8);
    INVALID(update, v.o.struct_size = UINT32_MAX);
    INVALID(update, (v.o.struct_size += 8, v.newer[3] = 1));
    INVALID(update, v.o.kind = -1);
    INVALID(update, v.o.kind = 3);
    for (size_t i = 0; i < COUNT_OF(not_rates); i++) {
        INVALID(update, v.o.learning_rate = not_rates[i]);
        INVALID(update, v.o.l2 = not_rates[i]);
    }
    for (size_t i = 0; i < COUNT_OF(not_fractions); i++) {
        INVALID(update, v.o.beta1 = not_fractions[i]);
        INVALID(update, v.o.beta2 = not_fractions[i]);
        INVALID(update, (v.o.kind = 1, v.second_length = 0, v.o.momentum = not_fractions[i]));
        ACCEPTS(update, v.o.momentum = not_fractions[i]); /* not looked at */
        ACCEPTS(update, (v.o.kind = 1, v.second_length = 0, v.o.beta1 = not_fractions[i]));
    }
    for (size_t i = 0; i < COUNT_OF(not_epsilons); i++)
        INVALID(update, v.o.epsilon = not_epsilons[i]);
    INVALID(update, v.w = NULL);
    INVALID(update, v.g = NULL);
    INVALID(update, v.first = NULL);
    INVALID(update, v.second = NULL);
    INVALID(update, v.first_length = 0);
    INVALID(update, v.second_length = 0);
    INVALID(update, v.first_length = 3);
    INVALID(update, v.second_length = 5);
    INVALID(update, (v.o.kind = 1, v.first_length = v.second_length = 0));
    INVALID(update, v.count = v.first_length = v.second_length = huge);
    ACCEPTS(update,
            (v.o.kind = 0, v.first = v.second = NULL, v.first_length = v.second_length = 0));
    ACCEPTS(update, (v.count = v.first_length = v.second_length = 0,
                     v.w = v.first = v.second = NULL, v.g = NULL));
}

/* ----------------------------------------------------------- about the library */

static void test_about__values(void)
{
    static const char *const names[] = {"scalar", "avx2", "avx512", "neon"};
    int major = -1, minor = -1, patch = -1, isa = nmlp_active_isa();
    char rest = 0;
    CHECK(nmlp_abi_version() == NMLP_ABI_VERSION);
    CHECK(sscanf(nmlp_version(), "%d.%d.%d%c", &major, &minor, &patch, &rest) == 3);
    CHECK(strcmp(nmlp_parallel_backend(), "openmp") == 0 ||
          strcmp(nmlp_parallel_backend(), "pool") == 0 ||
          strcmp(nmlp_parallel_backend(), "none") == 0);
#if defined(__clang__)
    CHECK(sscanf(nmlp_compiler(), "clang %d.%d.%d%c", &major, &minor, &patch, &rest) == 3 &&
          major == __clang_major__ && minor == __clang_minor__);
#elif defined(__GNUC__)
    CHECK(sscanf(nmlp_compiler(), "gcc %d.%d.%d%c", &major, &minor, &patch, &rest) == 3 &&
          major == __GNUC__ && minor == __GNUC_MINOR__);
#else
    CHECK(strlen(nmlp_compiler()) > 0);
#endif
    CHECK(nmlp_default_threads() >= 1 && nmlp_default_threads() <= 1024);
    CHECK(nmlp_isa_available(NMLP_ISA_SCALAR) == 1);
    CHECK(nmlp_isa_available(-1) == 0 && nmlp_isa_available(99) == 0 &&
          nmlp_isa_available(INT32_MIN) == 0);
    CHECK(nmlp_isa_name(-1) == NULL && nmlp_isa_name(99) == NULL &&
          nmlp_isa_name(INT32_MAX) == NULL);
    for (int32_t i = 0; i < (int32_t)COUNT_OF(names); i++)
        CHECK(strcmp(nmlp_isa_name(i), names[i]) == 0);
    CHECK(nmlp_isa_name((int32_t)COUNT_OF(names)) == NULL);
    CHECK(!(nmlp_isa_available(NMLP_ISA_AVX2) && nmlp_isa_available(NMLP_ISA_NEON)));
#if defined(__aarch64__)
    CHECK(nmlp_isa_available(NMLP_ISA_NEON) == 1);
#elif defined(__GNUC__) && defined(__x86_64__) /* the compiler's own opinion of this processor */
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    CHECK(nmlp_isa_available(NMLP_ISA_AVX2) == avx2);
#if defined(NMLP_EMULATE_AVX512)
    CHECK(nmlp_isa_available(NMLP_ISA_AVX512) == avx2);
#else
    CHECK(nmlp_isa_available(NMLP_ISA_AVX512) == (avx2 && __builtin_cpu_supports("avx512f")));
#endif
#endif
    CHECK(isa >= 0 && nmlp_isa_available(isa) == 1);
    CHECK(nmlp_initialize() == NMLP_OK);
    const char *wanted = getenv("NMLP_ISA");
    if (wanted != NULL && wanted[0] != '\0' && isa >= 0)
        CHECK_THAT(strcmp(wanted, names[isa]) == 0, "%s runs", names[isa]);
}

static void test_about__status_strings(void)
{
    for (int32_t status = NMLP_ERROR_FROZEN; status <= 0; status++) {
        const char *text = nmlp_status_string(status);
        CHECK_THAT(text != NULL && text[0] != 0 && strcmp(text, "unknown status") != 0, "%d",
                   (int)status);
        for (int32_t other = status + 1; other <= 0; other++)
            CHECK(strcmp(text, nmlp_status_string(other)) != 0);
    }
    CHECK(strcmp(nmlp_status_string(1), "unknown status") == 0);
    CHECK(strcmp(nmlp_status_string(NMLP_ERROR_FROZEN - 1), "unknown status") == 0);
    CHECK(strcmp(nmlp_status_string(INT32_MIN), "unknown status") == 0);
}

int main(void)
{
    test_begin("test_api");
    RUN(test_gemm__bad_arguments);
    RUN(test_dense_forward__bad_arguments);
    RUN(test_dense_backward__bad_arguments);
    RUN(test_softmax__bad_arguments);
    RUN(test_cross_entropy__bad_arguments);
    RUN(test_elements__bad_arguments);
    RUN(test_optimizer__bad_arguments);
    RUN(test_about__values);
    RUN(test_about__status_strings);
    return test_end("test_api");
}
