/* SPDX-License-Identifier: MIT
 *
 * Every number in the options of a network and of its layers: values in its range are accepted, all
 * others are rejected. The table for the numbers of an optimizer is in test_optimizer_options.c.
 * AbiTests searches for members of nmlp.h that neither table contains. */
#include "test_support.h"

#include <stddef.h>

typedef struct range {
    const char *name;
    bool of_layer;
    size_t offset;
    float greatest; /* the minimum is 0 */
    bool below;     /* must be less than the maximum */
} range;

#define LAYER(name, greatest, below)                             \
    {                                                            \
#name, true, offsetof(nmlp_layer, name), greatest, below \
    }
#define NET(name, greatest, below)                                      \
    {                                                                   \
#name, false, offsetof(nmlp_net_options, name), greatest, below \
    }

static const range ranges[] = {LAYER(alpha, FLT_MAX, false),     LAYER(dropout, 1, true),
                               LAYER(init_stddev, 1e37f, false), NET(label_smoothing, 1, false),
                               NET(delta, FLT_MAX, false),       NET(norm_epsilon, 1, false),
                               NET(norm_momentum, 1, false)};

static int32_t create_with(const range *r, float value)
{
    nmlp_layer layers[] = {nmlp_layer_init(2, NMLP_ACTIVATION_ELU),
                           nmlp_layer_init(2, NMLP_ACTIVATION_IDENTITY)};
    nmlp_net_options options = nmlp_net_options_init(3, 4, NMLP_LOSS_SOFTMAX_CROSS_ENTROPY);
    char *structure = r->of_layer ? (char *)&layers[0] : (char *)&options;
    memcpy(structure + r->offset, &value, sizeof value);
    nmlp_net *net = NULL;
    const int32_t status = nmlp_net_create(&options, layers, COUNT_OF(layers), &net);
    CHECK_THAT((net != NULL) == (status == NMLP_OK), "%s = %g", r->name, (double)value);
    nmlp_net_destroy(net);
    return status;
}

static void check(const range *r, float value, int32_t expected)
{
    const int32_t actual = create_with(r, value);
    CHECK_THAT(actual == expected, "%s = %g: %d, not %d", r->name, (double)value, (int)actual,
               (int)expected);
}

static void test_create__numbers_in_and_out_of_range(void)
{
    for (size_t i = 0; i < COUNT_OF(ranges); i++) {
        const range *r = &ranges[i];
        const float refused[] = {
            -1,  -FLT_MIN, nextafterf(0, -1), nextafterf(r->greatest, INFINITY),
            NAN, -NAN,     INFINITY,          -INFINITY};
        const float taken[] = {0, -0.0f, FLT_MIN, nextafterf(r->greatest, 0)};
        for (size_t v = 0; v < COUNT_OF(refused); v++)
            check(r, refused[v], NMLP_ERROR_INVALID_ARGUMENT);
        for (size_t v = 0; v < COUNT_OF(taken); v++) check(r, taken[v], NMLP_OK);
        check(r, r->greatest, r->below ? NMLP_ERROR_INVALID_ARGUMENT : NMLP_OK);
    }
}

int main(void)
{
    test_begin("test_option_ranges");
    RUN(test_create__numbers_in_and_out_of_range);
    return test_end("test_option_ranges");
}
