/* SPDX-License-Identifier: MIT
 *
 * The options of an optimizer in a network: the range of each, their effect on the first step, and
 * the allocation of third moments. */
#include "ops/optimizer.h"
#include "optimizer_rules.h"
#include "test_support.h"

#include <stddef.h>

enum { KINDS = NMLP_OPTIMIZER_COUNT, BAD = NMLP_ERROR_INVALID_ARGUMENT };

/* A single output of one input and a bias, which is initially 2. */
static nmlp_net *make_net(float w, float b)
{
    const nmlp_layer layer = nmlp_layer_init(1, NMLP_ACTIVATION_IDENTITY);
    const nmlp_net_options options = nmlp_net_options_init(1, 1, NMLP_LOSS_MEAN_SQUARED_ERROR);
    nmlp_net *net = NULL;
    if (!CHECK_OK(nmlp_net_create(&options, &layer, 1, &net)))
        exit(test_end("test_optimizer_options"));
    const float parameters[] = {w, b};
    CHECK_OK(nmlp_net_write_block(net, NMLP_TENSOR_PARAMETER, parameters, 2));
    return net;
}

static nmlp_batch one_row(const float *x, const float *target)
{
    nmlp_batch batch = nmlp_batch_init(x, 1, 1);
    batch.targets = target;
    batch.target_length = 1;
    return batch;
}

static int32_t train(nmlp_net *net, const nmlp_optimizer *optimizer)
{
    const float x = 0, target = 3;
    const nmlp_batch batch = one_row(&x, &target);
    nmlp_result result = nmlp_result_init();
    return nmlp_net_train_step(net, &batch, optimizer, &result);
}

static float bias_of(nmlp_net *net)
{
    float parameters[2];
    CHECK_OK(nmlp_net_read_block(net, NMLP_TENSOR_PARAMETER, parameters, 2));
    return parameters[1];
}

/* ------------------------------------------------------------------------ first steps */

static nmlp_optimizer optimizer_of(int32_t kind)
{
    nmlp_optimizer optimizer = nmlp_optimizer_init(kind);
    optimizer.learning_rate = 0.1;
    return optimizer;
}

/* Only the bias learns; its gradient is 2*(b - 3). `next` computes its next value in double from
 * the number of the step, which begins with 1. */
typedef double next_value(int t, double b, double g);

static void check_bias(const char *what, const nmlp_optimizer *optimizer, next_value *next)
{
    nmlp_net *net = make_net(0.5f, 2);
    double b = 2;
    for (int t = 1; t <= 6; t++) {
        CHECK_OK(train(net, optimizer));
        b = next(t, b, 2 * (b - 3));
        CHECK_NEAR(what, (size_t)t, b, bias_of(net), 4e-6);
    }
    nmlp_net_destroy(net);
}

static double dampened(int t, double b, double g)
{
    static double v;
    v = t == 1 ? g : 0.9 * v + 0.25 * g;
    return b - 0.1 * v;
}

static double accumulated(int t, double b, double g)
{
    static double v;
    v = (t == 1 ? 0.5 : v) + g * g;
    return b - 0.1 * g / (sqrt(v) + 1e-10);
}

/* beta2 is so small that v decreases. */
static double amsgrad(int t, double b, double g)
{
    static double m, v, greatest;
    if (t == 1) m = v = greatest = 0;
    m = 0.9 * m + 0.1 * g;
    v = 0.5 * v + 0.5 * g * g;
    greatest = fmax(greatest, v);
    return b - 0.1 * m / (1 - pow(0.9, t)) / (sqrt(greatest / (1 - pow(0.5, t))) + 1e-8);
}

static double centered(int t, double b, double g)
{
    static double v, a, u;
    if (t == 1) v = a = u = 0;
    v = 0.75 * v + 0.25 * g * g;
    a = 0.75 * a + 0.25 * g;
    u = 0.5 * u + g / (sqrt(v - a * a) + 1e-8);
    return b - 0.1 * u;
}

