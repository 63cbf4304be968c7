/* SPDX-License-Identifier: MIT
 *
 * The limits of what nmlp.h promises: statuses, NULL, the sizes of structures, and concurrent calls
 * on a network. Each promise is a table of calls. test_api.c and test_net_api.c check that each bad
 * argument is rejected. */
#include "promises.h"

enum { ROOM = 64 };

static float scores[ROOM];
static int32_t indices[ROWS], classes[ROOM];
static nmlp_fault fault;

/* A call on a network and a batch, with good values for all other arguments. */
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

static int32_t call_predict(nmlp_net *net, const nmlp_batch *batch)
{
    return nmlp_net_predict(net, batch, NMLP_OUTPUT_PROBABILITIES, scores, OUTPUTS, 1);
}

static int32_t call_predict_classes(nmlp_net *net, const nmlp_batch *batch)
{
    return nmlp_net_predict_classes(net, batch, classes, 1);
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

static int32_t call_freeze_as(nmlp_net *net, const nmlp_batch *batch)
{
    nmlp_net *frozen;
    (void)batch;
    const int32_t status = nmlp_net_freeze_as(net, NMLP_PRECISION_BFLOAT16, &frozen);
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
    return nmlp_net_holds(net, NMLP_TENSOR_THIRD_MOMENT); /* the answer no is 0, like NMLP_OK */
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
    bool reads_only;    /* may run at the same time as other reads */
    bool takes_batch;   /* otherwise the batch is ignored */
    bool needs_answers; /* labels or targets */
    bool limited;       /* limited to max_batch rows */
    bool trains;        /* not possible with a frozen network */
} net_function;

static const net_function net_functions[] = {
    {"initialize", call_initialize, false, false, false, false, false},
    {"train_step", call_train_step, false, true, true, true, true},
    {"gradient", call_gradient, false, true, true, true, true},
    {"apply", call_apply, false, false, false, false, true},
    {"freeze", call_freeze, true, false, false, false, false},
    {"freeze_as", call_freeze_as, true, false, false, false, false},
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

/* The test holds the lock that a caller in another thread would hold. */
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

/* The size of a structure: that of a newer caller is accepted if the unknown members are 0. A size
 * that is cut off or not set is refused. */
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
    return test_end("test_promises");
}
