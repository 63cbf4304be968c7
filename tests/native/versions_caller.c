/* SPDX-License-Identifier: MIT
 *
 * A program that is compiled three times: with the first nmlp.h of this ABI (abi3/nmlp.h), with the
 * current one, and with one in which each structure has another member at its end. VERSIONS_PROGRAM
 * is its only function. The newest program has a second function, whose calls the current library
 * must refuse. */
#include "versions_caller.h"

#include "nmlp.h"

enum { INPUTS = 4, HIDDEN = 5, STEPS = 5, CANARY = 64, FILLED = 0x5a };

static const float features[VERSIONS_ROWS * INPUTS] = {
    0.5f, -1.0f, 0.25f, 2.0f,  -0.75f, 0.125f, 1.5f, -2.0f,  1.0f,  0.0f, -0.5f, 0.75f,
    2.5f, 1.25f, -1.5f, 0.25f, -0.25f, 0.5f,   3.0f, -1.25f, 0.75f, 2.0f, 0.5f,  -0.5f};
static const float mean[INPUTS] = {0.5f, 0.25f, -0.25f, 0.125f};
static const float weights[VERSIONS_ROWS] = {1, 2, 0.5f, 1, 3, 0.25f};
static const int32_t labels[VERSIONS_ROWS] = {0, 2, 1, 1, 0, 2};

static void keep_first(int32_t *status, int32_t next)
{
    if (*status == NMLP_OK) *status = next;
}

/* A structure that the library writes, followed by memory that it must not write. */
#define GUARDED(type, name)             \
    struct {                            \
        type own;                       \
        unsigned char behind[CANARY];   \
    } name;                             \
    memset(&name, FILLED, sizeof name); \
    name.own.struct_size = sizeof name.own

static size_t count_other(const void *bytes, size_t count, int value)
{
    size_t others = 0;
    for (size_t i = 0; i < count; i++) others += ((const unsigned char *)bytes)[i] != value;
    return others;
}

/* Whether a member that the library does not know is 0, as required after every call. */
#if defined(VERSIONS_NEWER)
#define IS_CLEARED(structure) ((structure).added == 0)
#else
#define IS_CLEARED(structure) 1
#endif

static nmlp_net *make(int32_t *status)
{
    nmlp_layer layers[] = {nmlp_layer_init(HIDDEN, NMLP_ACTIVATION_ELU),
                           nmlp_layer_init(VERSIONS_OUTPUTS, NMLP_ACTIVATION_IDENTITY)};
    layers[0].norm = NMLP_NORM_BATCH;
    nmlp_net_options options =
        nmlp_net_options_init(INPUTS, VERSIONS_ROWS, NMLP_LOSS_SOFTMAX_CROSS_ENTROPY);
    options.threads = 1;
    options.label_smoothing = 0.125f;
    nmlp_net *net;
    *status = nmlp_net_create(&options, layers, 2, &net);
    keep_first(status, nmlp_net_initialize(net, 11));
    return net;
}

static nmlp_batch all_rows(void)
{
    nmlp_batch batch = nmlp_batch_init(features, VERSIONS_ROWS, INPUTS);
    batch.mean = mean;
    batch.mean_length = INPUTS;
    batch.labels = labels;
    batch.label_count = VERSIONS_ROWS;
    batch.weights = weights;
    batch.weight_count = VERSIONS_ROWS;
    batch.scale = 0.5f;
    return batch;
}

static nmlp_optimizer descent(void)
{
    nmlp_optimizer adamw = nmlp_optimizer_init(NMLP_OPTIMIZER_ADAMW);
    adamw.learning_rate = 0.125;
    adamw.l2 = 0.0625;
    adamw.clip_norm = 0.5;
    adamw.max_norm = 1.5;
    return adamw;
}

