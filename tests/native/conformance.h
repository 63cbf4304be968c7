/* SPDX-License-Identifier: MIT
 *
 * Networks of every kind, their data and their training. */
#ifndef CONFORMANCE_H
#define CONFORMANCE_H

#include "ops/loss.h"
#include "ops/norm.h"
#include "ops/optimizer.h"
#include "optimizer_rules.h"
#include "test_support.h"
#include "threads/parallel.h"
#include "net/net.h"

enum {
    INPUTS = 23,
    WIDTH = 37,
    NARROW = 19,
    OUTPUTS = 5,
    ROWS = 100, /* two chunks of a prediction */
    BATCH = 33,
    PIECES = 3,
    WORKERS = 5
};

typedef struct kind {
    int32_t activation, norm, loss, rule;
    float dropout;
    bool hostile; /* class weights, smoothing, row weights, clipping, max-norm */
    bool wide;    /* wide enough that a step uses WORKERS workers */
} kind;

static float features[ROWS * INPUTS], targets[ROWS * OUTPUTS], weights[ROWS];
static int32_t labels[ROWS], order[ROWS];
static const float class_weights[OUTPUTS] = {1, 0.5f, 2, 0, 1.5f};

static inline void make_data(void)
{
    data_fill(1, -1, 1, features, ROWS * INPUTS);
    data_fill(2, 0, 1, targets, ROWS * OUTPUTS);
    data_fill(3, 0.5, 2, weights, ROWS);
    for (int32_t i = 0; i < ROWS; i++) {
        labels[i] = (i * 7 + i / 3) % OUTPUTS;
        order[i] = (i * 13 + 5) % ROWS;
    }
}

/* Wide layers are divided between workers by columns and by rows, one way for 2 workers and another
 * for 5, so that the sums of one worker are used in the norm, activation or product of another. */
static inline size_t hidden_outputs(const kind *k, size_t layer)
{
    static const size_t narrow[] = {WIDTH, NARROW}, wide[] = {237, 151}, maxout[] = {139, 75};
    if (!k->wide) return narrow[layer];
    return (k->activation == NMLP_ACTIVATION_MAXOUT ? maxout : wide)[layer];
}

static inline nmlp_net *make(const kind *k, int32_t threads)
{
    nmlp_layer layers[3] = {
        {.outputs = hidden_outputs(k, 0)}, {.outputs = hidden_outputs(k, 1)}, {.outputs = OUTPUTS}};
    for (size_t l = 0; l < 3; l++) {
        layers[l].struct_size = sizeof layers[l];
        if (l == 2) continue;
        layers[l].activation = k->activation;
        layers[l].pieces = k->activation == NMLP_ACTIVATION_MAXOUT ? PIECES : 1;
        layers[l].alpha = 0.3f;
        layers[l].norm = k->norm;
        layers[l].dropout = k->dropout;
    }
    const nmlp_net_options options = {
        .struct_size = sizeof options,
        .loss = k->loss,
        .inputs = INPUTS,
        .max_batch = BATCH,
        .threads = threads,
        .label_smoothing = k->hostile ? 0.1f : 0,
        .delta = 0.7f,
        .norm_momentum = 0.1f,
        .dropout_seed = 77,
        .class_weights = class_weights,
        .class_weight_count = k->hostile ? OUTPUTS : 0,
    };
    nmlp_net *net = NULL;
    if (!CHECK_OK(nmlp_net_create(&options, layers, 3, &net))) exit(1);
    CHECK_OK(nmlp_net_initialize(net, 5));
    return net;
}

static inline nmlp_batch batch_of(const kind *k, size_t rows)
{
    const bool with_targets = nmlp_loss_takes_targets(k->loss) && k->hostile;
    return (nmlp_batch){
        .struct_size = sizeof(nmlp_batch),
        .features = features,
        .feature_rows = ROWS,
        .ld = INPUTS,
        .indices = order,
        .index_count = rows,
        .labels = labels,
        .label_count = with_targets ? 0 : ROWS,
        .targets = targets,
        .target_length = with_targets ? ROWS * OUTPUTS : 0,
        .weights = weights,
        .weight_count = k->hostile ? ROWS : 0,
    };
}

static inline nmlp_optimizer optimizer_of(const kind *k)
{
    nmlp_optimizer optimizer = optimizer_of_rule(k->rule);
    optimizer.learning_rate = 0.01;
    optimizer.l2 = 1e-3;
    optimizer.momentum = 0.9;
    optimizer.beta2 = 0.99;
    optimizer.epsilon = 1e-8;
    optimizer.rho = 0.95;
    optimizer.decay = 0.05;
    optimizer.initial_accumulator = k->hostile ? 0.25 : 0;
    optimizer.clip_norm = k->hostile ? 0.5 : 0;
    optimizer.clip_value = k->hostile ? 0.2 : 0;
    optimizer.max_norm = k->hostile ? 1.2 : 0;
    return optimizer;
}

/* Returns the result of the last step. */
static inline nmlp_result train(nmlp_net *net, const kind *k, int steps)
{
    const nmlp_optimizer optimizer = optimizer_of(k);
    nmlp_result result = nmlp_result_init();
    for (int s = 0; s < steps; s++) {
        const nmlp_batch batch = batch_of(k, s % 2 ? BATCH : BATCH - 12);
        CHECK_OK(nmlp_net_train_step(net, &batch, &optimizer, &result));
        CHECK_THAT(isfinite(result.loss), "loss %g", result.loss);
    }
    return result;
}

static inline int32_t last_moment(const kind *k)
{
    return nmlp_optimizer_keeps(k->rule, NMLP_TENSOR_THIRD_MOMENT) ? NMLP_TENSOR_THIRD_MOMENT
                                                                   : NMLP_TENSOR_SECOND_MOMENT;
}

/* Copies all state of a network into one array and returns its length. */
static inline size_t read_all(nmlp_net *net, const kind *k, float *all)
{
    size_t at = 0, rows, columns;
    for (size_t t = 0; nmlp_net_tensor_shape(net, t, &rows, &columns) == NMLP_OK; t++)
        for (int32_t which = 0; which <= last_moment(k); which++)
            if (which != NMLP_TENSOR_GRADIENT &&
                nmlp_net_read(net, which, t, all + at, rows * columns) == NMLP_OK)
                at += rows * columns;
    return at;
}

enum { MOST_FLOATS = 1 << 18 };

#endif /* CONFORMANCE_H */
