/* SPDX-License-Identifier: MIT
 *
 * A training step in two halves, gradient and update. Between them, gradients can be read and
 * written. Also tests reading and writing tensors as one block. */
#include "optimizer_rules.h"
#include "threads/parallel.h"
#include "test_support.h"

enum { INPUTS = 7, HIDDEN = 19, OUTPUTS = 3, ROWS = 12, STEPS = 4, MOST = 4096 };

static float features[ROWS * INPUTS];
static int32_t labels[ROWS];

typedef struct variant {
    const char *name;
    int32_t norm, activation;
    float dropout;
    double l2, clip_norm, clip_value, max_norm;
} variant;

static const variant variants[] = {
    {"plain", NMLP_NORM_NONE, NMLP_ACTIVATION_RELU, 0, 0, 0, 0, 0},
    {"penalty", NMLP_NORM_NONE, NMLP_ACTIVATION_TANH, 0, 0.01, 0, 0, 0},
    {"clipped norm", NMLP_NORM_NONE, NMLP_ACTIVATION_GELU, 0, 0.01, 0.05, 0, 0},
    {"clipped values", NMLP_NORM_LAYER, NMLP_ACTIVATION_SILU, 0, 0, 0, 0.01, 0},
    {"max-norm", NMLP_NORM_NONE, NMLP_ACTIVATION_RELU, 0.25f, 0, 0, 0, 0.75},
    {"batch norm", NMLP_NORM_BATCH, NMLP_ACTIVATION_RELU, 0.5f, 0.01, 0, 0, 0},
    {"maxout", NMLP_NORM_BATCH, NMLP_ACTIVATION_MAXOUT, 0, 0, 0.05, 0, 1},
};

static nmlp_net *make(const variant *v, int32_t threads)
{
    nmlp_layer layers[] = {nmlp_layer_init(HIDDEN, v->activation),
                           nmlp_layer_init(OUTPUTS, NMLP_ACTIVATION_IDENTITY)};
    layers[0].norm = v->norm;
    layers[0].dropout = v->dropout;
    nmlp_net_options options = nmlp_net_options_init(INPUTS, ROWS, NMLP_LOSS_SOFTMAX_CROSS_ENTROPY);
    options.threads = threads;
    nmlp_net *net;
    if (!CHECK_OK(nmlp_net_create(&options, layers, COUNT_OF(layers), &net)))
        exit(test_end("test_apply"));
    CHECK_OK(nmlp_net_initialize(net, 3));
    return net;
}

static nmlp_batch all_rows(void)
{
    nmlp_batch batch = nmlp_batch_init(features, ROWS, INPUTS);
    batch.labels = labels;
    batch.label_count = ROWS;
    return batch;
}

static nmlp_optimizer optimizer_of(const variant *v, int32_t rule)
{
    nmlp_optimizer optimizer = optimizer_of_rule(rule);
    optimizer.initial_accumulator = 0.125;
    optimizer.learning_rate = 0.05;
    optimizer.l2 = v->l2;
    optimizer.clip_norm = v->clip_norm;
    optimizer.clip_value = v->clip_value;
    optimizer.max_norm = v->max_norm;
    return optimizer;
}

/* ------------------------------------------------------------------------- state */

typedef struct state {
    float blocks[5][MOST]; /* by nmlp_tensor_kind */
    float statistics[MOST];
    nmlp_optimizer_state optimizer_state;
    size_t parameters, statistic_count;
} state;

static void read_state(nmlp_net *net, state *s)
{
    memset(s, 0, sizeof *s);
    s->optimizer_state.struct_size = sizeof s->optimizer_state;
    s->parameters = nmlp_net_parameter_count(net);
    if (!CHECK(s->parameters <= MOST)) exit(test_end("test_apply"));
    for (int32_t kind = 0; kind < 5; kind++)
        CHECK_OK(nmlp_net_read_block(net, kind, s->blocks[kind], s->parameters));
    CHECK_OK(nmlp_net_read_optimizer_state(net, &s->optimizer_state));
    size_t rows, columns;
    for (size_t t = 0; nmlp_net_tensor_shape(net, t, &rows, &columns) == NMLP_OK; t++) {
        float *to = s->statistics + s->statistic_count, none[MOST];
        if (nmlp_net_read(net, NMLP_TENSOR_GRADIENT, t, none, rows * columns) == NMLP_OK) continue;
        CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_PARAMETER, t, to, rows * columns));
        s->statistic_count += rows * columns;
    }
}

