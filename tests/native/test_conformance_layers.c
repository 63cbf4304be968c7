/* SPDX-License-Identifier: MIT
 *
 * Single layers and inputs: dropout's mask, maxout, and numbers that are hostile or not finite. */
#include "conformance.h"

/* Rows of +-1e4, denormals, zeros, rows of a single class, and a batch of one row. */
static void test_hostile_inputs__stay_finite(void)
{
    float kept[ROWS * INPUTS];
    int32_t kept_labels[ROWS];
    memcpy(kept, features, sizeof kept);
    memcpy(kept_labels, labels, sizeof kept_labels);
    for (size_t i = 0; i < ROWS; i++) labels[i] = OUTPUTS - 2;
    for (size_t i = 0; i < ROWS * INPUTS; i++)
        features[i] = i % 4 == 0 ? 1e4f : i % 4 == 1 ? -1e4f : i % 4 == 2 ? 1e-41f : 0;
    for (int32_t a = 0; a < NMLP_ACTIVATION_COUNT; a++)
        for (int32_t n = 0; n < NMLP_NORM_COUNT; n++)
            for (int32_t l = 0; l < NMLP_LOSS_COUNT; l++) {
                const kind k = {.activation = a, .norm = n, .loss = l, .rule = NMLP_OPTIMIZER_ADAM};
                nmlp_net *net = make(&k, 1);
                for (size_t rows = 1; rows <= BATCH; rows += BATCH - 1) {
                    const nmlp_batch batch = batch_of(&k, rows);
                    nmlp_result result = nmlp_result_init();
                    CHECK_OK(nmlp_net_gradient(net, &batch, 0, &result));
                    CHECK_THAT(isfinite(result.loss) && isfinite(result.gradient_norm),
                               "activation %d norm %d loss %d rows %zu: loss %g, gradient %g",
                               (int)a, (int)n, (int)l, rows, result.loss, result.gradient_norm);
                }
                nmlp_net_destroy(net);
            }
    memcpy(features, kept, sizeof kept);
    memcpy(labels, kept_labels, sizeof kept_labels);
}

static void test_not_finite__changes_nothing_and_is_found(void)
{
    static float before[MOST_FLOATS], after[MOST_FLOATS];
    for (int32_t n = 0; n < NMLP_NORM_COUNT; n++) {
        const kind k = {.activation = NMLP_ACTIVATION_TANH, .norm = n, .rule = NMLP_OPTIMIZER_ADAM};
        nmlp_net *net = make(&k, 2);
        train(net, &k, 2);
        const size_t count = read_all(net, &k, before);
        const nmlp_optimizer optimizer = optimizer_of(&k);
        const nmlp_batch batch = batch_of(&k, BATCH);
        nmlp_fault fault = {.struct_size = sizeof fault};
        nmlp_result result = nmlp_result_init();
        CHECK_OK(nmlp_net_find_nonfinite(net, &batch, &fault));
        CHECK(fault.kind == NMLP_NONFINITE_NONE);

        float *bad = &features[(size_t)order[4] * INPUTS + 7];
        const float good = *bad;
        *bad = NAN;
        CHECK_OK(nmlp_net_train_step(net, &batch, &optimizer, &result));
        CHECK(!isfinite(result.loss));
        CHECK_OK(nmlp_net_find_nonfinite(net, &batch, &fault));
        CHECK_THAT(fault.kind == NMLP_NONFINITE_FEATURE && fault.row == 4 && fault.column == 7,
                   "kind %d row %zu column %zu", (int)fault.kind, fault.row, fault.column);
        *bad = good;
        read_all(net, &k, after);
        CHECK_BITS("after a loss that is not finite", before, after, count);

        float row[WIDTH * NARROW];
        const size_t weight = n == NMLP_NORM_NONE ? 2 : n == NMLP_NORM_BATCH ? 6 : 4;
        CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_PARAMETER, weight, row, WIDTH * NARROW));
        row[3 * NARROW + 11] = INFINITY;
        CHECK_OK(nmlp_net_write(net, NMLP_TENSOR_PARAMETER, weight, row, WIDTH * NARROW));
        CHECK_OK(nmlp_net_find_nonfinite(net, &batch, &fault));
        CHECK_THAT(fault.kind == NMLP_NONFINITE_PARAMETER && fault.layer == 1 && fault.row == 3 &&
                       fault.column == 11,
                   "kind %d layer %zu", (int)fault.kind, fault.layer);
        nmlp_net_destroy(net);
    }
}

