/* SPDX-License-Identifier: MIT
 *
 * What nmlp.h promises, at its edges: statuses, NULL, empty arrays, overlaps, limits, memory that
 * cannot be had, and who may call a network at once. Each promise is a table of calls; that bad
 * arguments are refused one by one is in test_api.c and test_net_api.c. */
#include "net/net.h"
#include "test_support.h"

static const int32_t OK = NMLP_OK, BAD = NMLP_ERROR_INVALID_ARGUMENT;
static const size_t HUGE_COUNT = (size_t)1 << 60;

/* ------------------------------------------------------------------ memory that fails
 * Where the linker can put itself between the library and the C library, the allocation of this
 * number, counted from 0, finds no memory; -1: none. */
static long failing = -1;

#if defined(NMLP_TEST_WRAPS_MALLOC)
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);

static bool fails_now(void) { return failing >= 0 && failing-- == 0; }

void *__wrap_malloc(size_t size) { return fails_now() ? NULL : __real_malloc(size); }

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : __real_calloc(count, size);
}
#endif

/* -------------------------------------------------------------------------- a network */

enum { INPUTS = 3, OUTPUTS = 4, ROWS = 5, MAX_BATCH = 6, ROOM = 64 };

static float features[ROWS * INPUTS], scores[ROOM];
static int32_t labels[ROWS], classes[ROOM], indices[ROWS];
static nmlp_result result = {.struct_size = sizeof result};
static nmlp_fault fault;

static const nmlp_net_options good_options = {
    .struct_size = sizeof good_options, .inputs = INPUTS, .max_batch = MAX_BATCH, .threads = 1};
static const nmlp_layer good_layer = {.struct_size = sizeof good_layer, .outputs = OUTPUTS};
static const nmlp_optimizer sgd = {.struct_size = sizeof sgd, .learning_rate = 0.1};

static nmlp_net *make(void)
{
    nmlp_net *net = NULL;
    if (!CHECK_OK(nmlp_net_create(&good_options, &good_layer, 1, &net)))
        exit(test_end("test_promises"));
    CHECK_OK(nmlp_net_initialize(net, 1));
    return net;
}

static nmlp_batch good_batch(void)
{
    return (nmlp_batch){.struct_size = sizeof(nmlp_batch),
                        .features = features,
                        .feature_rows = ROWS,
                        .ld = INPUTS,
                        .labels = labels,
                        .label_count = ROWS};
}

/* Every call on a network, with good arguments beside it and the batch. */
typedef int32_t net_call(nmlp_net *net, const nmlp_batch *batch);

static int32_t call_initialize(nmlp_net *net, const nmlp_batch *batch)
{
    (void)batch;
    return nmlp_net_initialize(net, 1);
}

static int32_t call_train_step(nmlp_net *net, const nmlp_batch *batch)
{
    return nmlp_net_train_step(net, batch, &sgd, &result);
}

static int32_t call_gradient(nmlp_net *net, const nmlp_batch *batch)
{
    return nmlp_net_gradient(net, batch, 0, &result);
}

static int32_t call_apply(nmlp_net *net, const nmlp_batch *batch)
{
    (void)batch;
    return nmlp_net_apply(net, &sgd);
}

static int32_t call_freeze(nmlp_net *net, const nmlp_batch *batch)
{
    nmlp_net *frozen;
    (void)batch;
    const int32_t status = nmlp_net_freeze(net, &frozen);
    nmlp_net_destroy(frozen);
    return status;
}

static int32_t call_find_nonfinite(nmlp_net *net, const nmlp_batch *batch)
{
    fault.struct_size = sizeof fault;
    return nmlp_net_find_nonfinite(net, batch, &fault);
}

static int32_t call_find_nonfinite_update(nmlp_net *net, const nmlp_batch *batch)
{
    fault.struct_size = sizeof fault;
    return nmlp_net_find_nonfinite_update(net, batch, &sgd, &fault);
}

static int32_t call_evaluate(nmlp_net *net, const nmlp_batch *batch)
{
    return nmlp_net_evaluate(net, batch, 1, &result);
}

static int32_t call_predict(nmlp_net *net, const nmlp_batch *batch)
{
    return nmlp_net_predict(net, batch, NMLP_OUTPUT_PROBABILITIES, scores, OUTPUTS, 1);
}

static int32_t call_predict_classes(nmlp_net *net, const nmlp_batch *batch)
{
    return nmlp_net_predict_classes(net, batch, classes, 1);
}

