/* SPDX-License-Identifier: MIT
 *
 * A network whose steps use several workers. */
#ifndef THREADS_NET_H
#define THREADS_NET_H

#include "test_support.h"

#include "platform/clock.h"
#include "threads/parallel.h"

enum { INPUTS = 97, ROWS = 192, CLASSES = 7, STEPS = 3, CALLERS = 8 };

static float features[ROWS * INPUTS];
static int32_t labels[ROWS];

static inline void make_data(void)
{
    data_fill(1, -1, 1, features, ROWS * INPUTS);
    for (int32_t i = 0; i < ROWS; i++) labels[i] = (i * 5 + i / 4) % CLASSES;
}

/* Large enough (18e6 operations) that a step uses all threads that it may use. */
static inline nmlp_net *make(int32_t threads)
{
    const nmlp_layer layers[3] = {
        {.struct_size = sizeof *layers, .outputs = 120, .activation = NMLP_ACTIVATION_RELU},
        {.struct_size = sizeof *layers, .outputs = 60, .activation = NMLP_ACTIVATION_TANH},
        {.struct_size = sizeof *layers, .outputs = CLASSES}};
    const nmlp_net_options options = {
        .struct_size = sizeof options, .inputs = INPUTS, .max_batch = ROWS, .threads = threads};
    nmlp_net *net = NULL;
    CHECK_OK(nmlp_net_create(&options, layers, 3, &net));
    CHECK_OK(nmlp_net_initialize(net, 11));
    return net;
}

static inline void train(nmlp_net *net, int steps)
{
    const nmlp_batch batch = {.struct_size = sizeof batch,
                              .features = features,
                              .feature_rows = ROWS,
                              .ld = INPUTS,
                              .labels = labels,
                              .label_count = ROWS};
    const nmlp_optimizer sgd = {.struct_size = sizeof sgd,
                                .kind = NMLP_OPTIMIZER_MOMENTUM,
                                .learning_rate = 0.05,
                                .momentum = 0.9};
    nmlp_result result = nmlp_result_init();
    for (int i = 0; i < steps; i++) CHECK_OK(nmlp_net_train_step(net, &batch, &sgd, &result));
}

static inline uint64_t hash_of(nmlp_net *net)
{
    uint64_t hash = hash_start;
    for (size_t tensor = 0; tensor < 6; tensor++) {
        size_t rows, columns;
        CHECK_OK(nmlp_net_tensor_shape(net, tensor, &rows, &columns));
        float *values = test_floats(rows * columns);
        CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_PARAMETER, tensor, values, rows * columns));
        hash = hash_bytes(hash, values, rows * columns * sizeof *values);
        free(values);
    }
    return hash;
}

static const double small = 1e6;

static inline void note_workers(void *context, nmlp_team team)
{
    if (team.worker == 0) *(size_t *)context = team.workers;
}

static inline size_t workers_of(double operations)
{
    size_t workers = 0;
    nmlp_parallel_run(2, operations, note_workers, &workers);
    return workers;
}

static inline bool has_pool(void) { return strcmp(nmlp_parallel_backend(), "pool") == 0; }

#endif /* THREADS_NET_H */
