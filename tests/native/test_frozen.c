/* SPDX-License-Identifier: MIT
 *
 * Networks for prediction only: their results and memory. test_promises.c checks that they reject
 * everything else. */
#include "test_support.h"

enum { INPUTS = 20, OUTPUTS = 3, ROWS = 150, BATCH = 16 };

static float features[ROWS * INPUTS], class_weights[OUTPUTS] = {1, 2, 0.5f};
static int32_t labels[ROWS];

static nmlp_layer hidden(int32_t norm, int32_t activation)
{
    nmlp_layer layer = nmlp_layer_init(24, activation);
    layer.norm = norm;
    layer.dropout = 0.25f;
    return layer;
}

static nmlp_net_options options_of(size_t max_batch)
{
    nmlp_net_options options =
        nmlp_net_options_init(INPUTS, max_batch, NMLP_LOSS_SOFTMAX_CROSS_ENTROPY);
    options.label_smoothing = 0.1f;
    options.norm_epsilon = 1e-3f;
    options.class_weights = class_weights;
    options.class_weight_count = OUTPUTS;
    return options;
}

static nmlp_batch rows_of(size_t count)
{
    nmlp_batch batch = nmlp_batch_init(features, count, INPUTS);
    batch.labels = labels;
    batch.label_count = count;
    return batch;
}

static nmlp_net *trained(const nmlp_layer *layers)
{
    const nmlp_net_options options = options_of(BATCH);
    const nmlp_optimizer adam = nmlp_optimizer_init(NMLP_OPTIMIZER_ADAM);
    const nmlp_batch batch = rows_of(BATCH);
    nmlp_result result = nmlp_result_init();
    nmlp_net *net;
    if (!CHECK_OK(nmlp_net_create(&options, layers, 3, &net))) exit(test_end("test_frozen"));
    CHECK_OK(nmlp_net_initialize(net, 8));
    for (int step = 0; step < 3; step++) CHECK_OK(nmlp_net_train_step(net, &batch, &adam, &result));
    return net;
}

typedef struct answers {
    float scores[ROWS * OUTPUTS], probabilities[OUTPUTS];
    int32_t classes[ROWS];
    double loss;
    size_t correct;
} answers;

static answers answers_of(nmlp_net *net, int32_t threads)
{
    answers a;
    memset(&a, 0, sizeof a);
    const nmlp_batch all = rows_of(ROWS), one = rows_of(1);
    nmlp_result result = nmlp_result_init();
    CHECK_OK(nmlp_net_predict(net, &all, NMLP_OUTPUT_SCORES, a.scores, OUTPUTS, threads));
    CHECK_OK(nmlp_net_predict(net, &one, NMLP_OUTPUT_PROBABILITIES, a.probabilities, OUTPUTS, 1));
    CHECK_OK(nmlp_net_predict_classes(net, &all, a.classes, threads));
    CHECK_OK(nmlp_net_evaluate(net, &all, threads, &result));
    a.loss = result.loss;
    a.correct = result.correct;
    return a;
}

static void check_same_answers(const char *what, const answers *a, const answers *b)
{
    CHECK_BITS(what, a->scores, b->scores, ROWS * OUTPUTS);
    CHECK_BITS(what, a->probabilities, b->probabilities, OUTPUTS);
    CHECK_THAT(memcmp(a->classes, b->classes, sizeof a->classes) == 0, "%s: classes", what);
    CHECK_THAT(memcmp(&a->loss, &b->loss, sizeof a->loss) == 0, "%s: loss", what);
    CHECK_THAT(a->correct == b->correct, "%s: correct", what);
}

/* The copy gives the results that its original gave, even if the original changes later. */
static void check_copy(const char *what, const nmlp_layer *layers)
{
    nmlp_net *net = trained(layers), *frozen, *again;
    const answers before = answers_of(net, 1);
    CHECK_OK(nmlp_net_freeze(net, &frozen));
    CHECK_OK(nmlp_net_initialize(net, 9));
    nmlp_net_destroy(net);
    for (int32_t threads = 1; threads <= 3; threads++) {
        const answers copy = answers_of(frozen, threads);
        check_same_answers(what, &before, &copy);
    }
    CHECK_OK(nmlp_net_freeze(frozen, &again));
    nmlp_net_destroy(frozen);
    const answers copy = answers_of(again, 1);
    check_same_answers(what, &before, &copy);
    nmlp_net_destroy(again);
}