/* Gradients may differ, because a training step does not keep them. */
static void check_same_state(const char *what, const state *a, const state *b)
{
    CHECK_BITS(what, a->blocks[0], b->blocks[0], a->parameters);
    CHECK_BITS(what, a->blocks[2], b->blocks[2], a->parameters);
    CHECK_BITS(what, a->blocks[3], b->blocks[3], a->parameters);
    CHECK_BITS(what, a->blocks[4], b->blocks[4], a->parameters);
    CHECK_BITS(what, a->statistics, b->statistics, a->statistic_count);
    CHECK_THAT(memcmp(&a->optimizer_state, &b->optimizer_state, sizeof a->optimizer_state) == 0,
               "%s: progress", what);
}

/* ------------------------------------------------------------------ whole and halves */

static void check_halves(const variant *v, int32_t rule, int32_t threads)
{
    static state whole, halves;
    const nmlp_batch batch = all_rows();
    const nmlp_optimizer optimizer = optimizer_of(v, rule);
    nmlp_net *a = make(v, 1), *b = make(v, threads);
    nmlp_result result = nmlp_result_init(), result_b = result;
    for (int step = 0; step < STEPS; step++) {
        CHECK_OK(nmlp_net_train_step(a, &batch, &optimizer, &result));
        CHECK_OK(nmlp_net_gradient(b, &batch, v->l2, &result_b));
        CHECK_OK(nmlp_net_apply(b, &optimizer));
        CHECK_THAT(memcmp(&result.loss, &result_b.loss, sizeof result.loss) == 0, "%s: loss",
                   v->name);
    }
    read_state(a, &whole);
    read_state(b, &halves);
    CHECK_THAT((v->norm == NMLP_NORM_BATCH) == (whole.statistic_count > 0), "%s", v->name);
    check_same_state(v->name, &whole, &halves);
    nmlp_net_destroy(a);
    nmlp_net_destroy(b);
}

static void test_apply_after_gradient__bytes_of_a_training_step(void)
{
    for (size_t i = 0; i < COUNT_OF(variants); i++)
        for (int32_t rule = 0; rule < NMLP_RULE_COUNT; rule++)
            for (int32_t threads = 1; threads <= 3; threads++)
                check_halves(&variants[i], rule, threads);
}

/* The first step of another kind begins with moments of 0, and would restart dropout. */
static void test_apply_of_another_kind__as_a_training_step(void)
{
    static state whole, halves;
    const nmlp_batch batch = all_rows();
    const int32_t kinds[] = {NMLP_OPTIMIZER_MOMENTUM, NMLP_OPTIMIZER_ADAM, NMLP_OPTIMIZER_SGD};
    nmlp_net *a = make(&variants[6], 1), *b = make(&variants[6], 2);
    nmlp_result result = nmlp_result_init();
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const nmlp_optimizer optimizer = optimizer_of(&variants[6], kinds[i]);
        CHECK_OK(nmlp_net_train_step(a, &batch, &optimizer, &result));
        CHECK_OK(nmlp_net_gradient(b, &batch, optimizer.l2, &result));
        CHECK_OK(nmlp_net_apply(b, &optimizer));
        read_state(a, &whole);
        read_state(b, &halves);
        check_same_state("another kind", &whole, &halves);
    }
    nmlp_net_destroy(a);
    nmlp_net_destroy(b);
}

/* ------------------------------------------------------- gradients of the caller's own */

/* w - rate*g, within the rounding errors of a product and a sum. */
static void test_apply_of_written_gradients__formula(void)
{
    static state before, after;
    static float gradients[MOST];
    nmlp_net *net = make(&variants[5], 2);
    nmlp_optimizer sgd = nmlp_optimizer_init(NMLP_OPTIMIZER_SGD);
    sgd.learning_rate = 0.375;
    sgd.l2 = 0.5; /* not added: the gradients are used unchanged */
    read_state(net, &before);
    data_fill(5, -2, 2, gradients, before.parameters);
    CHECK_OK(nmlp_net_write_block(net, NMLP_TENSOR_GRADIENT, gradients, before.parameters));
    CHECK_OK(nmlp_net_apply(net, &sgd));
    read_state(net, &after);
    CHECK_BITS("gradients", gradients, after.blocks[NMLP_TENSOR_GRADIENT], before.parameters);
    CHECK_BITS("statistics", before.statistics, after.statistics, before.statistic_count);
    CHECK(after.optimizer_state.steps == 1);
    for (size_t i = 0; i < before.parameters; i++) {
        const double w = before.blocks[0][i], g = gradients[i];
        CHECK_NEAR("w - rate*g", i, w - 0.375 * g, after.blocks[0][i],
                   EPS * (fabs(w) + 0.375 * fabs(g)));
    }
    nmlp_net_destroy(net);
}