static int32_t call_read(nmlp_net *net, const nmlp_batch *batch)
{
    (void)batch;
    return nmlp_net_read(net, NMLP_TENSOR_PARAMETER, 1, scores, OUTPUTS);
}

static int32_t call_write(nmlp_net *net, const nmlp_batch *batch)
{
    static const float zeros[OUTPUTS];
    (void)batch;
    return nmlp_net_write(net, NMLP_TENSOR_PARAMETER, 1, zeros, OUTPUTS);
}

enum { PARAMETERS = (INPUTS + 1) * OUTPUTS };

static int32_t call_read_block(nmlp_net *net, const nmlp_batch *batch)
{
    float block[PARAMETERS];
    (void)batch;
    return nmlp_net_read_block(net, NMLP_TENSOR_GRADIENT, block, PARAMETERS);
}

static int32_t call_write_block(nmlp_net *net, const nmlp_batch *batch)
{
    static const float zeros[PARAMETERS];
    (void)batch;
    return nmlp_net_write_block(net, NMLP_TENSOR_GRADIENT, zeros, PARAMETERS);
}

static int32_t call_holds(nmlp_net *net, const nmlp_batch *batch)
{
    (void)batch;
    return nmlp_net_holds(net, NMLP_TENSOR_THIRD_MOMENT); /* no: 0, which is OK */
}

static int32_t call_read_optimizer_state(nmlp_net *net, const nmlp_batch *batch)
{
    nmlp_optimizer_state progress = {.struct_size = sizeof progress};
    (void)batch;
    return nmlp_net_read_optimizer_state(net, &progress);
}

static int32_t call_write_optimizer_state(nmlp_net *net, const nmlp_batch *batch)
{
    const nmlp_optimizer_state progress = {
        .struct_size = sizeof progress, .beta1_power = 1, .beta2_power = 1};
    (void)batch;
    return nmlp_net_write_optimizer_state(net, &progress);
}

typedef struct net_function {
    const char *name;
    net_call *call;
    bool reads_only;    /* others may do so at once */
    bool takes_batch;   /* or the batch is not looked at */
    bool needs_answers; /* labels or targets */
    bool limited;       /* to max_batch rows */
    bool trains;        /* what a frozen network cannot do */
} net_function;

static const net_function net_functions[] = {
    {"initialize", call_initialize, false, false, false, false, false},
    {"train_step", call_train_step, false, true, true, true, true},
    {"gradient", call_gradient, false, true, true, true, true},
    {"apply", call_apply, false, false, false, false, true},
    {"freeze", call_freeze, true, false, false, false, false},
    {"find_nonfinite", call_find_nonfinite, false, true, true, true, true},
    {"find_nonfinite_update", call_find_nonfinite_update, false, true, true, true, true},
    {"evaluate", call_evaluate, true, true, true, false, false},
    {"predict", call_predict, true, true, false, false, false},
    {"predict_classes", call_predict_classes, true, true, false, false, false},
    {"read", call_read, true, false, false, false, false},
    {"write", call_write, false, false, false, false, false},
    {"read_block", call_read_block, true, false, false, false, true},
    {"write_block", call_write_block, false, false, false, false, true},
    {"holds", call_holds, true, false, false, false, false},
    {"read_optimizer_state", call_read_optimizer_state, true, false, false, false, false},
    {"write_optimizer_state", call_write_optimizer_state, false, false, false, false, false},
};

static void expect(int32_t expected, const net_function *f, nmlp_net *net, const nmlp_batch *batch,
                   const char *what)
{
    const int32_t actual = f->call(net, batch);
    CHECK_THAT(actual == expected, "%s, %s: %d, not %d", f->name, what, (int)actual, (int)expected);
}

static void test_network_calls__status(void)
{
    nmlp_net *net = make();
    for (size_t i = 0; i < COUNT_OF(net_functions); i++) {
        const net_function *f = &net_functions[i];
        nmlp_batch batch = good_batch();
        expect(OK, f, net, &batch, "good");
        expect(BAD, f, NULL, &batch, "no network");
        if (!f->takes_batch) continue;
        expect(BAD, f, net, NULL, "no batch");
        batch.label_count = 0;
        expect(f->needs_answers ? BAD : OK, f, net, &batch, "no labels");
        batch = good_batch();
        indices[0] = ROWS;
        batch.indices = indices;
        batch.index_count = 1;
        expect(NMLP_ERROR_INDEX_RANGE, f, net, &batch, "an index beyond the rows");
        indices[0] = 0;
        labels[0] = OUTPUTS;
        expect(f->needs_answers ? NMLP_ERROR_LABEL_RANGE : OK, f, net, &batch, "a label too large");
        labels[0] = 0;
        batch.index_count = 0;
        batch.feature_rows = batch.label_count = 0;
        expect(f->needs_answers ? BAD : OK, f, net, &batch, "no rows");
    }
    nmlp_net_destroy(net);
}

