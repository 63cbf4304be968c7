/* SPDX-License-Identifier: MIT
 *
 * Normalisation of the input of a network, (x - mean[column]) * scales[column], compared with its
 * formula and with rows that were normalised in advance. */
#include "test_support.h"

enum { ROWS = 9, PITCH_GAP = 3, WIDEST = 133 };

static const size_t widths[] = {1, 2, 7, 15, 16, 17, 31, 32, 33, 48, 100, WIDEST};

typedef struct rows {
    size_t inputs, ld;
    int bytes, has_mean;
    const void *features; /* ends at a page that must not be read */
    float mean[WIDEST], scales[WIDEST];
    float ready[ROWS * WIDEST]; /* normalised, without gaps */
    guarded memory, means, factors;
} rows;

static double raw(const rows *r, size_t i, size_t j)
{
    const size_t at = i * r->ld + j;
    return r->bytes ? ((const uint8_t *)r->features)[at] : ((const float *)r->features)[at];
}

/* The formula in double; each of the two operations is rounded to float. */
static float normalized(const rows *r, size_t i, size_t j)
{
    const float moved = (float)(raw(r, i, j) - (r->has_mean ? (double)r->mean[j] : 0));
    return (float)((double)moved * (double)r->scales[j]);
}

static void rows_create(rows *r, size_t inputs, int bytes, int has_mean)
{
    memset(r, 0, sizeof *r);
    r->inputs = inputs;
    r->ld = inputs + PITCH_GAP;
    r->bytes = bytes;
    r->has_mean = has_mean;
    data_fill_wide(inputs, -6, 6, r->mean, inputs);
    data_fill_wide(inputs + 1, -8, 3, r->scales, inputs);
    const size_t count = (ROWS - 1) * r->ld + inputs, size = bytes ? 1 : sizeof(float);
    r->memory = guarded_create(count * size);
    void *features = guarded_bytes(&r->memory, count * size, true);
    uint64_t seed = inputs + 2;
    for (size_t i = 0; bytes && i < count; i++)
        ((uint8_t *)features)[i] = (uint8_t)data_below(&seed, 256);
    if (!bytes) data_fill_wide(seed, -5, 5, features, count);
    r->features = features;
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < inputs; j++) r->ready[i * inputs + j] = normalized(r, i, j);
    r->means = guarded_create(inputs * sizeof(float));
    r->factors = guarded_create(inputs * sizeof(float));
    memcpy(guarded_floats(&r->means, inputs, true), r->mean, inputs * sizeof(float));
    memcpy(guarded_floats(&r->factors, inputs, true), r->scales, inputs * sizeof(float));
}

static void rows_destroy(rows *r)
{
    guarded_destroy(&r->memory);
    guarded_destroy(&r->means);
    guarded_destroy(&r->factors);
}

static nmlp_batch batch_of(const rows *r)
{
    nmlp_batch batch = nmlp_batch_init(r->features, ROWS, r->ld);
    batch.feature_type = r->bytes ? NMLP_FEATURE_UINT8 : NMLP_FEATURE_FLOAT32;
    if (r->has_mean) {
        batch.mean = guarded_floats(&r->means, r->inputs, true);
        batch.mean_length = r->inputs;
    }
    batch.scales = guarded_floats(&r->factors, r->inputs, true);
    batch.scales_length = r->inputs;
    return batch;
}

/* ------------------------------------------------------------------------ formula */

/* A network that returns its input. */
static nmlp_net *mirror(size_t inputs)
{
    const nmlp_layer layer = nmlp_layer_init(inputs, NMLP_ACTIVATION_IDENTITY);
    const nmlp_net_options options = nmlp_net_options_init(inputs, 0, NMLP_LOSS_MEAN_SQUARED_ERROR);
    nmlp_net *net;
    if (!CHECK_OK(nmlp_net_create(&options, &layer, 1, &net))) exit(test_end("test_scales"));
    float *unit = test_floats(inputs * inputs);
    for (size_t j = 0; j < inputs; j++) unit[j * inputs + j] = 1;
    CHECK_OK(nmlp_net_write(net, NMLP_TENSOR_PARAMETER, 0, unit, inputs * inputs));
    free(unit);
    return net;
}

