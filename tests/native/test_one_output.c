/* SPDX-License-Identifier: MIT
 *
 * The meaning of a single output: two classes, or a regression. */
#include "answers_net.h"

/* ------------------------------------------------------------- what one output means */

static const float xor_features[] = {0, 0, 0, 1, 1, 0, 1, 1};
static const int32_t xor_labels[] = {0, 1, 1, 0};
static const float xor_targets[] = {0, 1, 1, 0};

/* relu(x + y) - 2*relu(x + y - 1) - 1/2 is 1/2 if exactly one of the two is 1, otherwise -1/2. */
static nmlp_net *xor_net(int32_t loss)
{
    static const float w[] = {1, 1, 1, 1}, b[] = {0, -1}, w2[] = {1, -2}, b2[] = {-0.5f};
    nmlp_layer layers[] = {layer_of(2), layer_of(1)};
    layers[0].activation = NMLP_ACTIVATION_RELU;
    nmlp_net *net = net_of(loss, 2, layers, 2);
    put(net, 0, w, 4);
    put(net, 1, b, 2);
    put(net, 2, w2, 2);
    put(net, 3, b2, 1);
    return net;
}

static nmlp_batch xor_batch(const int32_t *labels, const float *targets)
{
    nmlp_batch batch = batch_of(xor_features, 4, 2);
    batch.labels = labels;
    batch.label_count = labels != NULL ? 4 : 0;
    batch.targets = targets;
    batch.target_length = targets != NULL ? 4 : 0;
    return batch;
}

static void test_loss_classes__as_the_loss_decides(void)
{
    static const size_t expected[NMLP_LOSS_COUNT][2] = {
        [NMLP_LOSS_SOFTMAX_CROSS_ENTROPY] = {1, 5}, [NMLP_LOSS_BINARY_CROSS_ENTROPY] = {2, 5},
        [NMLP_LOSS_MEAN_SQUARED_ERROR] = {0, 5},    [NMLP_LOSS_HUBER] = {0, 5},
        [NMLP_LOSS_MULTICLASS_HINGE] = {1, 5},
    };
    for (int32_t loss = 0; loss < NMLP_LOSS_COUNT; loss++) {
        CHECK(nmlp_loss_classes(loss, 1) == expected[loss][0]);
        CHECK(nmlp_loss_classes(loss, 5) == expected[loss][1]);
    }
    CHECK(nmlp_loss_classes(-1, 5) == 0 && nmlp_loss_classes(NMLP_LOSS_COUNT, 5) == 0);
}

static void test_binary_one_output__classes_0_and_1(void)
{
    nmlp_net *net = xor_net(NMLP_LOSS_BINARY_CROSS_ENTROPY);
    const nmlp_batch labelled = xor_batch(xor_labels, NULL), aimed = xor_batch(NULL, xor_targets);
    int32_t classes[4];
    nmlp_result result = nmlp_result_init(), other = result;
    CHECK_OK(nmlp_net_predict_classes(net, &labelled, classes, 1));
    for (size_t i = 0; i < 4; i++) CHECK(classes[i] == xor_labels[i]);
    CHECK_OK(nmlp_net_evaluate(net, &labelled, 1, &result));
    CHECK(result.correct == 4);
    CHECK_NEAR("log(1 + exp(-1/2))", 0, log1p(exp(-0.5)), result.loss, 1e-6);
    CHECK_OK(nmlp_net_evaluate(net, &aimed, 1, &other));
    CHECK(other.loss == result.loss && other.correct == 4);
    nmlp_net_destroy(net);
}

/* With a score of 0, the probability is 1/2, which is not above 1/2. */
static void test_binary_one_output_score_is_0__class_0(void)
{
    const float x[] = {-1, 0, 1e-30f, 1, NAN};
    const int32_t expected[] = {0, 0, 1, 1, NMLP_NO_CLASS}, labels[] = {0, 0, 1, 0, 0};
    const nmlp_layer layer = layer_of(1);
    nmlp_net *net = net_of(NMLP_LOSS_BINARY_CROSS_ENTROPY, 1, &layer, 1);
    const float w = 1;
    int32_t classes[5];
    nmlp_result result = nmlp_result_init();
    put(net, 0, &w, 1);
    nmlp_batch batch = batch_of(x, 5, 1);
    CHECK_OK(nmlp_net_predict_classes(net, &batch, classes, 1));
    for (size_t i = 0; i < 5; i++) CHECK_THAT(classes[i] == expected[i], "row %zu", i);
    batch.labels = labels;
    batch.label_count = 5;
    CHECK_OK(nmlp_net_evaluate(net, &batch, 1, &result));
    CHECK_THAT(result.correct == 3 && isnan(result.loss), "%zu correct", result.correct);
    nmlp_net_destroy(net);
}

