/* SPDX-License-Identifier: MIT
 *
 * Networks whose weights are bf16: their bits are those of the float32 network with the same
 * weights. */
#include "test_support.h"

enum { MOST_ROWS = 37 };

/* ------------------------------------------------------------------- rounding */

static float float_of_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* The nearest bf16, found by comparing the distances of both neighbours. The exponent range is that
 * of float32, so beyond the largest bf16 the next value counts as 2^128. */
static float nearest(float value)
{
    if (isinf(value)) return value;
    const uint32_t below = bits_of(value) & 0xffff0000, above = below + 0x10000;
    const bool largest = (above & 0x7fffffff) == 0x7f800000;
    const double down = float_of_bits(below),
                 up = largest ? copysign(0x1p128, value) : (double)float_of_bits(above);
    const double to_down = fabs(value - down), to_up = fabs(up - value);
    if (to_down != to_up) return float_of_bits(to_down < to_up ? below : above);
    return float_of_bits((below >> 16 & 1) == 0 ? below : above);
}

static nmlp_net *one_layer(size_t inputs, size_t outputs, size_t max_batch)
{
    const nmlp_layer layer = nmlp_layer_init(outputs, NMLP_ACTIVATION_IDENTITY);
    const nmlp_net_options options =
        nmlp_net_options_init(inputs, max_batch, NMLP_LOSS_MEAN_SQUARED_ERROR);
    nmlp_net *net;
    if (!CHECK_OK(nmlp_net_create(&options, &layer, 1, &net))) exit(test_end("test_narrow"));
    return net;
}

/* Every upper half, with the lower halves at which rounding changes. */
static void test_freeze__rounds_to_the_nearest(void)
{
    static const uint32_t lower[] = {0, 1, 0x7fff, 0x8000, 0x8001, 0xffff};
    enum { COUNT = 1 << 12 };
    static float values[COUNT], read[COUNT];
    nmlp_net *net = one_layer(COUNT / 32, 32, 0), *narrow;
    for (uint32_t upper = 0, filled = 0; upper <= 0xffff; upper++)
        for (size_t i = 0; i < COUNT_OF(lower); i++) {
            values[filled++] = float_of_bits(upper << 16 | lower[i]);
            if (filled < COUNT && (upper < 0xffff || i + 1 < COUNT_OF(lower))) continue;
            CHECK_OK(nmlp_net_write(net, NMLP_TENSOR_PARAMETER, 0, values, COUNT));
            CHECK_OK(nmlp_net_freeze_as(net, NMLP_PRECISION_BFLOAT16, &narrow));
            CHECK_OK(nmlp_net_read(narrow, NMLP_TENSOR_PARAMETER, 0, read, COUNT));
            for (size_t q = 0; q < filled; q++) {
                if (values[q] != values[q])
                    CHECK_THAT(read[q] != read[q], "%08x is a NaN", bits_of(values[q]));
                else
                    CHECK_THAT(bits_of(read[q]) == bits_of(nearest(values[q])), "%08x becomes %08x",
                               bits_of(values[q]), bits_of(read[q]));
            }
            nmlp_net_destroy(narrow);
            filled = 0;
        }
    nmlp_net_destroy(net);
}

/* ---------------------------------------------------------------- predictions */

/* The float32 network with the weights of the narrow one. */
static nmlp_net *widened(nmlp_net *source, nmlp_net *narrow)
{
    nmlp_net *wide;
    if (!CHECK_OK(nmlp_net_freeze(source, &wide))) exit(test_end("test_narrow"));
    size_t rows, columns;
    for (size_t t = 0; nmlp_net_tensor_shape(narrow, t, &rows, &columns) == NMLP_OK; t++) {
        float *tensor = test_floats(rows * columns);
        CHECK_OK(nmlp_net_read(narrow, NMLP_TENSOR_PARAMETER, t, tensor, rows * columns));
        CHECK_OK(nmlp_net_write(wide, NMLP_TENSOR_PARAMETER, t, tensor, rows * columns));
        free(tensor);
    }
    return wide;
}

