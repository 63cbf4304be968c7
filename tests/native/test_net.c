/* SPDX-License-Identifier: MIT
 *
 * Networks: compares gradients with double precision and central differences, and checks that
 * training has the same bits for all numbers of threads. */
#include "small_net.h"

static void write_all(nmlp_net *net, int32_t kind, const float *all)
{
    for (size_t t = 0, tensors = tensor_count(net); t < tensors; t++) {
        size_t rows, columns;
        CHECK_OK(nmlp_net_tensor_shape(net, t, &rows, &columns));
        CHECK_OK(nmlp_net_write(net, kind, t, all, rows * columns));
        all += rows * columns;
    }
}

/* -------------------------------------------------------------------- gradients */

static void fill_double_net(double_net *net, size_t hidden, uint64_t seed)
{
    static const size_t widths[] = {7, 9, 6, 11, 5};
    float values[MOST_PARAMETERS];
    net->layers = hidden + 1;
    memcpy(net->width, widths, sizeof widths);
    net->width[net->layers] = 4;
    net->rows = 6;
    net->l2 = hidden % 2 ? 0.01 : 0;
    data_fill(seed, -0.8f, 0.8f, values, MOST_PARAMETERS);
    for (size_t i = 0; i < MOST_PARAMETERS; i++) net->parameters[i] = (double)values[i];
    data_fill(seed + 1, -1, 1, values, net->rows * net->width[0]);
    for (size_t i = 0; i < net->rows * net->width[0]; i++) net->features[i] = (double)values[i];
    fill_labels(seed + 2, net->labels, net->rows, 4);
}

/* Checks the reference itself: compares its gradient with differences of its own loss. */
static void check_central_differences(double_net *net, const double_gradient *at)
{
    const double step = 1e-6;
    double_gradient *beside = test_alloc(sizeof *beside);
    for (size_t i = 0; i < weight_offset(net, net->layers); i++) {
        double kept = net->parameters[i], up;
        net->parameters[i] = kept + step;
        double_net_gradient(net, beside);
        up = beside->loss.value;
        net->parameters[i] = kept - step;
        double_net_gradient(net, beside);
        net->parameters[i] = kept;
        CHECK_NEAR("central difference", i, (up - beside->loss.value) / (2 * step),
                   at->gradient[i].value, 1e-8);
    }
    free(beside);
}

static void check_gradient(const double_net *net, const double_gradient *expected)
{
    nmlp_net *tested = net_create(net->layers, net->width, MOST_ROWS, 1);
    float parameters[MOST_PARAMETERS], features[MOST_ROWS * WIDEST];
    size_t count = nmlp_net_parameter_count(tested);
    nmlp_result result = nmlp_result_init();
    CHECK(count == weight_offset(net, net->layers));
    for (size_t i = 0; i < count; i++) parameters[i] = (float)net->parameters[i];
    for (size_t i = 0; i < net->rows * net->width[0]; i++) features[i] = (float)net->features[i];
    write_all(tested, NMLP_TENSOR_PARAMETER, parameters);
    nmlp_batch batch = batch_of(features, net->rows, net->width[0], net->labels);
    CHECK_OK(nmlp_net_gradient(tested, &batch, net->l2, &result));
    CHECK_NEAR("loss", net->layers, expected->loss.value, result.loss, 1.01 * expected->loss.bound);
    CHECK_NEAR("data loss", net->layers, expected->data_loss.value, result.data_loss,
               1.01 * expected->data_loss.bound);
    CHECK(result.rows == net->rows && result.correct == expected->correct);
    float *gradient = read_all(tested, NMLP_TENSOR_GRADIENT), *kept = read_all(tested, 0);
    for (size_t i = 0; i < count; i++)
        CHECK_NEAR("gradient", i, expected->gradient[i].value, (double)gradient[i],
                   1.01 * expected->gradient[i].bound);
    CHECK_BITS("parameters after a gradient", parameters, kept, count);
    free(gradient);
    free(kept);
    nmlp_net_destroy(tested);
}

static void test_gradient__against_double(void)
{
    double_net *net = test_alloc(sizeof *net);
    double_gradient *expected = test_alloc(sizeof *expected);
    for (size_t hidden = 0; hidden <= 4; hidden++) {
        uint64_t seed = 1000 * hidden;
        do fill_double_net(net, hidden, seed += 10), double_net_gradient(net, expected);
        while (expected->nearest_kink < 3);
        check_central_differences(net, expected);
        check_gradient(net, expected);
    }
    free(net);
    free(expected);
}

