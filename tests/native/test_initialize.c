/* SPDX-License-Identifier: MIT
 *
 * The initial weights of a network: their distributions, and the values that determine them. */
#include "state_net.h"

/* -------------------------------------------------------------- initial weights */

static void test_create__zeros_and_shapes(void)
{
    nmlp_net *net = small_net(0);
    static const float zeros[PARAMETERS];
    CHECK(nmlp_net_parameter_count(net) == PARAMETERS);
    for (size_t t = 0; t < TENSORS; t++) {
        size_t rows = 0, columns = 0;
        CHECK_OK(nmlp_net_tensor_shape(net, t, &rows, &columns));
        CHECK_THAT(rows == shapes[t][0] && columns == shapes[t][1], "tensor %zu", t);
    }
    state s = read_state(net);
    for (int32_t kind = 0; kind < 4; kind++)
        CHECK_BITS("a new net", zeros, s.tensors[kind], PARAMETERS);
    CHECK(s.optimizer_state.steps == 0 && s.optimizer_state.beta1_power == 1 &&
          s.optimizer_state.beta2_power == 1);
    nmlp_net_destroy(net);
    nmlp_net_destroy(NULL);
}

/* Mean, variance and bounds of a weight matrix of 300 x 400, sampled with each method, within five
 * standard errors. */
static void test_initialize__distributions(void)
{
    enum { K = 300, N = 400, COUNT = K * N };
    const struct {
        int32_t init;
        bool last;
        double variance;
        bool uniform;
    } cases[] = {
        {NMLP_INIT_DEFAULT, false, 2.0 / K, false},
        {NMLP_INIT_DEFAULT, true, 1.0 / K, false},
        {NMLP_INIT_ZEROS, false, 0, false},
        {NMLP_INIT_HE_NORMAL, true, 2.0 / K, false},
        {NMLP_INIT_HE_UNIFORM, false, 2.0 / K, true},
        {NMLP_INIT_GLOROT_NORMAL, false, 2.0 / (K + N), false},
        {NMLP_INIT_GLOROT_UNIFORM, true, 2.0 / (K + N), true},
        {NMLP_INIT_LECUN_NORMAL, false, 1.0 / K, false},
    };
    float *w = test_floats(COUNT), bias[N], zeros[N] = {0};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        const nmlp_layer list[] = {{.struct_size = sizeof(nmlp_layer),
                                    .activation = NMLP_ACTIVATION_IDENTITY,
                                    .outputs = N,
                                    .init = cases[c].init},
                                   {.struct_size = sizeof(nmlp_layer),
                                    .activation = NMLP_ACTIVATION_IDENTITY,
                                    .outputs = 2,
                                    .init = NMLP_INIT_ZEROS}};
        nmlp_net *net = net_create(list, cases[c].last ? 1 : 2, K);
        double sum = 0, squares = 0, most = 0, v = cases[c].variance;
        CHECK_OK(nmlp_net_initialize(net, 17));
        CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_PARAMETER, 0, w, COUNT));
        CHECK_OK(nmlp_net_read(net, NMLP_TENSOR_PARAMETER, 1, bias, N));
        CHECK_BITS("bias", zeros, bias, N);
        for (size_t i = 0; i < COUNT; i++) {
            sum += (double)w[i];
            squares += (double)w[i] * (double)w[i];
            most = fmax(most, fabs((double)w[i]));
        }
        CHECK_NEAR("mean", c, 0, sum / COUNT, 5 * sqrt(v / COUNT));
        CHECK_NEAR("variance", c, v, squares / COUNT,
                   5 * v * sqrt((cases[c].uniform ? 0.8 : 2.0) / COUNT));
        double bound = sqrt(v) * (cases[c].uniform ? sqrt(3) : 5.8);
        CHECK_THAT(most <= bound * (1 + EPS), "case %zu: %g is beyond %g", c, most, bound);
        if (v > 0)
            CHECK_THAT(most > bound * (cases[c].uniform ? 0.999 : 0.6), "case %zu: only %g", c,
                       most);
        if (c == 0) hash_print("initialize", hash_bytes(hash_start, w, COUNT * sizeof *w));
        nmlp_net_destroy(net);
    }
    free(w);
}

static void test_initialize__depends_on_seed_alone(void)
{
    nmlp_net *net = small_net(5), *other = small_net(6);
    state five = read_state(net), six = read_state(other);
    CHECK(memcmp(five.tensors[0], six.tensors[0], sizeof five.tensors[0]) != 0);
    steps(other, &adam, 3);
    CHECK_OK(nmlp_net_initialize(other, 5));
    state again = read_state(other);
    check_same("initialized again", &five, &again);
    nmlp_net_destroy(net);
    nmlp_net_destroy(other);
}

int main(void)
{
    test_begin("test_initialize");
    uint64_t seed = 2;
    data_fill(1, -1, 1, features, ROWS * INPUTS);
    for (size_t i = 0; i < ROWS; i++) labels[i] = (int32_t)data_below(&seed, CLASSES);
    RUN(test_create__zeros_and_shapes);
    RUN(test_initialize__distributions);
    RUN(test_initialize__depends_on_seed_alone);
    return test_end("test_initialize");
}