/* The statistics of the batch of a gradient count once, and only those of the last gradient. */
static void test_apply_twice__running_statistics_move_once(void)
{
    static state once, twice;
    const nmlp_batch batch = all_rows();
    nmlp_optimizer still = nmlp_optimizer_init(NMLP_OPTIMIZER_SGD);
    still.learning_rate = 0;
    nmlp_net *net = make(&variants[5], 1);
    nmlp_result result = nmlp_result_init();
    nmlp_fault fault = {.struct_size = sizeof fault};
    nmlp_batch other = batch;
    other.feature_rows = other.label_count = 3;
    CHECK_OK(nmlp_net_gradient(net, &batch, 0, &result));
    CHECK_OK(nmlp_net_find_nonfinite(net, &other, &fault)); /* changes nothing */
    CHECK_OK(nmlp_net_apply(net, &still));
    read_state(net, &once);
    CHECK_OK(nmlp_net_apply(net, &still));
    read_state(net, &twice);
    CHECK_BITS("statistics", once.statistics, twice.statistics, once.statistic_count);
    nmlp_net *trained = make(&variants[5], 1);
    CHECK_OK(nmlp_net_train_step(trained, &batch, &still, &result));
    read_state(trained, &twice);
    CHECK_BITS("statistics", twice.statistics, once.statistics, once.statistic_count);
    nmlp_net_destroy(net);
    nmlp_net_destroy(trained);
}

static void check_refused(nmlp_net *net, const nmlp_optimizer *optimizer, const char *what)
{
    static state before, after;
    read_state(net, &before);
    check_status_at(__FILE__, __LINE__, NMLP_ERROR_NONFINITE, nmlp_net_apply(net, optimizer), what);
    read_state(net, &after);
    check_same_state(what, &before, &after);
}

static void test_apply_not_finite__nothing_changes(void)
{
    static float gradients[MOST];
    const float bad[] = {NAN, INFINITY, -INFINITY};
    for (int32_t threads = 1; threads <= 3; threads++) {
        nmlp_net *net = make(&variants[0], threads);
        const size_t count = nmlp_net_parameter_count(net);
        nmlp_optimizer adam = nmlp_optimizer_init(NMLP_OPTIMIZER_ADAM);
        for (size_t i = 0; i < COUNT_OF(bad); i++) {
            memset(gradients, 0, sizeof gradients);
            gradients[i * (count - 1) / 2] = bad[i];
            CHECK_OK(nmlp_net_write_block(net, NMLP_TENSOR_GRADIENT, gradients, count));
            check_refused(net, &adam, "a gradient");
        }
        memset(gradients, 0, sizeof gradients);
        gradients[count - 1] = 1e30f; /* its square is too large for Adam's v */
        CHECK_OK(nmlp_net_write_block(net, NMLP_TENSOR_GRADIENT, gradients, count));
        check_refused(net, &adam, "a moment");
        nmlp_optimizer sgd = nmlp_optimizer_init(NMLP_OPTIMIZER_SGD);
        sgd.learning_rate = 1e30;
        check_refused(net, &sgd, "a parameter");
        sgd.clip_value = 1;
        CHECK_OK(nmlp_net_apply(net, &sgd));
        nmlp_net_destroy(net);
    }
}

/* ------------------------------------------------------------------------- blocks */

/* Tensors in the order of their numbers, except running statistics. */
static void test_block__tensors_one_behind_another(void)
{
    static float block[MOST], tensor[MOST], written[MOST];
    for (size_t i = 0; i < COUNT_OF(variants); i++) {
        nmlp_net *net = make(&variants[i], 1);
        const size_t count = nmlp_net_parameter_count(net);
        for (int32_t kind = 0; kind < 5; kind++) {
            size_t at = 0, rows, columns;
            data_fill(17 + (uint64_t)kind, -1, 1, written, count);
            CHECK_OK(nmlp_net_write_block(net, kind, written, count));
            CHECK_OK(nmlp_net_read_block(net, kind, block, count));
            CHECK_BITS(variants[i].name, written, block, count);
            for (size_t t = 0; nmlp_net_tensor_shape(net, t, &rows, &columns) == NMLP_OK; t++) {
                const size_t length = rows * columns;
                if (nmlp_net_read(net, NMLP_TENSOR_GRADIENT, t, tensor, length) != NMLP_OK)
                    continue;
                CHECK_OK(nmlp_net_read(net, kind, t, tensor, length));
                CHECK_BITS(variants[i].name, written + at, tensor, length);
                at += length;
            }
            CHECK(at == count);
        }
        nmlp_net_destroy(net);
    }
}