/* A step with labels equals the step with the same values as targets. */
static void test_binary_one_output_step__labels_are_targets(void)
{
    const nmlp_optimizer adam = {.struct_size = sizeof adam,
                                 .kind = NMLP_OPTIMIZER_ADAM,
                                 .learning_rate = 0.1,
                                 .beta1 = 0.9,
                                 .beta2 = 0.999,
                                 .epsilon = 1e-8};
    nmlp_net *nets[] = {xor_net(NMLP_LOSS_BINARY_CROSS_ENTROPY),
                        xor_net(NMLP_LOSS_BINARY_CROSS_ENTROPY)};
    const nmlp_batch batches[] = {xor_batch(xor_labels, NULL), xor_batch(NULL, xor_targets)};
    nmlp_result results[2] = {nmlp_result_init(), nmlp_result_init()};
    float w[2][4];
    for (size_t i = 0; i < 2; i++) {
        CHECK_OK(nmlp_net_train_step(nets[i], &batches[i], &adam, &results[i]));
        CHECK_OK(nmlp_net_read(nets[i], NMLP_TENSOR_PARAMETER, 0, w[i], 4));
        nmlp_net_destroy(nets[i]);
    }
    CHECK(results[0].loss == results[1].loss && results[0].correct == 4);
    CHECK_BITS("labels and targets", w[0], w[1], 4);
}

static void test_binary_one_output_other_labels__label_range(void)
{
    static const int32_t other[] = {2, -1};
    nmlp_net *net = xor_net(NMLP_LOSS_BINARY_CROSS_ENTROPY);
    nmlp_result result = nmlp_result_init();
    for (size_t i = 0; i < COUNT_OF(other); i++) {
        const int32_t labels[] = {0, 1, other[i], 0};
        const nmlp_batch batch = xor_batch(labels, NULL);
        CHECK_STATUS(NMLP_ERROR_LABEL_RANGE, nmlp_net_evaluate(net, &batch, 1, &result));
    }
    nmlp_net_destroy(net);
}

/* A regression has targets, no labels and no classes, and never counts rows as correct. */
static void test_regression_one_output__no_classes(void)
{
    static const int32_t losses[] = {NMLP_LOSS_MEAN_SQUARED_ERROR, NMLP_LOSS_HUBER};
    for (size_t l = 0; l < COUNT_OF(losses); l++) {
        nmlp_net *net = xor_net(losses[l]);
        const nmlp_batch aimed = xor_batch(NULL, xor_targets);
        const int32_t zeros[] = {0, 0, 0, 0};
        int32_t classes[4];
        nmlp_result result = nmlp_result_init();
        CHECK_STATUS(NMLP_ERROR_INVALID_ARGUMENT,
                     nmlp_net_predict_classes(net, &aimed, classes, 1));
        CHECK_OK(nmlp_net_evaluate(net, &aimed, 1, &result));
        CHECK(result.correct == 0);
        CHECK_NEAR("(1/2)^2", 0, losses[l] == NMLP_LOSS_HUBER ? 0.125 : 0.25, result.loss, 1e-7);
        const nmlp_batch labelled = xor_batch(zeros, NULL), both = xor_batch(zeros, xor_targets);
        CHECK_STATUS(NMLP_ERROR_INVALID_ARGUMENT, nmlp_net_evaluate(net, &labelled, 1, &result));
        CHECK_STATUS(NMLP_ERROR_INVALID_ARGUMENT, nmlp_net_gradient(net, &both, 0, &result));
        nmlp_net_destroy(net);
    }
}

int main(void)
{
    test_begin("test_one_output");
    RUN(test_loss_classes__as_the_loss_decides);
    RUN(test_binary_one_output__classes_0_and_1);
    RUN(test_binary_one_output_score_is_0__class_0);
    RUN(test_binary_one_output_step__labels_are_targets);
    RUN(test_binary_one_output_other_labels__label_range);
    RUN(test_regression_one_output__no_classes);
    return test_end("test_one_output");
}
