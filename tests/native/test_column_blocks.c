/* SPDX-License-Identifier: MIT
 *
 * Layers wider than a slice: reading returns what was written, and all operations on the rows or
 * columns of W (sampling, penalty, clipping, max-norm, the search for values that are not finite)
 * treat W as a matrix. */
#include "threads/parallel.h"
#include "gemm/column_blocks.h"

#include "oracle.h"
#include "test_support.h"

/* Two weight matrices of more than a MiB, the first in slices of 128, .. and 44 columns, the second
 * in slices of 128 and 22. */
enum {
    INPUTS = 250,
    WIDE = 15 * NMLP_BLOCK_COLUMNS + 44,
    CLASSES = NMLP_BLOCK_COLUMNS + 22,
    ROWS = 17,
    TENSORS = 4
};
enum { FIRST = INPUTS * WIDE, SECOND = WIDE * CLASSES, MOST = FIRST };

static const size_t shapes[TENSORS][2] = {{INPUTS, WIDE}, {1, WIDE}, {WIDE, CLASSES}, {1, CLASSES}};
static float features[ROWS * INPUTS];
static int32_t labels[ROWS];

static size_t length(size_t tensor) { return shapes[tensor][0] * shapes[tensor][1]; }

static nmlp_net *net_create(int32_t threads)
{
    const nmlp_layer layers[] = {
        {.struct_size = sizeof layers[0], .activation = NMLP_ACTIVATION_TANH, .outputs = WIDE},
        {.struct_size = sizeof layers[0], .outputs = CLASSES}};
    const nmlp_net_options options = {
        .struct_size = sizeof options, .inputs = INPUTS, .max_batch = ROWS, .threads = threads};
    nmlp_net *net = NULL;
    if (!CHECK_OK(nmlp_net_create(&options, layers, 2, &net))) exit(test_end("test_column_blocks"));
    CHECK_OK(nmlp_net_initialize(net, 3));
    return net;
}

static nmlp_batch all_rows(void)
{
    return (nmlp_batch){.struct_size = sizeof(nmlp_batch),
                        .features = features,
                        .feature_rows = ROWS,
                        .ld = INPUTS,
                        .labels = labels,
                        .label_count = ROWS};
}

static void read_tensor(nmlp_net *net, int32_t kind, size_t tensor, float *dst)
{
    CHECK_OK(nmlp_net_read(net, kind, tensor, dst, length(tensor)));
}

/* Each element has one place, and there are no gaps between places except after the last column. */
static void test_slice_at__covers_a_matrix_once(void)
{
    enum { K = 3, MOST_COLUMNS = 2 * NMLP_BLOCK_COLUMNS + 44 };
    static const size_t widths[] = {
        1,           16, 50, NMLP_BLOCK_COLUMNS - 1, NMLP_BLOCK_COLUMNS, NMLP_BLOCK_COLUMNS + 1,
        MOST_COLUMNS};
    for (size_t c = 0; c < COUNT_OF(widths); c++) {
        const size_t n = widths[c], total = K * nmlp_whole_vectors(n);
        unsigned char taken[K * (MOST_COLUMNS + NMLP_LANES)] = {0};
        for (size_t j = 0; j < n; j++) {
            const nmlp_column_block s = nmlp_column_block_at(NMLP_IN_COLUMN_BLOCKS, K, n, j);
            CHECK(s.count >= 1 && j + s.count <= n);
            CHECK((j + s.count) % NMLP_BLOCK_COLUMNS == 0 || j + s.count == n);
            for (size_t p = 0; p < K; p++) {
                const size_t at = s.offset + p * s.ld;
                CHECK_THAT(at < total && !taken[at]++, "%zu, %zu of %zu is at %zu", p, j, n, at);
            }
        }
        const nmlp_column_block rows = nmlp_column_block_at(n + 5, K, n, n / 2);
        CHECK(rows.offset == n / 2 && rows.ld == n + 5 && rows.count == n - n / 2);
    }
}