static void test_block__bad_arguments(void)
{
    static float block[MOST];
    nmlp_net *net = make(&variants[0], 1);
    const size_t count = nmlp_net_parameter_count(net);
    const int32_t bad = NMLP_ERROR_INVALID_ARGUMENT;
    CHECK_STATUS(bad, nmlp_net_read_block(net, -1, block, count));
    CHECK_STATUS(bad, nmlp_net_read_block(net, 5, block, count));
    CHECK_STATUS(bad, nmlp_net_read_block(net, 0, NULL, count));
    CHECK_STATUS(bad, nmlp_net_read_block(net, 0, block, count - 1));
    CHECK_STATUS(bad, nmlp_net_read_block(net, 0, block, count + 1));
    CHECK_STATUS(bad, nmlp_net_write_block(net, -1, block, count));
    CHECK_STATUS(bad, nmlp_net_write_block(net, 5, block, count));
    CHECK_STATUS(bad, nmlp_net_write_block(net, 0, NULL, count));
    CHECK_STATUS(bad, nmlp_net_write_block(net, 0, block, count - 1));
    CHECK_STATUS(bad, nmlp_net_write_block(net, 0, block, 0));
    nmlp_net_destroy(net);
}

/* ----------------------------------------------------------------------- defaults */

/* The values of the table in the header. */
static void test_optimizer_defaults__as_the_header_says(void)
{
    for (int32_t kind = NMLP_OPTIMIZER_SGD; kind <= NMLP_OPTIMIZER_ADAMW; kind++) {
        const bool adagrad = kind == NMLP_OPTIMIZER_ADAGRAD,
                   rmsprop = kind == NMLP_OPTIMIZER_RMSPROP;
        const nmlp_optimizer o = nmlp_optimizer_init(kind);
        CHECK(o.struct_size == sizeof o && o.kind == kind && o.reserved == 0);
        CHECK(o.learning_rate == (adagrad || rmsprop ? 1e-2 : 1e-3));
        CHECK(o.momentum == (rmsprop ? 0 : 0.9) && o.beta1 == 0.9 && o.beta2 == 0.999);
        CHECK(o.epsilon == (adagrad ? 1e-10 : 1e-8) && o.rho == 0.99 && o.decay == 1e-2);
        CHECK(o.l2 == 0 && o.clip_norm == 0 && o.clip_value == 0 && o.max_norm == 0);
        CHECK(o.decay_biases == 0);
    }
    nmlp_optimizer o = {.struct_size = sizeof o, .kind = 77};
    CHECK_STATUS(NMLP_ERROR_INVALID_ARGUMENT, nmlp_optimizer_defaults(&o, 7));
    CHECK_STATUS(NMLP_ERROR_INVALID_ARGUMENT, nmlp_optimizer_defaults(&o, -1));
    CHECK_STATUS(NMLP_ERROR_INVALID_ARGUMENT, nmlp_optimizer_defaults(NULL, 0));
    CHECK(o.kind == 77 && nmlp_optimizer_init(-1).kind == -1 && nmlp_optimizer_init(7).kind == -1);
    o.struct_size = 8;
    CHECK_STATUS(NMLP_ERROR_INVALID_ARGUMENT, nmlp_optimizer_defaults(&o, 0));
}

int main(void)
{
    test_begin("test_apply");
    data_fill(1, -1, 1, features, COUNT_OF(features));
    for (int32_t i = 0; i < ROWS; i++) labels[i] = i % OUTPUTS;
    nmlp_parallel_wake_for_all();
    RUN(test_apply_after_gradient__bytes_of_a_training_step);
    RUN(test_apply_of_another_kind__as_a_training_step);
    RUN(test_apply_of_written_gradients__formula);
    RUN(test_apply_twice__running_statistics_move_once);
    RUN(test_apply_not_finite__nothing_changes);
    RUN(test_block__tensors_one_behind_another);
    RUN(test_block__bad_arguments);
    RUN(test_optimizer_defaults__as_the_header_says);
    return test_end("test_apply");
}
