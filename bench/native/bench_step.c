/* SPDX-License-Identifier: MIT
 *
 * A whole train step (forward, softmax cross-entropy, backward, SGD with momentum) of
 * five networks, and its share of the machine's arithmetic limit. */
#include "bench_support.h"

typedef struct network {
    const char *name;
    size_t inputs, batch, layers;
    size_t outputs[4];
} network;

static const network networks[] = {
    {"A 3072-50-10", 3072, 200, 2, {50, 10}},
    {"B 784-256-128-10", 784, 128, 3, {256, 128, 10}},
    {"C 3072-1024-512-10", 3072, 256, 3, {1024, 512, 10}},
    {"D 784-32-10", 784, 32, 2, {32, 10}},
    {"E 20-64-64-3", 20, 64, 3, {64, 64, 3}},
    {"F 784-256-10", 784, 128, 2, {256, 10}},
};

typedef struct job {
    nmlp_net *net;
    nmlp_batch batch;
    nmlp_optimizer optimizer;
    nmlp_result result;
} job;

static void check(int32_t status)
{
    if (status == NMLP_OK) return;
    fprintf(stderr, "bench_step: %s\n", nmlp_status_string(status));
    exit(1);
}

static void step(void *context)
{
    job *j = context;
    check(nmlp_net_train_step(j->net, &j->batch, &j->optimizer, &j->result));
}

/* Forward and dW of every layer, dX of every one but the first. */
static double operations(const network *n)
{
    double sum = 0;
    size_t k = n->inputs;
    for (size_t l = 0; l < n->layers; l++) {
        sum += (l == 0 ? 4.0 : 6.0) * (double)n->batch * (double)k * (double)n->outputs[l];
        k = n->outputs[l];
    }
    return sum;
}

static void run(const network *n, int32_t threads, int32_t optimizer, double peak)
{
    nmlp_layer layers[4] = {0};
    for (size_t l = 0; l < n->layers; l++)
        layers[l] = (nmlp_layer){.struct_size = sizeof layers[l],
                                 .outputs = n->outputs[l],
                                 .activation = l + 1 < n->layers ? NMLP_ACTIVATION_RELU
                                                                 : NMLP_ACTIVATION_IDENTITY};
    const nmlp_net_options options = {.struct_size = sizeof options,
                                      .inputs = n->inputs,
                                      .max_batch = n->batch,
                                      .threads = threads};
    job j = {0};
    check(nmlp_net_create(&options, layers, n->layers, &j.net));
    check(nmlp_net_initialize(j.net, 1));

    float *x = malloc(n->batch * n->inputs * sizeof *x);
    int32_t *labels = malloc(n->batch * sizeof *labels);
    if (x == NULL || labels == NULL) exit(1);
    check(nmlp_random_normal(1, 7, 0, n->batch * n->inputs, 0.0f, 1.0f, x));
    for (size_t i = 0; i < n->batch; i++) labels[i] = (int32_t)(i % n->outputs[n->layers - 1]);
    j.batch = (nmlp_batch){.struct_size = sizeof j.batch,
                           .features = x,
                           .feature_rows = n->batch,
                           .ld = n->inputs,
                           .labels = labels,
                           .label_count = n->batch};
    j.optimizer = (nmlp_optimizer){.struct_size = sizeof j.optimizer,
                                   .kind = optimizer,
                                   .learning_rate = 1e-4,
                                   .momentum = 0.9,
                                   .beta1 = 0.9,
                                   .beta2 = 0.999,
                                   .epsilon = 1e-8};
    int disturbed;
    const double time = median_time(step, &j, threads, peak, &disturbed);
    printf("| %-20s | %5zu | %7d | %-8s | %9.1f | %11.0f | %7.1f | %5.1f %%%s |\n", n->name,
           n->batch, threads, optimizer == NMLP_OPTIMIZER_ADAM ? "adam" : "momentum", 1e6 * time,
           (double)n->batch / time, 1e-9 * operations(n) / time, 100 * operations(n) / time / peak,
           disturbed ? " disturbed" : "");
    free(x);
    free(labels);
    nmlp_net_destroy(j.net);
}

int main(void)
{
    check(nmlp_initialize());
    printf("isa %s, threads %s\n\n", nmlp_isa_name(nmlp_active_isa()), nmlp_parallel_backend());
    printf("| network              | batch | threads | update   |        us |   samples/s | "
           "GFLOP/s |  of peak |\n"
           "|----------------------|-------|---------|----------|-----------|-------------|--------"
           "-|----------|\n");
    for (int32_t threads = 1; threads <= nmlp_default_threads(); threads++) {
        const double peak = bench_fma_peak(threads);
        for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++)
            run(&networks[i], threads, NMLP_OPTIMIZER_MOMENTUM, peak);
        run(&networks[1], threads, NMLP_OPTIMIZER_ADAM, peak);
        printf("| FMA peak             |       | %7d |          |           |             | %7.1f "
               "|          |\n",
               threads, 1e-9 * peak);
    }
    return 0;
}