static void test_options__as_the_formulas_say(void)
{
    nmlp_optimizer momentum = optimizer_of(NMLP_OPTIMIZER_MOMENTUM);
    momentum.dampening = 0.75;
    check_bias("dampening", &momentum, dampened);
    nmlp_optimizer adagrad = optimizer_of(NMLP_OPTIMIZER_ADAGRAD);
    adagrad.initial_accumulator = 0.5;
    check_bias("initial accumulator", &adagrad, accumulated);
    nmlp_optimizer adam = optimizer_of(NMLP_OPTIMIZER_ADAM);
    adam.amsgrad = 1;
    adam.beta2 = 0.5;
    check_bias("amsgrad", &adam, amsgrad);
    nmlp_optimizer rmsprop = optimizer_of(NMLP_OPTIMIZER_RMSPROP);
    rmsprop.centered = 1;
    rmsprop.rho = 0.75;
    rmsprop.momentum = 0.5;
    check_bias("centered", &rmsprop, centered);
}

/* AdamW on a bias by hand: one row, x = 0, so that only the bias learns. */
static void test_adamw__biases_decay_if_asked_for(void)
{
    for (int32_t decays = 0; decays < 2; decays++) {
        nmlp_net *net = make_net(0.5f, 2);
        nmlp_optimizer adamw = optimizer_of(NMLP_OPTIMIZER_ADAMW);
        adamw.decay = 0.25;
        adamw.decay_biases = decays;
        double b = 2, w = 0.5, m = 0, v = 0, p1 = 1, p2 = 1;
        for (int t = 0; t < 5; t++) {
            CHECK_OK(train(net, &adamw));
            const double g = 2 * (b - 3);
            if (decays) b *= 1 - 0.1 * 0.25;
            w *= 1 - 0.1 * 0.25;
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            p1 *= 0.9;
            p2 *= 0.999;
            b -= 0.1 * (m / (1 - p1)) / (sqrt(v / (1 - p2)) + 1e-8);
        }
        float weight;
        CHECK_OK(nmlp_net_read(net, 0, 0, &weight, 1));
        CHECK_NEAR("bias", (size_t)decays, b, bias_of(net), 2e-6);
        CHECK_NEAR("weight", (size_t)decays, w, weight, 1e-6);
        nmlp_net_destroy(net);
    }
}

/* A change of kind starts again: the options of the first step apply, and all moments are 0. */
static void test_options__after_a_change_of_kind_as_in_the_first_step(void)
{
    for (int32_t rule = 0; rule < NMLP_RULE_COUNT; rule++) {
        nmlp_optimizer optimizer = optimizer_of_rule(rule);
        optimizer.initial_accumulator = 0.5;
        const nmlp_optimizer sgd = nmlp_optimizer_init(NMLP_OPTIMIZER_SGD);
        nmlp_net *changed = make_net(0.5f, 2), *fresh = make_net(0.5f, 2);
        const float parameters[] = {0.5f, 2};
        for (int t = 0; t < 3; t++) CHECK_OK(train(changed, &optimizer));
        if (rule != NMLP_OPTIMIZER_SGD) CHECK_OK(train(changed, &sgd));
        CHECK_OK(nmlp_net_write_block(changed, NMLP_TENSOR_PARAMETER, parameters, 2));
        for (int t = 0; t < 3; t++) {
            CHECK_OK(train(changed, &optimizer));
            CHECK_OK(train(fresh, &optimizer));
        }
        for (int32_t kind = 0; kind <= NMLP_TENSOR_THIRD_MOMENT && rule > 0; kind++) {
            float a[2], b[2];
            CHECK_OK(nmlp_net_read_block(changed, kind, a, 2));
            CHECK_OK(nmlp_net_read_block(fresh, kind, b, 2));
            CHECK_BITS(rule_names[rule], a, b, 2);
        }
        nmlp_net_destroy(changed);
        nmlp_net_destroy(fresh);
    }
}

