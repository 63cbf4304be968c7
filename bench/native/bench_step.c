/* SPDX-License-Identifier: MIT
 *
 * A whole train step (forward, softmax cross-entropy, backward, SGD with momentum) of six networks,
 * and the fraction of the machine's arithmetic limit that it reaches. */
#include "bench_measure.h"

static const bench_network networks[] = {
    {.name = "A 3072-50-10", .inputs = 3072, .batch = 200, .layers = 2, .outputs = {50, 10}},
    {.name = "B 784-256-128-10",
     .inputs = 784,
     .batch = 128,
     .layers = 3,
     .outputs = {256, 128, 10}},
    {.name = "C 3072-1024-512-10",
     .inputs = 3072,
     .batch = 256,
     .layers = 3,
     .outputs = {1024, 512, 10}},
    {.name = "D 784-32-10", .inputs = 784, .batch = 32, .layers = 2, .outputs = {32, 10}},
    {.name = "E 20-64-64-3", .inputs = 20, .batch = 64, .layers = 3, .outputs = {64, 64, 3}},
    {.name = "F 784-256-10", .inputs = 784, .batch = 128, .layers = 2, .outputs = {256, 10}},
};

static void run(const bench_network *network, int32_t threads, int32_t optimizer, double peak)
{
    const bench_sampling how = {
        .threads = threads, .peak = peak, .samples = BENCH_MAX_SAMPLES, .patience = 5};
    bench_job job = bench_job_create(network, threads, optimizer);
    const bench_time time = bench_measure(bench_job_step, &job, &how);
    const double speed = bench_network_operations(network) / time.median;
    printf("| %-20s | %5zu | %7d | %-8s | %9.1f | %11.0f | %7.1f | %5.1f %%%s |\n", network->name,
           network->batch, threads, optimizer == NMLP_OPTIMIZER_ADAM ? "adam" : "momentum",
           1e6 * time.median, (double)network->batch / time.median, 1e-9 * speed,
           100 * speed / peak, time.disturbed ? " disturbed" : "");
    bench_job_destroy(&job);
}

static void run_all(int32_t threads)
{
    bench_start_threads(threads);
    const double peak = bench_fma_peak(threads);
    printf("%d thread%s: FMA peak %.1f GFLOP/s", threads, threads > 1 ? "s" : "", 1e-9 * peak);
    if (threads > 1) printf(", barrier %.0f ns", 1e9 * bench_barrier(threads));
    printf("\n\n"
           "| network              | batch | threads | update   |        us |   samples/s | "
           "GFLOP/s |  of peak |\n"
           "|----------------------|-------|---------|----------|-----------|-------------|--------"
           "-|----------|\n");
    for (size_t i = 0; i < COUNT_OF(networks); i++)
        run(&networks[i], threads, NMLP_OPTIMIZER_MOMENTUM, peak);
    run(&networks[1], threads, NMLP_OPTIMIZER_ADAM, peak);
    run(&networks[2], threads, NMLP_OPTIMIZER_ADAM, peak);
    printf("\n");
}

int main(void)
{
    bench_check(nmlp_initialize());
    printf("Train step: isa %s, threads %s\n\n", nmlp_isa_name(nmlp_active_isa()),
           nmlp_parallel_backend());
    for (int32_t threads = 1; threads <= nmlp_default_threads(); threads++) run_all(threads);
    return 0;
}