static void check_predictions(nmlp_net *wide, nmlp_net *narrow, const float *x, size_t inputs,
                              size_t outputs)
{
    static const size_t counts[] = {1, 2, 3, 4, 5, 6, 7, 13, 14, 15, MOST_ROWS};
    float *expected = test_floats(MOST_ROWS * outputs), *actual = test_floats(MOST_ROWS * outputs);
    for (size_t i = 0; i < COUNT_OF(counts); i++)
        for (int32_t threads = 1; threads <= 3; threads++) {
            const nmlp_batch batch = nmlp_batch_init(x, counts[i], inputs);
            CHECK_OK(nmlp_net_predict(wide, &batch, NMLP_OUTPUT_SCORES, expected, outputs, 1));
            CHECK_OK(
                nmlp_net_predict(narrow, &batch, NMLP_OUTPUT_SCORES, actual, outputs, threads));
            char what[80];
            snprintf(what, sizeof what, "%zu rows of %zu-%zu, %d threads", counts[i], inputs,
                     outputs, (int)threads);
            CHECK_BITS(what, expected, actual, counts[i] * outputs);
        }
    free(expected);
    free(actual);
}

/* Parts of vectors and of groups of two vectors, chains of several blocks of k, and weights in
 * column blocks; with and without zeros that a single row leaves out. */
static void test_predict__has_the_bits_of_the_widened_network(void)
{
    static const size_t shapes[][2] = {{1, 1},   {3, 10},  {40, 16},   {7, 24},    {33, 40},
                                       {64, 48}, {50, 56}, {1100, 50}, {700, 100}, {3072, 150}};
    for (size_t s = 0; s < COUNT_OF(shapes); s++) {
        const size_t inputs = shapes[s][0], outputs = shapes[s][1];
        nmlp_net *net = one_layer(inputs, outputs, 1), *narrow;
        CHECK_OK(nmlp_net_initialize(net, s));
        CHECK_OK(nmlp_net_freeze_as(net, NMLP_PRECISION_BFLOAT16, &narrow));
        nmlp_net *wide = widened(net, narrow);
        float *x = test_floats(MOST_ROWS * inputs);
        for (int zeros = 0; zeros < 2; zeros++) {
            for (size_t i = 0; i < MOST_ROWS * inputs; i++)
                x[i] = zeros && i % 3 != 0 ? 0.0f : (float)((double)(i * 7919 % 1009) / 1009 - 0.4);
            check_predictions(wide, narrow, x, inputs, outputs);
        }
        free(x);
        nmlp_net_destroy(net);
        nmlp_net_destroy(narrow);
        nmlp_net_destroy(wide);
    }
}

/* ------------------------------------------------------------------- the rest */

/* A maxout layer and norms, whose other parameters are float32. */
static nmlp_net *deep(size_t max_batch, int32_t precision)
{
    nmlp_layer layers[] = {nmlp_layer_init(70, NMLP_ACTIVATION_TANH),
                           nmlp_layer_init(19, NMLP_ACTIVATION_MAXOUT),
                           nmlp_layer_init(5, NMLP_ACTIVATION_IDENTITY)};
    layers[0].norm = NMLP_NORM_BATCH;
    layers[1].norm = NMLP_NORM_LAYER;
    layers[1].pieces = 3;
    nmlp_net_options options =
        nmlp_net_options_init(23, max_batch, NMLP_LOSS_SOFTMAX_CROSS_ENTROPY);
    options.precision = precision;
    nmlp_net *net;
    if (!CHECK_OK(nmlp_net_create(&options, layers, COUNT_OF(layers), &net)))
        exit(test_end("test_narrow"));
    return net;
}

static void fill_inputs(float *x, size_t count)
{
    for (size_t i = 0; i < count; i++) x[i] = (float)((double)(i * 7919 % 1009) / 1009 - 0.4);
}

