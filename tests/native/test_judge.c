/* SPDX-License-Identifier: MIT
 *
 * Steps that must not be applied change nothing, and the library reports their cause. */
#include "judged_net.h"

static bool state_finite(const state *s)
{
    const float *all = s->values[0][0];
    for (size_t i = 0; i < sizeof s->values / sizeof(float); i++)
        if (!isfinite(all[i])) return false;
    return true;
}

/* ------------------------------------------------------------------ everything */

static int refused, applied;

static void one_hostile_step(nmlp_net *net, const nmlp_batch *batch,
                             const nmlp_optimizer *optimizer, const char *what)
{
    const state before = read_state(net);
    const nmlp_fault fault = fault_of(net, batch, optimizer);
    const state looked = read_state(net);
    CHECK_THAT(same(&before, &looked), "%s: the search has changed something", what);
    nmlp_result result = nmlp_result_init();
    CHECK_OK(nmlp_net_train_step(net, batch, optimizer, &result));
    const state after = read_state(net);
    if (isfinite(result.loss)) {
        applied++;
        CHECK_THAT(fault.kind == NMLP_NONFINITE_NONE, "%s: fault %d, but applied", what,
                   (int)fault.kind);
        CHECK_THAT(state_finite(&after), "%s: applied, but not finite", what);
        CHECK_THAT(after.optimizer_state.steps ==
                       (before.optimizer_state.optimizer_kind == optimizer->kind
                            ? before.optimizer_state.steps
                            : 0) +
                           1,
                   "%s: not counted", what);
    } else {
        refused++;
        CHECK_THAT(fault.kind != NMLP_NONFINITE_NONE, "%s: refused without a cause", what);
        CHECK_THAT(same(&before, &after), "%s: refused, but something has changed", what);
    }
}

/* Features, rates, weights and penalties up to the limit of floats, alone and combined. */
static void hostile_steps(nmlp_net *net, nmlp_optimizer optimizer, const char *what)
{
    static const float sizes[] = {1, 1e10f, 1e19f, 1e30f, 3e38f};
    static const double rates[] = {0.01, 1e20, 1e38};
    float features[ROWS * INPUTS], weights[ROWS];
    static const int32_t labels[ROWS] = {0, 1, 2, 1, 0};
    nmlp_batch batch = batch_of(features, labels);
    const double l2s[] = {optimizer.l2, 1e38};
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        for (size_t r = 0; r < COUNT_OF(rates); r++)
            for (size_t p = 0; p < COUNT_OF(l2s); p++)
                for (int32_t other = 0; other < 2; other++) {
                    data_fill(7, -1, 1, features, ROWS * INPUTS);
                    features[4] = sizes[i];
                    for (size_t row = 0; row < ROWS; row++) weights[row] = row == 2 ? 1e37f : 1;
                    batch.weights = weights;
                    batch.weight_count = r == 1 ? ROWS : 0;
                    nmlp_optimizer hostile = optimizer;
                    hostile.kind = (optimizer.kind + other) % KINDS;
                    hostile.learning_rate = rates[r];
                    if (hostile.kind == NMLP_OPTIMIZER_ADAMW) hostile.decay = 0.5;
                    if (r > 0) hostile.decay = 0;
                    hostile.l2 = l2s[p];
                    one_hostile_step(net, &batch, &hostile, what);
                }
}

static void test_step__never_half_applied(void)
{
    for (int32_t rule = 0; rule < NMLP_RULE_COUNT; rule++)
        for (int32_t loss = 0; loss < LOSSES; loss++)
            for (int32_t norm = 0; norm < NORMS; norm++)
                for (int clip = 0; clip < CLIPS; clip++) {
                    char what[80];
                    (void)snprintf(what, sizeof what, "optimizer %d loss %d norm %d clip %d",
                                   (int)rule, (int)loss, (int)norm, clip);
                    nmlp_net *net = two_layers(loss, norm);
                    nmlp_optimizer optimizer = optimizer_of(rule);
                    if (clip == 1) optimizer.clip_norm = 1;
                    if (clip == 2) optimizer.clip_value = 0.1;
                    if (clip == 3) optimizer.max_norm = 2;
                    float features[ROWS * INPUTS];
                    static const int32_t labels[ROWS] = {2, 1, 0, 1, 2};
                    data_fill(3, -1, 1, features, ROWS * INPUTS);
                    const nmlp_batch batch = batch_of(features, labels);
                    nmlp_result result = nmlp_result_init();
                    for (int i = 0; i < 2; i++)
                        CHECK_OK(nmlp_net_train_step(net, &batch, &optimizer, &result));
                    CHECK_THAT(isfinite(result.loss), "%s: loss %g", what, result.loss);
                    hostile_steps(net, optimizer, what);
                    nmlp_net_destroy(net);
                }
    CHECK_THAT(refused > 1000 && applied > 1000, "%d refused, %d applied", refused, applied);
}

/* ----------------------------------------------------------------- total weight */

static void check_total_refused(nmlp_net *net, const nmlp_batch *batch, size_t row)
{
    const nmlp_optimizer adam = optimizer_of(NMLP_OPTIMIZER_ADAM);
    const state before = read_state(net);
    nmlp_result result = nmlp_result_init();
    CHECK_STATUS(NMLP_ERROR_INVALID_ARGUMENT, nmlp_net_train_step(net, batch, &adam, &result));
    CHECK_STATUS(NMLP_ERROR_INVALID_ARGUMENT, nmlp_net_gradient(net, batch, 0, &result));
    CHECK_STATUS(NMLP_ERROR_INVALID_ARGUMENT, nmlp_net_evaluate(net, batch, 1, &result));
    const nmlp_fault fault = fault_of(net, batch, NULL);
    check_fault(&fault, NMLP_NONFINITE_TOTAL_WEIGHT, 0, row, 0);
    const state after = read_state(net);
    CHECK(same(&before, &after));
}

