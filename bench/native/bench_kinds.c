/* SPDX-License-Identifier: MIT
 *
 * The time of a train step of network B with each activation, norm, loss and optimizer, and with
 * several of them, compared with the plain step: ReLU, softmax cross-entropy, SGD with momentum. */
#include "bench_measure.h"

typedef struct kind {
    const char *name;
    nmlp_layer hidden;
    int32_t loss, optimizer;
} kind;

#define LAYER .struct_size = sizeof(nmlp_layer)
#define PLAIN .hidden = {LAYER, .activation = NMLP_ACTIVATION_RELU}

/* The library's own lists, so that additions to them are measured. */
static const kind kinds[] = {
#define ACTIVATION(value, name, saves)                              \
    {"activation " #name,                                           \
     {LAYER, .activation = NMLP_ACTIVATION_##value, .alpha = 0.1f}, \
     .optimizer = NMLP_OPTIMIZER_MOMENTUM},
#include "isa/activations.def"
#undef ACTIVATION
    {"activation maxout of 2",
     {LAYER, .activation = NMLP_ACTIVATION_MAXOUT, .pieces = 2},
     .optimizer = NMLP_OPTIMIZER_MOMENTUM},
    {"batch norm",
     {LAYER, .activation = NMLP_ACTIVATION_RELU, .norm = NMLP_NORM_BATCH},
     .optimizer = NMLP_OPTIMIZER_MOMENTUM},
    {"layer norm",
     {LAYER, .activation = NMLP_ACTIVATION_RELU, .norm = NMLP_NORM_LAYER},
     .optimizer = NMLP_OPTIMIZER_MOMENTUM},
    {"dropout 0.2",
     {LAYER, .activation = NMLP_ACTIVATION_RELU, .dropout = 0.2f},
     .optimizer = NMLP_OPTIMIZER_MOMENTUM},
#define LOSS(value, name, against) \
    {"loss " #name, PLAIN, .loss = NMLP_LOSS_##value, .optimizer = NMLP_OPTIMIZER_MOMENTUM},
#include "isa/losses.def"
#undef LOSS
#define OPTIMIZER(value, name, first, second) \
    {"optimizer " #name, PLAIN, .optimizer = NMLP_OPTIMIZER_##value},
#include "isa/optimizers.def"
#undef OPTIMIZER
    {"GELU, layer norm, dropout 0.2, AdamW",
     {LAYER, .activation = NMLP_ACTIVATION_GELU, .norm = NMLP_NORM_LAYER, .dropout = 0.2f},
     .optimizer = NMLP_OPTIMIZER_ADAMW},
};

static const kind plain = {"plain", PLAIN, .optimizer = NMLP_OPTIMIZER_MOMENTUM};

static bench_time time_of(const kind *k, int32_t threads, double peak)
{
    const bench_network network = {.name = k->name,
                                   .inputs = 784,
                                   .batch = 128,
                                   .layers = 3,
                                   .outputs = {256, 128, 10},
                                   .hidden = &k->hidden,
                                   .loss = k->loss};
    const bench_sampling how = {.threads = threads, .peak = peak, .samples = 51, .patience = 1};
    bench_job job = bench_job_create(&network, threads, k->optimizer);
    const bench_time time = bench_measure(bench_job_step, &job, &how);
    bench_job_destroy(&job);
    return time;
}

/* The plain step is measured again with each, because the speed of the machine may have changed. */
static void run_all(int32_t threads)
{
    bench_start_threads(threads);
    const double peak = bench_fma_peak(threads);
    printf("%d thread%s: FMA peak %.1f GFLOP/s", threads, threads > 1 ? "s" : "", 1e-9 * peak);
    if (threads > 1) printf(", barrier %.0f ns", 1e9 * bench_barrier(threads));
    printf("\n\n| kind                                 |        us |   samples/s | of plain |\n"
           "|--------------------------------------|-----------|-------------|----------|\n");
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const bench_time before = time_of(&plain, threads, peak);
        const bench_time time = time_of(&kinds[i], threads, peak);
        printf("| %-36s | %9.1f | %11.0f | %6.1f %% |%s\n", kinds[i].name, 1e6 * time.median,
               128 / time.median, 100 * before.median / time.median,
               before.disturbed || time.disturbed ? " disturbed" : "");
    }
    printf("\n");
}

int main(void)
{
    bench_check(nmlp_initialize());
    printf("Kinds of a train step of 784-256-128-10, batch 128: isa %s, threads %s\n\n",
           nmlp_isa_name(nmlp_active_isa()), nmlp_parallel_backend());
    for (int32_t threads = 1; threads <= nmlp_default_threads(); threads++) run_all(threads);
    return 0;
}
