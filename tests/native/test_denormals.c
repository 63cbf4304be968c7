/* SPDX-License-Identifier: MIT
 *
 * Updates that expect denormal moments have the bits of the plain formulas in portable C, avoid the
 * operations that are slow on Intel processors, and are used once a network meets denormals. */
#include "isa/dispatch.h"
#include "net/net.h"
#include "ops/optimizer.h"
#include "optimizer_rules.h"
#include "test_support.h"

#if defined(__x86_64__) || defined(_M_X64)
#include <xmmintrin.h>
#define MXCSR_UNDERFLOW 0x10u
#endif

enum { COUNT = 16 * 1024 + 5, W = 0, G = 1, FIRST = 2, ARRAYS = 5 };

static float start[ARRAYS][COUNT], expected[ARRAYS][COUNT], actual[ARRAYS][COUNT];

/* The limits in k_moments.inc, numbers beside them, zeros, and what is not finite. */
static const float special[] = {0,         0x1p-149f, 0x1p-148f, 0x1.8p-148f, 0x1p-147f, 0x1p-140f,
                                0x1p-127f, 0x1p-126f, 0x1p-125f, 0x1p-110f,   0x1p-101f, 0x1p-100f,
                                0x1p-99f,  0x1p-80f,  0x1p-60f,  0x1p-30f,    1,         0x1p60f,
                                FLT_MAX,   INFINITY,  NAN};

static float draw(uint64_t *seed)
{
    const float value = special[data_below(seed, data_below(seed, 2) == 0 ? 8 : COUNT_OF(special))];
    const float times = data_below(seed, 4) == 0 ? 1 : data_float(seed, 1, 2);
    return (data_below(seed, 2) == 0 ? value : -value) * times;
}

static void run(const nmlp_kernels *kernels, int32_t rule, nmlp_update update, bool denormals,
                float (*arrays)[COUNT])
{
    update.denormals = denormals;
    memcpy(arrays, start, sizeof start);
    const nmlp_update_rows row = {.rows = 1,
                                  .columns = COUNT,
                                  .w = arrays[W],
                                  .g = arrays[G],
                                  .first = arrays[FIRST],
                                  .second = arrays[FIRST + 1],
                                  .third = arrays[FIRST + 2]};
    kernels->update[rule](&row, &update);
    for (size_t a = 0; a < ARRAYS; a++)
        for (size_t i = 0; i < COUNT; i++)
            if (isnan(arrays[a][i])) arrays[a][i] = NAN;
}

static nmlp_update with(int32_t rule, double rate, double decay, double epsilon, double l2)
{
    nmlp_optimizer o = optimizer_of_rule(rule);
    o.learning_rate = rate;
    o.l2 = l2;
    o.momentum = o.beta1 = o.beta2 = o.rho = decay;
    o.epsilon = epsilon;
    return nmlp_optimizer_coefficients(&o, 0.5, 0.5);
}

static void test_updates__special(void)
{
    static const double rates[] = {1e-30, 1e-3, 3, 1e30, 1e38}, epsilons[] = {1e-30, 1e-8, 0.5};
    static const double decays[] = {0, 1e-30, 0.5, 0.9, 0.999, 1 - 0x1p-24};
    const nmlp_kernels *own = nmlp_kernels_get(), *scalar = nmlp_dispatch_table(NMLP_ISA_SCALAR);
    uint64_t seed = 1;
    for (int32_t rule = 0; rule < NMLP_RULE_COUNT; rule++)
        for (size_t c = 0; c < 30; c++) {
            const nmlp_update update =
                with(rule, rates[c % 5], decays[c / 5], epsilons[c % 3], c % 7 == 6 ? 1e-4 : 0);
            for (size_t a = 0; a < ARRAYS; a++)
                for (size_t i = 0; i < COUNT; i++) start[a][i] = draw(&seed);
            for (size_t a = FIRST + 1; a < ARRAYS && c % 2 == 0; a++) /* means of squares */
                for (size_t i = 0; i < COUNT; i++) start[a][i] = fabsf(start[a][i]);
            run(scalar, rule, update, false, expected);
            for (int denormals = 0; denormals < 2; denormals++) {
                run(own, rule, update, denormals, actual);
                for (size_t a = 0; a < ARRAYS; a++)
                    CHECK_BITS(rule_names[rule], expected[a], actual[a], COUNT);
            }
        }
}

