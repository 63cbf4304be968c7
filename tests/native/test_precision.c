/* SPDX-License-Identifier: MIT
 *
 * Sums that must not lose digits. Each is compared with an exact sum, within the bound that the
 * library states for it. A plain float sum of the chosen terms would exceed this bound. Tests
 * losses over millions of rows (loss.h), the norm of a gradient (net_backward.c) and the statistics
 * of a batch (k_norm.inc). */
#include "oracle.h"
#include "test_support.h"

#include "isa/dispatch.h"
#include "ops/loss.h"

#define ROUNDING (EPS / 2) /* of one float operation */

/* A sum in twice the precision of double: Knuth's TwoSum. */
typedef struct exact_sum {
    double sum, lost;
} exact_sum;

static void add(exact_sum *s, double x)
{
    const double sum = s->sum + x, part = sum - s->sum;
    s->lost += (s->sum - (sum - part)) + (x - part);
    s->sum = sum;
}

static double total(const exact_sum *s) { return s->sum + s->lost; }

/* ---------------------------------------------------------------------- losses */

enum { MANY = 1 << 22 };

static void test_loss_sum__millions_of_rows(void)
{
    float *loss = test_floats(MANY);
    for (int kind = 0; kind < 3; kind++) {
        exact_sum expected = {0, 0};
        data_fill(1, 0, 1, loss, MANY);
        if (kind == 1)
            for (size_t i = 0; i < MANY; i++) loss[i] = 0.1f;
        if (kind == 2) loss[0] = 0x1p30f; /* the rest is negligible compared with it in floats */
        for (size_t i = 0; i < MANY; i++) add(&expected, (double)loss[i]);
        const double sum = total(&expected);
        CHECK_NEAR("sum of losses", (size_t)kind, sum, nmlp_loss_sum(loss, MANY),
                   MANY * 0x1p-53 * sum);
    }
    free(loss);
}

/* y = w*x + b with one input and the squared error. The loss of each row has three roundings. */
static void test_evaluate__millions_of_rows(void)
{
    const nmlp_layer layer = {.struct_size = sizeof layer, .outputs = 1};
    const nmlp_net_options options = {.struct_size = sizeof options,
                                      .loss = NMLP_LOSS_MEAN_SQUARED_ERROR,
                                      .inputs = 1,
                                      .max_batch = 1,
                                      .threads = 1};
    const float w = 0.7f, b = -0.2f;
    float *x = test_floats(MANY), *t = test_floats(MANY);
    exact_sum expected = {0, 0};
    nmlp_net *net = NULL;
    nmlp_result result = nmlp_result_init();
    data_fill(1, -1, 1, x, MANY);
    data_fill(2, -1, 1, t, MANY);
    for (size_t i = 0; i < MANY; i++) {
        const float distance = exact_fma(x[i], w, b) - t[i], square = distance * distance;
        add(&expected, (double)square);
    }
    const double mean = total(&expected) / MANY;
    CHECK_OK(nmlp_net_create(&options, &layer, 1, &net));
    CHECK_OK(nmlp_net_write(net, NMLP_TENSOR_PARAMETER, 0, &w, 1));
    CHECK_OK(nmlp_net_write(net, NMLP_TENSOR_PARAMETER, 1, &b, 1));
    const nmlp_batch batch = {.struct_size = sizeof batch,
                              .features = x,
                              .feature_rows = MANY,
                              .ld = 1,
                              .targets = t,
                              .target_length = MANY};
    for (int32_t threads = 1; threads <= 3; threads += 2) {
        CHECK_OK(nmlp_net_evaluate(net, &batch, threads, &result));
        CHECK_NEAR("mean loss", (size_t)threads, mean, result.loss, MANY * 0x1p-53 * mean);
    }
    nmlp_net_destroy(net);
    free(x);
    free(t);
}

/* --------------------------------------------------------------- gradient norm */

/* dW = X'*dZ of one row: x [k] and targets [n] determine the size of each element. The first is 1.
 * The others are so small that the square of a single one is lost when it is added to 1, but their
 * sum is not. */
static void check_gradient_norm(size_t k, size_t n, float small_x, float small_target, double clip)
{
    const nmlp_layer layer = {.struct_size = sizeof layer, .outputs = n};
    const nmlp_net_options options = {.struct_size = sizeof options,
                                      .loss = NMLP_LOSS_MEAN_SQUARED_ERROR,
                                      .inputs = k,
                                      .max_batch = 1,
                                      .threads = 3};
    float *x = test_floats(k), *t = test_floats(n), *g = test_floats(k * n + n);
    nmlp_net *net = NULL;
    nmlp_result result = nmlp_result_init();
    for (size_t p = 0; p < k; p++) x[p] = p == 0 ? 1 : small_x;
    for (size_t j = 0; j < n; j++) t[j] = (j == 0 ? 1 : small_target) * (float)n;
    CHECK_OK(nmlp_net_create(&options, &layer, 1, &net));
    const nmlp_batch batch = {.struct_size = sizeof batch,
                              .features = x,
                              .feature_rows = 1,
                              .ld = k,
                              .targets = t,
                              .target_length = n};
    const nmlp_optimizer still = {.struct_size = sizeof still, .clip_norm = clip};
    if (clip > 0)
        CHECK_OK(nmlp_net_train_step(net, &batch, &still, &result));
    else
        CHECK_OK(nmlp_net_gradient(net, &batch, 0, &result));
    result = nmlp_result_init();
    CHECK_OK(nmlp_net_gradient(net, &batch, 0, &result));
    CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_GRADIENT, 0, g, k * n));
    CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_GRADIENT, 1, g + k * n, n));
    exact_sum squares = {0, 0};
    for (size_t i = 0; i < k * n + n; i++) add(&squares, (double)g[i] * (double)g[i]);
    const double norm = sqrt(total(&squares));
    CHECK_NEAR("gradient norm", k, norm, result.gradient_norm,
               ((double)n / 16 + 4) / 2 * ROUNDING * norm);
    nmlp_net_destroy(net);
    free(x);
    free(t);
    free(g);
}

