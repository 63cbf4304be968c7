/* SPDX-License-Identifier: MIT
 *
 * A small network and its creation. */
#ifndef API_NET_H
#define API_NET_H

#include "ops/norm.h"
#include "test_support.h"

enum { INPUTS = 5, HIDDEN = 6, CLASSES = 3, ROWS = 7, MOST = 4 };
enum { BAD = NMLP_ERROR_INVALID_ARGUMENT };

static const size_t huge = SIZE_MAX / 2;

/* --------------------------------------------------------------------- creation */

struct creation {
    nmlp_net_options options;
    unsigned char newer[8];
    nmlp_layer layers[2];
    bool no_options, no_layers;
    size_t layer_count;
};

static struct creation creation_good(void)
{
    return (struct creation){.options = {.struct_size = sizeof(nmlp_net_options),
                                         .inputs = INPUTS,
                                         .max_batch = MOST,
                                         .threads = 1},
                             .layers = {{.struct_size = sizeof(nmlp_layer),
                                         .activation = NMLP_ACTIVATION_RELU,
                                         .outputs = HIDDEN,
                                         .init = NMLP_INIT_DEFAULT},
                                        {.struct_size = sizeof(nmlp_layer),
                                         .activation = NMLP_ACTIVATION_IDENTITY,
                                         .outputs = CLASSES,
                                         .init = NMLP_INIT_DEFAULT}},
                             .layer_count = 2};
}

/* If a network cannot be created, the result is NULL. */
static inline int32_t create(const struct creation *c, nmlp_net **net)
{
    *net = (nmlp_net *)(uintptr_t)&huge;
    int32_t status = nmlp_net_create(c->no_options ? NULL : &c->options,
                                     c->no_layers ? NULL : c->layers, c->layer_count, net);
    CHECK_THAT((status == NMLP_OK) == (*net != NULL), "status %d, address %p", (int)status,
               (void *)*net);
    return status;
}

static inline nmlp_net *net_create(void)
{
    struct creation c = creation_good();
    nmlp_net *net;
    if (!CHECK_OK(create(&c, &net))) exit(1);
    CHECK_OK(nmlp_net_initialize(net, 1));
    return net;
}

/* ----------------------------------------------------------------------- batches */

/* The arguments of all four functions with a batch. */
struct call {
    nmlp_batch batch;
    unsigned char newer[8];
    bool no_batch, no_result, no_optimizer;
    float features[ROWS * INPUTS], mean[INPUTS], y[ROWS * CLASSES];
    int32_t labels[ROWS], indices[MOST];
    nmlp_optimizer optimizer;
    nmlp_net *net;
    int32_t threads, output;
    size_t ldy;
    bool no_y;
    double l2;
};

static struct call *call_good(nmlp_net *net)
{
    static struct call c;
    memset(&c, 0, sizeof c);
    c.batch = (nmlp_batch){.struct_size = sizeof(nmlp_batch),
                           .features = c.features,
                           .feature_rows = ROWS,
                           .ld = INPUTS,
                           .mean = c.mean,
                           .mean_length = INPUTS,
                           .indices = c.indices,
                           .index_count = MOST,
                           .labels = c.labels,
                           .label_count = ROWS,
                           .scale = 2};
    for (int32_t i = 0; i < MOST; i++) c.indices[i] = i + 1;
    c.optimizer = (nmlp_optimizer){.struct_size = sizeof(nmlp_optimizer),
                                   .kind = NMLP_OPTIMIZER_ADAM,
                                   .learning_rate = 1e-3,
                                   .beta1 = 0.9,
                                   .beta2 = 0.999,
                                   .epsilon = 1e-8};
    c.net = net;
    c.threads = 1;
    c.ldy = CLASSES;
    fill_bits(c.y, ROWS * CLASSES, poison);
    return &c;
}

#endif /* API_NET_H */