static void test_network_calls_more_rows_than_max_batch__status(void)
{
    static float x[(MAX_BATCH + 1) * INPUTS];
    static int32_t y[MAX_BATCH + 1];
    nmlp_net *net = make();
    nmlp_batch batch = good_batch();
    batch.features = x;
    batch.labels = y;
    for (size_t i = 0; i < COUNT_OF(net_functions); i++) {
        const net_function *f = &net_functions[i];
        batch.feature_rows = batch.label_count = MAX_BATCH;
        expect(OK, f, net, &batch, "max_batch rows");
        batch.feature_rows = batch.label_count = MAX_BATCH + 1;
        expect(f->limited ? BAD : OK, f, net, &batch, "a row more");
    }
    nmlp_net_destroy(net);
}

/* Somebody holds the lock that a caller in another thread would. */
static void test_network_calls_beside_others__busy(void)
{
    nmlp_net *net = make();
    const nmlp_batch batch = good_batch();
    for (size_t i = 0; i < COUNT_OF(net_functions); i++) {
        const net_function *f = &net_functions[i];
        CHECK(nmlp_lock_write(&net->lock));
        expect(NMLP_ERROR_BUSY, f, net, &batch, "beside one that writes");
        nmlp_unlock_write(&net->lock);
        CHECK(nmlp_lock_read(&net->lock));
        expect(f->reads_only ? OK : NMLP_ERROR_BUSY, f, net, &batch, "beside one that reads");
        nmlp_unlock_read(&net->lock);
        expect(OK, f, net, &batch, "alone again");
    }
    nmlp_net_destroy(net);
}

static void test_network_calls_on_a_frozen_one__those_that_predict(void)
{
    nmlp_net_options options = good_options;
    const nmlp_batch batch = good_batch();
    nmlp_net *net;
    options.max_batch = 0;
    CHECK_OK(nmlp_net_create(&options, &good_layer, 1, &net));
    for (size_t i = 0; i < COUNT_OF(net_functions); i++) {
        const net_function *f = &net_functions[i];
        expect(f->trains ? NMLP_ERROR_FROZEN : OK, f, net, &batch, "frozen");
    }
    for (int32_t kind = NMLP_TENSOR_GRADIENT; kind <= NMLP_TENSOR_THIRD_MOMENT; kind++) {
        CHECK_STATUS(NMLP_ERROR_FROZEN, nmlp_net_read(net, kind, 1, scores, OUTPUTS));
        CHECK_STATUS(NMLP_ERROR_FROZEN, nmlp_net_write(net, kind, 1, scores, OUTPUTS));
    }
    nmlp_net_destroy(net);
}

/* A structure of an older or newer caller: at least our size, and zeros behind it. */
static void test_struct_size__at_its_edges(void)
{
    typedef struct newer_batch {
        nmlp_batch known;
        uint64_t added;
    } newer_batch;
    nmlp_net *net = make();
    for (size_t i = 0; i < COUNT_OF(net_functions); i++) {
        const net_function *f = &net_functions[i];
        if (!f->takes_batch) continue;
        newer_batch batch = {good_batch(), 0};
        batch.known.struct_size = sizeof batch;
        expect(OK, f, net, &batch.known, "newer, nothing said");
        batch.added = 1;
        expect(BAD, f, net, &batch.known, "newer, something said");
        batch.known.struct_size = sizeof batch.known - 4;
        expect(BAD, f, net, &batch.known, "cut off");
        batch.known.struct_size = 0;
        expect(BAD, f, net, &batch.known, "not set");
    }
    nmlp_net_destroy(net);
}