/* Moments from the greatest to the least denormal number, usual weights, and gradients of 0. */
static void test_updates__decayed(void)
{
    const nmlp_kernels *own = nmlp_kernels_get(), *scalar = nmlp_dispatch_table(NMLP_ISA_SCALAR);
    data_fill_wide(2, -12, 0, start[W], COUNT);
    memset(start[G], 0, sizeof start[G]);
    for (size_t i = 0; i < COUNT; i++)
        for (size_t a = FIRST; a < ARRAYS; a++)
            start[a][i] = float_from_bits((uint32_t)(i * 512 + i / 2 + a) % 0x800000);
    for (int32_t rule = 0; rule < NMLP_RULE_COUNT; rule++) {
        const nmlp_update update = with(rule, 1e-3, 0.9, 1e-8, 0);
        run(scalar, rule, update, false, expected);
#if defined(__x86_64__) || defined(_M_X64)
        const bool centered = rule == nmlp_rule_index_rmsprop_centered; /* squares its mean */
        const unsigned modes = _mm_getcsr();
        _mm_setcsr(modes & ~MXCSR_UNDERFLOW);
        run(own, rule, update, true, actual);
        const bool underflow = (_mm_getcsr() & MXCSR_UNDERFLOW) != 0;
        _mm_setcsr(modes);
        if (own != scalar && !centered) CHECK_THAT(!underflow, "%s", rule_names[rule]);
#else
        run(own, rule, update, true, actual);
#endif
        for (size_t a = 0; a < ARRAYS; a++)
            CHECK_BITS(rule_names[rule], expected[a], actual[a], COUNT);
    }
}

/* A feature that is 0 after the first step leaves moments that decay. */
static nmlp_net *trained(const nmlp_kernels *kernels, int32_t kind)
{
    enum { ROWS = 8, INPUTS = 5, STEPS = 1200 };
    const nmlp_layer layers[] = {nmlp_layer_init(32, NMLP_ACTIVATION_RELU),
                                 nmlp_layer_init(3, NMLP_ACTIVATION_IDENTITY)};
    nmlp_net_options options = nmlp_net_options_init(INPUTS, ROWS, NMLP_LOSS_SOFTMAX_CROSS_ENTROPY);
    options.threads = 1;
    nmlp_net *net = NULL;
    if (!CHECK_OK(nmlp_net_make(kernels, &options, layers, 2, &net))) exit(1);
    nmlp_net_initialize_parameters(net, kernels, 1);

    float x[ROWS * INPUTS];
    int32_t labels[ROWS];
    data_fill(3, -1, 1, x, COUNT_OF(x));
    for (int32_t i = 0; i < ROWS; i++) labels[i] = i % 3;
    nmlp_batch batch = nmlp_batch_init(x, ROWS, INPUTS);
    batch.labels = labels;
    batch.label_count = ROWS;
    nmlp_optimizer optimizer = nmlp_optimizer_init(kind);
    for (int step = 0; step < STEPS; step++) {
        nmlp_net_step(net, kernels, &batch, &optimizer, 0);
        for (size_t i = 0; i < ROWS; i++) x[i * INPUTS + 2] = 0;
    }
    return net;
}

static void test_net__decayed(void)
{
    const nmlp_kernels *own = nmlp_kernels_get(), *scalar = nmlp_dispatch_table(NMLP_ISA_SCALAR);
    for (int32_t kind = 0; kind < NMLP_OPTIMIZER_COUNT; kind++) {
        nmlp_net *net = trained(own, kind), *reference = trained(scalar, kind);
        for (int32_t t = NMLP_TENSOR_PARAMETER; t <= NMLP_TENSOR_SECOND_MOMENT; t++)
            if (t != NMLP_TENSOR_GRADIENT)
                CHECK_BITS(rule_names[kind], reference->tensors[t], net->tensors[t],
                           net->tensor_floats);
#if defined(__x86_64__) || defined(_M_X64)
        if (kind == NMLP_OPTIMIZER_MOMENTUM || kind == NMLP_OPTIMIZER_ADAM) CHECK(net->denormals);
#endif
        nmlp_net_free(net);
        nmlp_net_free(reference);
    }
}

int main(void)
{
    test_begin("test_denormals");
    RUN(test_updates__special);
    RUN(test_updates__decayed);
    RUN(test_net__decayed);
    return test_end("test_denormals");
}