static void check_formula(rows *r)
{
    char what[80];
    float y[ROWS * WIDEST], expected[ROWS * WIDEST];
    const int32_t indices[] = {ROWS - 1, 0, 3, 3, 1};
    nmlp_net *net = mirror(r->inputs);
    nmlp_batch batch = batch_of(r);
    snprintf(what, sizeof what, "%zu %s, %s", r->inputs, r->bytes ? "bytes" : "floats",
             r->has_mean ? "mean" : "no mean");
    for (int32_t threads = 1; threads <= 2; threads++) {
        CHECK_OK(nmlp_net_predict(net, &batch, NMLP_OUTPUT_SCORES, y, r->inputs, threads));
        for (size_t i = 0; i < ROWS * r->inputs; i++) y[i] += 0; /* a sum of zeros has no -0 */
        for (size_t i = 0; i < ROWS * r->inputs; i++) expected[i] = r->ready[i] + 0;
        CHECK_BITS(what, expected, y, ROWS * r->inputs);
    }
    batch.indices = indices;
    batch.index_count = COUNT_OF(indices);
    CHECK_OK(nmlp_net_predict(net, &batch, NMLP_OUTPUT_SCORES, y, r->inputs, 1));
    for (size_t i = 0; i < COUNT_OF(indices); i++) {
        const float *const row = expected + (size_t)indices[i] * r->inputs;
        for (size_t j = 0; j < r->inputs; j++) y[i * r->inputs + j] += 0;
        CHECK_BITS(what, row, y + i * r->inputs, r->inputs);
    }
    nmlp_net_destroy(net);
}

static void test_prediction__formula(void)
{
    static rows r;
    for (size_t w = 0; w < COUNT_OF(widths); w++)
        for (int variant = 0; variant < 4; variant++) {
            rows_create(&r, widths[w], variant & 1, variant >> 1);
            check_formula(&r);
            rows_destroy(&r);
        }
}

/* ----------------------------------------------------------------------- training */

static nmlp_net *trained(const nmlp_batch *batch, size_t inputs, int32_t threads, double *loss)
{
    const nmlp_layer layers[] = {nmlp_layer_init(21, NMLP_ACTIVATION_TANH),
                                 nmlp_layer_init(3, NMLP_ACTIVATION_IDENTITY)};
    nmlp_net_options options = nmlp_net_options_init(inputs, ROWS, NMLP_LOSS_SOFTMAX_CROSS_ENTROPY);
    options.threads = threads;
    const nmlp_optimizer adam = nmlp_optimizer_init(NMLP_OPTIMIZER_ADAM);
    nmlp_result result = nmlp_result_init();
    nmlp_net *net;
    if (!CHECK_OK(nmlp_net_create(&options, layers, 2, &net))) exit(test_end("test_scales"));
    CHECK_OK(nmlp_net_initialize(net, 4));
    for (int step = 0; step < 5; step++) CHECK_OK(nmlp_net_train_step(net, batch, &adam, &result));
    CHECK_OK(nmlp_net_evaluate(net, batch, threads, &result));
    *loss = result.loss;
    return net;
}

static void check_training(rows *r, uint64_t *hash)
{
    static float expected[WIDEST * 21 + 128], actual[WIDEST * 21 + 128];
    const int32_t labels[ROWS] = {0, 1, 2, 0, 1, 2, 0, 1, 2};
    double loss, loss_ready;
    nmlp_batch ready = nmlp_batch_init(r->ready, ROWS, r->inputs), batch = batch_of(r);
    ready.labels = batch.labels = labels;
    ready.label_count = batch.label_count = ROWS;
    nmlp_net *a = trained(&ready, r->inputs, 1, &loss_ready);
    const size_t count = nmlp_net_parameter_count(a);
    CHECK_OK(nmlp_net_read_block(a, NMLP_TENSOR_PARAMETER, expected, count));
    for (int32_t threads = 1; threads <= 2; threads++) {
        nmlp_net *b = trained(&batch, r->inputs, threads, &loss);
        CHECK_OK(nmlp_net_read_block(b, NMLP_TENSOR_PARAMETER, actual, count));
        CHECK_BITS("training", expected, actual, count);
        CHECK(memcmp(&loss, &loss_ready, sizeof loss) == 0);
        nmlp_net_destroy(b);
    }
    *hash = hash_bytes(*hash, actual, count * sizeof *actual);
    nmlp_net_destroy(a);
}

static void test_training__as_on_prepared_rows(void)
{
    static rows r;
    uint64_t hash = hash_start;
    for (size_t w = 0; w < COUNT_OF(widths); w++)
        for (int variant = 0; variant < 4; variant++) {
            rows_create(&r, widths[w], variant & 1, variant >> 1);
            check_training(&r, &hash);
            rows_destroy(&r);
        }
    hash_print("scales", hash);
}

int main(void)
{
    test_begin("test_scales");
    RUN(test_prediction__formula);
    RUN(test_training__as_on_prepared_rows);
    return test_end("test_scales");
}
