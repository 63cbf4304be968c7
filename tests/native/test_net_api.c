/* SPDX-License-Identifier: MIT
 *
 * The boundary of networks: bad arguments of each function, callers at once, and the
 * environment variables, which a process reads once and so are tested in children. */

#include "ops/norm.h"
#include "test_support.h"

#if !defined(_WIN32)
#include <sys/wait.h>
#endif

enum { INPUTS = 5, HIDDEN = 6, CLASSES = 3, ROWS = 7, MOST = 4 };
enum { BAD = NMLP_ERROR_INVALID_ARGUMENT };

static const size_t huge = SIZE_MAX / 2;

/* --------------------------------------------------------------------- creation */

struct creation {
    nmlp_net_options options;
    unsigned char newer[8];
    nmlp_layer layers[2];
    bool no_options, no_layers;
    size_t layer_count;
};

static struct creation creation_good(void)
{
    return (struct creation){.options = {.struct_size = sizeof(nmlp_net_options),
                                         .inputs = INPUTS,
                                         .max_batch = MOST,
                                         .threads = 1},
                             .layers = {{.struct_size = sizeof(nmlp_layer),
                                         .activation = NMLP_ACTIVATION_RELU,
                                         .outputs = HIDDEN,
                                         .init = NMLP_INIT_DEFAULT},
                                        {.struct_size = sizeof(nmlp_layer),
                                         .activation = NMLP_ACTIVATION_IDENTITY,
                                         .outputs = CLASSES,
                                         .init = NMLP_INIT_DEFAULT}},
                             .layer_count = 2};
}

/* A network that cannot be made leaves NULL. */
static int32_t create(const struct creation *c, nmlp_net **net)
{
    *net = (nmlp_net *)(uintptr_t)&huge;
    int32_t status = nmlp_net_create(c->no_options ? NULL : &c->options,
                                     c->no_layers ? NULL : c->layers, c->layer_count, net);
    CHECK_THAT((status == NMLP_OK) == (*net != NULL), "status %d, address %p", (int)status,
               (void *)*net);
    return status;
}

static nmlp_net *net_create(void)
{
    struct creation c = creation_good();
    nmlp_net *net;
    if (!CHECK_OK(create(&c, &net))) exit(test_end("test_net_api"));
    CHECK_OK(nmlp_net_initialize(net, 1));
    return net;
}

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
    CREATION(BAD, v.options.reserved = 1);
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

/* ----------------------------------------------------------------------- batches */

/* All the arguments that the four functions with a batch take together. */
struct call {
    nmlp_batch batch;
    unsigned char newer[8];
    bool no_batch, no_result, no_optimizer;
    float features[ROWS * INPUTS], mean[INPUTS], y[ROWS * CLASSES];
    int32_t labels[ROWS], indices[MOST];
    nmlp_optimizer optimizer;
    nmlp_net *net;
    int32_t threads, output;
    size_t ldy;
    bool no_y;
    double l2;
};

enum { TRAIN = 1, GRADIENT = 2, EVALUATE = 4, PREDICT = 8, ALL = 15, STEPS = 3 };

static struct call *call_good(nmlp_net *net)
{
    static struct call c;
    memset(&c, 0, sizeof c);
    c.batch = (nmlp_batch){.struct_size = sizeof(nmlp_batch),
                           .features = c.features,
                           .feature_rows = ROWS,
                           .ld = INPUTS,
                           .mean = c.mean,
                           .mean_length = INPUTS,
                           .indices = c.indices,
                           .index_count = MOST,
                           .labels = c.labels,
                           .label_count = ROWS,
                           .scale = 2};
    for (int32_t i = 0; i < MOST; i++) c.indices[i] = i + 1;
    c.optimizer = (nmlp_optimizer){.struct_size = sizeof(nmlp_optimizer),
                                   .kind = NMLP_OPTIMIZER_ADAM,
                                   .learning_rate = 1e-3,
                                   .beta1 = 0.9,
                                   .beta2 = 0.999,
                                   .epsilon = 1e-8};
    c.net = net;
    c.threads = 1;
    c.ldy = CLASSES;
    fill_bits(c.y, ROWS * CLASSES, poison);
    return &c;
}

/* Those of the four functions in `which` answer `status` and write nothing unless it is OK. */
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

/* ---------------------------------------------------------------- callers at once */

enum { CALLERS = 4, TIMES = 60, MANY = 300 };

typedef struct caller {
    nmlp_net *net;
    const float *x, *expected;
    size_t rows;
    int32_t threads;
    long ok, busy, other, wrong;
} caller;

