/* SPDX-License-Identifier: MIT
 *
 * Trains a network of 2-8-1 on XOR with Adam and prints what it then answers. C, and C++ as well.
 */
#include <nmlp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 4, INPUTS = 2, HIDDEN = 8, STEPS = 200 };

static void check(int32_t status, const char *call)
{
    if (status == NMLP_OK) return;
    fprintf(stderr, "%s: %s\n", call, nmlp_status_string(status));
    exit(EXIT_FAILURE);
}

static nmlp_net *create(void)
{
    nmlp_layer layers[2];
    memset(layers, 0, sizeof layers);
    layers[0].struct_size = layers[1].struct_size = sizeof layers[0];
    layers[0].outputs = HIDDEN;
    layers[0].activation = NMLP_ACTIVATION_TANH;
    layers[1].outputs = 1;

    nmlp_net_options options;
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.inputs = INPUTS;
    options.max_batch = ROWS;
    options.loss = NMLP_LOSS_BINARY_CROSS_ENTROPY;

    nmlp_net *net;
    check(nmlp_net_create(&options, layers, 2, &net), "nmlp_net_create");
    check(nmlp_net_initialize(net, 1), "nmlp_net_initialize");
    return net;
}

static void train(nmlp_net *net, const nmlp_batch *batch)
{
    nmlp_optimizer adam;
    memset(&adam, 0, sizeof adam);
    adam.struct_size = sizeof adam;
    adam.kind = NMLP_OPTIMIZER_ADAM;
    adam.learning_rate = 0.05;
    adam.beta1 = 0.9;
    adam.beta2 = 0.999;
    adam.epsilon = 1e-8;

    for (int step = 0; step < STEPS; step++) {
        nmlp_result result;
        check(nmlp_net_train_step(net, batch, &adam, &result), "nmlp_net_train_step");
        if (step == 0 || (step + 1) % 50 == 0)
            printf("step %3d  loss %.9f\n", step + 1, result.loss);
    }
}

int main(void)
{
    static const float x[ROWS][INPUTS] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    static const float targets[ROWS] = {0, 1, 1, 0};
    nmlp_batch batch;
    memset(&batch, 0, sizeof batch);
    batch.struct_size = sizeof batch;
    batch.feature_type = NMLP_FEATURE_FLOAT32;
    batch.features = x;
    batch.feature_rows = ROWS;
    batch.ld = INPUTS;
    batch.targets = targets;
    batch.target_length = ROWS;

    if (nmlp_abi_version() != NMLP_ABI_VERSION) {
        fprintf(stderr, "The library is of another version than the header.\n");
        return EXIT_FAILURE;
    }
    nmlp_net *net = create();
    train(net, &batch);

    float answer[ROWS];
    check(nmlp_net_predict(net, &batch, NMLP_OUTPUT_PROBABILITIES, answer, 1, 1),
          "nmlp_net_predict");
    for (int i = 0; i < ROWS; i++) printf("%.0f xor %.0f = %.9f\n", x[i][0], x[i][1], answer[i]);
    nmlp_net_destroy(net);
    return EXIT_SUCCESS;
}