static const training trainings[] = {
    {"linear_sgd", 1, {61, 7}, 50, 0, false, false},
    {"two_hidden_adam", 3, {131, 37, 19, 10}, 33, 2, false, false},
    {"narrow_momentum", 3, {1, 3, 1, 2}, 16, 1, false, false},
    {"image_momentum", 2, {784, 50, 10}, 48, 1, true, true},
    {"four_hidden_adam", 5, {64, 97, 65, 70, 33, 5}, 64, 2, false, true},
};

static void print_parameters(const char *name, size_t steps, nmlp_net *net)
{
    float *all = read_all(net, NMLP_TENSOR_PARAMETER);
    size_t count = nmlp_net_parameter_count(net), finite = 0;
    char line[80];
    for (size_t p = 0; p < count; p++) finite += isfinite(all[p]) != 0;
    CHECK_THAT(finite == count, "%s: %zu of %zu parameters are finite", name, finite, count);
    snprintf(line, sizeof line, "%s_%zu", name, steps);
    hash_print(line, hash_bytes(hash_start, all, count * sizeof *all));
    free(all);
}

/* 200 steps with batches of every size up to the maximum, or 20 steps if that takes long. */
static nmlp_net *train(const training *t, int32_t threads, const void *features,
                       const int32_t *labels)
{
    enum { SET = 300 };
    nmlp_net *net = net_create(t->layers, t->width, t->batch, threads);
    size_t steps = t->heavy && nmlp_active_isa() == NMLP_ISA_SCALAR ? 20 : 200;
    int32_t indices[64];
    uint64_t seed = 3;
    CHECK_OK(nmlp_net_initialize(net, 1));
    for (size_t step = 0; step < steps; step++) {
        if (step == 20 && threads == 1) print_parameters(t->name, step, net);
        nmlp_batch b = batch_of(features, SET, t->width[0], labels);
        nmlp_result result = nmlp_result_init();
        b.feature_type = t->bytes ? NMLP_FEATURE_UINT8 : NMLP_FEATURE_FLOAT32;
        b.scale = t->bytes ? 1.0f / 255 : 0;
        b.indices = indices;
        b.index_count = step % 3 == 2 ? 1 + step % t->batch : t->batch;
        for (size_t i = 0; i < b.index_count; i++) indices[i] = (int32_t)data_below(&seed, SET);
        CHECK_OK(nmlp_net_train_step(net, &b, &optimizers[t->optimizer], &result));
    }
    if (threads == 1) print_parameters(t->name, steps, net);
    return net;
}

static void test_train__same_bits_for_all_threads(void)
{
    static const int32_t threads[] = {1, 2, 3, 5};
    enum { SET = 300 };
    float *floats = test_floats(SET * 784);
    unsigned char *bytes = test_alloc(SET * 784);
    int32_t labels[SET];
    uint64_t seed = 4;
    data_fill(2, -1, 1, floats, SET * 784);
    for (size_t i = 0; i < SET * 784; i++) bytes[i] = (unsigned char)data_below(&seed, 256);
    for (size_t i = 0; i < COUNT_OF(trainings); i++) {
        const training *t = &trainings[i];
        nmlp_net *first = NULL;
        fill_labels(i, labels, SET, t->width[t->layers]);
        for (size_t k = 0; k < (t->heavy ? COUNT_OF(threads) : 2); k++) {
            nmlp_net *net = train(t, threads[k], t->bytes ? (const void *)bytes : floats, labels);
            if (k > 0) {
                check_same_state(t->name, first, net);
                nmlp_net_destroy(net);
                continue;
            }
            first = net;
        }
        nmlp_net_destroy(first);
    }
    free(floats);
    free(bytes);
}

/* Row distances for which rows are read in place or copied; chains longer than a block; layers so
 * narrow that dW is computed as its transpose, and so wide that X is packed; whole vectors of
 * columns, for which momentum updates weights at the end of chains, with high, low and wide tiles;
 * a layer after the first that needs the most memory for its packed rows; weights in slices. */
typedef struct work_shape {
    size_t layers, width[DEEPEST + 1], batch, pitch, steps;
} work_shape;