/* The mask of the library is the mask that a step uses. Without other layers, y = mask * x. */
static void test_dropout__mask_is_the_step_s(void)
{
    enum { N = 50, M = 30 };
    float x[M * N], mask[M * N], w[N * N] = {0}, dw[N * N];
    for (size_t i = 0; i < M * N; i++) x[i] = 1;
    for (size_t i = 0; i < N; i++) w[i * N + i] = 1;
    const nmlp_layer layer = {.struct_size = sizeof layer, .outputs = N, .dropout = 0.25f};
    const nmlp_net_options options = {.struct_size = sizeof options,
                                      .loss = NMLP_LOSS_MEAN_SQUARED_ERROR,
                                      .inputs = N,
                                      .max_batch = M,
                                      .threads = 1,
                                      .dropout_seed = 9};
    nmlp_net *net = NULL;
    nmlp_result result = nmlp_result_init();
    CHECK_OK(nmlp_net_create(&options, &layer, 1, &net));
    CHECK_OK(nmlp_net_write(net, NMLP_TENSOR_PARAMETER, 0, w, N * N));
    const float targets_of_zero[M * N] = {0};
    const nmlp_batch batch = {.struct_size = sizeof batch,
                              .features = x,
                              .feature_rows = M,
                              .ld = N,
                              .targets = targets_of_zero,
                              .target_length = M * N};
    CHECK_OK(nmlp_net_gradient(net, &batch, 0, &result));
    CHECK_OK(nmlp_dropout_mask(9, 1, 0, M, N, 0.25f, mask));
    double sum = 0;
    size_t zero_count = 0;
    for (size_t i = 0; i < M * N; i++) {
        CHECK(mask[i] == 0 || mask[i] == 1.0f / 0.75f);
        sum += (double)mask[i] * (double)mask[i];
        zero_count += mask[i] == 0;
    }
    CHECK_NEAR("loss", 0, sum / (M * N), result.loss, 1e-6);
    CHECK_THAT(zero_count > M * N / 5 && zero_count < M * N * 3 / 10, "%zu zeros", zero_count);
    CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_GRADIENT, 0, dw, N * N));
    for (size_t j = 0; j < N; j++) { /* rows of X are equal: dW[p][j] = 2/(M*N) * sum of mask^2 */
        double column = 0;
        for (size_t i = 0; i < M; i++) column += (double)mask[i * N + j] * (double)mask[i * N + j];
        CHECK_NEAR("dW", j, 2 * column / (M * N), dw[j], 1e-6);
    }
    nmlp_net_destroy(net);
}

/* Two maxout layers, because the last layer may also be maxout. */
enum { BROAD = 185, SUMS = BROAD * PIECES, LAST_SUMS = OUTPUTS * 2, MANY = 96 };

static nmlp_net *make_maxout(int32_t threads)
{
    const nmlp_layer layers[] = {{.struct_size = sizeof layers[0],
                                  .activation = NMLP_ACTIVATION_MAXOUT,
                                  .outputs = BROAD,
                                  .pieces = PIECES},
                                 {.struct_size = sizeof layers[0],
                                  .activation = NMLP_ACTIVATION_MAXOUT,
                                  .outputs = OUTPUTS}};
    const nmlp_net_options options = {
        .struct_size = sizeof options, .inputs = INPUTS, .max_batch = MANY, .threads = threads};
    nmlp_net *net = NULL;
    if (!CHECK_OK(nmlp_net_create(&options, layers, 2, &net))) exit(test_end("test_conformance"));
    CHECK_OK(nmlp_net_initialize(net, 8));
    return net;
}

/* A layer in the stateless functions: the gradient of W, and that of X unless it is NULL. */
static void maxout_gradients(size_t k, size_t n, size_t pieces, const float *x, const float *w,
                             const float *sums, const float *dy, float *dw, float *dx)
{
    static float dz[MANY * SUMS];
    const size_t wide = n * pieces;
    CHECK_OK(nmlp_maxout_backward(MANY, n, pieces, sums, wide, dy, n, dz, wide));
    CHECK_OK(nmlp_gemm(k, wide, MANY, 1, 0, 1, x, k, dz, wide, 0, dw, wide, 1));
    if (dx != NULL) CHECK_OK(nmlp_gemm(MANY, k, wide, 0, 1, 1, dz, wide, w, wide, 0, dx, k, 1));
}

static void maxout_outputs(size_t k, size_t n, size_t pieces, const float *x, const float *w,
                           float *sums, float *y)
{
    const size_t wide = n * pieces;
    CHECK_OK(nmlp_dense_forward(MANY, wide, k, NMLP_ACTIVATION_IDENTITY, 0, x, k, w, wide, NULL, 0,
                                sums, wide, 1));
    CHECK_OK(nmlp_maxout_forward(MANY, n, pieces, sums, wide, y, n));
}