static void test_total__class_weights_all_zero(void)
{
    static const float class_weights[OUTPUTS] = {1, 0, 1};
    for (int smoothed = 0; smoothed < 2; smoothed++) {
        const nmlp_layer layer = {.struct_size = sizeof layer, .outputs = OUTPUTS};
        const nmlp_net_options options = {.inputs = INPUTS,
                                          .max_batch = ROWS,
                                          .label_smoothing = smoothed ? 0.1f : 0,
                                          .class_weights = class_weights,
                                          .class_weight_count = OUTPUTS};
        nmlp_net *net = make(&options, &layer, 1);
        float features[ROWS * INPUTS];
        data_fill(3, -1, 1, features, ROWS * INPUTS);
        static const int32_t guilty[ROWS] = {1, 1, 1, 1, 1}, good[ROWS] = {0, 1, 1, 1, 1};
        const nmlp_batch bad = batch_of(features, guilty), fine = batch_of(features, good);
        check_total_refused(net, &bad, 0);
        const nmlp_fault none = fault_of(net, &fine, NULL);
        check_fault(&none, NMLP_NONFINITE_NONE, 0, 0, 0);
        nmlp_net_destroy(net);
    }
}

/* All scores are 0 and one row counts, so the loss is log(3). */
static void test_total__mixed_classes_mean_over_those_that_count(void)
{
    static const float class_weights[OUTPUTS] = {1, 0, 1};
    const nmlp_layer layer = {
        .struct_size = sizeof layer, .outputs = OUTPUTS, .init = NMLP_INIT_ZEROS};
    const nmlp_net_options options = {.inputs = INPUTS,
                                      .max_batch = ROWS,
                                      .class_weights = class_weights,
                                      .class_weight_count = OUTPUTS};
    nmlp_net *net = make(&options, &layer, 1);
    const float features[ROWS * INPUTS] = {0};
    static const int32_t labels[ROWS] = {1, 0, 1, 1, 1};
    const nmlp_batch batch = batch_of(features, labels);
    nmlp_result result = nmlp_result_init();
    CHECK_OK(nmlp_net_evaluate(net, &batch, 1, &result));
    CHECK_NEAR("loss", 0, 1.0986122886681098, result.loss, 1e-6);
    nmlp_net_destroy(net);
}

static void test_total__sample_weights(void)
{
    static const struct {
        float weight;
        size_t heavy_row;
        float heavy;
    } cases[] = {{1e-45f, 0, 1e-45f}, {0, 0, 0}, {1e-40f, 3, 2e-40f}, {1e38f, 2, 1.1e38f}};
    for (int32_t loss = 0; loss < LOSSES; loss++)
        for (size_t c = 0; c < COUNT_OF(cases); c++) {
            nmlp_net *net = two_layers(loss, NMLP_NORM_NONE);
            float features[ROWS * INPUTS], weights[ROWS];
            static const int32_t labels[ROWS] = {0, 1, 2, 1, 0};
            data_fill(3, -1, 1, features, ROWS * INPUTS);
            for (size_t i = 0; i < ROWS; i++) weights[i] = cases[c].weight;
            weights[cases[c].heavy_row] = cases[c].heavy;
            nmlp_batch batch = batch_of(features, labels);
            batch.weights = weights;
            batch.weight_count = ROWS;
            check_total_refused(net, &batch, cases[c].heavy_row);
            nmlp_net_destroy(net);
        }
}

/* The total is twice the smallest normal float. The gradient is that of equal weights, except for
 * rounding. */
static void test_total__just_normal_is_applied(void)
{
    const nmlp_optimizer sgd = optimizer_of(NMLP_OPTIMIZER_SGD);
    float features[ROWS * INPUTS], weights[ROWS], expected[INPUTS * HIDDEN], w[INPUTS * HIDDEN];
    static const int32_t labels[ROWS] = {0, 1, 2, 1, 0};
    data_fill(3, -1, 1, features, ROWS * INPUTS);
    nmlp_batch batch = batch_of(features, labels);
    nmlp_net *equal = two_layers(0, NMLP_NORM_NONE), *net = two_layers(0, NMLP_NORM_NONE);
    nmlp_result result = nmlp_result_init();
    CHECK_OK(nmlp_net_train_step(equal, &batch, &sgd, &result));
    const double loss = result.loss;
    for (size_t i = 0; i < ROWS; i++) weights[i] = 2 * FLT_MIN;
    batch.weights = weights;
    batch.weight_count = ROWS;
    CHECK_OK(nmlp_net_train_step(net, &batch, &sgd, &result));
    CHECK_NEAR("loss", 0, loss, result.loss, 1e-6);
    CHECK_OK(nmlp_net_read(equal, 0, 0, expected, INPUTS * HIDDEN));
    CHECK_OK(nmlp_net_read(net, 0, 0, w, INPUTS * HIDDEN));
    for (size_t i = 0; i < INPUTS * HIDDEN; i++) CHECK_NEAR("w", i, expected[i], w[i], 1e-7);
    nmlp_net_destroy(equal);
    nmlp_net_destroy(net);
}

int main(void)
{
    test_begin("test_judge");
    RUN(test_step__never_half_applied);
    RUN(test_total__class_weights_all_zero);
    RUN(test_total__mixed_classes_mean_over_those_that_count);
    RUN(test_total__sample_weights);
    RUN(test_total__just_normal_is_applied);
    return test_end("test_judge");
}
