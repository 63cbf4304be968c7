/* SPDX-License-Identifier: MIT
 *
 * Another thread changes labels and indices while they are in use, which callers must not do. The
 * results are meaningless, and statuses may report this, but nothing outside the arrays is
 * accessed. The test is for the address sanitizer; without it, arrays end at a guard page. */
#include "test_support.h"

#if defined(__SANITIZE_THREAD__)
#define RACES_ARE_REPORTED 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define RACES_ARE_REPORTED 1
#endif
#endif

#if defined(RACES_ARE_REPORTED)
int main(void) { return 77; }
#else

enum { INPUTS = 6, OUTPUTS = 40, ROWS = 64, CALLS = 4000 };

static float features[ROWS * INPUTS], y[ROWS * OUTPUTS];
static int32_t labels[ROWS], indices[ROWS];
static _Atomic bool ended;

static void hammer(void *unused)
{
    volatile int32_t *const index = indices, *const label = labels;
    (void)unused;
    for (uint32_t i = 0; !ended; i++) {
        const size_t at = i * 7 % ROWS;
        index[at] = i % 3 == 0 ? INT32_MAX / 64 : (int32_t)(i % ROWS);
        label[at] = i % 5 == 0 ? INT32_MAX / 64 : (int32_t)(i % OUTPUTS);
        index[at] = (int32_t)(i % ROWS);
        label[at] = (int32_t)(i % OUTPUTS);
    }
}

static nmlp_net *net_of(int32_t loss)
{
    static const float class_weights[OUTPUTS] = {1, 2, 3};
    const nmlp_layer layer = {.struct_size = sizeof layer, .outputs = OUTPUTS};
    const nmlp_net_options options = {.struct_size = sizeof options,
                                      .loss = loss,
                                      .inputs = INPUTS,
                                      .max_batch = ROWS,
                                      .threads = 1,
                                      .class_weights = class_weights,
                                      .class_weight_count =
                                          loss == NMLP_LOSS_SOFTMAX_CROSS_ENTROPY ? OUTPUTS : 0};
    nmlp_net *net = NULL;
    if (!CHECK_OK(nmlp_net_create(&options, &layer, 1, &net))) exit(test_end("test_taken"));
    CHECK_OK(nmlp_net_initialize(net, 1));
    return net;
}

static bool expected(int32_t status)
{
    return status == NMLP_OK || status == NMLP_ERROR_INDEX_RANGE ||
           status == NMLP_ERROR_LABEL_RANGE || status == NMLP_ERROR_INVALID_ARGUMENT;
}

static void call_all(nmlp_net *net, const nmlp_batch *batch)
{
    const nmlp_optimizer sgd = {
        .struct_size = sizeof sgd, .kind = NMLP_OPTIMIZER_SGD, .learning_rate = 1e-6};
    nmlp_result result = nmlp_result_init();
    nmlp_fault fault = {.struct_size = sizeof fault};
    size_t correct;
    double loss;
    CHECK(expected(nmlp_net_train_step(net, batch, &sgd, &result)));
    CHECK(expected(nmlp_net_gradient(net, batch, 0, &result)));
    CHECK(expected(nmlp_net_evaluate(net, batch, 1, &result)));
    CHECK(expected(nmlp_net_find_nonfinite(net, batch, &fault)));
    CHECK(expected(nmlp_net_predict(net, batch, NMLP_OUTPUT_SCORES, y, OUTPUTS, 1)));
    CHECK(expected(nmlp_softmax_cross_entropy(ROWS, OUTPUTS, y, OUTPUTS, batch->labels, NULL, 0, 0,
                                              &loss, &correct, 1)));
}

static void test_batch__changed_by_another_thread(void)
{
    for (int32_t loss = 0; loss <= NMLP_LOSS_MULTICLASS_HINGE; loss++) {
        nmlp_net *net = net_of(loss);
        const nmlp_batch batch = {.struct_size = sizeof batch,
                                  .features = features,
                                  .feature_rows = ROWS,
                                  .ld = INPUTS,
                                  .indices = indices,
                                  .index_count = ROWS,
                                  .labels = labels,
                                  .label_count = ROWS};
        ended = false;
        test_thread thread;
        thread_start(&thread, hammer, NULL);
        for (int i = 0; i < CALLS; i++) call_all(net, &batch);
        ended = true;
        thread_join(&thread);
        nmlp_net_destroy(net);
    }
}

int main(void)
{
    test_begin("test_taken");
    data_fill(1, -1, 1, features, ROWS * INPUTS);
    RUN(test_batch__changed_by_another_thread);
    return test_end("test_taken");
}
#endif