static void test_write__is_read(void)
{
    nmlp_net *net = net_create(1);
    float *in = test_floats(MOST), *out = test_floats(MOST);
    for (int32_t kind = NMLP_TENSOR_PARAMETER; kind <= NMLP_TENSOR_SECOND_MOMENT; kind++)
        for (size_t t = 0; t < TENSORS; t++) {
            data_fill(10 * (uint64_t)kind + t, -1, 1, in, length(t));
            CHECK_OK(nmlp_net_write(net, kind, t, in, length(t)));
        }
    for (int32_t kind = NMLP_TENSOR_PARAMETER; kind <= NMLP_TENSOR_SECOND_MOMENT; kind++)
        for (size_t t = 0; t < TENSORS; t++) {
            data_fill(10 * (uint64_t)kind + t, -1, 1, in, length(t));
            read_tensor(net, kind, t, out);
            CHECK_BITS("tensor", in, out, length(t));
        }
    free(in);
    free(out);
    nmlp_net_destroy(net);
}

/* Samples depend on the position in the matrix, not on the place of the element in memory. */
static void test_initialize__draws_by_position(void)
{
    nmlp_net *net = net_create(1);
    float *drawn = test_floats(MOST), *w = test_floats(MOST);
    read_tensor(net, NMLP_TENSOR_PARAMETER, 0, w);
    CHECK_OK(nmlp_random_normal(3, 0, 0, FIRST, 0, (float)sqrt(2.0 / INPUTS), drawn));
    CHECK_BITS("first W", drawn, w, FIRST);
    read_tensor(net, NMLP_TENSOR_PARAMETER, 2, w);
    CHECK_OK(nmlp_random_normal(3, 2, 0, SECOND, 0, (float)sqrt(1.0 / WIDE), drawn));
    CHECK_BITS("second W", drawn, w, SECOND);
    free(drawn);
    free(w);
    nmlp_net_destroy(net);
}

static double squares(const float *x, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += (double)x[i] * (double)x[i];
    return sum;
}

static void test_gradient__penalty_and_norm_are_of_all_columns(void)
{
    const double l2 = 0.25;
    for (int32_t threads = 1; threads <= 3; threads++) {
        nmlp_net *net = net_create(threads);
        float *w = test_floats(MOST), *without = test_floats(MOST), *with = test_floats(MOST);
        double penalty = 0, norm = 0;
        const nmlp_batch batch = all_rows();
        nmlp_result plain = nmlp_result_init(), result = plain;
        for (size_t t = 0; t < TENSORS; t++) {
            read_tensor(net, NMLP_TENSOR_PARAMETER, t, w);
            if (t % 2 == 0) penalty += l2 * squares(w, length(t));
            CHECK_OK(nmlp_net_gradient(net, &batch, 0, &plain));
            read_tensor(net, NMLP_TENSOR_GRADIENT, t, without);
            CHECK_OK(nmlp_net_gradient(net, &batch, l2, &result));
            read_tensor(net, NMLP_TENSOR_GRADIENT, t, with);
            norm += squares(with, length(t));
            for (size_t i = 0; t % 2 == 0 && i < length(t); i++)
                without[i] = (float)exact_fma((float)(2 * l2), w[i], without[i]);
            CHECK_BITS("gradient", without, with, length(t));
        }
        /* The sum of a row has at most n/16 + 4 rounding errors. */
        const double roundings = (WIDE / NMLP_LANES + 5) * EPS;
        CHECK_NEAR("penalty", 0, penalty, result.loss - result.data_loss, penalty * roundings);
        CHECK_NEAR("norm", 0, sqrt(norm), result.gradient_norm, sqrt(norm) * roundings);
        free(w);
        free(without);
        free(with);
        nmlp_net_destroy(net);
    }
}

/* One step of plain gradient descent with rate 1 reduces the parameters by what remains of the
 * gradient. */
