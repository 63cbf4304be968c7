/* SPDX-License-Identifier: MIT
 *
 * Networks: gradients against double precision and central differences, the ways data
 * come in bit-equal to each other, training bit-equal over numbers of threads, state in
 * and out, and what a refused step leaves alone. */

#include "net/batch.h"
#include "double_net.h"
#include "threads/parallel.h"

/* ------------------------------------------------------------------ small tools */

/* ReLU on all layers but the last; width[0] inputs, then the outputs of each layer. */
static nmlp_net *net_create(size_t layers, const size_t *width, size_t max_batch, int32_t threads)
{
    nmlp_net_options options = {.struct_size = sizeof options,
                                .inputs = width[0],
                                .max_batch = max_batch,
                                .threads = threads};
    nmlp_layer list[DEEPEST];
    nmlp_net *net = NULL;
    for (size_t l = 0; l < layers; l++) {
        list[l] = (nmlp_layer){.struct_size = sizeof list[l],
                               .outputs = width[l + 1],
                               .activation = l + 1 < layers ? NMLP_ACTIVATION_RELU
                                                            : NMLP_ACTIVATION_IDENTITY};
    }
    if (!CHECK_OK(nmlp_net_create(&options, list, layers, &net))) exit(test_end("test_net"));
    return net;
}

static size_t tensor_count(nmlp_net *net)
{
    size_t rows, columns, count = 0;
    while (nmlp_net_tensor_shape(net, count, &rows, &columns) == NMLP_OK) count++;
    return count;
}

/* All tensors of a kind, one after another; the caller frees. */
static float *read_all(nmlp_net *net, int32_t kind)
{
    float *all = test_floats(nmlp_net_parameter_count(net)), *to = all;
    for (size_t t = 0, tensors = tensor_count(net); t < tensors; t++) {
        size_t rows, columns;
        CHECK_OK(nmlp_net_tensor_shape(net, t, &rows, &columns));
        CHECK_OK(nmlp_net_read(net, kind, t, to, rows * columns));
        to += rows * columns;
    }
    CHECK(to == all + nmlp_net_parameter_count(net));
    return all;
}

static void write_all(nmlp_net *net, int32_t kind, const float *all)
{
    for (size_t t = 0, tensors = tensor_count(net); t < tensors; t++) {
        size_t rows, columns;
        CHECK_OK(nmlp_net_tensor_shape(net, t, &rows, &columns));
        CHECK_OK(nmlp_net_write(net, kind, t, all, rows * columns));
        all += rows * columns;
    }
}

/* Parameters and both moments of one network have the bits of the other. */
static void check_same_state(const char *what, nmlp_net *expected, nmlp_net *actual)
{
    for (int32_t kind = NMLP_TENSOR_PARAMETER; kind <= NMLP_TENSOR_SECOND_MOMENT; kind++) {
        if (kind == NMLP_TENSOR_GRADIENT) continue;
        float *a = read_all(expected, kind), *b = read_all(actual, kind);
        CHECK_BITS(what, a, b, nmlp_net_parameter_count(expected));
        free(a);
        free(b);
    }
}

static nmlp_batch batch_of(const float *features, size_t rows, size_t inputs, const int32_t *labels)
{
    return (nmlp_batch){.struct_size = sizeof(nmlp_batch),
                        .features = features,
                        .feature_rows = rows,
                        .ld = inputs,
                        .labels = labels,
                        .label_count = labels ? rows : 0};
}

static const nmlp_optimizer optimizers[] = {
    {.struct_size = sizeof(nmlp_optimizer),
     .kind = NMLP_OPTIMIZER_SGD,
     .learning_rate = 0.05,
     .l2 = 1e-4},
    {.struct_size = sizeof(nmlp_optimizer),
     .kind = NMLP_OPTIMIZER_MOMENTUM,
     .learning_rate = 0.02,
     .l2 = 1e-4,
     .momentum = 0.9},
    {.struct_size = sizeof(nmlp_optimizer),
     .kind = NMLP_OPTIMIZER_ADAM,
     .learning_rate = 2e-3,
     .l2 = 1e-4,
     .beta1 = 0.9,
     .beta2 = 0.999,
     .epsilon = 1e-8},
};