static void train(nmlp_net *net, versions_report *report)
{
    const nmlp_batch batch = all_rows();
    const nmlp_optimizer optimizer = descent();
    GUARDED(nmlp_result, result);
    for (int step = 0; step < STEPS; step++)
        keep_first(&report->status, nmlp_net_train_step(net, &batch, &optimizer, &result.own));
    report->loss = result.own.loss;
    report->data_loss = result.own.data_loss;
    report->gradient_norm = result.own.gradient_norm;
    report->rows = result.own.rows;
    report->correct = result.own.correct;
    report->result_size = result.own.struct_size;
    report->leftovers += !IS_CLEARED(result.own);
    report->overruns += count_other(result.behind, CANARY, FILLED);
    keep_first(&report->status, nmlp_net_evaluate(net, &batch, 1, &result.own));
    report->evaluated = result.own.loss;
}

static void look(nmlp_net *net, versions_report *report)
{
    const nmlp_batch batch = all_rows();
    const nmlp_optimizer optimizer = descent();
    GUARDED(nmlp_fault, fault);
    keep_first(&report->status,
               nmlp_net_find_nonfinite_update(net, &batch, &optimizer, &fault.own));
    report->fault_kind = fault.own.kind;
    report->leftovers += !IS_CLEARED(fault.own);
    report->overruns += count_other(fault.behind, CANARY, FILLED);
}

static void count(nmlp_net *net, versions_report *report)
{
    GUARDED(nmlp_optimizer_state, progress);
    keep_first(&report->status, nmlp_net_read_optimizer_state(net, &progress.own));
    keep_first(&report->status, nmlp_net_write_optimizer_state(net, &progress.own));
    report->steps = progress.own.steps;
    report->beta1_power = progress.own.beta1_power;
    report->leftovers += !IS_CLEARED(progress.own);
    report->overruns += count_other(progress.behind, CANARY, FILLED);
}

versions_report VERSIONS_PROGRAM(void)
{
    versions_report report;
    memset(&report, 0, sizeof report);
    nmlp_net *net = make(&report.status);
    if (net == NULL) return report;
    const nmlp_batch batch = all_rows();
    train(net, &report);
    look(net, &report);
    count(net, &report);
    keep_first(&report.status, nmlp_net_predict(net, &batch, NMLP_OUTPUT_SCORES, report.scores,
                                                VERSIONS_OUTPUTS, 1));
    keep_first(&report.status, nmlp_net_read_block(net, NMLP_TENSOR_PARAMETER, report.parameters,
                                                   nmlp_net_parameter_count(net)));
    nmlp_net_destroy(net);
    return report;
}

#if defined(VERSIONS_NEWER)

size_t versions_asking_too_much(int32_t statuses[8])
{
    size_t n = 0;
    int32_t status;
    nmlp_net *net = make(&status), *other = NULL;
    nmlp_batch batch = all_rows();
    nmlp_optimizer optimizer = descent();
    nmlp_result result = nmlp_result_init();
    nmlp_layer layers[] = {nmlp_layer_init(1, NMLP_ACTIVATION_IDENTITY),
                           nmlp_layer_init(1, NMLP_ACTIVATION_IDENTITY)};
    nmlp_net_options options = nmlp_net_options_init(1, 1, NMLP_LOSS_MEAN_SQUARED_ERROR);
    nmlp_optimizer_state progress;
    memset(&progress, 0, sizeof progress);
    progress.struct_size = sizeof progress;
    batch.added = 1;
    statuses[n++] = nmlp_net_train_step(net, &batch, &optimizer, &result);
    statuses[n++] = nmlp_net_evaluate(net, &batch, 1, &result);
    batch.added = 0;
    optimizer.added = 1;
    statuses[n++] = nmlp_net_train_step(net, &batch, &optimizer, &result);
    statuses[n++] = nmlp_net_apply(net, &optimizer);
    progress.added = 1;
    statuses[n++] = nmlp_net_write_optimizer_state(net, &progress);
    options.added = 1;
    statuses[n++] = nmlp_net_create(&options, layers, 2, &other);
    options.added = 0;
    layers[1].added = 1;
    statuses[n++] = nmlp_net_create(&options, layers, 2, &other);
    nmlp_net_destroy(net);
    return n;
}

#endif
