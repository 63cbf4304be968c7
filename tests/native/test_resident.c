/* SPDX-License-Identifier: MIT
 *
 * The system provides a page of memory when it is first written to. A network that trains must not
 * touch the blocks of tensors that its optimizer does not need. */
#include "test_support.h"

#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

#include <unistd.h>

enum { WIDTH = 2048, ROWS = 4 };

/* Parameters of two layers, in bytes. */
static const double BLOCK = 2.0 * WIDTH * WIDTH * sizeof(float);
/* Activations, and pages of 2 MiB that a block uses only in part. */
static const double REST = 24 << 20;

static float features[ROWS * WIDTH];
static const int32_t labels[ROWS] = {0, 1, 2, 3};

static double resident_bytes(void)
{
    long size, resident;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL) return -1;
    const int read = fscanf(file, "%ld %ld", &size, &resident);
    fclose(file);
    return read == 2 ? (double)resident * (double)sysconf(_SC_PAGESIZE) : -1;
}

/* Initializes a network twice, like a program that restarts training, and runs a step. */
static void check_optimizer(const char *name, int32_t kind, int moments)
{
    const nmlp_layer layers[] = {nmlp_layer_init(WIDTH, NMLP_ACTIVATION_RELU),
                                 nmlp_layer_init(WIDTH, NMLP_ACTIVATION_IDENTITY)};
    const nmlp_net_options options =
        nmlp_net_options_init(WIDTH, ROWS, NMLP_LOSS_SOFTMAX_CROSS_ENTROPY);
    const nmlp_optimizer optimizer = nmlp_optimizer_init(kind);
    nmlp_batch batch = nmlp_batch_init(features, ROWS, WIDTH);
    batch.labels = labels;
    batch.label_count = ROWS;
    nmlp_result result = nmlp_result_init();
    nmlp_net *net = NULL;
    const double before = resident_bytes();
    CHECK_OK(nmlp_net_create(&options, layers, 2, &net));
    for (uint64_t seed = 0; seed < 2; seed++) CHECK_OK(nmlp_net_initialize(net, seed));
    CHECK_OK(nmlp_net_train_step(net, &batch, &optimizer, &result));
    const double used = resident_bytes() - before;
    if (!CHECK(used <= (1 + moments) * BLOCK + REST))
        printf("%s: %.0f MiB with %d moments\n", name, used / (1 << 20), moments);
    nmlp_net_destroy(net);
}

int main(void)
{
    test_begin("test_resident");
    if (resident_bytes() < 0) return 77;
    for (size_t i = 0; i < ROWS * WIDTH; i++) features[i] = (float)(i % 7) / 7;
#define OPTIMIZER(value, name, first, second) \
    check_optimizer(#name, NMLP_OPTIMIZER_##value, first + second);
#include "isa/optimizers.def"
#undef OPTIMIZER
    return test_end("test_resident");
}

#else
int main(void) { return 77; }
#endif
