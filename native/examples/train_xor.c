/* SPDX-License-Identifier: MIT
 *
 * Trains a network of 2-8-1 on XOR with Adam and prints what it then answers. C, and C++ as well.
 */
#include <nmlp.h>

#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 4, INPUTS = 2, HIDDEN = 8, STEPS = 200 };

static void check(int32_t status, const char *call)
{
    if (status == NMLP_OK) return;
    fprintf(stderr, "%s: %s\n", call, nmlp_status_string(status));
    exit(EXIT_FAILURE);
}

static nmlp_net *create(void)
{
    const nmlp_layer layers[] = {nmlp_layer_init(HIDDEN, NMLP_ACTIVATION_TANH),
                                 nmlp_layer_init(1, NMLP_ACTIVATION_IDENTITY)};
    const nmlp_net_options options =
        nmlp_net_options_init(INPUTS, ROWS, NMLP_LOSS_BINARY_CROSS_ENTROPY);
    nmlp_net *net;
    check(nmlp_net_create(&options, layers, 2, &net), "nmlp_net_create");
    check(nmlp_net_initialize(net, 1), "nmlp_net_initialize");
    return net;
}

static void train(nmlp_net *net, const nmlp_batch *batch)
{
    nmlp_optimizer adam = nmlp_optimizer_init(NMLP_OPTIMIZER_ADAM);
    adam.learning_rate = 0.05;
    nmlp_result result = nmlp_result_init();
    for (int step = 0; step < STEPS; step++) {
        check(nmlp_net_train_step(net, batch, &adam, &result), "nmlp_net_train_step");
        if (step == 0 || (step + 1) % 50 == 0)
            printf("step %3d  loss %.9f\n", step + 1, result.loss);
    }
}

int main(void)
{
    static const float x[ROWS][INPUTS] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    static const float targets[ROWS] = {0, 1, 1, 0};
    nmlp_batch batch = nmlp_batch_init(x[0], ROWS, INPUTS);
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
