/* SPDX-License-Identifier: MIT
 *
 * A small network and its data for the tests of the promises of nmlp.h. */
#ifndef PROMISES_H
#define PROMISES_H

#include "net/net.h"
#include "test_support.h"

static const int32_t OK = NMLP_OK, BAD = NMLP_ERROR_INVALID_ARGUMENT;
static const size_t HUGE_COUNT = (size_t)1 << 60;

/* -------------------------------------------------------------------------- a network */

enum { INPUTS = 3, OUTPUTS = 4, ROWS = 5, MAX_BATCH = 6 };

static float features[ROWS * INPUTS];
static int32_t labels[ROWS];
static nmlp_result result = {.struct_size = sizeof result};

static const nmlp_net_options good_options = {
    .struct_size = sizeof good_options, .inputs = INPUTS, .max_batch = MAX_BATCH, .threads = 1};
static const nmlp_layer good_layer = {.struct_size = sizeof good_layer, .outputs = OUTPUTS};
static const nmlp_optimizer sgd = {.struct_size = sizeof sgd, .learning_rate = 0.1};

static inline nmlp_net *make(void)
{
    nmlp_net *net = NULL;
    if (!CHECK_OK(nmlp_net_create(&good_options, &good_layer, 1, &net))) exit(1);
    CHECK_OK(nmlp_net_initialize(net, 1));
    return net;
}

static inline nmlp_batch good_batch(void)
{
    return (nmlp_batch){.struct_size = sizeof(nmlp_batch),
                        .features = features,
                        .feature_rows = ROWS,
                        .ld = INPUTS,
                        .labels = labels,
                        .label_count = ROWS};
}

enum { PARAMETERS = (INPUTS + 1) * OUTPUTS };

#endif /* PROMISES_H */