static void test_freeze__same_answers(void)
{
    const nmlp_layer last = nmlp_layer_init(OUTPUTS, NMLP_ACTIVATION_IDENTITY);
    const nmlp_layer plain[] = {hidden(NMLP_NORM_NONE, NMLP_ACTIVATION_RELU),
                                hidden(NMLP_NORM_NONE, NMLP_ACTIVATION_LEAKY_RELU), last};
    const nmlp_layer norms[] = {hidden(NMLP_NORM_BATCH, NMLP_ACTIVATION_GELU),
                                hidden(NMLP_NORM_LAYER, NMLP_ACTIVATION_ELU), last};
    const nmlp_layer maxout[] = {hidden(NMLP_NORM_BATCH, NMLP_ACTIVATION_MAXOUT),
                                 hidden(NMLP_NORM_NONE, NMLP_ACTIVATION_TANH), last};
    check_copy("plain", plain);
    check_copy("norms", norms);
    check_copy("maxout", maxout);
}

/* Like a program that loads a model: creates a frozen network and writes its tensors. */
static void test_create_frozen__answers_by_what_is_written(void)
{
    const nmlp_layer layers[] = {hidden(NMLP_NORM_BATCH, NMLP_ACTIVATION_SIGMOID),
                                 hidden(NMLP_NORM_LAYER, NMLP_ACTIVATION_RELU),
                                 nmlp_layer_init(OUTPUTS, NMLP_ACTIVATION_IDENTITY)};
    const nmlp_net_options options = options_of(0);
    nmlp_net *net = trained(layers), *frozen;
    CHECK_OK(nmlp_net_create(&options, layers, 3, &frozen));
    size_t rows, columns;
    float tensor[24 * 24];
    for (size_t t = 0; nmlp_net_tensor_shape(net, t, &rows, &columns) == NMLP_OK; t++) {
        CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_PARAMETER, t, tensor, rows * columns));
        CHECK_OK(nmlp_net_write(frozen, NMLP_TENSOR_PARAMETER, t, tensor, rows * columns));
    }
    const answers expected = answers_of(net, 1), actual = answers_of(frozen, 2);
    check_same_answers("written", &expected, &actual);
    nmlp_net_destroy(net);
    nmlp_net_destroy(frozen);
}

/* A network for pictures: 784-512-256-10 with batches of 64 rows. */
static void test_freeze__a_quarter_of_the_memory(void)
{
    const nmlp_layer layers[] = {nmlp_layer_init(512, NMLP_ACTIVATION_RELU),
                                 nmlp_layer_init(256, NMLP_ACTIVATION_RELU),
                                 nmlp_layer_init(10, NMLP_ACTIVATION_IDENTITY)};
    const nmlp_net_options options =
        nmlp_net_options_init(784, 64, NMLP_LOSS_SOFTMAX_CROSS_ENTROPY);
    nmlp_net *net, *frozen;
    CHECK_OK(nmlp_net_create(&options, layers, 3, &net));
    CHECK_OK(nmlp_net_freeze(net, &frozen));
    const size_t parameters = sizeof(float) * nmlp_net_parameter_count(net);
    const size_t whole = nmlp_net_memory_bytes(net), bytes = nmlp_net_memory_bytes(frozen);
    CHECK_THAT(bytes <= whole / 4, "%zu bytes of %zu", bytes, whole);
    CHECK_THAT(bytes >= parameters && bytes <= parameters + parameters / 8 + (2 << 20),
               "%zu bytes for %zu of parameters", bytes, parameters);
    nmlp_net_destroy(net);
    nmlp_net_destroy(frozen);
}

static void test_freeze__bad_arguments(void)
{
    const nmlp_layer layer = nmlp_layer_init(1, NMLP_ACTIVATION_IDENTITY);
    const nmlp_net_options options = nmlp_net_options_init(1, 1, NMLP_LOSS_MEAN_SQUARED_ERROR);
    nmlp_net *net, *frozen;
    CHECK_OK(nmlp_net_create(&options, &layer, 1, &net));
    frozen = net;
    CHECK_STATUS(NMLP_ERROR_INVALID_ARGUMENT, nmlp_net_freeze(NULL, &frozen));
    CHECK(frozen == NULL);
    CHECK_STATUS(NMLP_ERROR_INVALID_ARGUMENT, nmlp_net_freeze(net, NULL));
    nmlp_net_destroy(net);
}

int main(void)
{
    test_begin("test_frozen");
    data_fill(2, -1, 1, features, COUNT_OF(features));
    for (int32_t i = 0; i < ROWS; i++) labels[i] = i % OUTPUTS;
    RUN(test_freeze__same_answers);
    RUN(test_create_frozen__answers_by_what_is_written);
    RUN(test_freeze__a_quarter_of_the_memory);
    RUN(test_freeze__bad_arguments);
    return test_end("test_frozen");
}
