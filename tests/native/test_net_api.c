/* SPDX-License-Identifier: MIT
 *
 * Argument checks of networks: bad arguments of each function. */
#include "api_net.h"

#define CREATION(status, change)                                                             \
    do {                                                                                     \
        struct creation v = creation_good();                                                 \
        nmlp_net *net;                                                                       \
        change;                                                                              \
        check_status_at(__FILE__, __LINE__, (status), create(&v, &net), "create: " #change); \
        nmlp_net_destroy(net);                                                               \
    } while (0)

static void test_create__bad_arguments(void)
{
    struct creation good = creation_good();
    CHECK_STATUS(BAD, nmlp_net_create(&good.options, good.layers, 2, NULL));
    CREATION(NMLP_OK, (void)v);
    CREATION(NMLP_OK, v.layer_count = 1);
    CREATION(NMLP_OK, v.options.threads = 0);
    CREATION(BAD, v.no_options = true);
    CREATION(BAD, v.no_layers = true);
    CREATION(BAD, v.layer_count = 0);
    CREATION(BAD, v.options.struct_size = 0);
    CREATION(BAD, v.options.struct_size -= 8);
    CREATION(BAD, v.options.struct_size = UINT32_MAX);
    CREATION(BAD, (v.options.struct_size += 8, v.newer[0] = 1));
    CREATION(BAD, v.options.loss = -1);
    CREATION(BAD, v.options.loss = NMLP_LOSS_COUNT);
    CREATION(NMLP_OK, v.options.loss = NMLP_LOSS_COUNT - 1);
    static const float not_fractions[] = {-0.1f, 1.5f, NAN, INFINITY};
    for (size_t i = 0; i < COUNT_OF(not_fractions); i++) {
        CREATION(BAD, v.options.label_smoothing = not_fractions[i]);
        CREATION(BAD, v.options.norm_epsilon = not_fractions[i]);
        CREATION(BAD, v.options.norm_momentum = not_fractions[i]);
        CREATION(BAD, v.layers[0].dropout = not_fractions[i]);
    }
    static const float not_sizes[] = {-0.1f, NAN, INFINITY};
    for (size_t i = 0; i < COUNT_OF(not_sizes); i++) {
        CREATION(BAD, v.options.delta = not_sizes[i]);
        CREATION(BAD, v.layers[0].alpha = not_sizes[i]);
        CREATION(BAD, v.layers[0].init_stddev = not_sizes[i]);
    }
    CREATION(BAD, v.layers[0].dropout = 1);
    CREATION(BAD, v.layers[0].norm = -1);
    CREATION(BAD, v.layers[0].norm = NMLP_NORM_COUNT);
    static const float weights[] = {1, 1, 1, NAN};
    CREATION(BAD, v.options.class_weight_count = CLASSES);
    CREATION(BAD, (v.options.class_weights = weights, v.options.class_weight_count = 1));
    CREATION(CLASSES > 3 ? BAD : NMLP_OK,
             (v.options.class_weights = weights, v.options.class_weight_count = CLASSES));
    CREATION(BAD, v.options.inputs = 0);
    CREATION(NMLP_OK, v.options.max_batch = 0);
    CREATION(BAD, v.options.threads = -1);
    CREATION(BAD, v.options.threads = INT32_MIN);
    CREATION(BAD, v.options.precision = NMLP_PRECISION_BFLOAT16); /* a network that trains */
    CREATION(NMLP_OK, (v.options.precision = NMLP_PRECISION_BFLOAT16, v.options.max_batch = 0));
    CREATION(BAD, (v.options.precision = NMLP_PRECISION_BFLOAT16 + 1, v.options.max_batch = 0));
    CREATION(BAD, (v.options.precision = -1, v.options.max_batch = 0));
    CREATION(BAD, v.layers[0].struct_size = 0);
    CREATION(BAD, v.layers[1].struct_size -= 4);
    CREATION(BAD, v.layers[0].activation = -1);
    CREATION(BAD, v.layers[0].activation = NMLP_ACTIVATION_COUNT);
    CREATION(BAD, v.layers[0].outputs = 0);
    CREATION(BAD, v.layers[1].outputs = 0);
    CREATION(BAD, v.layers[0].init = -1);
    CREATION(BAD, v.layers[1].init = NMLP_INIT_NORMAL + 1);
    CREATION(BAD, v.layers[1].pieces = -1);
    CREATION(BAD, v.layers[1].pieces = 2);
    CREATION(NMLP_OK, v.layers[1].pieces = 1);
    static const int32_t few[] = {INT32_MIN, -1, 1};
    for (size_t i = 0; i < COUNT_OF(few); i++)
        CREATION(BAD,
                 (v.layers[0].activation = NMLP_ACTIVATION_MAXOUT, v.layers[0].pieces = few[i]));
    CREATION(NMLP_OK, v.layers[0].activation = NMLP_ACTIVATION_MAXOUT);
    CREATION(NMLP_OK, (v.layers[1].activation = NMLP_ACTIVATION_MAXOUT, v.layers[1].pieces = 7));
}

static void test_create__sizes_that_overflow(void)
{
    const size_t half = (size_t)1 << (sizeof(size_t) * 4);
    CREATION(BAD, v.options.inputs = huge);
    CREATION(BAD, v.options.inputs = SIZE_MAX);
    CREATION(BAD, v.options.max_batch = huge);
    CREATION(BAD, v.options.max_batch = SIZE_MAX);
    CREATION(BAD, v.layers[0].outputs = SIZE_MAX);
    CREATION(BAD, v.layers[1].outputs = huge);
    CREATION(BAD, (v.options.inputs = half, v.layers[0].outputs = half));
    CREATION(BAD, (v.layers[0].outputs = half, v.layers[1].outputs = half / 2));
    CREATION(BAD, (v.options.max_batch = half, v.options.inputs = half / 2));
    CREATION(BAD, (v.layers[0].activation = NMLP_ACTIVATION_MAXOUT, v.layers[0].pieces = INT32_MAX,
                   v.layers[0].outputs = huge / INT32_MAX));
    CREATION(BAD,
             (v.layers[0].activation = NMLP_ACTIVATION_MAXOUT, v.layers[0].outputs = huge + 1));
}

enum { TRAIN = 1, GRADIENT = 2, EVALUATE = 4, PREDICT = 8, ALL = 15, STEPS = 3 };

/* Checks that the functions selected by `which` return `status` and write nothing unless it is
 * OK. */
static void check_calls(int line, int which, int32_t status, struct call *c, const char *what)
{
    const nmlp_batch *batch = c->no_batch ? NULL : &c->batch;
    for (int one = TRAIN; one <= PREDICT; one *= 2) {
        nmlp_result result = nmlp_result_init(), untouched = result;
        int32_t actual;
        char text[160];
        if ((which & one) == 0) continue;
        memset(&untouched, 0x5a, sizeof untouched);
        untouched.struct_size = sizeof untouched;
        result = untouched;
        nmlp_result *to = c->no_result ? NULL : &result;
        if (one == TRAIN)
            actual = nmlp_net_train_step(c->net, batch, c->no_optimizer ? NULL : &c->optimizer, to);
        else if (one == GRADIENT)
            actual = nmlp_net_gradient(c->net, batch, c->l2, to);
        else if (one == EVALUATE)
            actual = nmlp_net_evaluate(c->net, batch, c->threads, to);
        else
            actual = nmlp_net_predict(c->net, batch, c->output, c->no_y ? NULL : c->y, c->ldy,
                                      c->threads);
        snprintf(text, sizeof text, "%s: %s",
                 one == TRAIN      ? "train"
                 : one == GRADIENT ? "gradient"
                 : one == EVALUATE ? "evaluate"
                                   : "predict",
                 what);
        check_status_at(__FILE__, line, status, actual, text);
        if (actual == NMLP_OK) continue;
        bool kept = memcmp(&result, &untouched, sizeof result) == 0;
        for (size_t i = 0; i < ROWS * CLASSES; i++) kept = kept && float_bits(c->y[i]) == poison;
        check_at(__FILE__, line, kept, "%s: refused, but something was written", text);
    }
}

#define CALL(which, status, change)                           \
    do {                                                      \
        struct call *v = call_good(net);                      \
        change;                                               \
        check_calls(__LINE__, (which), (status), v, #change); \
    } while (0)

static void test_batch__bad_arguments(void)
{
    nmlp_net *net = net_create();
    CALL(ALL, NMLP_OK, (void)v);
    CALL(ALL, BAD, v->net = NULL);
    CALL(ALL, BAD, v->no_batch = true);
    CALL(ALL, BAD, v->batch.struct_size = 0);
    enum { FIRST_SIZE = offsetof(nmlp_batch, scales) };
    CALL(ALL, NMLP_OK, v->batch.struct_size = FIRST_SIZE);
    CALL(ALL, BAD, v->batch.struct_size = FIRST_SIZE - 8);
    CALL(ALL, BAD, v->batch.struct_size = FIRST_SIZE + 4);
    CALL(ALL, BAD, v->batch.struct_size = UINT32_MAX);
    CALL(ALL, BAD, (v->batch.struct_size += 8, v->newer[7] = 1));
    CALL(ALL, BAD, v->batch.feature_type = -1);
    CALL(ALL, BAD, v->batch.feature_type = 2);
    CALL(ALL, BAD, v->batch.features = NULL);
    CALL(ALL, BAD, v->batch.ld = INPUTS - 1);
    CALL(ALL, BAD, v->batch.ld = 0);
    CALL(ALL, BAD, v->batch.ld = huge);
    CALL(ALL, BAD, (v->batch.feature_rows = v->batch.label_count = huge));
    CALL(ALL, BAD, v->batch.mean = NULL);
    CALL(ALL, BAD, v->batch.mean_length = INPUTS - 1);
    CALL(ALL, BAD, v->batch.mean_length = INPUTS + 1);
    static float scales[INPUTS], not_finite[INPUTS] = {1, NAN};
#define SCALES(given, length) \
    (v->batch.scale = 0, v->batch.scales = (given), v->batch.scales_length = (length))
    CALL(ALL, NMLP_OK, SCALES(scales, INPUTS));
    CALL(ALL, NMLP_OK, (SCALES(scales, INPUTS), v->batch.scale = 1));
    CALL(ALL, BAD, (SCALES(scales, INPUTS), v->batch.scale = 2));
    CALL(ALL, BAD, SCALES(scales, INPUTS - 1));
    CALL(ALL, BAD, SCALES(scales, INPUTS + 1));
    CALL(ALL, BAD, SCALES(NULL, INPUTS));
    CALL(ALL, BAD, SCALES(not_finite, INPUTS));
#undef SCALES
    CALL(ALL, BAD, v->batch.indices = NULL);
    CALL(ALL, BAD, v->batch.labels = NULL);
    CALL(ALL, BAD, v->batch.label_count = ROWS - 1);
    CALL(ALL, BAD, v->batch.label_count = MOST);
    CALL(ALL, BAD, v->batch.reserved = 1);
    CALL(ALL, BAD, (v->batch.targets = v->features, v->batch.target_length = ROWS));
    CALL(ALL, BAD, (v->batch.targets = NULL, v->batch.target_length = ROWS * CLASSES));
    CALL(ALL, BAD, (v->batch.weights = v->features, v->batch.weight_count = ROWS - 1));
    CALL(ALL, BAD, (v->batch.weights = NULL, v->batch.weight_count = ROWS));
    static const float none[ROWS], below[ROWS] = {-1, -1, -1, -1}, not_numbers[ROWS] = {NAN, NAN};
    CALL(TRAIN | GRADIENT | EVALUATE, BAD, (v->batch.weights = none, v->batch.weight_count = ROWS));
    CALL(TRAIN | GRADIENT | EVALUATE, BAD,
         (v->batch.weights = below, v->batch.weight_count = ROWS));
    CALL(TRAIN | GRADIENT | EVALUATE, BAD,
         (v->batch.weights = not_numbers, v->batch.weight_count = ROWS));
    CALL(ALL, NMLP_ERROR_INDEX_RANGE, v->indices[0] = ROWS);
    CALL(ALL, NMLP_ERROR_INDEX_RANGE, v->indices[MOST - 1] = -1);
    CALL(TRAIN | GRADIENT | EVALUATE, NMLP_ERROR_LABEL_RANGE, v->labels[1] = CLASSES);
    CALL(TRAIN | GRADIENT | EVALUATE, NMLP_ERROR_LABEL_RANGE, v->labels[MOST] = -1);
    CALL(TRAIN | GRADIENT | EVALUATE, BAD, v->batch.label_count = 0);
    CALL(TRAIN | GRADIENT | EVALUATE, BAD,
         (v->batch.feature_rows = v->batch.index_count = v->batch.label_count = 0));
    CALL(TRAIN | GRADIENT, BAD, v->batch.index_count = 0); /* more rows than max_batch */
    CALL(EVALUATE | PREDICT, NMLP_OK, v->batch.index_count = 0);
    CALL(PREDICT, NMLP_OK, (v->batch.labels = NULL, v->batch.label_count = 0));
    nmlp_net_destroy(net);
}

static void test_step__bad_arguments(void)
{
    static const double not_rates[] = {NAN, INFINITY, -INFINITY, -1e-9};
    nmlp_net *net = net_create();
    CALL(STEPS | EVALUATE, BAD, v->no_result = true);
    CALL(TRAIN, BAD, v->no_optimizer = true);
    CALL(TRAIN, BAD, v->optimizer.struct_size = 8);
    CALL(TRAIN, BAD, v->optimizer.kind = NMLP_OPTIMIZER_COUNT);
    CALL(TRAIN, BAD, v->optimizer.kind = -1);
    CALL(TRAIN, BAD, v->optimizer.beta1 = 1);
    CALL(TRAIN, BAD, v->optimizer.epsilon = 0);
    for (size_t i = 0; i < COUNT_OF(not_rates); i++) {
        CALL(TRAIN, BAD, v->optimizer.learning_rate = not_rates[i]);
        CALL(TRAIN, BAD, v->optimizer.l2 = not_rates[i]);
        CALL(TRAIN, BAD, v->optimizer.clip_norm = not_rates[i]);
        CALL(TRAIN, BAD, v->optimizer.clip_value = not_rates[i]);
        CALL(TRAIN, BAD, v->optimizer.max_norm = not_rates[i]);
        CALL(GRADIENT, BAD, v->l2 = not_rates[i]);
    }
    CALL(EVALUATE | PREDICT, BAD, v->threads = -1);
    CALL(PREDICT, BAD, v->output = -1);
    CALL(PREDICT, BAD, v->output = 2);
    CALL(PREDICT, BAD, v->no_y = true);
    CALL(PREDICT, BAD, v->ldy = CLASSES - 1);
    CALL(PREDICT, BAD, v->ldy = huge);
    nmlp_net_destroy(net);
}

/* ------------------------------------------------------------------ state in, out */

static void test_tensors__bad_arguments(void)
{
    enum { COUNT = INPUTS * HIDDEN };
    nmlp_net *net = net_create();
    size_t rows = 77, columns = 77;
    float w[COUNT] = {0};
    nmlp_optimizer_state progress = {.struct_size = sizeof progress,
                                     .beta1_power = 1,
                                     .beta2_power = 1},
                         bad;
    CHECK(nmlp_net_parameter_count(NULL) == 0);
    CHECK(nmlp_net_memory_bytes(NULL) == 0);
    CHECK_STATUS(BAD, nmlp_net_initialize(NULL, 1));
    CHECK_STATUS(BAD, nmlp_net_tensor_shape(NULL, 0, &rows, &columns));
    CHECK_STATUS(BAD, nmlp_net_tensor_shape(net, 4, &rows, &columns));
    CHECK_STATUS(BAD, nmlp_net_tensor_shape(net, SIZE_MAX, &rows, &columns));
    CHECK_STATUS(BAD, nmlp_net_tensor_shape(net, 0, NULL, &columns));
    CHECK_STATUS(BAD, nmlp_net_tensor_shape(net, 0, &rows, NULL));
    CHECK(rows == 77 && columns == 77);
    for (int write = 0; write < 2; write++) {
#define COPY(net, kind, tensor, data, length)                \
    (write ? nmlp_net_write(net, kind, tensor, data, length) \
           : nmlp_net_read(net, kind, tensor, data, length))
        CHECK_OK(COPY(net, 0, 0, w, COUNT));
        CHECK_STATUS(BAD, COPY(NULL, 0, 0, w, COUNT));
        CHECK_STATUS(BAD, COPY(net, -1, 0, w, COUNT));
        CHECK_STATUS(BAD, COPY(net, 5, 0, w, COUNT));
        CHECK_STATUS(BAD, COPY(net, 0, 4, w, COUNT));
        CHECK_STATUS(BAD, COPY(net, 0, SIZE_MAX, w, COUNT));
        CHECK_STATUS(BAD, COPY(net, 0, 0, NULL, COUNT));
        CHECK_STATUS(BAD, COPY(net, 0, 0, w, COUNT - 1));
        CHECK_STATUS(BAD, COPY(net, 0, 0, w, COUNT + 1));
        CHECK_STATUS(BAD, COPY(net, 0, 1, w, COUNT));
        CHECK_STATUS(BAD, COPY(net, 0, 0, w, 0));
#undef COPY
    }
    CHECK_OK(nmlp_net_read_optimizer_state(net, &progress));
    CHECK_OK(nmlp_net_write_optimizer_state(net, &progress));
    CHECK_STATUS(BAD, nmlp_net_read_optimizer_state(NULL, &progress));
    CHECK_STATUS(BAD, nmlp_net_read_optimizer_state(net, NULL));
    CHECK_STATUS(BAD, nmlp_net_write_optimizer_state(NULL, &progress));
    CHECK_STATUS(BAD, nmlp_net_write_optimizer_state(net, NULL));
#define PROGRESS(change) (bad = progress, change, nmlp_net_write_optimizer_state(net, &bad))
    CHECK_STATUS(BAD, PROGRESS(bad.struct_size = 0));
    CHECK_STATUS(BAD, PROGRESS(bad.struct_size -= 8));
    CHECK_STATUS(BAD,
                 (bad = progress, bad.struct_size = 4, nmlp_net_read_optimizer_state(net, &bad)));
    CHECK_STATUS(BAD, PROGRESS(bad.optimizer_kind = -1));
    CHECK_STATUS(BAD, PROGRESS(bad.optimizer_kind = NMLP_OPTIMIZER_COUNT));
    CHECK_STATUS(BAD, PROGRESS(bad.beta1_power = NAN));
    CHECK_STATUS(BAD, PROGRESS(bad.beta2_power = 1.5));
    CHECK_STATUS(BAD, PROGRESS(bad.beta2_power = -0.5));
#undef PROGRESS
    nmlp_net_destroy(net);
}

int main(void)
{
    test_begin("test_net_api");
    RUN(test_create__bad_arguments);
    RUN(test_create__sizes_that_overflow);
    RUN(test_batch__bad_arguments);
    RUN(test_step__bad_arguments);
    RUN(test_tensors__bad_arguments);
    return test_end("test_net_api");
}
