/* SPDX-License-Identifier: MIT
 *
 * Train steps and predictions of networks of every class of widths. The bits must be those of the
 * scalar kernels on one thread that store the whole gradient:
 *
 *     test_sweep_net                 each level of each factor; takes a second
 *     test_sweep_net --strength S    each combination of S levels */

#include "covering.h"
#include "isa/dispatch.h"
#include "net/net.h"
#include "optimizer_rules.h"
#include "threads/parallel.h"

enum factor { HIDDEN, ROWS, OUTPUTS, INPUTS, WAY, RULE, LAYER, THREADS, FEATURES, EDGE, FACTORS };
_Static_assert((int)FACTORS == (int)COVERING_FACTORS, "all of them");

static const size_t rows_list[] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12,
                                   13, 14, 15, 16, 17, 18, 19, 20, 33, 64, 65};
static const size_t inputs_list[] = {1, 2, 7, 16, 17, 60, 256};
static const size_t outputs_list[] = {2, 3, 10, 16, 17, 33, 64, 308, 512};
static const int32_t threads_list[] = {1, 2, 3, 16};
enum way { FUSED, KEPT, WAYS };
enum features { IN_PLACE, FAR_APART, SCALED, FEATURES_COUNT };
static const struct {
    int32_t activation, norm;
} layer_list[] = {{NMLP_ACTIVATION_RELU, NMLP_NORM_NONE},
                  {NMLP_ACTIVATION_TANH, NMLP_NORM_NONE},
                  {NMLP_ACTIVATION_MAXOUT, NMLP_NORM_NONE},
                  {NMLP_ACTIVATION_RELU, NMLP_NORM_BATCH},
                  {NMLP_ACTIVATION_TANH, NMLP_NORM_LAYER}};
enum { MOST_HIDDEN = 260, MOST_ROWS = 70, STEPS = 2, SEED = 11 };

static size_t hidden_of(size_t level) { return level < 129 ? level + 1 : MOST_HIDDEN; }

static guarded place_x, place_y;
static float *features;
static int32_t labels[MOST_ROWS];
static char what[160];

/* ----------------------------------------------------------------------- a network */

typedef struct setting {
    size_t inputs, hidden, outputs, rows, ld;
    int32_t activation, norm, rule, threads;
    bool kept, at_end;
    float scale;
} setting;

static nmlp_net *make(const nmlp_kernels *kernels, const setting *s, int32_t threads)
{
    const nmlp_net_options options = {.struct_size = sizeof options,
                                      .inputs = s->inputs,
                                      .max_batch = s->rows,
                                      .threads = threads,
                                      .norm_momentum = 0.1f};
    const nmlp_layer layers[] = {{.struct_size = sizeof(nmlp_layer),
                                  .activation = s->activation,
                                  .norm = s->norm,
                                  .outputs = s->hidden},
                                 {.struct_size = sizeof(nmlp_layer), .outputs = s->outputs}};
    nmlp_net *net = NULL;
    if (!CHECK_OK(nmlp_net_make(kernels, &options, layers, 2, &net))) exit(1);
    CHECK(nmlp_net_make_third_moments(net));
    nmlp_net_initialize_parameters(net, kernels, SEED);
    return net;
}

/* The rows, in memory that they fill exactly. */
static nmlp_batch batch_of(const setting *s, size_t rows)
{
    float *x = guarded_floats(&place_x, (rows - 1) * s->ld + s->inputs, s->at_end);
    for (size_t i = 0; i < rows; i++)
        memcpy(x + i * s->ld, features + i * s->inputs, s->inputs * sizeof *x);
    return (nmlp_batch){.struct_size = sizeof(nmlp_batch),
                        .features = x,
                        .feature_rows = rows,
                        .ld = s->ld,
                        .labels = labels,
                        .label_count = rows,
                        .scale = s->scale};
}

static void train(nmlp_net *net, const nmlp_kernels *kernels, const setting *s, bool kept)
{
    nmlp_optimizer optimizer = optimizer_of_rule(s->rule);
    optimizer.learning_rate = 0.01;
    optimizer.momentum = 0.9;
    optimizer.epsilon = 1e-8;
    optimizer.clip_norm = kept ? 1e30 : 0;
    for (size_t t = 0; t < STEPS; t++) {
        const nmlp_batch batch = batch_of(s, s->rows);
        const nmlp_result result = nmlp_net_step(net, kernels, &batch, &optimizer, 0);
        CHECK_THAT(isfinite(result.loss), "%s: loss %g", what, result.loss);
    }
}

static void predict(nmlp_net *net, const nmlp_kernels *kernels, const setting *s, int32_t threads,
                    float *y)
{
    const nmlp_batch batch = batch_of(s, MOST_ROWS);
    float *own = guarded_floats(&place_y, MOST_ROWS * s->outputs, s->at_end);
    const nmlp_answers scores = {.output = NMLP_OUTPUT_SCORES, .y = own, .ldy = s->outputs};
    CHECK_OK(nmlp_net_run(net, kernels, &batch, &scores, threads, NULL));
    memcpy(y, own, MOST_ROWS * s->outputs * sizeof *y);
}

/* Includes gaps, which stay 0. Tensors that a layer does not have are also 0. */
static void check_same(const nmlp_net *a, const nmlp_net *b)
{
    for (int32_t kind = NMLP_TENSOR_PARAMETER; kind <= NMLP_TENSOR_THIRD_MOMENT; kind++)
        if (kind != NMLP_TENSOR_GRADIENT)
            CHECK_BITS(what, a->tensors[kind], b->tensors[kind], a->tensor_floats);
}