/* ---------------------------------------------------------------------- third moments */

static void test_third_moments__memory_only_where_they_are_needed(void)
{
    for (int32_t rule = 0; rule < NMLP_RULE_COUNT; rule++) {
        const bool third = nmlp_optimizer_keeps(rule, NMLP_TENSOR_THIRD_MOMENT);
        const nmlp_optimizer optimizer = optimizer_of_rule(rule);
        nmlp_net *net = make_net(0.5f, 2);
        const size_t before = nmlp_net_memory_bytes(net);
        float moments[2] = {1, 1};
        CHECK(nmlp_net_holds(net, NMLP_TENSOR_THIRD_MOMENT) == 0);
        CHECK_OK(nmlp_net_read_block(net, NMLP_TENSOR_THIRD_MOMENT, moments, 2));
        CHECK(moments[0] == 0 && moments[1] == 0);
        CHECK_OK(train(net, &optimizer));
        CHECK_THAT((nmlp_net_memory_bytes(net) > before) == third, "%s", rule_names[rule]);
        CHECK_THAT(nmlp_net_holds(net, NMLP_TENSOR_THIRD_MOMENT) == third, "%s", rule_names[rule]);
        CHECK_OK(nmlp_net_read_block(net, NMLP_TENSOR_THIRD_MOMENT, moments, 2));
        CHECK_THAT((moments[1] != 0) == third, "%s: %g", rule_names[rule], (double)moments[1]);
        CHECK_OK(nmlp_net_initialize(net, 1));
        CHECK_OK(nmlp_net_read_block(net, NMLP_TENSOR_THIRD_MOMENT, moments, 2));
        CHECK(moments[0] == 0 && moments[1] == 0);
        nmlp_net_destroy(net);
    }
}

static void test_third_moments__written_are_used(void)
{
    nmlp_optimizer adam = optimizer_of(NMLP_OPTIMIZER_ADAM);
    adam.amsgrad = 1;
    nmlp_net *net = make_net(0.5f, 2);
    const float greatest[2] = {0, 4}, one = 9;
    CHECK_OK(nmlp_net_write_block(net, NMLP_TENSOR_THIRD_MOMENT, greatest, 2));
    CHECK(nmlp_net_holds(net, NMLP_TENSOR_THIRD_MOMENT) == 1);
    CHECK_OK(train(net, &adam));
    /* g = -2: m/(1 - beta1) = -2, and v/(1 - beta2) is 4/0.001. */
    CHECK_NEAR("b", 0, 2 + 0.1 * 2 / sqrt(4000), bias_of(net), 3e-7);
    float third[2];
    CHECK_OK(nmlp_net_read_block(net, NMLP_TENSOR_THIRD_MOMENT, third, 2));
    CHECK_BITS("third", greatest, third, 2);
    CHECK_OK(nmlp_net_write(net, NMLP_TENSOR_THIRD_MOMENT, 1, &one, 1));
    CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_THIRD_MOMENT, 1, third, 1));
    CHECK(third[0] == 9);
    nmlp_net_destroy(net);
}

/* An update that would keep an infinity in any moment is refused. */
static void test_third_moments__not_finite_are_refused(void)
{
    nmlp_optimizer adam = optimizer_of(NMLP_OPTIMIZER_ADAM);
    adam.amsgrad = 1;
    nmlp_net *net = make_net(0.5f, 2);
    const float infinite[2] = {0, INFINITY}, x = 0, target = 3;
    const nmlp_batch batch = one_row(&x, &target);
    nmlp_result result = nmlp_result_init();
    nmlp_fault fault = {.struct_size = sizeof fault};
    CHECK_OK(nmlp_net_write_block(net, NMLP_TENSOR_THIRD_MOMENT, infinite, 2));
    CHECK_OK(nmlp_net_train_step(net, &batch, &adam, &result));
    CHECK(isnan(result.loss) && bias_of(net) == 2);
    CHECK_OK(nmlp_net_find_nonfinite_update(net, &batch, &adam, &fault));
    CHECK(fault.kind == NMLP_NONFINITE_UPDATE && fault.row == 1 && fault.column == 0);
    adam.amsgrad = 0; /* it is not part of this update */
    CHECK_OK(nmlp_net_train_step(net, &batch, &adam, &result));
    CHECK(result.loss == 1 && bias_of(net) > 2);
    nmlp_net_destroy(net);
}