static void test_null_network__allowed_or_refused(void)
{
    size_t rows = 7, columns = 7;
    nmlp_net_destroy(NULL);
    CHECK(nmlp_net_parameter_count(NULL) == 0 && nmlp_net_memory_bytes(NULL) == 0);
    CHECK_STATUS(BAD, nmlp_net_tensor_shape(NULL, 0, &rows, &columns));
    CHECK_STATUS(BAD, nmlp_net_create(&good_options, &good_layer, 1, NULL));
    nmlp_net *net = make(), *kept = net;
    CHECK_STATUS(BAD, nmlp_net_create(NULL, &good_layer, 1, &kept));
    CHECK(kept == NULL);
    CHECK_STATUS(BAD, nmlp_net_tensor_shape(net, 2, &rows, &columns));
    CHECK(rows == 7 && columns == 7);
    CHECK_OK(nmlp_net_tensor_shape(net, 1, &rows, &columns));
    CHECK(rows == 1 && columns == OUTPUTS);
    CHECK_STATUS(BAD, nmlp_net_holds(net, NMLP_TENSOR_PARAMETER - 1));
    CHECK_STATUS(BAD, nmlp_net_holds(net, NMLP_TENSOR_THIRD_MOMENT + 1));
    CHECK(nmlp_net_parameter_count(net) == (INPUTS + 1) * OUTPUTS);
    nmlp_net_destroy(net);
}

/* ------------------------------------------------------------------------- empty arrays
 * Nothing is there, so that NULL is no pointer to it and any count of empty rows no work. */

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

/* The count of the next step must not come to 0 again. */
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

/* ------------------------------------------------------------------------ out of memory */

#if defined(NMLP_TEST_WRAPS_MALLOC)

enum { K = 256, M = 16, N = 4 }; /* rows at a distance of 256 are packed, which takes memory */

static float big[M * K], weights[K * N], saved[M * K], gradients[M * K], dx[M * K], dw[K * N],
    db[N];
static double loss_out;
static size_t correct_out;
static nmlp_net *net_out;

static int32_t oom_gemm(void) { return nmlp_gemm(K, N, M, 1, 0, 1, big, K, saved, K, 0, dw, N, 1); }

static int32_t oom_forward(void)
{
    return nmlp_dense_forward(M, K, N, NMLP_ACTIVATION_TANH, 0, gradients, K, weights, K, NULL, 0,
                              dx, K, 1);
}

static int32_t oom_backward(void)
{
    return nmlp_dense_backward(M, N, K, NMLP_ACTIVATION_TANH, 0, big, K, weights, N, saved, K,
                               gradients, K, dx, K, M * K, dw, N, K * N, db, N, 1);
}

static int32_t oom_cross_entropy(void)
{
    static int32_t zeros[M];
    return nmlp_softmax_cross_entropy(M, N, big, K, zeros, dx, K, M * K, &loss_out, &correct_out,
                                      1);
}

static int32_t oom_create(void) { return nmlp_net_create(&good_options, &good_layer, 1, &net_out); }

static nmlp_net *oom_net;

static int32_t oom_freeze(void) { return nmlp_net_freeze(oom_net, &net_out); }

static int32_t oom_evaluate(void)
{
    const nmlp_batch batch = good_batch();
    return nmlp_net_evaluate(oom_net, &batch, 1, &result);
}

static int32_t oom_predict(void)
{
    const nmlp_batch batch = good_batch();
    return call_predict(oom_net, &batch);
}

static int32_t oom_predict_classes(void)
{
    const nmlp_batch batch = good_batch();
    return call_predict_classes(oom_net, &batch);
}

/* Third moments are all that a step ever allocates. */
static nmlp_optimizer amsgrad(void)
{
    nmlp_optimizer adam = nmlp_optimizer_init(NMLP_OPTIMIZER_ADAM);
    adam.amsgrad = 1;
    return adam;
}

static int32_t oom_train_step(void)
{
    const nmlp_batch batch = good_batch();
    const nmlp_optimizer adam = amsgrad();
    return nmlp_net_train_step(oom_net, &batch, &adam, &result);
}

static int32_t oom_find_nonfinite_update(void)
{
    const nmlp_batch batch = good_batch();
    const nmlp_optimizer adam = amsgrad();
    return nmlp_net_find_nonfinite_update(oom_net, &batch, &adam, &fault);
}

static int32_t oom_apply(void)
{
    const nmlp_optimizer adam = amsgrad();
    return nmlp_net_apply(oom_net, &adam);
}

static int32_t oom_write(void)
{
    return nmlp_net_write(oom_net, NMLP_TENSOR_THIRD_MOMENT, 1, big, OUTPUTS);
}

