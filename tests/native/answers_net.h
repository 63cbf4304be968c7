/* SPDX-License-Identifier: MIT
 *
 * Networks that produce given scores. */
#ifndef ANSWERS_NET_H
#define ANSWERS_NET_H

#include "ops/loss.h"
#include "ops/norm.h"
#include "test_support.h"
#include "isa/dispatch.h"

static inline nmlp_layer layer_of(size_t outputs)
{
    return (nmlp_layer){.struct_size = sizeof(nmlp_layer), .outputs = outputs};
}

static inline nmlp_net *net_of(int32_t loss, size_t inputs, const nmlp_layer *layers, size_t count)
{
    const nmlp_net_options options = {.struct_size = sizeof options,
                                      .loss = loss,
                                      .inputs = inputs,
                                      .max_batch = 8,
                                      .threads = 1};
    nmlp_net *net = NULL;
    if (!CHECK_OK(nmlp_net_create(&options, layers, count, &net))) exit(1);
    CHECK_OK(nmlp_net_initialize(net, 3));
    return net;
}

static inline nmlp_batch batch_of(const float *features, size_t rows, size_t inputs)
{
    return (nmlp_batch){.struct_size = sizeof(nmlp_batch),
                        .features = features,
                        .feature_rows = rows,
                        .ld = inputs};
}

static inline void put(nmlp_net *net, size_t tensor, const float *values, size_t count)
{
    CHECK_OK(nmlp_net_write(net, NMLP_TENSOR_PARAMETER, tensor, values, count));
}

#endif /* ANSWERS_NET_H */