static void test_third_moments__of_a_frozen_network(void)
{
    nmlp_net *net = make_net(0.5f, 2), *frozen = NULL;
    float moments[2] = {0, 0};
    CHECK_OK(nmlp_net_freeze(net, &frozen));
    for (int32_t kind = NMLP_TENSOR_PARAMETER; kind <= NMLP_TENSOR_THIRD_MOMENT; kind++)
        CHECK(nmlp_net_holds(frozen, kind) == (kind == NMLP_TENSOR_PARAMETER));
    for (int32_t kind = NMLP_TENSOR_PARAMETER; kind < NMLP_TENSOR_THIRD_MOMENT; kind++)
        CHECK(nmlp_net_holds(net, kind) == 1);
    CHECK_STATUS(NMLP_ERROR_FROZEN,
                 nmlp_net_read_block(frozen, NMLP_TENSOR_THIRD_MOMENT, moments, 2));
    CHECK_STATUS(NMLP_ERROR_FROZEN,
                 nmlp_net_write_block(frozen, NMLP_TENSOR_THIRD_MOMENT, moments, 2));
    nmlp_net_destroy(frozen);
    nmlp_net_destroy(net);
}

/* -------------------------------------------------------------------------- ranges */

/* A caller that was compiled before decay_biases or amsgrad existed has a shorter structure. The
 * memory after it is not read. */
static void test_optimizer__older_structure_is_taken(void)
{
    nmlp_net *net = make_net(0.5f, 2);
    nmlp_optimizer adamw = optimizer_of(NMLP_OPTIMIZER_ADAMW);
    adamw.struct_size = offsetof(nmlp_optimizer, decay_biases);
    adamw.decay_biases = adamw.reserved = adamw.amsgrad = 7;
    CHECK_OK(train(net, &adamw));
    adamw.struct_size = sizeof adamw;
    CHECK_STATUS(BAD, train(net, &adamw));
    adamw.struct_size = offsetof(nmlp_optimizer, amsgrad);
    CHECK_STATUS(BAD, train(net, &adamw));
    adamw.decay_biases = adamw.reserved = 0;
    CHECK_OK(train(net, &adamw));
    nmlp_net_destroy(net);
}

