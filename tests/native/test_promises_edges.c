/* SPDX-License-Identifier: MIT
 *
 * The limits of the promises of nmlp.h: empty arrays, allowed overlaps, and limits of numbers. */
#include "promises.h"

/* ------------------------------------------------------------------------- empty arrays
 * There is no data, so pointers may be NULL, and any number of empty rows is no work. */

static void test_empty_products__nothing_done(void)
{
    const size_t h = HUGE_COUNT;
    const size_t sizes[][3] = {{h, 0, 0}, {0, h, 0}, {0, 0, h}, {0, 0, 0}};
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        for (int32_t t = 0; t < 4; t++) {
            const size_t m = sizes[i][0], n = sizes[i][1], k = sizes[i][2];
            CHECK_OK(nmlp_gemm(m, n, k, t & 1, t >> 1, 1, NULL, 0, NULL, 0, 1, NULL, 0, t));
            CHECK_OK(nmlp_dense_forward(m, n, k, NMLP_ACTIVATION_TANH, 0, NULL, 0, NULL, 0, NULL, 0,
                                        NULL, 0, t));
            CHECK_OK(nmlp_dense_backward(m, n, k, NMLP_ACTIVATION_TANH, 0, NULL, 0, NULL, 0, NULL,
                                         0, NULL, 0, NULL, 0, 0, NULL, 0, 0, NULL, 0, t));
        }
}

/* A sum of nothing is 0. */
static void test_empty_sums__zeros(void)
{
    float a[6], b[6], c[6];
    const float zeros[6] = {0}, ones[6] = {1, 1, 1, 1, 1, 1};
    memcpy(a, ones, sizeof a);
    CHECK_OK(nmlp_gemm(2, 3, 0, 0, 0, 1, NULL, 0, NULL, 3, 0, a, 3, 1));
    CHECK_BITS("gemm without k", zeros, a, 6);
    memcpy(a, ones, sizeof a), memcpy(b, ones, sizeof b), memcpy(c, ones, sizeof c);
    CHECK_OK(nmlp_dense_backward(0, 2, 3, NMLP_ACTIVATION_RELU, 0, NULL, 3, ones, 2, NULL, 2, NULL,
                                 2, NULL, 3, 0, a, 2, 6, b, 2, 1));
    CHECK_BITS("dW without rows", zeros, a, 6);
    CHECK_BITS("db without rows", zeros, b, 2);
    CHECK_OK(nmlp_dense_backward(2, 0, 3, NMLP_ACTIVATION_RELU, 0, ones, 3, NULL, 0, NULL, 0, NULL,
                                 0, c, 3, 6, NULL, 0, 0, NULL, 0, 1));
    CHECK_BITS("dX without outputs", zeros, c, 6);
    memcpy(a, ones, sizeof a);
    CHECK_OK(nmlp_dense_backward(2, 2, 0, NMLP_ACTIVATION_IDENTITY, 0, NULL, 0, NULL, 2, ones, 2, a,
                                 2, NULL, 0, 0, NULL, 2, 0, b, 2, 1));
    CHECK(b[0] == 2 && b[1] == 2); /* db, although there is no input */
}

static void test_empty_rows__nothing_done(void)
{
    const size_t h = HUGE_COUNT, sizes[][2] = {{h, 0}, {0, h}, {0, 0}};
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        for (int32_t threads = 0; threads < 3; threads++) {
            const size_t m = sizes[i][0], n = sizes[i][1];
            CHECK_OK(nmlp_softmax(m, n, NULL, 0, NULL, 0, threads));
            CHECK_OK(nmlp_log_softmax(m, n, NULL, 0, NULL, 0, threads));
            CHECK_OK(nmlp_maxout_forward(m, n, 2, NULL, 0, NULL, 0));
            CHECK_OK(nmlp_maxout_backward(m, n, 2, NULL, 0, NULL, 0, NULL, 0));
            CHECK_OK(nmlp_dropout_mask(1, 1, 0, m, n, 0.5f, NULL));
        }
}

static void test_empty_arrays__nothing_done(void)
{
    for (int32_t a = 0; a < NMLP_ACTIVATION_COUNT; a++) {
        const int32_t status = a == NMLP_ACTIVATION_MAXOUT ? BAD : OK;
        CHECK_STATUS(status, nmlp_activation_forward(a, 0, 0, NULL, NULL));
        CHECK_STATUS(status, nmlp_activation_backward(a, 0, 0, NULL, NULL, NULL));
    }
    for (int32_t kind = 0; kind < NMLP_OPTIMIZER_COUNT; kind++) {
        nmlp_optimizer optimizer = sgd;
        optimizer.kind = kind;
        optimizer.epsilon = 1e-8;
        CHECK_OK(nmlp_optimizer_update(&optimizer, 0, NULL, NULL, NULL, 0, NULL, 0, 0.5, 0.5));
        CHECK_OK(nmlp_optimizer_update_moments(&optimizer, 0, NULL, NULL, NULL, 0, NULL, 0, NULL, 0,
                                               0.5, 0.5));
    }
    CHECK_OK(nmlp_sincospi(0, NULL, NULL, NULL));
    CHECK_OK(nmlp_random_uniform(1, 2, 3, 0, 0, 1, NULL));
    CHECK_OK(nmlp_random_normal(1, 2, 3, 0, 0, 1, NULL));
    CHECK_OK(nmlp_random_permutation(1, 2, 0, NULL));
    double loss;
    size_t correct;
    CHECK_STATUS(BAD,
                 nmlp_softmax_cross_entropy(0, 3, NULL, 3, NULL, NULL, 0, 0, &loss, &correct, 1));
    CHECK_STATUS(BAD,
                 nmlp_softmax_cross_entropy(2, 0, NULL, 0, labels, NULL, 0, 0, &loss, &correct, 1));
}

