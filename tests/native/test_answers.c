/* SPDX-License-Identifier: MIT
 *
 * The meaning of scores: classes, and correct rows. Rows that are not finite have no class and are
 * never correct, alone or among others, for every number of classes, activation and norm. The loss
 * determines the meaning of a single output. */
#include "answers_net.h"

static const float not_finite[] = {NAN, INFINITY, -INFINITY};
static const size_t class_counts[] = {2, 3, 10, 15, 16, 17, 33};

/* ---------------------------------------------------------------- rows without a class */

/* The first maximum, or NMLP_NO_CLASS if a score is not finite. */
static int32_t first_greatest(const float *scores, size_t n)
{
    size_t best = 0;
    for (size_t j = 0; j < n; j++) {
        if (!isfinite(scores[j])) return NMLP_NO_CLASS;
        if (scores[j] > scores[best]) best = j;
    }
    return (int32_t)best;
}

enum { INPUTS = 7, ROWS = 70 }; /* two chunks of a prediction */

/* The classes match the scores, for single rows and for all rows together, and a row with NaN has
 * no class. */
static void check_classes(nmlp_net *net, size_t n, const float *x, size_t odd_row, bool none)
{
    static float scores[ROWS * 64];
    int32_t all[ROWS], one;
    const nmlp_batch batch = batch_of(x, ROWS, INPUTS);
    CHECK_OK(nmlp_net_predict(net, &batch, NMLP_OUTPUT_SCORES, scores, n, 1));
    for (int32_t threads = 1; threads <= 3; threads++) {
        CHECK_OK(nmlp_net_predict_classes(net, &batch, all, threads));
        for (size_t i = 0; i < ROWS; i++)
            CHECK_THAT(all[i] == first_greatest(scores + i * n, n), "row %zu: class %d", i,
                       (int)all[i]);
    }
    CHECK(!none || all[odd_row] == NMLP_NO_CLASS);
    for (size_t i = 0; i < ROWS; i += odd_row) {
        const nmlp_batch alone = batch_of(x + i * INPUTS, 1, INPUTS);
        CHECK_OK(nmlp_net_predict_classes(net, &alone, &one, 1));
        CHECK_THAT(one == all[i], "row %zu alone: class %d, not %d", i, (int)one, (int)all[i]);
    }
}

static void check_hidden(int32_t activation, int32_t norm, size_t n)
{
    static const float odd[] = {NAN, INFINITY, -INFINITY, 3e38f};
    enum { ODD_ROW = 13 };
    static float x[ROWS * INPUTS], w[INPUTS * 3 * 11];
    nmlp_layer layers[] = {layer_of(11), layer_of(n)};
    layers[0].activation = activation;
    layers[0].norm = norm;
    layers[0].alpha = 0.2f;
    layers[0].pieces = activation == NMLP_ACTIVATION_MAXOUT ? 3 : 1;
    nmlp_net *net = net_of(NMLP_LOSS_SOFTMAX_CROSS_ENTROPY, INPUTS, layers, 2);
    for (size_t v = 0; v < COUNT_OF(odd); v++) {
        data_fill(4, -1, 1, x, ROWS * INPUTS);
        x[ODD_ROW * INPUTS + 2] = odd[v];
        check_classes(net, n, x, ODD_ROW, isnan(odd[v]));
    }
    /* A weight of 0 does not hide a NaN. */
    size_t rows, columns;
    CHECK_OK(nmlp_net_tensor_shape(net, 0, &rows, &columns));
    CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_PARAMETER, 0, w, rows * columns));
    for (size_t j = 0; j < columns; j++) w[2 * columns + j] = 0;
    put(net, 0, w, rows * columns);
    x[ODD_ROW * INPUTS + 2] = NAN;
    check_classes(net, n, x, ODD_ROW, true);
    nmlp_net_destroy(net);
}

static void test_predict_classes_not_finite__no_class(void)
{
    for (int32_t a = 0; a < NMLP_ACTIVATION_COUNT; a++)
        for (int32_t norm = 0; norm < NMLP_NORM_COUNT; norm++) check_hidden(a, norm, 10);
    for (size_t c = 0; c < COUNT_OF(class_counts); c++)
        check_hidden(NMLP_ACTIVATION_RELU, NMLP_NORM_NONE, class_counts[c]);
}

