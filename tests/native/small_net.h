/* SPDX-License-Identifier: MIT
 *
 * Networks of a few layers, all of their tensors, and data for them. */
#ifndef SMALL_NET_H
#define SMALL_NET_H

#include "net/batch.h"
#include "double_net.h"
#include "threads/parallel.h"

/* ------------------------------------------------------------------ small tools */

/* Creates a network with ReLU on all layers except the last. width contains the inputs, then the
 * outputs of each layer. */
static inline nmlp_net *net_create(size_t layers, const size_t *width, size_t max_batch,
                                   int32_t threads)
{
    nmlp_net_options options = {.struct_size = sizeof options,
                                .inputs = width[0],
                                .max_batch = max_batch,
                                .threads = threads};
    nmlp_layer list[DEEPEST];
    nmlp_net *net = NULL;
    for (size_t l = 0; l < layers; l++) {
        list[l] = (nmlp_layer){.struct_size = sizeof list[l],
                               .outputs = width[l + 1],
                               .activation = l + 1 < layers ? NMLP_ACTIVATION_RELU
                                                            : NMLP_ACTIVATION_IDENTITY};
    }
    if (!CHECK_OK(nmlp_net_create(&options, list, layers, &net))) exit(1);
    return net;
}

static inline size_t tensor_count(nmlp_net *net)
{
    size_t rows, columns, count = 0;
    while (nmlp_net_tensor_shape(net, count, &rows, &columns) == NMLP_OK) count++;
    return count;
}

/* Returns all tensors of a kind, one after another. The caller frees them. */
static inline float *read_all(nmlp_net *net, int32_t kind)
{
    float *all = test_floats(nmlp_net_parameter_count(net)), *to = all;
    for (size_t t = 0, tensors = tensor_count(net); t < tensors; t++) {
        size_t rows, columns;
        CHECK_OK(nmlp_net_tensor_shape(net, t, &rows, &columns));
        CHECK_OK(nmlp_net_read(net, kind, t, to, rows * columns));
        to += rows * columns;
    }
    CHECK(to == all + nmlp_net_parameter_count(net));
    return all;
}

/* Checks that parameters and both moments of the two networks have the same bits. */
static inline void check_same_state(const char *what, nmlp_net *expected, nmlp_net *actual)
{
    for (int32_t kind = NMLP_TENSOR_PARAMETER; kind <= NMLP_TENSOR_SECOND_MOMENT; kind++) {
        if (kind == NMLP_TENSOR_GRADIENT) continue;
        float *a = read_all(expected, kind), *b = read_all(actual, kind);
        CHECK_BITS(what, a, b, nmlp_net_parameter_count(expected));
        free(a);
        free(b);
    }
}

static inline nmlp_batch batch_of(const float *features, size_t rows, size_t inputs,
                                  const int32_t *labels)
{
    return (nmlp_batch){.struct_size = sizeof(nmlp_batch),
                        .features = features,
                        .feature_rows = rows,
                        .ld = inputs,
                        .labels = labels,
                        .label_count = labels ? rows : 0};
}

static const nmlp_optimizer optimizers[] = {
    {.struct_size = sizeof(nmlp_optimizer),
     .kind = NMLP_OPTIMIZER_SGD,
     .learning_rate = 0.05,
     .l2 = 1e-4},
    {.struct_size = sizeof(nmlp_optimizer),
     .kind = NMLP_OPTIMIZER_MOMENTUM,
     .learning_rate = 0.02,
     .l2 = 1e-4,
     .momentum = 0.9},
    {.struct_size = sizeof(nmlp_optimizer),
     .kind = NMLP_OPTIMIZER_ADAM,
     .learning_rate = 2e-3,
     .l2 = 1e-4,
     .beta1 = 0.9,
     .beta2 = 0.999,
     .epsilon = 1e-8},
};

static inline void fill_labels(uint64_t seed, int32_t *labels, size_t count, size_t classes)
{
    for (size_t i = 0; i < count; i++) labels[i] = (int32_t)data_below(&seed, classes);
}

/* ----------------------------------------------------------- the ways data come in */

enum { ROWS = 150, INPUTS = 37, CLASSES = 5, BATCH = 23, PITCH = INPUTS + 6 };

/* ---------------------------------------------------------------------- training */

/* The heavy ones have work for four or five workers, the others for one. */
typedef struct training {
    const char *name;
    size_t layers, width[DEEPEST + 1], batch;
    size_t optimizer;
    bool bytes, heavy;
} training;

#endif /* SMALL_NET_H */
