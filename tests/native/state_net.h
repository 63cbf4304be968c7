/* SPDX-License-Identifier: MIT
 *
 * A small network and its whole state. */
#ifndef STATE_NET_H
#define STATE_NET_H

#include "test_support.h"
#include <fenv.h>

enum { INPUTS = 13, HIDDEN = 9, CLASSES = 4, ROWS = 20, MOST = 12, TENSORS = 4 };
enum { PARAMETERS = INPUTS * HIDDEN + HIDDEN + HIDDEN * CLASSES + CLASSES };

static const size_t shapes[TENSORS][2] = {
    {INPUTS, HIDDEN}, {1, HIDDEN}, {HIDDEN, CLASSES}, {1, CLASSES}};
static const nmlp_optimizer sgd = {
    .struct_size = sizeof sgd, .kind = NMLP_OPTIMIZER_SGD, .learning_rate = 0.05, .l2 = 1e-3};
static const nmlp_optimizer momentum = {.struct_size = sizeof momentum,
                                        .kind = NMLP_OPTIMIZER_MOMENTUM,
                                        .learning_rate = 0.02,
                                        .l2 = 1e-3,
                                        .momentum = 0.9};
static const nmlp_optimizer adam = {.struct_size = sizeof adam,
                                    .kind = NMLP_OPTIMIZER_ADAM,
                                    .learning_rate = 2e-3,
                                    .l2 = 1e-3,
                                    .beta1 = 0.9,
                                    .beta2 = 0.999,
                                    .epsilon = 1e-8};

static float features[ROWS * INPUTS];
static int32_t labels[ROWS], indices[MOST];

static inline nmlp_net *net_create(const nmlp_layer *list, size_t layers, size_t inputs)
{
    nmlp_net_options options = {
        .struct_size = sizeof options, .inputs = inputs, .max_batch = MOST, .threads = 1};
    nmlp_net *net = NULL;
    if (!CHECK_OK(nmlp_net_create(&options, list, layers, &net))) exit(1);
    return net;
}

static inline nmlp_net *small_net(uint64_t seed)
{
    const nmlp_layer list[] = {
        {.struct_size = sizeof(nmlp_layer),
         .activation = NMLP_ACTIVATION_RELU,
         .outputs = HIDDEN,
         .init = NMLP_INIT_DEFAULT},
        {.struct_size = sizeof(nmlp_layer),
         .activation = NMLP_ACTIVATION_IDENTITY,
         .outputs = CLASSES,
         .init = NMLP_INIT_DEFAULT},
    };
    nmlp_net *net = net_create(list, 2, INPUTS);
    if (seed != 0) CHECK_OK(nmlp_net_initialize(net, seed));
    return net;
}

typedef struct state {
    float tensors[4][PARAMETERS]; /* by nmlp_tensor_kind */
    nmlp_optimizer_state optimizer_state;
} state;

static inline state read_state(nmlp_net *net)
{
    state s = {.optimizer_state.struct_size = sizeof(nmlp_optimizer_state)};
    for (int32_t kind = 0; kind < 4; kind++) {
        float *to = s.tensors[kind];
        for (size_t t = 0; t < TENSORS; t++) {
            size_t count = shapes[t][0] * shapes[t][1];
            CHECK_OK(nmlp_net_read(net, kind, t, to, count));
            to += count;
        }
    }
    CHECK_OK(nmlp_net_read_optimizer_state(net, &s.optimizer_state));
    return s;
}

static inline void check_same(const char *what, const state *expected, const state *actual)
{
    for (int32_t kind = 0; kind < 4; kind++)
        if (kind != NMLP_TENSOR_GRADIENT)
            CHECK_BITS(what, expected->tensors[kind], actual->tensors[kind], PARAMETERS);
    CHECK_THAT(memcmp(&expected->optimizer_state, &actual->optimizer_state,
                      sizeof actual->optimizer_state) == 0,
               "%s: progress %d %llu, not %d %llu", what,
               (int)actual->optimizer_state.optimizer_kind,
               (unsigned long long)actual->optimizer_state.steps,
               (int)expected->optimizer_state.optimizer_kind,
               (unsigned long long)expected->optimizer_state.steps);
}

static inline nmlp_batch batch_of(size_t count)
{
    for (size_t i = 0; i < MOST; i++) indices[i] = (int32_t)(i * 7 % ROWS);
    return (nmlp_batch){.struct_size = sizeof(nmlp_batch),
                        .features = features,
                        .feature_rows = ROWS,
                        .ld = INPUTS,
                        .indices = indices,
                        .index_count = count,
                        .labels = labels,
                        .label_count = ROWS};
}

static inline void steps(nmlp_net *net, const nmlp_optimizer *optimizer, int count)
{
    for (int i = 0; i < count; i++) {
        nmlp_batch batch = batch_of((size_t)(i % MOST + 1));
        nmlp_result result = nmlp_result_init();
        CHECK_OK(nmlp_net_train_step(net, &batch, optimizer, &result));
        CHECK(isfinite(result.loss) && result.rows == (size_t)(i % MOST + 1));
    }
}

#endif /* STATE_NET_H */