/* A NaN weight reaches every row. */
static void test_predict_classes_weight_is_nan__no_class(void)
{
    float x[ROWS * INPUTS], w[INPUTS * 10];
    int32_t classes[ROWS], labels[ROWS] = {0};
    const nmlp_layer layer = layer_of(10);
    nmlp_net *net = net_of(NMLP_LOSS_SOFTMAX_CROSS_ENTROPY, INPUTS, &layer, 1);
    data_fill(5, 0.5f, 1, x, ROWS * INPUTS);
    data_fill(6, -1, 1, w, INPUTS * 10);
    w[3] = NAN;
    put(net, 0, w, INPUTS * 10);
    nmlp_batch batch = batch_of(x, ROWS, INPUTS);
    CHECK_OK(nmlp_net_predict_classes(net, &batch, classes, 1));
    for (size_t i = 0; i < ROWS; i++) CHECK(classes[i] == NMLP_NO_CLASS);
    nmlp_result result = nmlp_result_init();
    batch.labels = labels;
    batch.label_count = ROWS;
    CHECK_OK(nmlp_net_evaluate(net, &batch, 1, &result));
    CHECK_THAT(isnan(result.loss) && result.correct == 0, "loss %g, %zu correct", result.loss,
               result.correct);
    nmlp_net_destroy(net);
}

/* ---------------------------------------------------------------------- correct rows */

enum { SCORED = 40, MOST_CLASSES = 33 };

/* Each row except every third has a score that is not finite, at every position in turn. The label
 * is the position of the original maximum, the position of the odd score, or 0. */
static size_t make_scores(size_t n, float odd, float *scores, int32_t *labels)
{
    size_t right = 0;
    data_fill(n, -3, 3, scores, SCORED * n);
    for (size_t i = 0; i < SCORED; i++) {
        float *row = scores + i * n;
        const int32_t greatest = first_greatest(row, n);
        const size_t place = i % n;
        labels[i] = i % 4 == 1 ? (int32_t)place : i % 4 == 2 ? 0 : greatest;
        if (i % 3 > 0) row[place] = odd;
        right += i % 3 == 0 && labels[i] == greatest;
    }
    return right;
}

static size_t count_correct(int32_t loss, size_t m, size_t n, const float *scores,
                            const int32_t *labels, const float *targets, float smoothing)
{
    float row_loss[SCORED], dscores[SCORED * MOST_CLASSES];
    const nmlp_loss_rows rows = {.m = m,
                                 .n = n,
                                 .scores = scores,
                                 .lds = n,
                                 .labels = labels,
                                 .targets = targets,
                                 .ldt = n,
                                 .dscores = dscores,
                                 .ldds = n,
                                 .row_loss = row_loss,
                                 .total = (float)m,
                                 .delta = 1,
                                 .smoothing = smoothing};
    return nmlp_loss_part(nmlp_kernels_get(), loss, &rows, (nmlp_range){0, m});
}

static void test_correct_scores_not_finite__never(void)
{
    static float scores[SCORED * MOST_CLASSES], targets[SCORED * MOST_CLASSES];
    int32_t labels[SCORED];
    for (size_t c = 0; c < COUNT_OF(class_counts); c++)
        for (size_t v = 0; v < COUNT_OF(not_finite); v++) {
            const size_t n = class_counts[c];
            const size_t right = make_scores(n, not_finite[v], scores, labels);
            for (int32_t loss = 0; loss < NMLP_LOSS_COUNT; loss++) {
                const size_t counted = count_correct(loss, SCORED, n, scores, labels, targets, 0);
                CHECK_THAT(counted == right, "loss %d, %zu classes, %g: %zu, not %zu", (int)loss, n,
                           (double)not_finite[v], counted, right);
            }
            CHECK(count_correct(NMLP_LOSS_SOFTMAX_CROSS_ENTROPY, SCORED, n, scores, labels, NULL,
                                0.1f) == right);
            double mean;
            size_t correct;
            CHECK_OK(nmlp_softmax_cross_entropy(SCORED, n, scores, n, labels, NULL, 0, 0, &mean,
                                                &correct, 1));
            CHECK_THAT(correct == right, "%zu classes: %zu, not %zu", n, correct, right);
            CHECK(!isnan(not_finite[v]) || isnan(mean));
        }
}

/* A row with targets is correct if every score is on the side of its target. */
static void test_correct_targets_not_finite__never(void)
{
    enum { N = 3 };
    const float scores[] = {1,      -1,        2, /**/ NAN, -1, 2, /**/ 1, NAN, 2,
                            /**/ 1, -INFINITY, 2, 1,        -1, 2, /**/ 1, 1,   2};
    const float targets[] = {1,      0, 1, /**/ 0, 0,   1, /**/ 1, 0, 1,
                             /**/ 1, 0, 1, 1,      NAN, 1, /**/ 1, 0, 1};
    CHECK(count_correct(NMLP_LOSS_BINARY_CROSS_ENTROPY, 6, N, scores, NULL, targets, 0) == 1);
    CHECK(count_correct(NMLP_LOSS_MEAN_SQUARED_ERROR, 6, N, scores, NULL, targets, 0) == 0);
    CHECK(count_correct(NMLP_LOSS_HUBER, 6, N, scores, NULL, targets, 0) == 0);
}

