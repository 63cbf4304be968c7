/* SPDX-License-Identifier: MIT
 *
 * Single causes for which a step is refused, and steps just inside the limits, which are applied
 * according to their formulas. */
#include "judged_net.h"

/* A single output of one input; its bias has no effect. */
static nmlp_net *one_weight(float w)
{
    const nmlp_layer layer = {.struct_size = sizeof layer, .outputs = 1};
    const nmlp_net_options options = {
        .loss = NMLP_LOSS_MEAN_SQUARED_ERROR, .inputs = 1, .max_batch = ROWS};
    nmlp_net *net = make(&options, &layer, 1);
    CHECK_OK(nmlp_net_write(net, NMLP_TENSOR_PARAMETER, 0, &w, 1));
    return net;
}

static nmlp_batch one_row(const float *x, const float *target)
{
    return (nmlp_batch){.struct_size = sizeof(nmlp_batch),
                        .features = x,
                        .feature_rows = 1,
                        .ld = 1,
                        .targets = target,
                        .target_length = 1};
}

/* Checks that a step is refused and changes nothing, and that its cause is reported before and
 * after it. */
static void check_refused(nmlp_net *net, const nmlp_batch *batch, const nmlp_optimizer *optimizer,
                          int32_t kind, size_t layer, size_t row, size_t column)
{
    const state before = read_state(net);
    nmlp_result result = nmlp_result_init();
    CHECK_OK(nmlp_net_train_step(net, batch, optimizer, &result));
    CHECK_THAT(!isfinite(result.loss), "loss %g", result.loss);
    const nmlp_fault fault = fault_of(net, batch, optimizer);
    check_fault(&fault, kind, layer, row, column);
    const state after = read_state(net);
    CHECK(same(&before, &after));
}

/* --------------------------------------------------------------- single causes */

/* s = x*w, loss (s-t)^2, dw = 2*(s-t)*x. */
static void test_gradient__overflows_is_refused(void)
{
    const float x = 1e30f, target = 0;
    for (int32_t kind = 0; kind < KINDS; kind++) {
        nmlp_net *net = one_weight(1e-20f); /* loss 1e20, dw 2e40 */
        const nmlp_batch batch = one_row(&x, &target);
        const nmlp_optimizer optimizer = optimizer_of(kind);
        check_refused(net, &batch, &optimizer, NMLP_NONFINITE_GRADIENT, 0, 0, 0);
        const nmlp_fault fault = fault_of(net, &batch, NULL);
        check_fault(&fault, NMLP_NONFINITE_GRADIENT, 0, 0, 0);
        nmlp_net_destroy(net);
    }
}

static void test_update__overflows_is_refused(void)
{
    const float x = 1, target = 10;
    nmlp_net *net = one_weight(0);
    const nmlp_batch batch = one_row(&x, &target);
    nmlp_optimizer sgd = optimizer_of(NMLP_OPTIMIZER_SGD);
    sgd.learning_rate = 1e38; /* multiplied by 20 */
    check_refused(net, &batch, &sgd, NMLP_NONFINITE_UPDATE, 0, 0, 0);
    const nmlp_fault fault = fault_of(net, &batch, NULL);
    check_fault(&fault, NMLP_NONFINITE_NONE, 0, 0, 0);
    nmlp_net_destroy(net);
}

static void test_update__moment_overflows_is_refused(void)
{
    const float x = 1e20f, target = 0; /* dw = 2e21, whose square is 4e42 */
    static const int32_t kinds[] = {NMLP_OPTIMIZER_ADAGRAD, NMLP_OPTIMIZER_RMSPROP,
                                    NMLP_OPTIMIZER_ADAM, NMLP_OPTIMIZER_ADAMW};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        nmlp_net *net = one_weight(1e-19f);
        const nmlp_batch batch = one_row(&x, &target);
        const nmlp_optimizer optimizer = optimizer_of(kinds[i]);
        check_refused(net, &batch, &optimizer, NMLP_NONFINITE_UPDATE, 0, 0, 0);
        nmlp_net_destroy(net);
    }
}

