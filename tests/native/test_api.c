/* SPDX-License-Identifier: MIT
 *
 * Argument checks: every exported function rejects every kind of bad argument with the documented
 * status and writes nothing.
 *
 * REFUSES(status, call, change): the call with good arguments, except for one change. */
#include "refused.h"

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

int main(void)
{
    test_begin("test_api");
    RUN(test_gemm__bad_arguments);
    RUN(test_dense_forward__bad_arguments);
    RUN(test_dense_backward__bad_arguments);
    RUN(test_softmax__bad_arguments);
    RUN(test_cross_entropy__bad_arguments);
    return test_end("test_api");
}