/* -------------------------------------------------------------------- one row, defaults */

/* z = 3*2 + 1. For one row, the mean is 7 and the variance 0, so v is beta. The running mean moves
 * from 0 towards 7 by a tenth, the default of norm_momentum; the variance does not change. */
static void test_batch_norm_one_row__variance_is_0(void)
{
    static const float momenta[] = {0, 0.25f};
    for (size_t i = 0; i < COUNT_OF(momenta); i++) {
        const float x = 2, w = 3, b = 1, gamma = 5, beta = 0.75f, target = 0.5f;
        nmlp_layer layer = layer_of(1);
        layer.norm = NMLP_NORM_BATCH;
        const nmlp_net_options options = {.struct_size = sizeof options,
                                          .loss = NMLP_LOSS_MEAN_SQUARED_ERROR,
                                          .inputs = 1,
                                          .max_batch = 1,
                                          .threads = 1,
                                          .norm_momentum = momenta[i]};
        const nmlp_optimizer sgd = {.struct_size = sizeof sgd, .learning_rate = 0.5};
        nmlp_net *net = NULL;
        nmlp_result result = nmlp_result_init();
        float mean, variance, after;
        CHECK_OK(nmlp_net_create(&options, &layer, 1, &net));
        const float tensors[] = {w, b, gamma, beta};
        for (size_t t = 0; t < 4; t++) put(net, t, &tensors[t], 1);
        nmlp_batch batch = batch_of(&x, 1, 1);
        batch.targets = &target;
        batch.target_length = 1;
        CHECK_OK(nmlp_net_train_step(net, &batch, &sgd, &result));
        CHECK(result.loss == 0.0625); /* (0.75 - 0.5)^2 */
        CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_PARAMETER, 4, &mean, 1));
        CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_PARAMETER, 5, &variance, 1));
        CHECK_NEAR("running mean", i, (i == 0 ? 0.1 : 0.25) * 7, (double)mean, 1e-6);
        CHECK(variance == 1);
        for (size_t t = 0; t < 3; t++) { /* they do not affect the loss */
            CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_PARAMETER, t, &after, 1));
            CHECK(after == tensors[t]);
        }
        CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_PARAMETER, 3, &after, 1));
        CHECK(after == 0.5f); /* 0.75 - 0.5 * 2*(0.75 - 0.5) */
        nmlp_net_destroy(net);
    }
}

static void test_mean_not_finite__invalid_argument(void)
{
    const float x[] = {1, 2, 3, 4};
    const int32_t labels[] = {0, 1};
    const nmlp_layer layer = layer_of(2);
    const nmlp_optimizer sgd = {.struct_size = sizeof sgd, .learning_rate = 0.1};
    nmlp_net *net = net_of(NMLP_LOSS_SOFTMAX_CROSS_ENTROPY, 2, &layer, 1);
    for (size_t v = 0; v < COUNT_OF(not_finite); v++) {
        const float mean[] = {0, not_finite[v]};
        float y[4];
        int32_t classes[2];
        nmlp_result result = nmlp_result_init();
        nmlp_fault fault = {.struct_size = sizeof fault};
        nmlp_batch batch = batch_of(x, 2, 2);
        batch.mean = mean;
        batch.mean_length = 2;
        batch.labels = labels;
        batch.label_count = 2;
        const int32_t bad = NMLP_ERROR_INVALID_ARGUMENT;
        CHECK_STATUS(bad, nmlp_net_train_step(net, &batch, &sgd, &result));
        CHECK_STATUS(bad, nmlp_net_gradient(net, &batch, 0, &result));
        CHECK_STATUS(bad, nmlp_net_find_nonfinite(net, &batch, &fault));
        CHECK_STATUS(bad, nmlp_net_evaluate(net, &batch, 1, &result));
        CHECK_STATUS(bad, nmlp_net_predict(net, &batch, NMLP_OUTPUT_SCORES, y, 2, 1));
        CHECK_STATUS(bad, nmlp_net_predict_classes(net, &batch, classes, 1));
    }
    nmlp_net_destroy(net);
}

int main(void)
{
    test_begin("test_answers");
    RUN(test_predict_classes_not_finite__no_class);
    RUN(test_predict_classes_weight_is_nan__no_class);
    RUN(test_correct_scores_not_finite__never);
    RUN(test_correct_targets_not_finite__never);
    RUN(test_batch_norm_one_row__variance_is_0);
    RUN(test_mean_not_finite__invalid_argument);
    return test_end("test_answers");
}