static void test_predict__of_several_layers(void)
{
    float x[MOST_ROWS * 23];
    fill_inputs(x, COUNT_OF(x));
    nmlp_net *net = deep(MOST_ROWS, NMLP_PRECISION_FLOAT32), *narrow, *again;
    CHECK_OK(nmlp_net_initialize(net, 4));
    CHECK_OK(nmlp_net_freeze_as(net, NMLP_PRECISION_BFLOAT16, &narrow));
    CHECK_OK(nmlp_net_freeze(narrow, &again));
    nmlp_net *wide = widened(net, narrow);
    check_predictions(wide, narrow, x, 23, 5);
    check_predictions(wide, again, x, 23, 5);
    nmlp_net_destroy(net);
    nmlp_net_destroy(narrow);
    nmlp_net_destroy(again);
    nmlp_net_destroy(wide);
}

static void test_initialize__rounds_the_initial_weights(void)
{
    float x[MOST_ROWS * 23];
    fill_inputs(x, COUNT_OF(x));
    nmlp_net *net = deep(0, NMLP_PRECISION_FLOAT32), *narrow = deep(0, NMLP_PRECISION_BFLOAT16);
    nmlp_net *frozen;
    CHECK_OK(nmlp_net_initialize(net, 9));
    CHECK_OK(nmlp_net_initialize(narrow, 9));
    CHECK_OK(nmlp_net_freeze_as(net, NMLP_PRECISION_BFLOAT16, &frozen));
    nmlp_net *wide = widened(net, frozen);
    check_predictions(wide, narrow, x, 23, 5);
    nmlp_net_destroy(net);
    nmlp_net_destroy(narrow);
    nmlp_net_destroy(frozen);
    nmlp_net_destroy(wide);
}

static void test_freeze__half_of_the_memory(void)
{
    nmlp_net *net = one_layer(3000, 1000, 0), *narrow;
    CHECK_OK(nmlp_net_freeze_as(net, NMLP_PRECISION_BFLOAT16, &narrow));
    const size_t whole = nmlp_net_memory_bytes(net), bytes = nmlp_net_memory_bytes(narrow);
    CHECK_THAT(whole - bytes >= 3000 * 1000 * 2 - 100000, "%zu bytes of %zu", bytes, whole);
    nmlp_net_destroy(net);
    nmlp_net_destroy(narrow);
}

static void test_freeze__bad_arguments(void)
{
    nmlp_net *net = one_layer(3, 2, 4), *narrow, *other = net;
    CHECK_OK(nmlp_net_freeze_as(net, NMLP_PRECISION_BFLOAT16, &narrow));
    CHECK_STATUS(NMLP_ERROR_INVALID_ARGUMENT, nmlp_net_freeze_as(net, -1, &other));
    CHECK_STATUS(NMLP_ERROR_INVALID_ARGUMENT, nmlp_net_freeze_as(net, 2, &other));
    CHECK_STATUS(NMLP_ERROR_INVALID_ARGUMENT, nmlp_net_freeze_as(net, 0, NULL));
    CHECK_STATUS(NMLP_ERROR_INVALID_ARGUMENT,
                 nmlp_net_freeze_as(NULL, NMLP_PRECISION_BFLOAT16, &other));
    CHECK_STATUS(NMLP_ERROR_INVALID_ARGUMENT,
                 nmlp_net_freeze_as(narrow, NMLP_PRECISION_FLOAT32, &other));
    CHECK(other == NULL);
    nmlp_net_destroy(net);
    nmlp_net_destroy(narrow);
}

int main(void)
{
    test_begin("test_narrow");
    RUN(test_freeze__rounds_to_the_nearest);
    RUN(test_predict__has_the_bits_of_the_widened_network);
    RUN(test_predict__of_several_layers);
    RUN(test_initialize__rounds_the_initial_weights);
    RUN(test_freeze__half_of_the_memory);
    RUN(test_freeze__bad_arguments);
    return test_end("test_narrow");
}