static void predict_often(void *argument)
{
    caller *c = argument;
    float *y = test_floats(MANY * CLASSES);
    nmlp_batch batch = {
        .struct_size = sizeof batch, .features = c->x, .feature_rows = c->rows, .ld = INPUTS};
    for (int i = 0; i < TIMES; i++) {
        int32_t status =
            nmlp_net_predict(c->net, &batch, NMLP_OUTPUT_SCORES, y, CLASSES, c->threads);
        if (status == NMLP_ERROR_BUSY)
            c->busy++;
        else if (status != NMLP_OK)
            c->other++;
        else
            c->ok++, c->wrong += memcmp(y, c->expected, c->rows * CLASSES * sizeof *y) != 0;
    }
    free(y);
}

/* With a step that changes nothing (learning rate 0) beside it, a prediction is right or BUSY. */
static void run_callers(bool train)
{
    nmlp_net *net = net_create();
    float *x = test_floats(MANY * INPUTS), *expected = test_floats(MANY * CLASSES);
    caller callers[CALLERS];
    test_thread threads[CALLERS];
    data_fill(3, -1, 1, x, MANY * INPUTS);
    nmlp_batch whole = {
        .struct_size = sizeof whole, .features = x, .feature_rows = MANY, .ld = INPUTS};
    CHECK_OK(nmlp_net_predict(net, &whole, NMLP_OUTPUT_SCORES, expected, CLASSES, 1));
    for (size_t i = 0; i < CALLERS; i++) {
        callers[i] = (caller){.net = net,
                              .x = x,
                              .expected = expected,
                              .rows = MANY - i * 50,
                              .threads = (int32_t)(i % 2 + 1)};
        thread_start(&threads[i], predict_often, &callers[i]);
    }
    for (int i = 0; train && i < TIMES; i++) {
        struct call *v = call_good(net);
        nmlp_result result = nmlp_result_init();
        v->optimizer.kind = NMLP_OPTIMIZER_SGD;
        v->optimizer.learning_rate = 0;
        int32_t status = nmlp_net_train_step(net, &v->batch, &v->optimizer, &result);
        CHECK_THAT(status == NMLP_OK || status == NMLP_ERROR_BUSY, "training: %d", (int)status);
    }
    for (size_t i = 0; i < CALLERS; i++) {
        thread_join(&threads[i]);
        CHECK_THAT(callers[i].wrong == 0 && callers[i].other == 0,
                   "caller %zu: %ld wrong, %ld failed", i, callers[i].wrong, callers[i].other);
        if (!train) CHECK_THAT(callers[i].ok == TIMES, "caller %zu: %ld busy", i, callers[i].busy);
    }
    nmlp_net_destroy(net);
    free(x);
    free(expected);
}

static void test_callers__predict_at_once(void) { run_callers(false); }

static void test_callers__train_beside(void) { run_callers(true); }

/* ------------------------------------------------------------------- environment */

static int isa_is_refused(void)
{
    float one = 1, to;
    size_t count;
    double loss;
    int32_t label = 0;
    nmlp_optimizer sgd = {
        .struct_size = sizeof sgd, .kind = NMLP_OPTIMIZER_SGD, .learning_rate = 0.1};
    struct creation c = creation_good();
    nmlp_net *net = NULL;
    const int32_t all[] = {
        nmlp_initialize(),
        nmlp_active_isa(),
        nmlp_gemm(1, 1, 1, 0, 0, 1, &one, 1, &one, 1, 0, &to, 1, 1),
        nmlp_dense_forward(1, 1, 1, 0, 0.0f, &one, 1, &one, 1, NULL, 0, &to, 1, 1),
        nmlp_dense_backward(1, 1, 1, 0, 0.0f, &one, 1, &one, 1, &one, 1, &one, 1, NULL, 0, 0, &to,
                            1, 1, NULL, 0, 1),
        nmlp_activation_forward(0, 0.0f, 1, &one, &to),
        nmlp_activation_backward(0, 0.0f, 1, &one, &one, &to),
        nmlp_softmax(1, 1, &one, 1, &to, 1, 1),
        nmlp_log_softmax(1, 1, &one, 1, &to, 1, 1),
        nmlp_softmax_cross_entropy(1, 1, &one, 1, &label, NULL, 0, 0, &loss, &count, 1),
        nmlp_optimizer_update(&sgd, 1, &one, &to, NULL, 0, NULL, 0, 1, 1),
        nmlp_sincospi(1, &one, &to, &one),
        nmlp_random_uniform(0, 0, 0, 1, 0, 1, &to),
        nmlp_random_normal(0, 0, 0, 1, 0, 1, &to),
        nmlp_random_permutation(0, 0, 1, &label),
        nmlp_net_create(&c.options, c.layers, 2, &net)};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (all[i] != NMLP_ERROR_UNSUPPORTED_ISA) return (int)i + 1;
    return net == NULL ? 0 : 99;
}