static void check_setting(const setting *s)
{
    const nmlp_kernels *own = nmlp_kernels_get(), *scalar = nmlp_dispatch_table(NMLP_ISA_SCALAR);
    snprintf(what, sizeof what,
             "%zu-%zu-%zu, %zu rows, ld %zu, activation %d, norm %d, rule %d, %s, %d threads",
             s->inputs, s->hidden, s->outputs, s->rows, s->ld, (int)s->activation, (int)s->norm,
             (int)s->rule, s->kept ? "kept" : "fused", (int)s->threads);
    nmlp_net *net = make(own, s, s->threads), *reference = make(scalar, s, 1);
    train(net, own, s, s->kept);
    train(reference, scalar, s, true);
    check_same(reference, net);
    float *expected = test_floats(MOST_ROWS * s->outputs), *y = test_floats(MOST_ROWS * s->outputs);
    predict(reference, scalar, s, 1, expected);
    predict(net, own, s, s->threads, y);
    CHECK_BITS(what, expected, y, MOST_ROWS * s->outputs);
    free(expected);
    free(y);
    nmlp_net_free(net);
    nmlp_net_free(reference);
}

/* ------------------------------------------------------------------------ cases */

static bool settle(size_t level[], unsigned fixed, uint64_t *draw)
{
    (void)level;
    (void)fixed;
    (void)draw;
    return true;
}

static void run_case(const size_t level[])
{
    const size_t inputs = inputs_list[level[INPUTS]];
    const setting s = {
        .inputs = inputs,
        .hidden = hidden_of(level[HIDDEN]),
        .outputs = outputs_list[level[OUTPUTS]],
        .rows = rows_list[level[ROWS]],
        .ld = level[FEATURES] == FAR_APART ? (inputs + 255) / 256 * 256 : inputs,
        .activation = layer_list[level[LAYER]].activation,
        .norm = layer_list[level[LAYER]].norm,
        .rule = (int32_t)level[RULE],
        .threads = threads_list[level[THREADS]],
        .kept = level[WAY] == KEPT,
        .at_end = level[EDGE] != 0,
        .scale = level[FEATURES] == SCALED ? 0.5f : 1,
    };
    check_setting(&s);
}

static void test_step__every_class_of_widths(size_t strength)
{
    covering design = {
        .factors = FACTORS,
        .levels = {130, COUNT_OF(rows_list), COUNT_OF(outputs_list), COUNT_OF(inputs_list), WAYS,
                   NMLP_RULE_COUNT, COUNT_OF(layer_list), COUNT_OF(threads_list), FEATURES_COUNT,
                   2},
        .settle = settle,
        .run = run_case,
    };
    covering_run(&design, strength, SIZE_MAX, 13);
    printf("%zu cases\n", design.cases);
}

/* The gradient of the inputs of a layer whose width exceeds whole strips by 57 to 63, with few rows
 * per worker. A transposed B once had less memory than it needed. */
static void test_step__few_rows_of_a_width_just_below_a_strip(void)
{
    static const struct {
        size_t inputs, hidden, outputs, rows;
        int32_t threads;
    } cases[] = {{20, 60, 512, 1, 1}, {400, 60, 400, 1, 2}, {400, 60, 400, 64, 16},
                 {20, 57, 308, 4, 1}, {20, 126, 512, 2, 1}, {20, 47, 512, 1, 1}};
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (size_t l = 0; l < COUNT_OF(layer_list); l++) {
            const setting s = {.inputs = cases[i].inputs,
                               .hidden = cases[i].hidden,
                               .outputs = cases[i].outputs,
                               .rows = cases[i].rows,
                               .ld = cases[i].inputs,
                               .activation = layer_list[l].activation,
                               .norm = layer_list[l].norm,
                               .rule = NMLP_OPTIMIZER_SGD,
                               .threads = cases[i].threads,
                               .scale = 1};
            check_setting(&s);
        }
}

/* One input, whose rows are adjacent: the rows and columns of A are then the same. */
static void test_step__momentum_with_one_input(void)
{
    for (size_t rows = 1; rows <= NMLP_FUSED_UPDATE_K + 1; rows++) {
        const setting s = {.inputs = 1,
                           .hidden = 32,
                           .outputs = 2,
                           .rows = rows,
                           .ld = 1,
                           .activation = NMLP_ACTIVATION_RELU,
                           .rule = NMLP_OPTIMIZER_MOMENTUM,
                           .threads = 1,
                           .scale = 1};
        check_setting(&s);
    }
}

int main(int argc, char **argv)
{
    test_begin("test_sweep_net");
    nmlp_parallel_wake_for_all();
    const size_t strength =
        argc == 3 && strcmp(argv[1], "--strength") == 0 ? (size_t)strtoul(argv[2], NULL, 10) : 1;
    place_x = guarded_create(MOST_ROWS * 512 * sizeof(float));
    place_y = guarded_create(MOST_ROWS * 512 * sizeof(float));
    features = test_floats(MOST_ROWS * 512);
    data_fill(1, -1, 1, features, MOST_ROWS * 512);
    for (size_t i = 0; i < MOST_ROWS; i++) labels[i] = (int32_t)(i % 2);
    RUN(test_step__few_rows_of_a_width_just_below_a_strip);
    RUN(test_step__momentum_with_one_input);
    test_running = "test_step__every_class_of_widths";
    test_step__every_class_of_widths(strength);
    return test_end("test_sweep_net");
}
