/* SPDX-License-Identifier: MIT
 *
 * Steps that must not be applied change nothing and have a cause; those just inside the limits are
 * applied, as their formulas say. */
#include "optimizer_rules.h"
#include "test_support.h"

#include <stddef.h>

enum { INPUTS = 3, HIDDEN = 4, OUTPUTS = 3, ROWS = 5, MOST_TENSOR = 16, MOST_TENSORS = 12 };
enum { KINDS = 7, LOSSES = 5, NORMS = 3, CLIPS = 4 };

static nmlp_optimizer optimizer_of(int32_t rule)
{
    nmlp_optimizer optimizer = optimizer_of_rule(rule);
    optimizer.learning_rate = 0.01;
    optimizer.momentum = 0.9;
    optimizer.epsilon = 1e-8;
    return optimizer;
}

static nmlp_net *make(const nmlp_net_options *options, const nmlp_layer *layers, size_t count)
{
    nmlp_net_options all = *options;
    all.struct_size = sizeof all;
    all.threads = 1;
    nmlp_net *net = NULL;
    if (!CHECK_OK(nmlp_net_create(&all, layers, count, &net))) exit(test_end("test_judge"));
    CHECK_OK(nmlp_net_initialize(net, 1));
    return net;
}

static nmlp_net *two_layers(int32_t loss, int32_t norm)
{
    const nmlp_layer layers[] = {{.struct_size = sizeof layers[0],
                                  .activation = NMLP_ACTIVATION_RELU,
                                  .outputs = HIDDEN,
                                  .norm = norm},
                                 {.struct_size = sizeof layers[0], .outputs = OUTPUTS}};
    const nmlp_net_options options = {
        .loss = loss, .inputs = INPUTS, .max_batch = ROWS, .norm_momentum = 0.1f};
    return make(&options, layers, 2);
}

/* One sum of one input, without a bias that matters. */
static nmlp_net *one_weight(float w)
{
    const nmlp_layer layer = {.struct_size = sizeof layer, .outputs = 1};
    const nmlp_net_options options = {
        .loss = NMLP_LOSS_MEAN_SQUARED_ERROR, .inputs = 1, .max_batch = ROWS};
    nmlp_net *net = make(&options, &layer, 1);
    CHECK_OK(nmlp_net_write(net, NMLP_TENSOR_PARAMETER, 0, &w, 1));
    return net;
}

static nmlp_batch batch_of(const float *features, const int32_t *labels)
{
    return (nmlp_batch){.struct_size = sizeof(nmlp_batch),
                        .features = features,
                        .feature_rows = ROWS,
                        .ld = INPUTS,
                        .labels = labels,
                        .label_count = ROWS};
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

/* -------------------------------------------------------------- all of a network */

typedef struct state {
    float values[5][MOST_TENSORS][MOST_TENSOR];
    nmlp_optimizer_state optimizer_state;
} state;

static state read_state(nmlp_net *net)
{
    state s;
    memset(&s, 0, sizeof s);
    s.optimizer_state.struct_size = sizeof s.optimizer_state;
    size_t rows, columns;
    for (size_t t = 0; nmlp_net_tensor_shape(net, t, &rows, &columns) == NMLP_OK; t++)
        for (int32_t kind = 0; kind < 5; kind++)
            (void)nmlp_net_read(net, kind, t, s.values[kind][t], rows * columns);
    CHECK_OK(nmlp_net_read_optimizer_state(net, &s.optimizer_state));
    return s;
}

static bool state_finite(const state *s)
{
    const float *all = s->values[0][0];
    for (size_t i = 0; i < sizeof s->values / sizeof(float); i++)
        if (!isfinite(all[i])) return false;
    return true;
}

static bool same(const state *a, const state *b)
{
    return memcmp(a->values, b->values, sizeof a->values) == 0 &&
           a->optimizer_state.steps == b->optimizer_state.steps &&
           a->optimizer_state.optimizer_kind == b->optimizer_state.optimizer_kind &&
           memcmp(&a->optimizer_state.beta1_power, &b->optimizer_state.beta1_power,
                  2 * sizeof(double)) == 0;
}

static nmlp_fault fault_of(nmlp_net *net, const nmlp_batch *batch, const nmlp_optimizer *optimizer)
{
    nmlp_fault fault = {.struct_size = sizeof fault};
    if (optimizer != NULL)
        CHECK_OK(nmlp_net_find_nonfinite_update(net, batch, optimizer, &fault));
    else
        CHECK_OK(nmlp_net_find_nonfinite(net, batch, &fault));
    return fault;
}

static void check_fault(const nmlp_fault *fault, int32_t kind, size_t layer, size_t row,
                        size_t column)
{
    CHECK_THAT(fault->kind == kind && fault->layer == layer && fault->row == row &&
                   fault->column == column,
               "fault %d at layer %zu, row %zu, column %zu; expected %d at %zu, %zu, %zu",
               (int)fault->kind, fault->layer, fault->row, fault->column, (int)kind, layer, row,
               column);
}

/* A step that is refused: nothing changes, before and after it is said why. */
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

/* Features, rates, weights and penalties up to the end of floats, alone and together. */
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

/* Scores that are all 0 and one row that counts: the loss is log(3). */
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

/* Twice the least normal float in all: the gradient is that of equal weights, but for rounding. */
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
    sgd.learning_rate = 1e38; /* times 20 */
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

/* A second moment below 0, as a file may bring it, has no root. */
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

/* A running variance that a file has brought stays infinite, whatever the batch's is. */
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

/* Where the gradient's squares do not fit in floats its norm is as right as ever. */
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

/* A column of 1e20 and 1e20 is shortened to 2, not to 0. */
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

/* A weight of 1e37 that only meets zeros forbids every proof, and changes no other bit. */
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
    test_begin("test_judge");
    RUN(test_step__never_half_applied);
    RUN(test_total__class_weights_all_zero);
    RUN(test_total__mixed_classes_mean_over_those_that_count);
    RUN(test_total__sample_weights);
    RUN(test_total__just_normal_is_applied);
    RUN(test_gradient__overflows_is_refused);
    RUN(test_update__overflows_is_refused);
    RUN(test_update__moment_overflows_is_refused);
    RUN(test_penalty__overflows_is_refused);
    RUN(test_update__negative_second_moment_is_refused);
    RUN(test_statistics__not_finite_is_refused);
    RUN(test_update__near_the_limit_is_applied);
    RUN(test_clip__norm_beyond_squares);
    RUN(test_max_norm__column_beyond_squares);
    RUN(test_update__same_bits_in_two_passes);
    return test_end("test_judge");
}