static int32_t oom_write_block(void)
{
    return nmlp_net_write_block(oom_net, NMLP_TENSOR_THIRD_MOMENT, big, PARAMETERS);
}

static uint64_t hash_outputs(void)
{
    uint64_t hash = hash_bytes(hash_start, gradients, sizeof gradients);
    hash = hash_bytes(hash, dx, sizeof dx);
    hash = hash_bytes(hash, dw, sizeof dw);
    hash = hash_bytes(hash, db, sizeof db);
    hash = hash_bytes(hash, scores, sizeof scores);
    hash = hash_bytes(hash, classes, sizeof classes);
    hash = hash_bytes(hash, &result, sizeof result);
    hash = hash_bytes(hash, &loss_out, sizeof loss_out);
    return hash_bytes(hash, &correct_out, sizeof correct_out);
}

/* Whichever allocation fails, nothing is written; at least one there is. */
static void check_without_memory(const char *name, int32_t (*call)(void))
{
    const uint64_t before = hash_outputs();
    for (long which = 0;; which++) {
        oom_net = make(); /* which has no work space yet */
        net_out = oom_net;
        failing = which;
        const int32_t status = call();
        const bool failed = failing < 0;
        failing = -1;
        if (net_out != oom_net) nmlp_net_destroy(net_out);
        nmlp_net_destroy(oom_net);
        if (!failed) {
            CHECK_THAT(status == NMLP_OK && which > 0, "%s: %d, %ld failures", name, (int)status,
                       which);
            return;
        }
        CHECK_THAT(status == NMLP_ERROR_OUT_OF_MEMORY, "%s, allocation %ld: %d", name, which,
                   (int)status);
        CHECK_THAT(hash_outputs() == before, "%s, allocation %ld: written", name, which);
        CHECK((call != oom_create && call != oom_freeze) || net_out == NULL);
    }
}

static void test_no_memory__nothing_written(void)
{
    data_fill(1, -1, 1, big, M * K);
    data_fill(2, -1, 1, weights, K * N);
    data_fill(3, -1, 1, saved, M * K);
    data_fill(4, -1, 1, gradients, M * K);
    check_without_memory("gemm", oom_gemm);
    check_without_memory("dense_forward", oom_forward);
    check_without_memory("dense_backward", oom_backward);
    check_without_memory("softmax_cross_entropy", oom_cross_entropy);
    check_without_memory("net_create", oom_create);
    check_without_memory("net_freeze", oom_freeze);
    check_without_memory("net_evaluate", oom_evaluate);
    check_without_memory("net_predict", oom_predict);
    check_without_memory("net_predict_classes", oom_predict_classes);
    check_without_memory("net_train_step", oom_train_step);
    check_without_memory("net_find_nonfinite_update", oom_find_nonfinite_update);
    check_without_memory("net_apply", oom_apply);
    check_without_memory("net_write", oom_write);
    check_without_memory("net_write_block", oom_write_block);
}

/* A step without third moments allocates nothing, so that it cannot be without memory. */
static void test_step_no_memory__ok(void)
{
    nmlp_net *net = make();
    const nmlp_batch batch = good_batch();
    failing = 0;
    const int32_t status = call_train_step(net, &batch);
    CHECK(failing == 0 && status == NMLP_OK);
    failing = -1;
    nmlp_net_destroy(net);
}

#endif

int main(void)
{
    test_begin("test_promises");
    data_fill(7, -1, 1, features, ROWS * INPUTS);
    RUN(test_network_calls__status);
    RUN(test_network_calls_more_rows_than_max_batch__status);
    RUN(test_network_calls_beside_others__busy);
    RUN(test_network_calls_on_a_frozen_one__those_that_predict);
    RUN(test_struct_size__at_its_edges);
    RUN(test_null_network__allowed_or_refused);
    RUN(test_empty_products__nothing_done);
    RUN(test_empty_sums__zeros);
    RUN(test_empty_rows__nothing_done);
    RUN(test_empty_arrays__nothing_done);
    RUN(test_overlaps_allowed__same_bits);
    RUN(test_limits__last_allowed_and_first_refused);
    RUN(test_progress_steps__below_2_to_63);
    RUN(test_about__text_that_is_never_null);
#if defined(NMLP_TEST_WRAPS_MALLOC)
    RUN(test_no_memory__nothing_written);
    RUN(test_step_no_memory__ok);
#else
    (void)failing;
#endif
    return test_end("test_promises");
}