static void test_penalty__overflows_is_refused(void)
{
    const float x = 0, target = 0;
    nmlp_net *net = one_weight(1e20f);
    const nmlp_batch batch = one_row(&x, &target);
    nmlp_optimizer sgd = optimizer_of(NMLP_OPTIMIZER_SGD);
    sgd.l2 = 1e-30;
    check_refused(net, &batch, &sgd, NMLP_NONFINITE_PENALTY, 0, 0, 0);
    nmlp_net_destroy(net);
}

/* A second moment below 0, which a file may contain, has no square root. */
static void test_update__negative_second_moment_is_refused(void)
{
    const float x = 1, target = 10, negative = -1e6f;
    nmlp_net *net = one_weight(0);
    const nmlp_batch batch = one_row(&x, &target);
    nmlp_optimizer adam = optimizer_of(NMLP_OPTIMIZER_ADAM);
    nmlp_result result = nmlp_result_init();
    CHECK_OK(nmlp_net_train_step(net, &batch, &adam, &result));
    CHECK_OK(nmlp_net_write(net, NMLP_TENSOR_SECOND_MOMENT, 0, &negative, 1));
    check_refused(net, &batch, &adam, NMLP_NONFINITE_UPDATE, 0, 0, 0);
    nmlp_net_destroy(net);
}

/* An infinite running variance from a file stays infinite, regardless of the variance of the
 * batch. */
static void test_statistics__not_finite_is_refused(void)
{
    float features[ROWS * INPUTS], variance[HIDDEN] = {1, 1, INFINITY, 1};
    static const int32_t labels[ROWS] = {0, 1, 2, 1, 0};
    data_fill(5, -1, 1, features, ROWS * INPUTS);
    nmlp_net *net = two_layers(0, NMLP_NORM_BATCH);
    CHECK_OK(nmlp_net_write(net, NMLP_TENSOR_PARAMETER, 5, variance, HIDDEN));
    const nmlp_batch batch = batch_of(features, labels);
    for (int32_t kind = 0; kind < KINDS; kind++) {
        const nmlp_optimizer optimizer = optimizer_of(kind);
        check_refused(net, &batch, &optimizer, NMLP_NONFINITE_UPDATE, 0, INPUTS + 4, 2);
    }
    nmlp_net_destroy(net);
}

/* ------------------------------------------------------------ inside the limits */

static void test_update__near_the_limit_is_applied(void)
{
    static const struct {
        float x, w;
        double rate;
    } cases[] = {{1e18f, 1e-18f, 1e-19}, {1e30f, 1e-25f, 1e-36}, {1e35f, 1e-34f, 1e-37}};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        const float target = 0, rate = (float)cases[c].rate;
        nmlp_net *net = one_weight(cases[c].w);
        const nmlp_batch batch = one_row(&cases[c].x, &target);
        nmlp_optimizer sgd = optimizer_of(NMLP_OPTIMIZER_SGD);
        sgd.learning_rate = cases[c].rate;
        nmlp_result result = nmlp_result_init();
        CHECK_OK(nmlp_net_train_step(net, &batch, &sgd, &result));
        const double s = (double)cases[c].x * cases[c].w;
        const double expected = cases[c].w - (double)rate * 2 * s * cases[c].x;
        float w;
        CHECK_OK(nmlp_net_read(net, 0, 0, &w, 1));
        CHECK_NEAR("loss", c, s * s, result.loss, 4 * EPS * s * s);
        CHECK_NEAR("w", c, expected, w, 4 * EPS * fabs(expected));
        nmlp_net_destroy(net);
    }
}