static int any_isa_runs(void)
{
    return nmlp_initialize() == NMLP_OK && nmlp_active_isa() >= 0 ? 0 : 1;
}

static int seven_threads(void) { return nmlp_default_threads() == 7 ? 0 : 1; }

static int threads_are_not_set(void)
{
    int32_t threads = nmlp_default_threads();
    return threads >= 1 && threads <= test_processors() ? 0 : 1;
}

/* What a child does, by name: Windows has no fork, there a child is this program begun anew. */
static const struct child_body {
    const char *name;
    int (*run)(void);
} child_bodies[] = {
    {"isa_is_refused", isa_is_refused},
    {"any_isa_runs", any_isa_runs},
    {"seven_threads", seven_threads},
    {"threads_are_not_set", threads_are_not_set},
};

static const struct child_body *child_body_named(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(child_bodies); i++)
        if (strcmp(child_bodies[i].name, name) == 0) return &child_bodies[i];
    printf("%s is no child's body\n", name);
    exit(2);
}

/* The exit code of the body in a child whose environment has the variable, or lacks it; or -1. */
#if defined(_WIN32)
static int run_child(const char *name, const char *value, const struct child_body *body)
{
    char before[256], program[MAX_PATH], command[MAX_PATH + 64];
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    DWORD code = 0;
    const DWORD length = GetEnvironmentVariableA(name, before, sizeof before);
    const bool was_set = length > 0 || GetLastError() != ERROR_ENVVAR_NOT_FOUND;
    if (length >= sizeof before || GetModuleFileNameA(NULL, program, sizeof program) == 0)
        return -1;
    snprintf(command, sizeof command, "\"%s\" %s", program, body->name);
    SetEnvironmentVariableA(name, value);
    const bool begun =
        CreateProcessA(program, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process);
    SetEnvironmentVariableA(name, was_set ? before : NULL);
    if (!begun) return -1;
    WaitForSingleObject(process.hProcess, INFINITE);
    const bool ended = GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return ended ? (int)code : -1;
}
#else
static int run_child(const char *name, const char *value, const struct child_body *body)
{
    int result = -1;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (value == NULL)
            unsetenv(name);
        else
            setenv(name, value, 1);
        _exit(body->run());
    }
    bool ended = child > 0 && waitpid(child, &result, 0) == child && WIFEXITED(result);
    return ended ? WEXITSTATUS(result) : -1;
}
#endif

static void check_child(int line, const char *name, const char *value, const char *body)
{
    const int code = run_child(name, value, child_body_named(body));
    check_at(__FILE__, line, code == 0, "%s=%s: %s: exit %d", name, value ? value : "(none)", body,
             code);
}

/* Before anything in this process has chosen an instruction set or begun a thread. */
static void test_environment__children(void)
{
    check_child(__LINE__, "NMLP_ISA", "bogus", "isa_is_refused");
    check_child(__LINE__, "NMLP_ISA", "AVX2", "isa_is_refused");
    check_child(__LINE__, "NMLP_ISA", "avx", "isa_is_refused");
    check_child(__LINE__, "NMLP_ISA", "scalar ", "isa_is_refused");
    check_child(__LINE__, "NMLP_ISA", NULL, "any_isa_runs");
    for (int32_t isa = 0; nmlp_isa_name(isa) != NULL; isa++)
        check_child(__LINE__, "NMLP_ISA", nmlp_isa_name(isa),
                    nmlp_isa_available(isa) ? "any_isa_runs" : "isa_is_refused");
    if (strcmp(nmlp_parallel_backend(), "none") != 0)
        check_child(__LINE__, "NMLP_THREADS", "7", "seven_threads");
    static const char *const not_threads[] = {NULL,   "",    "0",  "-3",
                                              "1025", "abc", "3x", "99999999999999999999"};
    for (size_t i = 0; i < COUNT_OF(not_threads); i++)
        check_child(__LINE__, "NMLP_THREADS", not_threads[i], "threads_are_not_set");
}

int main(int count, char **arguments)
{
    if (count == 2) return child_body_named(arguments[1])->run();
    RUN(test_environment__children);
    test_begin("test_net_api");
    RUN(test_create__bad_arguments);
    RUN(test_create__sizes_that_overflow);
    RUN(test_batch__bad_arguments);
    RUN(test_step__bad_arguments);
    RUN(test_tensors__bad_arguments);
    RUN(test_callers__predict_at_once);
    RUN(test_callers__train_beside);
    return test_end("test_net_api");
}