/* ----------------------------------------------------------------------------- overlaps */

enum { SHARED = 40, SHARED_ROWS = 4, SHARED_COLUMNS = 10 };

static void test_overlaps_allowed__same_bits(void)
{
    float x[SHARED], apart[SHARED], other[SHARED], dy[SHARED], same[SHARED];
    int32_t right[SHARED_ROWS] = {0, 9, 3, 3};
    double loss, loss_same;
    size_t correct, correct_same;
    data_fill(1, -2, 2, x, SHARED);
    data_fill(2, -2, 2, dy, SHARED);
#define IN_PLACE(what, from, call_apart, call_same) \
    do {                                            \
        memcpy(same, from, sizeof same);            \
        CHECK_OK(call_apart);                       \
        CHECK_OK(call_same);                        \
        CHECK_BITS(what, apart, same, SHARED);      \
    } while (0)
    for (int32_t a = 0; a < NMLP_ACTIVATION_MAXOUT; a++) {
        IN_PLACE("activation_forward", x, nmlp_activation_forward(a, 0.5f, SHARED, x, apart),
                 nmlp_activation_forward(a, 0.5f, SHARED, same, same));
        IN_PLACE("activation_backward", dy, nmlp_activation_backward(a, 0.5f, SHARED, x, dy, apart),
                 nmlp_activation_backward(a, 0.5f, SHARED, x, same, same));
    }
    const size_t m = SHARED_ROWS, n = SHARED_COLUMNS;
    IN_PLACE("softmax", x, nmlp_softmax(m, n, x, n, apart, n, 2),
             nmlp_softmax(m, n, same, n, same, n, 2));
    IN_PLACE("log_softmax", x, nmlp_log_softmax(m, n, x, n, apart, n, 2),
             nmlp_log_softmax(m, n, same, n, same, n, 2));
    IN_PLACE("maxout_backward", x, nmlp_maxout_backward(m, n / 2, 2, x, n, dy, n / 2, apart, n),
             nmlp_maxout_backward(m, n / 2, 2, same, n, dy, n / 2, same, n));
    memcpy(apart, x, sizeof apart);
    IN_PLACE("maxout_forward", x, nmlp_maxout_forward(m, n / 2, 2, x, n, apart, n),
             nmlp_maxout_forward(m, n / 2, 2, same, n, same, n));
    IN_PLACE("softmax_cross_entropy", x,
             nmlp_softmax_cross_entropy(m, n, x, n, right, apart, n, SHARED, &loss, &correct, 2),
             nmlp_softmax_cross_entropy(m, n, same, n, right, same, n, SHARED, &loss_same,
                                        &correct_same, 2));
    CHECK(loss == loss_same && correct == correct_same);
    IN_PLACE("sincospi, s", x, nmlp_sincospi(SHARED, x, apart, other),
             nmlp_sincospi(SHARED, same, same, other));
    IN_PLACE("sincospi, c", x, nmlp_sincospi(SHARED, x, other, apart),
             nmlp_sincospi(SHARED, same, other, same));
#undef IN_PLACE
}

/* ------------------------------------------------------------------------------- limits */

static int32_t with_threads(int32_t threads)
{
    float x[2] = {0};
    return nmlp_softmax(1, 2, x, 2, x, 2, threads);
}

static int32_t with_momentum(float momentum)
{
    nmlp_net_options options = good_options;
    nmlp_net *net;
    options.norm_momentum = momentum;
    const int32_t status = nmlp_net_create(&options, &good_layer, 1, &net);
    nmlp_net_destroy(net);
    return status;
}