/* The norm of a gradient is accurate even if the squares overflow floats. */
static void test_clip__norm_beyond_squares(void)
{
    const float x = 1e25f, target = 0; /* s = 1, dw = 2e25, db = 2 */
    nmlp_net *net = one_weight(1e-25f);
    const nmlp_batch batch = one_row(&x, &target);
    nmlp_optimizer sgd = optimizer_of(NMLP_OPTIMIZER_SGD);
    sgd.learning_rate = 1;
    sgd.clip_norm = 0.5;
    nmlp_result result = nmlp_result_init();
    CHECK_OK(nmlp_net_train_step(net, &batch, &sgd, &result));
    CHECK_NEAR("norm", 0, 2e25, result.gradient_norm, 1e19);
    float w;
    CHECK_OK(nmlp_net_read(net, 0, 0, &w, 1));
    CHECK_NEAR("w", 0, -0.5, w, 1e-6);
    nmlp_net_destroy(net);
}

/* A column of 1e20 and 1e20 is scaled to the norm 2, not to 0. */
static void test_max_norm__column_beyond_squares(void)
{
    float features[ROWS * INPUTS] = {0}, w[INPUTS * OUTPUTS] = {0};
    static const int32_t labels[ROWS] = {0, 1, 2, 1, 0};
    const nmlp_layer layer = {.struct_size = sizeof layer, .outputs = OUTPUTS};
    const nmlp_net_options options = {.inputs = INPUTS, .max_batch = ROWS};
    nmlp_net *net = make(&options, &layer, 1);
    w[0] = w[OUTPUTS] = 1e20f;
    w[1] = 1;
    CHECK_OK(nmlp_net_write(net, 0, 0, w, INPUTS * OUTPUTS));
    const nmlp_batch batch = batch_of(features, labels);
    nmlp_optimizer sgd = optimizer_of(NMLP_OPTIMIZER_SGD);
    sgd.max_norm = 2;
    nmlp_result result = nmlp_result_init();
    CHECK_OK(nmlp_net_train_step(net, &batch, &sgd, &result));
    CHECK_OK(nmlp_net_read(net, 0, 0, w, INPUTS * OUTPUTS));
    CHECK_NEAR("w", 0, sqrt(2), w[0], 1e-6);
    CHECK_NEAR("w", 1, sqrt(2), w[OUTPUTS], 1e-6);
    CHECK(w[1] == 1);
    nmlp_net_destroy(net);
}

/* Applies one step of plain gradient descent to these parameters, with these gradients of the
 * weight and the bias. */
static void descend(const nmlp_optimizer *sgd, float parameters[2], const float gradients[2])
{
    nmlp_net *net = one_weight(0);
    CHECK_OK(nmlp_net_write_block(net, NMLP_TENSOR_PARAMETER, parameters, 2));
    CHECK_OK(nmlp_net_write_block(net, NMLP_TENSOR_GRADIENT, gradients, 2));
    CHECK_OK(nmlp_net_apply(net, sgd));
    CHECK_OK(nmlp_net_read_block(net, NMLP_TENSOR_PARAMETER, parameters, 2));
    nmlp_net_destroy(net);
}

/* The factor is smaller than any positive float, but its product with the gradient is not. */
static void test_clip__factor_below_floats(void)
{
    static const float sizes[] = {1e10f, 1e20f, 1e38f}, mosts[] = {1e-20f, 1e-30f, 1.2e-38f};
    nmlp_optimizer sgd = nmlp_optimizer_init(NMLP_OPTIMIZER_SGD);
    sgd.learning_rate = 1;
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        for (size_t c = 0; c < COUNT_OF(mosts); c++) {
            const float gradients[2] = {0.75f * sizes[i], -sizes[i]};
            float parameters[2] = {0, 0};
            sgd.clip_norm = (double)mosts[c];
            descend(&sgd, parameters, gradients);
            const double most = (double)mosts[c];
            CHECK_NEAR("weight", i, -0.6 * most, parameters[0], 2 * EPS * most + TINY);
            CHECK_NEAR("bias", i, 0.8 * most, parameters[1], 2 * EPS * most + TINY);
        }
}

