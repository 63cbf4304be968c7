/* SPDX-License-Identifier: MIT
 *
 * Small networks, their whole state, and the cause of a step that was refused. */
#ifndef JUDGED_NET_H
#define JUDGED_NET_H

#include "optimizer_rules.h"
#include "test_support.h"
#include <stddef.h>

enum { INPUTS = 3, HIDDEN = 4, OUTPUTS = 3, ROWS = 5, MOST_TENSOR = 16, MOST_TENSORS = 12 };
enum { KINDS = 7, LOSSES = 5, NORMS = 3, CLIPS = 4 };

static inline nmlp_optimizer optimizer_of(int32_t rule)
{
    nmlp_optimizer optimizer = optimizer_of_rule(rule);
    optimizer.learning_rate = 0.01;
    optimizer.momentum = 0.9;
    optimizer.epsilon = 1e-8;
    return optimizer;
}

static inline nmlp_net *make(const nmlp_net_options *options, const nmlp_layer *layers,
                             size_t count)
{
    nmlp_net_options all = *options;
    all.struct_size = sizeof all;
    all.threads = 1;
    nmlp_net *net = NULL;
    if (!CHECK_OK(nmlp_net_create(&all, layers, count, &net))) exit(1);
    CHECK_OK(nmlp_net_initialize(net, 1));
    return net;
}

static inline nmlp_net *two_layers(int32_t loss, int32_t norm)
{
    const nmlp_layer layers[] = {{.struct_size = sizeof layers[0],
                                  .activation = NMLP_ACTIVATION_RELU,
                                  .outputs = HIDDEN,
                                  .norm = norm},
                                 {.struct_size = sizeof layers[0], .outputs = OUTPUTS}};
    const nmlp_net_options options = {
        .loss = loss, .inputs = INPUTS, .max_batch = ROWS, .norm_momentum = 0.1f};
    return make(&options, layers, 2);
}

static inline nmlp_batch batch_of(const float *features, const int32_t *labels)
{
    return (nmlp_batch){.struct_size = sizeof(nmlp_batch),
                        .features = features,
                        .feature_rows = ROWS,
                        .ld = INPUTS,
                        .labels = labels,
                        .label_count = ROWS};
}

/* -------------------------------------------------------------- all of a network */

typedef struct state {
    float values[5][MOST_TENSORS][MOST_TENSOR];
    nmlp_optimizer_state optimizer_state;
} state;

static inline state read_state(nmlp_net *net)
{
    state s;
    memset(&s, 0, sizeof s);
    s.optimizer_state.struct_size = sizeof s.optimizer_state;
    size_t rows, columns;
    for (size_t t = 0; nmlp_net_tensor_shape(net, t, &rows, &columns) == NMLP_OK; t++)
        for (int32_t kind = 0; kind < 5; kind++)
            (void)nmlp_net_read(net, kind, t, s.values[kind][t], rows * columns);
    CHECK_OK(nmlp_net_read_optimizer_state(net, &s.optimizer_state));
    return s;
}

static inline bool same(const state *a, const state *b)
{
    return memcmp(a->values, b->values, sizeof a->values) == 0 &&
           a->optimizer_state.steps == b->optimizer_state.steps &&
           a->optimizer_state.optimizer_kind == b->optimizer_state.optimizer_kind &&
           memcmp(&a->optimizer_state.beta1_power, &b->optimizer_state.beta1_power,
                  2 * sizeof(double)) == 0;
}

static inline nmlp_fault fault_of(nmlp_net *net, const nmlp_batch *batch,
                                  const nmlp_optimizer *optimizer)
{
    nmlp_fault fault = {.struct_size = sizeof fault};
    if (optimizer != NULL)
        CHECK_OK(nmlp_net_find_nonfinite_update(net, batch, optimizer, &fault));
    else
        CHECK_OK(nmlp_net_find_nonfinite(net, batch, &fault));
    return fault;
}

static inline void check_fault(const nmlp_fault *fault, int32_t kind, size_t layer, size_t row,
                               size_t column)
{
    CHECK_THAT(fault->kind == kind && fault->layer == layer && fault->row == row &&
                   fault->column == column,
               "fault %d at layer %zu, row %zu, column %zu; expected %d at %zu, %zu, %zu",
               (int)fault->kind, fault->layer, fault->row, fault->column, (int)kind, layer, row,
               column);
}

#endif /* JUDGED_NET_H */