static void test_gradient_norm__small_elements_count(void)
{
    for (int clipped = 0; clipped < 2; clipped++) {
        check_gradient_norm(20000, 10, 0x1p-13f, 0.3f, clipped); /* many rows */
        check_gradient_norm(1, 20000, 0, 0x1p-13f, clipped);     /* a long one */
        check_gradient_norm(300, 300, 0x1p-13f, 0x1p-13f, clipped);
    }
}

/* ------------------------------------------------------------- batch statistics */

typedef struct statistics {
    size_t m, n;
    const float *x;
    float *mean, *variance;
} statistics;

/* The mean has a rounded sum and a rounded quotient. The variance is taken around that mean. It has
 * three roundings (a square, the sum, the quotient), and exceeds the exact variance by the square
 * of the error of the mean. Differences of numbers that are so close are exact. */
static void check_column(const statistics *s, size_t j)
{
    const double m = (double)s->m, rest = m * m * 0x1p-48, mean = (double)s->mean[j];
    exact_sum sum = {0, 0}, size = {0, 0}, around = {0, 0}, squares = {0, 0};
    for (size_t i = 0; i < s->m; i++) {
        add(&sum, (double)s->x[i * s->n + j]);
        add(&size, fabs((double)s->x[i * s->n + j]));
    }
    const double middle = total(&sum) / m;
    CHECK_NEAR("mean", j, middle, mean,
               ROUNDING * (1 + EPS) * 2 * fabs(middle) + rest * total(&size) / m);
    for (size_t i = 0; i < s->m; i++) {
        const double d = (double)s->x[i * s->n + j] - mean, e = (double)s->x[i * s->n + j] - middle;
        add(&around, d * d);
        add(&squares, e * e);
    }
    const double variance = total(&around) / m,
                 bound = (3 * ROUNDING * (1 + EPS) + rest) * variance;
    CHECK_NEAR("variance around the mean", j, variance, (double)s->variance[j], bound);
    CHECK_NEAR("variance", j, total(&squares) / m, (double)s->variance[j],
               bound + (mean - middle) * (mean - middle) * (1 + EPS));
}

static void test_batch_statistics__large_mean_small_deviation(void)
{
    enum { M = 1024, N = 37 };
    static const struct {
        float mean, deviation;
    } kinds[] = {{1e4f, 1e-2f}, {-1e4f, 1e-2f}, {1, 1e-3f}, {0, 1}, {3e6f, 1}, {1e-30f, 1e-33f}};
    static float x[M * N], mean[N], variance[N];
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        uint64_t seed = k;
        for (size_t i = 0; i < M * N; i++) {
            double sum = -6; /* plus twelve uniform numbers: about normal, deviation 1 */
            for (int u = 0; u < 12; u++) sum += (double)data_float(&seed, 0, 1);
            x[i] = (float)((double)kinds[k].mean + (double)kinds[k].deviation * sum);
        }
        nmlp_kernels_get()->batch_statistics(M, N, x, N, mean, variance);
        for (size_t j = 0; k < 5 && j < N; j++)
            check_column(&(statistics){M, N, x, mean, variance}, j);
        for (size_t j = 0; j < N; j++) CHECK(variance[j] >= 0 && isfinite(variance[j]));
    }
}

/* Two values m/2 times each, so that the variance is known without a reference. */
static void test_batch_statistics__are_the_net_s(void)
{
    enum { M = 1024 };
    const nmlp_layer layer = {.struct_size = sizeof layer, .outputs = 1, .norm = NMLP_NORM_BATCH};
    const nmlp_net_options options = {.struct_size = sizeof options,
                                      .loss = NMLP_LOSS_MEAN_SQUARED_ERROR,
                                      .inputs = 1,
                                      .max_batch = M,
                                      .norm_momentum = 1,
                                      .threads = 1};
    const nmlp_optimizer still = {.struct_size = sizeof still};
    const float one = 1, step = 0x1p-7f;
    float x[M], t[M] = {0}, mean, variance;
    nmlp_net *net = NULL;
    nmlp_result result = nmlp_result_init();
    for (size_t i = 0; i < M; i++) x[i] = 10000 + (i % 2 ? step : -step);
    CHECK_OK(nmlp_net_create(&options, &layer, 1, &net));
    CHECK_OK(nmlp_net_write(net, NMLP_TENSOR_PARAMETER, 0, &one, 1));
    const nmlp_batch batch = {.struct_size = sizeof batch,
                              .features = x,
                              .feature_rows = M,
                              .ld = 1,
                              .targets = t,
                              .target_length = M};
    CHECK_OK(nmlp_net_train_step(net, &batch, &still, &result));
    CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_PARAMETER, 4, &mean, 1));
    CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_PARAMETER, 5, &variance, 1));
    CHECK_THAT(mean == 10000, "mean %.9g", (double)mean);
    CHECK_NEAR("running variance", 0, (double)(step * step) * M / (M - 1), (double)variance,
               3 * ROUNDING * (double)(step * step));
    nmlp_net_destroy(net);
}

int main(void)
{
    test_begin("test_precision");
    RUN(test_loss_sum__millions_of_rows);
    RUN(test_evaluate__millions_of_rows);
    RUN(test_gradient_norm__small_elements_count);
    RUN(test_batch_statistics__large_mean_small_deviation);
    RUN(test_batch_statistics__are_the_net_s);
    return test_end("test_precision");
}