static const work_shape work_shapes[] = {
    {3, {INPUTS, 19, 11, CLASSES}, BATCH, INPUTS, 5},
    {2, {512, 50, 10}, 300, 512, 1},
    {2, {20, 300, 33}, 40, 256, 2},
    {2, {260, 272, 3}, 7, 512, 2},
    {1, {97, 90}, 513, 1024, 1},
    {3, {2, 128, 48, 16}, 33, 2, 3},
    {2, {216, 64, 5}, 64, 216, 2},
    {1, {43, 32}, 1, 43, 2},
    {2, {4, 40, 96}, 90, 4, 2},
    {1, {1100, 256}, 5, 1100, 2},
};

/* Computes the parameters of `other` after one update with the gradient that it has kept, and
 * writes them to it. */
static void update_by_hand(nmlp_net *other, const nmlp_optimizer *optimizer, float *const state[3],
                           double power1, double power2)
{
    const size_t moments = (size_t)optimizer->kind;
    float *g = read_all(other, NMLP_TENSOR_GRADIENT);
    for (size_t t = 0, at = 0, tensors = tensor_count(other); t < tensors; t++) {
        nmlp_optimizer u = *optimizer;
        size_t rows, columns;
        if (t % 2 == 1) u.l2 = 0;
        CHECK_OK(nmlp_net_tensor_shape(other, t, &rows, &columns));
        const size_t n = rows * columns;
        CHECK_OK(nmlp_optimizer_update(&u, n, state[0] + at, g + at, state[1] + at,
                                       moments > 0 ? n : 0, state[2] + at, moments > 1 ? n : 0,
                                       power1, power2));
        at += n;
    }
    write_all(other, NMLP_TENSOR_PARAMETER, state[0]);
    free(g);
}

static void check_gradient_then_update(const work_shape *s, const nmlp_optimizer *optimizer)
{
    const size_t inputs = s->width[0], pitch = inputs + 5;
    float *features = test_floats(s->batch * s->pitch), *apart = test_floats(s->batch * pitch);
    int32_t *labels = test_alloc(s->batch * sizeof *labels);
    data_fill(1, -1, 1, features, s->batch * s->pitch);
    for (size_t i = 0; i < s->batch; i++)
        memcpy(apart + i * pitch, features + i * s->pitch, inputs * sizeof *apart);
    fill_labels(2, labels, s->batch, s->width[s->layers]);
    nmlp_batch batch = batch_of(features, s->batch, s->pitch, labels);
    nmlp_batch same = batch_of(apart, s->batch, pitch, labels);
    nmlp_net *net = net_create(s->layers, s->width, s->batch, 2),
             *other = net_create(s->layers, s->width, s->batch, 1);
    CHECK_OK(nmlp_net_initialize(net, 5));
    CHECK_OK(nmlp_net_initialize(other, 5));
    const size_t count = nmlp_net_parameter_count(net);
    float *state[] = {read_all(net, 0), test_floats(count), test_floats(count)};
    double power1 = 1, power2 = 1;
    memset(state[1], 0, count * sizeof(float));
    memset(state[2], 0, count * sizeof(float));
    for (size_t step = 0; step < s->steps; step++) {
        nmlp_result a = nmlp_result_init(), b = a;
        CHECK_OK(nmlp_net_gradient(other, &same, 0, &b));
        power1 *= optimizer->beta1;
        power2 *= optimizer->beta2;
        update_by_hand(other, optimizer, state, power1, power2);
        CHECK_OK(nmlp_net_train_step(net, &batch, optimizer, &a));
        CHECK_THAT(a.data_loss == b.data_loss && a.correct == b.correct, "%.17g, not %.17g",
                   a.data_loss, b.data_loss);
        float *after = read_all(net, 0);
        CHECK_BITS("a step", state[0], after, count);
        free(after);
    }
    nmlp_net_destroy(net);
    nmlp_net_destroy(other);
    void *memory[] = {features, apart, labels, state[0], state[1], state[2]};
    for (size_t i = 0; i < COUNT_OF(memory); i++) free(memory[i]);
}

/* A step is the gradient followed by the stateless update, bit for bit. */
static void test_train__is_gradient_then_update(void)
{
    for (size_t s = 0; s < COUNT_OF(work_shapes); s++)
        for (size_t o = 0; o < COUNT_OF(optimizers); o++)
            check_gradient_then_update(&work_shapes[s], &optimizers[o]);
}

int main(void)
{
    test_begin("test_net");
    nmlp_parallel_wake_for_all();
    RUN(test_gradient__against_double);
    RUN(test_train__same_bits_for_all_threads);
    RUN(test_train__is_gradient_then_update);
    return test_end("test_net");
}