/* Scores, loss and gradients have the bits of the stateless functions. */
static void test_maxout__is_the_stateless_functions(void)
{
    static float x[MANY * INPUTS], w[INPUTS * SUMS], sums[MANY * SUMS], y[MANY * BROAD];
    static float last_w[BROAD * LAST_SUMS], last_sums[MANY * LAST_SUMS], scores[MANY * OUTPUTS];
    static float dscores[MANY * OUTPUTS], dlast_w[BROAD * LAST_SUMS], dy[MANY * BROAD];
    static float dw[INPUTS * SUMS], actual[INPUTS * SUMS];
    int32_t classes[MANY];
    double loss;
    size_t correct, rows, columns;
    data_fill(6, -1, 1, x, MANY * INPUTS);
    for (int32_t i = 0; i < MANY; i++) classes[i] = i % OUTPUTS;
    const nmlp_batch batch = {.struct_size = sizeof batch,
                              .features = x,
                              .feature_rows = MANY,
                              .ld = INPUTS,
                              .labels = classes,
                              .label_count = MANY};
    for (int32_t threads = 1; threads <= 5; threads++) {
        nmlp_net *net = make_maxout(threads);
        nmlp_result result = nmlp_result_init();
        CHECK_OK(nmlp_net_tensor_shape(net, 2, &rows, &columns));
        CHECK(rows == BROAD && columns == LAST_SUMS);
        CHECK(nmlp_net_parameter_count(net) == (INPUTS + 1) * SUMS + (BROAD + 1) * LAST_SUMS);
        CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_PARAMETER, 0, w, INPUTS * SUMS));
        CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_PARAMETER, 2, last_w, BROAD * LAST_SUMS));
        maxout_outputs(INPUTS, BROAD, PIECES, x, w, sums, y);
        maxout_outputs(BROAD, OUTPUTS, 2, y, last_w, last_sums, scores);
        CHECK_OK(nmlp_softmax_cross_entropy(MANY, OUTPUTS, scores, OUTPUTS, classes, dscores,
                                            OUTPUTS, MANY * OUTPUTS, &loss, &correct, 1));
        maxout_gradients(BROAD, OUTPUTS, 2, y, last_w, last_sums, dscores, dlast_w, dy);
        maxout_gradients(INPUTS, BROAD, PIECES, x, w, sums, dy, dw, NULL);

        CHECK_OK(nmlp_net_predict(net, &batch, NMLP_OUTPUT_SCORES, actual, OUTPUTS, threads));
        CHECK_BITS("scores", scores, actual, MANY * OUTPUTS);
        CHECK_OK(nmlp_net_gradient(net, &batch, 0, &result));
        CHECK(result.loss == loss && result.correct == correct);
        CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_GRADIENT, 2, actual, BROAD * LAST_SUMS));
        CHECK_BITS("gradient of the last W", dlast_w, actual, BROAD * LAST_SUMS);
        CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_GRADIENT, 0, actual, INPUTS * SUMS));
        CHECK_BITS("gradient of the first W", dw, actual, INPUTS * SUMS);
        nmlp_net_destroy(net);
    }
}

/* Larger pieces do not hide a NaN in any piece. */
static void test_maxout__passes_nan_on(void)
{
    static float w[INPUTS * SUMS];
    for (size_t p = 0; p < PIECES; p++) {
        nmlp_net *net = make_maxout(2);
        const kind k = {.activation = NMLP_ACTIVATION_MAXOUT};
        const nmlp_batch batch = batch_of(&k, BATCH);
        nmlp_fault fault = {.struct_size = sizeof fault};
        nmlp_result result = nmlp_result_init();
        CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_PARAMETER, 0, w, INPUTS * SUMS));
        w[p * BROAD + 4] = NAN;
        CHECK_OK(nmlp_net_write(net, NMLP_TENSOR_PARAMETER, 0, w, INPUTS * SUMS));
        CHECK_OK(nmlp_net_evaluate(net, &batch, 1, &result));
        CHECK(isnan(result.loss));
        CHECK_OK(nmlp_net_find_nonfinite(net, &batch, &fault));
        CHECK_THAT(fault.kind == NMLP_NONFINITE_PARAMETER && fault.row == 0 &&
                       fault.column == p * BROAD + 4,
                   "kind %d row %zu column %zu", (int)fault.kind, fault.row, fault.column);
        nmlp_net_destroy(net);
    }
}

int main(void)
{
    test_begin("test_conformance_layers");
    nmlp_parallel_wake_for_all();
    make_data();
    RUN(test_hostile_inputs__stay_finite);
    RUN(test_not_finite__changes_nothing_and_is_found);
    RUN(test_dropout__mask_is_the_step_s);
    RUN(test_maxout__is_the_stateless_functions);
    RUN(test_maxout__passes_nan_on);
    return test_end("test_conformance_layers");
}