/* Squares that underflow to 0 in floats. The formula in nmlp.h is clip_norm / (norm + 1e-6). */
static void test_clip__squares_below_floats(void)
{
    nmlp_optimizer sgd = nmlp_optimizer_init(NMLP_OPTIMIZER_SGD);
    const float gradients[2] = {3e-25f, 4e-25f};
    float parameters[2] = {0, 0};
    sgd.learning_rate = 1;
    sgd.clip_norm = 1e-25;
    descend(&sgd, parameters, gradients);
    CHECK_NEAR("weight", 0, -3e-25 * 1e-25 / (5e-25 + 1e-6), parameters[0], TINY);
    sgd.clip_norm = 6e-25; /* larger than the norm of the gradient */
    parameters[0] = parameters[1] = 0;
    descend(&sgd, parameters, gradients);
    CHECK(parameters[0] == -3e-25f && parameters[1] == -4e-25f);
}

static void test_max_norm__factor_or_squares_below_floats(void)
{
    static const float sizes[] = {1e-28f, 1e-20f, 1e10f, 1e38f}, mosts[] = {1e-30f, 1.2e-38f};
    const float gradients[2] = {0, 0};
    nmlp_optimizer sgd = nmlp_optimizer_init(NMLP_OPTIMIZER_SGD);
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        for (size_t m = 0; m < COUNT_OF(mosts); m++) {
            float parameters[2] = {-sizes[i], sizes[i]};
            sgd.max_norm = (double)mosts[m];
            descend(&sgd, parameters, gradients);
            const double most = (double)mosts[m];
            CHECK_NEAR("weight", i, -most, parameters[0], 2 * EPS * most + TINY);
            CHECK(parameters[1] == sizes[i]); /* biases are not scaled */
        }
}

/* A weight of 1e37 that is multiplied only by zeros prevents every proof and does not change any
 * other bit. */
static void test_update__same_bits_in_two_passes(void)
{
    float features[ROWS * INPUTS];
    static const int32_t labels[ROWS] = {0, 1, 2, 1, 0};
    data_fill(5, -1, 1, features, ROWS * INPUTS);
    for (size_t i = 0; i < ROWS; i++) features[i * INPUTS + 2] = 0;
    const nmlp_batch batch = batch_of(features, labels);
    for (int32_t rule = 0; rule < NMLP_RULE_COUNT; rule++)
        for (int32_t norm = 0; norm < NORMS; norm++) {
            const nmlp_optimizer optimizer = optimizer_of(rule);
            state states[2];
            for (int passes = 0; passes < 2; passes++) {
                nmlp_net *net = two_layers(0, norm);
                float w[INPUTS * HIDDEN];
                CHECK_OK(nmlp_net_read(net, 0, 0, w, INPUTS * HIDDEN));
                for (size_t j = 0; j < HIDDEN; j++) w[2 * HIDDEN + j] = passes == 1 ? 1e37f : 0;
                CHECK_OK(nmlp_net_write(net, 0, 0, w, INPUTS * HIDDEN));
                nmlp_result result = nmlp_result_init();
                for (int i = 0; i < 3; i++)
                    CHECK_OK(nmlp_net_train_step(net, &batch, &optimizer, &result));
                CHECK(isfinite(result.loss));
                states[passes] = read_state(net);
                memset(states[passes].values[0][0] + 2 * HIDDEN, 0, HIDDEN * sizeof(float));
                nmlp_net_destroy(net);
            }
            CHECK_THAT(same(&states[0], &states[1]), "optimizer %d, norm %d", (int)rule, (int)norm);
        }
}

int main(void)
{
    test_begin("test_judge_limits");
    RUN(test_gradient__overflows_is_refused);
    RUN(test_update__overflows_is_refused);
    RUN(test_update__moment_overflows_is_refused);
    RUN(test_penalty__overflows_is_refused);
    RUN(test_update__negative_second_moment_is_refused);
    RUN(test_statistics__not_finite_is_refused);
    RUN(test_update__near_the_limit_is_applied);
    RUN(test_clip__norm_beyond_squares);
    RUN(test_max_norm__column_beyond_squares);
    RUN(test_clip__factor_below_floats);
    RUN(test_clip__squares_below_floats);
    RUN(test_max_norm__factor_or_squares_below_floats);
    RUN(test_update__same_bits_in_two_passes);
    return test_end("test_judge_limits");
}