static void fill_labels(uint64_t seed, int32_t *labels, size_t count, size_t classes)
{
    for (size_t i = 0; i < count; i++) labels[i] = (int32_t)data_below(&seed, classes);
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

/* The judge judged: its gradient against differences of its own loss. */
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

/* ----------------------------------------------------------- the ways data come in */

enum { ROWS = 150, INPUTS = 37, CLASSES = 5, BATCH = 23, PITCH = INPUTS + 6 };

static const size_t path_widths[] = {INPUTS, 19, 11, CLASSES};

typedef struct data_set {
    guarded place[3];
    uint8_t *bytes; /* [ROWS x INPUTS], pitch PITCH */
    float *floats;  /* the same numbers */
    float *ready;   /* (x - mean) * scale */
    float mean[INPUTS], scale;
    int32_t labels[ROWS], indices[BATCH];
} data_set;

/* Rows end at the guard page; poison stands between them. */
static void data_set_create(data_set *d)
{
    size_t count = (ROWS - 1) * PITCH + INPUTS;
    uint64_t seed = 77;
    for (size_t i = 0; i < 3; i++) d->place[i] = guarded_create(count * sizeof(float));
    d->bytes = guarded_bytes(&d->place[0], count, true);
    d->floats = guarded_floats(&d->place[1], count, true);
    d->ready = guarded_floats(&d->place[2], count, true);
    d->scale = 1.0f / 255;
    data_fill(5, 0, 255, d->mean, INPUTS);
    fill_bits(d->floats, count, poison);
    fill_bits(d->ready, count, poison);
    for (size_t i = 0; i < count; i++) {
        d->bytes[i] = (uint8_t)data_below(&seed, 256);
        if (i % PITCH >= INPUTS) continue;
        d->floats[i] = d->bytes[i];
        float moved = d->floats[i] - d->mean[i % PITCH];
        d->ready[i] = moved * d->scale;
    }
    fill_labels(6, d->labels, ROWS, CLASSES);
}

static void data_set_destroy(data_set *d)
{
    for (size_t i = 0; i < 3; i++) guarded_destroy(&d->place[i]);
}

enum { PATHS = 7 };

/* The same BATCH rows in one of seven ways; copies go to room. */
static nmlp_batch batch_by_path(data_set *d, int path, void *room, int32_t *labels)
{
    nmlp_batch b = batch_of(d->ready, ROWS, PITCH, d->labels);
    bool bytes = path == 4 || path == 5, raw = bytes || path == 3 || path == 6;
    bool gathered = path == 1 || path == 5 || path == 6;
    size_t size = bytes ? 1 : sizeof(float), ld = path == 5 ? INPUTS : PITCH - 2;
    if (raw) {
        b.features = bytes ? (const void *)d->bytes : d->floats;
        b.feature_type = bytes ? NMLP_FEATURE_UINT8 : NMLP_FEATURE_FLOAT32;
        b.mean = d->mean;
        b.mean_length = INPUTS;
        b.scale = d->scale;
    }
    b.indices = d->indices;
    b.index_count = gathered ? 0 : BATCH;
    if (!gathered) return b;
    for (size_t i = 0; i < BATCH; i++) {
        const unsigned char *row =
            (const unsigned char *)b.features + (size_t)d->indices[i] * PITCH * size;
        memcpy((unsigned char *)room + i * ld * size, row, INPUTS * size);
        labels[i] = d->labels[d->indices[i]];
    }
    b.features = room;
    b.feature_rows = b.label_count = BATCH;
    b.labels = labels;
    b.ld = ld;
    return b;
}

static void test_batch__all_paths_same_bits(void)
{
    data_set *d = test_alloc(sizeof *d);
    nmlp_net *nets[PATHS];
    guarded room = guarded_create(BATCH * PITCH * sizeof(float));
    data_set_create(d);
    for (int p = 0; p < PATHS; p++) {
        nets[p] = net_create(3, path_widths, BATCH, 1 + p % 3);
        CHECK_OK(nmlp_net_initialize(nets[p], 9));
    }
    for (uint64_t step = 0; step < 6; step++) {
        nmlp_result first = nmlp_result_init(), result = first;
        uint64_t seed = step;
        for (size_t i = 0; i < BATCH; i++) d->indices[i] = (int32_t)data_below(&seed, ROWS);
        d->indices[0] = ROWS - 1; /* the row that ends at the guard page */
        d->indices[1] = d->indices[2];
        for (int p = 0; p < PATHS; p++) {
            int32_t labels[BATCH];
            size_t size =
                p == 5 ? BATCH * INPUTS : ((BATCH - 1) * (PITCH - 2) + INPUTS) * sizeof(float);
            nmlp_batch b = batch_by_path(d, p, guarded_bytes(&room, size, true), labels);
            CHECK_OK(nmlp_net_train_step(nets[p], &b, &optimizers[step % 2 + 1], &result));
            if (p == 0) first = result;
            CHECK_THAT(memcmp(&first.loss, &result.loss, sizeof(double)) == 0 &&
                           first.correct == result.correct && result.rows == BATCH,
                       "path %d: loss %.17g, not %.17g", p, result.loss, first.loss);
            float y[BATCH * CLASSES], y0[BATCH * CLASSES];
            nmlp_batch b0 = batch_by_path(d, 0, NULL, NULL);
            CHECK_OK(nmlp_net_predict(nets[0], &b0, NMLP_OUTPUT_SCORES, y0, CLASSES, 1));
            if (p > 0) {
                CHECK_OK(nmlp_net_predict(nets[0], &b, NMLP_OUTPUT_SCORES, y, CLASSES, 1));
                CHECK_BITS("prediction by another path", y0, y, BATCH * CLASSES);
            }
        }
    }
    for (int p = 1; p < PATHS; p++) check_same_state("training by another path", nets[0], nets[p]);
    for (int p = 0; p < PATHS; p++) nmlp_net_destroy(nets[p]);
    guarded_destroy(&room);
    data_set_destroy(d);
    free(d);
}

/* ---------------------------------------------------------------------- training */

/* The heavy ones have work for four or five workers; the others are for one. */
typedef struct training {
    const char *name;
    size_t layers, width[DEEPEST + 1], batch;
    size_t optimizer;
    bool bytes, heavy;
} training;

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

/* 200 steps over batches of every size up to the greatest; 20 where that takes long. */
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

/* Rows at distances at which they are read in place or copied, chains longer than a block,
 * layers so narrow that their dW is computed lying down, and so wide that X is packed; whole
 * vectors of columns, whose weights momentum changes as chains end: high, low and wide tiles; a
 * layer behind the first that needs most room for its packed rows; weights in slices. */
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

/* The parameters of `other`, from here on written to it, after one update by the gradient
 * that it has kept. */
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

/* -------------------------------------------------------------------- prediction */

static void test_predict__chunks_threads_and_strides(void)
{
    enum { MANY = 1531 };
    nmlp_net *net = net_create(3, path_widths, 4, 2);
    float *x = test_floats(MANY * INPUTS), *all = test_floats(MANY * CLASSES);
    float *p = test_floats(MANY * CLASSES), *soft = test_floats(MANY * CLASSES),
          *part = test_floats(MANY * 9);
    int32_t *labels = test_alloc(MANY * sizeof *labels);
    static const size_t sizes[] = {1,   2,   3,   5,   16,  63,  64,  65,
                                   127, 128, 255, 256, 257, 511, 513, 1000};
    data_fill(1, -1, 1, x, MANY * INPUTS);
    fill_labels(2, labels, MANY, CLASSES);
    CHECK_OK(nmlp_net_initialize(net, 3));
    nmlp_batch whole = batch_of(x, MANY, INPUTS, NULL);
    CHECK_OK(nmlp_net_predict(net, &whole, NMLP_OUTPUT_SCORES, all, CLASSES, 1));
    CHECK_OK(nmlp_net_predict(net, &whole, NMLP_OUTPUT_PROBABILITIES, p, CLASSES, 1));
    CHECK_OK(nmlp_softmax(MANY, CLASSES, all, CLASSES, soft, CLASSES, 1));
    CHECK_BITS("probabilities are the softmax of the scores", soft, p, MANY * CLASSES);
    hash_print("predict", hash_bytes(hash_start, p, MANY * CLASSES * sizeof *p));
    for (size_t i = 0; i < MANY; i++) {
        double sum = 0;
        for (size_t j = 0; j < CLASSES; j++) sum += (double)p[i * CLASSES + j];
        CHECK_NEAR("sum of probabilities", i, 1, sum, CLASSES * EPS);
    }
    for (int32_t threads = 0; threads <= 5; threads++) {
        CHECK_OK(nmlp_net_predict(net, &whole, NMLP_OUTPUT_SCORES, part, CLASSES, threads));
        CHECK_BITS("threads", all, part, MANY * CLASSES);
    }
    for (size_t s = 0; s < COUNT_OF(sizes); s++) {
        for (size_t from = s; from + sizes[s] <= MANY; from += 500) {
            nmlp_batch some = batch_of(x + from * INPUTS, sizes[s], INPUTS, NULL);
            size_t ld = s % 2 ? 9 : CLASSES;
            fill_bits(part, MANY * 9, poison);
            CHECK_OK(
                nmlp_net_predict(net, &some, NMLP_OUTPUT_SCORES, part, ld, 1 + (int32_t)s % 3));
            for (size_t i = 0; i < sizes[s]; i++) {
                CHECK_BITS("chunk", all + (from + i) * CLASSES, part + i * ld, CLASSES);
                for (size_t j = CLASSES; j < ld; j++) CHECK(float_bits(part[i * ld + j]) == poison);
            }
            CHECK(float_bits(part[sizes[s] * ld]) == poison);
        }
    }
    double loss, tolerance;
    size_t correct;
    nmlp_result result = nmlp_result_init();
    CHECK_OK(nmlp_softmax_cross_entropy(MANY, CLASSES, all, CLASSES, labels, NULL, 0, 0, &loss,
                                        &correct, 1));
    tolerance = 4 * EPS * loss;
    whole.labels = labels;
    whole.label_count = MANY;
    for (int32_t threads = 0; threads <= 5; threads++) {
        static double first;
        CHECK_OK(nmlp_net_evaluate(net, &whole, threads, &result));
        CHECK_NEAR("evaluated loss", (size_t)threads, loss, result.loss, tolerance);
        if (threads == 0) first = result.loss;
        CHECK(result.loss == first && result.data_loss == first);
        CHECK(result.correct == correct && result.rows == MANY);
    }
    nmlp_net_destroy(net);
    void *memory[] = {x, all, p, soft, part, labels};
    for (size_t i = 0; i < COUNT_OF(memory); i++) free(memory[i]);
}

/* Of 90 elements 10 are looked at: every ninth. */
static void test_batch__zero_share(void)
{
    enum { N = 90 };
    float floats[2 * N], mean[N];
    uint8_t bytes[2 * N];
    const int32_t second = 1;
    for (size_t j = 0; j < N; j++) {
        floats[j] = mean[j] = 5;
        bytes[j] = 5;
        floats[N + j] = bytes[N + j] = j < 72 ? 0 : 3; /* 8 of the 10 */
    }
    nmlp_batch batch = {.features = floats, .feature_rows = 2, .ld = N};
    CHECK(nmlp_batch_zero_share(&batch, N, 0) == 0);
    CHECK(nmlp_batch_zero_share(&batch, N, 1) == 0.8);
    batch.indices = &second;
    batch.index_count = 1;
    CHECK(nmlp_batch_zero_share(&batch, N, 0) == 0.8);
    batch.features = bytes;
    batch.feature_type = NMLP_FEATURE_UINT8;
    CHECK(nmlp_batch_zero_share(&batch, N, 0) == 0.8);
    batch.mean = mean;
    batch.mean_length = N;
    CHECK(nmlp_batch_zero_share(&batch, N, 0) == 0);
    batch.index_count = 0;
    CHECK(nmlp_batch_zero_share(&batch, N, 0) == 1);
    CHECK(nmlp_batch_zero_share(&batch, 1, 0) == 1);
}

int main(void)
{
    test_begin("test_net");
    nmlp_parallel_wake_for_all();
    RUN(test_gradient__against_double);
    RUN(test_batch__all_paths_same_bits);
    RUN(test_train__same_bits_for_all_threads);
    RUN(test_train__is_gradient_then_update);
    RUN(test_predict__chunks_threads_and_strides);
    RUN(test_batch__zero_share);
    return test_end("test_net");
}