/* Every option of every kind: the value is refused, or used as a float that is a normal number. */
static void test_optimizer__options_as_floats(void)
{
    enum { RATE, FRACTION, POSITIVE_FRACTION };
#define OPTION(name, range, used)                          \
    {                                                      \
#name, offsetof(nmlp_optimizer, name), range, used \
    }
    static const struct {
        const char *name;
        size_t offset;
        int range;
        unsigned used; /* bits of the kinds */
    } options[] = {OPTION(learning_rate, RATE, 0x7f),
                   OPTION(l2, RATE, 0x7f),
                   OPTION(clip_norm, RATE, 0x7f),
                   OPTION(clip_value, RATE, 0x7f),
                   OPTION(max_norm, RATE, 0x7f),
                   OPTION(momentum, FRACTION, 0x2a),
                   OPTION(beta1, FRACTION, 0x44),
                   OPTION(beta2, FRACTION, 0x44),
                   OPTION(rho, FRACTION, 0x20),
                   OPTION(epsilon, POSITIVE_FRACTION, 0x74),
                   OPTION(decay, RATE, 0x40),
                   OPTION(dampening, FRACTION, 0x02),
                   OPTION(initial_accumulator, RATE, 0x10)};
    static const struct {
        double value;
        unsigned allowed; /* bits of the ranges */
    } values[] = {{0, 3},       {1e-310, 0}, {1e-46, 0},     {1e-45, 0},         {1e-39, 0},
                  {1.2e-38, 7}, {0.5, 7},    {0.9999999, 7}, {0.99999999999, 1}, {1, 1},
                  {1e38, 1},    {1.1e38, 0}, {1e39, 0},      {1e300, 0},         {-1e-46, 0},
                  {-1, 0},      {NAN, 0},    {INFINITY, 0},  {-INFINITY, 0}};
    for (int32_t kind = 0; kind < KINDS; kind++)
        for (size_t o = 0; o < COUNT_OF(options); o++)
            for (size_t v = 0; v < COUNT_OF(values); v++) {
                nmlp_optimizer optimizer = optimizer_of(kind);
                memcpy((char *)&optimizer + options[o].offset, &values[v].value, sizeof(double));
                const bool looked_at = options[o].used >> kind & 1;
                const bool allowed = values[v].allowed >> options[o].range & 1;
                nmlp_net *net = make_net(0, 3);
                const int32_t expected = allowed || !looked_at ? NMLP_OK : BAD;
                const int32_t actual = train(net, &optimizer);
                CHECK_THAT(actual == expected, "kind %d, %s = %g: %d", (int)kind, options[o].name,
                           values[v].value, (int)actual);
                nmlp_net_destroy(net);
            }
}

/* Each flag of every kind that uses it is 0 or 1. */
static void test_optimizer__flags(void)
{
    static const struct {
        const char *name;
        size_t offset;
        unsigned used; /* bits of the kinds */
    } flags[] = {{"decay_biases", offsetof(nmlp_optimizer, decay_biases), 0x40},
                 {"amsgrad", offsetof(nmlp_optimizer, amsgrad), 0x44},
                 {"centered", offsetof(nmlp_optimizer, centered), 0x20}};
    static const int32_t values[] = {-1, 0, 1, 2, INT32_MAX, INT32_MIN};
    for (int32_t kind = 0; kind < KINDS; kind++)
        for (size_t f = 0; f < COUNT_OF(flags); f++)
            for (size_t v = 0; v < COUNT_OF(values); v++) {
                nmlp_optimizer optimizer = nmlp_optimizer_init(kind);
                memcpy((char *)&optimizer + flags[f].offset, &values[v], sizeof values[v]);
                nmlp_net *net = make_net(0, 3);
                const bool used = flags[f].used >> kind & 1, valid = values[v] == !!values[v];
                const int32_t actual = train(net, &optimizer);
                CHECK_THAT(actual == (valid || !used ? NMLP_OK : BAD), "kind %d, %s = %d: %d",
                           (int)kind, flags[f].name, (int)values[v], (int)actual);
                nmlp_net_destroy(net);
            }
}

/* Both factors are allowed, but their product may not be. */
static void test_optimizer__rate_times_decay(void)
{
    nmlp_net *net = make_net(0, 3);
    nmlp_optimizer adamw = nmlp_optimizer_init(NMLP_OPTIMIZER_ADAMW);
    adamw.learning_rate = adamw.decay = 1e20;
    CHECK_STATUS(BAD, train(net, &adamw));
    nmlp_net_destroy(net);
}

int main(void)
{
    test_begin("test_optimizer_options");
    RUN(test_options__as_the_formulas_say);
    RUN(test_adamw__biases_decay_if_asked_for);
    RUN(test_options__after_a_change_of_kind_as_in_the_first_step);
    RUN(test_third_moments__memory_only_where_they_are_needed);
    RUN(test_third_moments__written_are_used);
    RUN(test_third_moments__not_finite_are_refused);
    RUN(test_third_moments__of_a_frozen_network);
    RUN(test_optimizer__older_structure_is_taken);
    RUN(test_optimizer__options_as_floats);
    RUN(test_optimizer__flags);
    RUN(test_optimizer__rate_times_decay);
    return test_end("test_optimizer_options");
}