static void test_step__clips_and_shortens_each_element(void)
{
    const float value = 1e-3f, longest = 0.9f;
    nmlp_optimizer sgd = {.struct_size = sizeof sgd, .learning_rate = 1, .clip_value = value};
    const nmlp_batch batch = all_rows();
    for (int32_t threads = 1; threads <= 3; threads++) {
        nmlp_net *net = net_create(threads);
        float *w = test_floats(MOST), *g = test_floats(MOST), *before[TENSORS], *after[TENSORS];
        size_t clipped = 0, shortened = 0;
        nmlp_result result = nmlp_result_init();
        for (size_t t = 0; t < TENSORS; t++) {
            before[t] = test_floats(length(t));
            after[t] = test_floats(length(t));
            read_tensor(net, NMLP_TENSOR_PARAMETER, t, before[t]);
        }
        CHECK_OK(nmlp_net_gradient(net, &batch, 0, &result));
        for (size_t t = 0; t < TENSORS; t++) {
            read_tensor(net, NMLP_TENSOR_GRADIENT, t, g);
            for (size_t i = 0; i < length(t); i++) {
                clipped += fabsf(g[i]) > value;
                after[t][i] = before[t][i] - fmaxf(-value, fminf(value, g[i]));
            }
        }
        CHECK(clipped > 100);
        CHECK_OK(nmlp_net_train_step(net, &batch, &sgd, &result));
        for (size_t t = 0; t < TENSORS; t++) {
            read_tensor(net, NMLP_TENSOR_PARAMETER, t, w);
            CHECK_BITS("clipped", after[t], w, length(t));
        }
        sgd.max_norm = longest;
        sgd.learning_rate = 0;
        CHECK_OK(nmlp_net_train_step(net, &batch, &sgd, &result));
        for (size_t t = 0; t < TENSORS; t += 2) {
            const size_t k = shapes[t][0], n = shapes[t][1];
            read_tensor(net, NMLP_TENSOR_PARAMETER, t, w);
            for (size_t j = 0; j < n; j++) {
                double sum = 0;
                for (size_t p = 0; p < k; p++)
                    sum += (double)after[t][p * n + j] * (double)after[t][p * n + j];
                const double factor = fmin(1, longest / sqrt(sum));
                shortened += factor < 1;
                for (size_t p = 0; p < k; p++) {
                    const double expected = factor * (double)after[t][p * n + j];
                    CHECK_NEAR("shortened", p * n + j, expected, w[p * n + j],
                               fabs(expected) * (double)(k + 4) * EPS);
                }
            }
        }
        CHECK(shortened > 100);
        sgd.max_norm = 0;
        sgd.learning_rate = 1;
        for (size_t t = 0; t < TENSORS; t++) {
            free(before[t]);
            free(after[t]);
        }
        free(w);
        free(g);
        nmlp_net_destroy(net);
    }
}

static void test_find_nonfinite__takes_the_first_row(void)
{
    nmlp_net *net = net_create(1);
    float *w = test_floats(FIRST);
    const nmlp_batch batch = all_rows();
    nmlp_fault fault = {.struct_size = sizeof fault};
    read_tensor(net, NMLP_TENSOR_PARAMETER, 0, w);
    w[5 * WIDE + 2] = w[4 * WIDE + NMLP_BLOCK_COLUMNS + 7] = INFINITY;
    CHECK_OK(nmlp_net_write(net, NMLP_TENSOR_PARAMETER, 0, w, FIRST));
    CHECK_OK(nmlp_net_find_nonfinite(net, &batch, &fault));
    CHECK_THAT(fault.kind == NMLP_NONFINITE_PARAMETER && fault.layer == 0 && fault.row == 4 &&
                   fault.column == NMLP_BLOCK_COLUMNS + 7,
               "kind %d, layer %zu, row %zu, column %zu", fault.kind, fault.layer, fault.row,
               fault.column);
    data_fill(1, -1, 1, w, FIRST);
    CHECK_OK(nmlp_net_write(net, NMLP_TENSOR_PARAMETER, 0, w, FIRST));
    w[NMLP_BLOCK_COLUMNS + 1] = NAN;
    CHECK_OK(nmlp_net_write(net, NMLP_TENSOR_PARAMETER, 1, w, WIDE));
    CHECK_OK(nmlp_net_find_nonfinite(net, &batch, &fault));
    CHECK_THAT(fault.kind == NMLP_NONFINITE_PARAMETER && fault.row == INPUTS &&
                   fault.column == NMLP_BLOCK_COLUMNS + 1,
               "kind %d, row %zu, column %zu", fault.kind, fault.row, fault.column);
    free(w);
    nmlp_net_destroy(net);
}

typedef struct pass {
    float w[TENSORS][MOST], g[TENSORS][MOST];
    float h[ROWS * WIDE], dh[ROWS * WIDE], scores[ROWS * CLASSES], dscores[ROWS * CLASSES];
} pass;