static void test_limits__last_allowed_and_first_refused(void)
{
    float value;
    int32_t order;
    CHECK_STATUS(OK, with_threads(1024));
    CHECK_STATUS(BAD, with_threads(1025));
    CHECK_STATUS(BAD, with_threads(-1));
    CHECK_STATUS(OK, nmlp_dropout_mask(1, UINT64_MAX, 9999, 1, 1, 0, &value));
    CHECK_STATUS(BAD, nmlp_dropout_mask(1, 1, 10000, 1, 1, 0, &value));
    CHECK_STATUS(BAD, nmlp_dropout_mask(1, 1, 0, 1, 1, 1, &value));
    CHECK_STATUS(OK, nmlp_random_uniform(1, 1, UINT64_MAX - 1, 1, 0, 1, &value));
    CHECK_STATUS(BAD, nmlp_random_uniform(1, 1, UINT64_MAX, 1, 0, 1, &value));
    CHECK_STATUS(OK, nmlp_random_normal(1, 1, UINT64_MAX - 1, 1, 0, 1, &value));
    CHECK_STATUS(BAD, nmlp_random_normal(1, 1, UINT64_MAX, 1, 0, 1, &value));
    CHECK_STATUS(BAD, nmlp_random_permutation(1, 1, (size_t)INT32_MAX + 1, &order));
    CHECK_STATUS(OK, with_momentum(0));
    CHECK_STATUS(OK, with_momentum(1));
    CHECK_STATUS(BAD, with_momentum(nextafterf(1, 2)));
    CHECK_STATUS(BAD, with_momentum(-0.1f));
    CHECK_STATUS(BAD, with_momentum(NAN));
    nmlp_optimizer optimizer = sgd;
    CHECK_STATUS(OK, nmlp_optimizer_defaults(&optimizer, NMLP_OPTIMIZER_ADAMW));
    CHECK_STATUS(BAD, nmlp_optimizer_defaults(&optimizer, NMLP_OPTIMIZER_ADAMW + 1));
    CHECK_STATUS(BAD, nmlp_optimizer_defaults(NULL, NMLP_OPTIMIZER_SGD));
}

/* The counter of the next step must not wrap around to 0. */
static void test_progress_steps__below_2_to_63(void)
{
    nmlp_net *net = make();
    const nmlp_batch batch = good_batch();
    nmlp_optimizer_state progress = {
        .struct_size = sizeof progress, .beta1_power = 1, .beta2_power = 1};
    static const uint64_t refused[] = {UINT64_MAX, UINT64_MAX - 1, (uint64_t)1 << 63};
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        progress.steps = refused[i];
        CHECK_STATUS(BAD, nmlp_net_write_optimizer_state(net, &progress));
    }
    progress.steps = ((uint64_t)1 << 63) - 1;
    CHECK_OK(nmlp_net_write_optimizer_state(net, &progress));
    CHECK_OK(nmlp_net_train_step(net, &batch, &sgd, &result));
    CHECK_OK(nmlp_net_read_optimizer_state(net, &progress));
    CHECK(progress.steps == (uint64_t)1 << 63);
    nmlp_net_destroy(net);
}

static void test_about__text_that_is_never_null(void)
{
    for (int32_t status = NMLP_ERROR_FROZEN - 2; status <= 2; status++)
        CHECK(strlen(nmlp_status_string(status)) > 0);
    CHECK(strcmp(nmlp_status_string(1), "unknown status") == 0);
    CHECK(strcmp(nmlp_status_string(INT32_MIN), "unknown status") == 0);
    CHECK(nmlp_abi_version() == NMLP_ABI_VERSION && nmlp_version() != NULL);
    CHECK(nmlp_isa_name(-1) == NULL && nmlp_isa_name(NMLP_ISA_NEON + 1) == NULL);
    CHECK(nmlp_isa_available(-1) == 0 && nmlp_isa_available(NMLP_ISA_NEON + 1) == 0);
    CHECK(nmlp_isa_available(nmlp_active_isa()) == 1 && nmlp_initialize() == NMLP_OK);
    CHECK(nmlp_parallel_backend() != NULL && nmlp_compiler() != NULL);
    CHECK(nmlp_loss_classes(-1, 3) == 0 && nmlp_loss_classes(NMLP_LOSS_HUBER, 1) == 0);
    CHECK(nmlp_default_threads() >= 1 && nmlp_default_threads() <= 1024);
}

static void test_busy_threads__impossible_number_is_refused(void)
{
    CHECK(nmlp_add_busy_threads(-1) == NMLP_ERROR_INVALID_ARGUMENT);
    CHECK_OK(nmlp_add_busy_threads(INT32_MAX));
    CHECK(nmlp_add_busy_threads(1) == NMLP_ERROR_INVALID_ARGUMENT);
    CHECK(nmlp_add_busy_threads(INT32_MAX) == NMLP_ERROR_INVALID_ARGUMENT);
    CHECK(nmlp_add_busy_threads(INT32_MIN) == NMLP_ERROR_INVALID_ARGUMENT);
    CHECK_OK(nmlp_add_busy_threads(-INT32_MAX));
    CHECK(nmlp_add_busy_threads(-1) == NMLP_ERROR_INVALID_ARGUMENT);
}

int main(void)
{
    test_begin("test_promises_edges");
    data_fill(7, -1, 1, features, ROWS * INPUTS);
    RUN(test_empty_products__nothing_done);
    RUN(test_empty_sums__zeros);
    RUN(test_empty_rows__nothing_done);
    RUN(test_empty_arrays__nothing_done);
    RUN(test_overlaps_allowed__same_bits);
    RUN(test_limits__last_allowed_and_first_refused);
    RUN(test_progress_steps__below_2_to_63);
    RUN(test_about__text_that_is_never_null);
    RUN(test_busy_threads__impossible_number_is_refused);
    return test_end("test_promises_edges");
}