/* The stateless functions, for which W is stored row by row. */
static void pass_by_hand(nmlp_net *net, size_t m, pass *s)
{
    const int32_t tanh_of = NMLP_ACTIVATION_TANH, none = NMLP_ACTIVATION_IDENTITY;
    double loss;
    size_t correct;
    for (size_t t = 0; t < TENSORS; t++) read_tensor(net, NMLP_TENSOR_PARAMETER, t, s->w[t]);
    CHECK_OK(nmlp_dense_forward(m, WIDE, INPUTS, tanh_of, 0, features, INPUTS, s->w[0], WIDE,
                                s->w[1], WIDE, s->h, WIDE, 1));
    CHECK_OK(nmlp_dense_forward(m, CLASSES, WIDE, none, 0, s->h, WIDE, s->w[2], CLASSES, s->w[3],
                                CLASSES, s->scores, CLASSES, 1));
    CHECK_OK(nmlp_softmax_cross_entropy(m, CLASSES, s->scores, CLASSES, labels, s->dscores, CLASSES,
                                        m * CLASSES, &loss, &correct, 1));
    CHECK_OK(nmlp_dense_backward(m, CLASSES, WIDE, none, 0, s->h, WIDE, s->w[2], CLASSES, s->scores,
                                 CLASSES, s->dscores, CLASSES, s->dh, WIDE, m * WIDE, s->g[2],
                                 CLASSES, SECOND, s->g[3], CLASSES, 1));
    CHECK_OK(nmlp_dense_backward(m, WIDE, INPUTS, tanh_of, 0, features, INPUTS, s->w[0], WIDE, s->h,
                                 WIDE, s->dh, WIDE, NULL, 0, 0, s->g[0], WIDE, FIRST, s->g[1], WIDE,
                                 1));
}

/* Covers all methods for few and for many rows, and all divisions of the columns. */
static void test_network__is_the_stateless_functions(void)
{
    static const size_t counts[] = {1, 2, 4, 5, ROWS};
    const nmlp_optimizer sgd = {.struct_size = sizeof sgd, .learning_rate = 1};
    pass *s = test_alloc(sizeof *s);
    float *actual = test_floats(MOST);
    for (int32_t threads = 1; threads <= 5; threads += 2) {
        nmlp_net *net = net_create(threads);
        for (size_t c = 0; c < COUNT_OF(counts); c++) {
            const size_t m = counts[c];
            nmlp_batch batch = all_rows();
            nmlp_result result = nmlp_result_init();
            batch.feature_rows = batch.label_count = m;
            pass_by_hand(net, m, s);
            CHECK_OK(nmlp_net_predict(net, &batch, NMLP_OUTPUT_SCORES, actual, CLASSES, threads));
            CHECK_BITS("scores", s->scores, actual, m * CLASSES);
            CHECK_OK(nmlp_net_gradient(net, &batch, 0, &result));
            for (size_t t = 0; t < TENSORS; t++) {
                read_tensor(net, NMLP_TENSOR_GRADIENT, t, actual);
                CHECK_BITS("gradient", s->g[t], actual, length(t));
            }
            CHECK_OK(nmlp_net_train_step(net, &batch, &sgd, &result));
            for (size_t t = 0; t < TENSORS; t++) {
                for (size_t i = 0; i < length(t); i++) s->w[t][i] -= s->g[t][i];
                read_tensor(net, NMLP_TENSOR_PARAMETER, t, actual);
                CHECK_BITS("parameters after a step", s->w[t], actual, length(t));
            }
        }
        nmlp_net_destroy(net);
    }
    free(s);
    free(actual);
}

int main(void)
{
    test_begin("test_column_blocks");
    uint64_t seed = 4;
    data_fill(1, -1, 1, features, ROWS * INPUTS);
    for (size_t p = 0; p < INPUTS; p++) /* a prediction of the first row alone skips these */
        if (p % 3 > 0) features[p] = 0;
    for (size_t i = 0; i < ROWS; i++) labels[i] = (int32_t)data_below(&seed, CLASSES);
    nmlp_parallel_wake_for_all();
    RUN(test_slice_at__covers_a_matrix_once);
    RUN(test_write__is_read);
    RUN(test_initialize__draws_by_position);
    RUN(test_gradient__penalty_and_norm_are_of_all_columns);
    RUN(test_step__clips_and_shortens_each_element);
    RUN(test_find_nonfinite__takes_the_first_row);
    RUN(test_network__is_the_stateless_functions);
    return test_end("test_column_blocks");
}
