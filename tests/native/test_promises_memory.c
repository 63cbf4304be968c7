/* SPDX-License-Identifier: MIT
 *
 * What nmlp.h promises if memory cannot be allocated: a status, and nothing is written. */
#include "promises.h"

#if defined(NMLP_TEST_WRAPS_MALLOC)

enum { ROOM = 64 };

static float scores[ROOM];
static int32_t classes[ROOM];
static nmlp_fault fault = {.struct_size = sizeof fault};

/* ------------------------------------------------------------------ memory that fails
 * If the linker can redirect the library's calls to the C library, the allocation with this number,
 * counted from 0, fails; -1 means none. */
static long failing = -1;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);

static bool fails_now(void) { return failing >= 0 && failing-- == 0; }

void *__wrap_malloc(size_t size) { return fails_now() ? NULL : __real_malloc(size); }

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : __real_calloc(count, size);
}

enum { K = 256, M = 16, N = 4 }; /* rows with a distance of 256 are packed, which needs memory */

static float big[M * K], weights[K * N], saved[M * K], gradients[M * K], dx[M * K], dw[K * N],
    db[N];
static double loss_out;
static size_t correct_out;
static nmlp_net *net_out;

static int32_t oom_gemm(void) { return nmlp_gemm(K, N, M, 1, 0, 1, big, K, saved, K, 0, dw, N, 1); }

static int32_t oom_forward(void)
{
    return nmlp_dense_forward(M, K, N, NMLP_ACTIVATION_TANH, 0, gradients, K, weights, K, NULL, 0,
                              dx, K, 1);
}

static int32_t oom_backward(void)
{
    return nmlp_dense_backward(M, N, K, NMLP_ACTIVATION_TANH, 0, big, K, weights, N, saved, K,
                               gradients, K, dx, K, M * K, dw, N, K * N, db, N, 1);
}

static int32_t oom_cross_entropy(void)
{
    static int32_t zeros[M];
    return nmlp_softmax_cross_entropy(M, N, big, K, zeros, dx, K, M * K, &loss_out, &correct_out,
                                      1);
}

static int32_t oom_create(void) { return nmlp_net_create(&good_options, &good_layer, 1, &net_out); }

static nmlp_net *oom_net;

static int32_t oom_freeze(void) { return nmlp_net_freeze(oom_net, &net_out); }

static int32_t oom_freeze_as(void)
{
    return nmlp_net_freeze_as(oom_net, NMLP_PRECISION_BFLOAT16, &net_out);
}

/* Rounding the initial weights needs memory. */
static int32_t oom_initialize_narrow(void)
{
    const int32_t status = oom_freeze_as();
    return status != NMLP_OK ? status : nmlp_net_initialize(net_out, 1);
}

static int32_t oom_evaluate(void)
{
    const nmlp_batch batch = good_batch();
    return nmlp_net_evaluate(oom_net, &batch, 1, &result);
}

static int32_t oom_predict(void)
{
    const nmlp_batch batch = good_batch();
    return nmlp_net_predict(oom_net, &batch, NMLP_OUTPUT_PROBABILITIES, scores, OUTPUTS, 1);
}

static int32_t oom_predict_classes(void)
{
    const nmlp_batch batch = good_batch();
    return nmlp_net_predict_classes(oom_net, &batch, classes, 1);
}

/* A step allocates only third moments. */
static nmlp_optimizer amsgrad(void)
{
    nmlp_optimizer adam = nmlp_optimizer_init(NMLP_OPTIMIZER_ADAM);
    adam.amsgrad = 1;
    return adam;
}

static int32_t oom_train_step(void)
{
    const nmlp_batch batch = good_batch();
    const nmlp_optimizer adam = amsgrad();
    return nmlp_net_train_step(oom_net, &batch, &adam, &result);
}

static int32_t oom_find_nonfinite_update(void)
{
    const nmlp_batch batch = good_batch();
    const nmlp_optimizer adam = amsgrad();
    return nmlp_net_find_nonfinite_update(oom_net, &batch, &adam, &fault);
}

static int32_t oom_apply(void)
{
    const nmlp_optimizer adam = amsgrad();
    return nmlp_net_apply(oom_net, &adam);
}

static int32_t oom_write(void)
{
    return nmlp_net_write(oom_net, NMLP_TENSOR_THIRD_MOMENT, 1, big, OUTPUTS);
}

static int32_t oom_write_block(void)
{
    return nmlp_net_write_block(oom_net, NMLP_TENSOR_THIRD_MOMENT, big, PARAMETERS);
}

static uint64_t hash_outputs(void)
{
    uint64_t hash = hash_bytes(hash_start, gradients, sizeof gradients);
    hash = hash_bytes(hash, dx, sizeof dx);
    hash = hash_bytes(hash, dw, sizeof dw);
    hash = hash_bytes(hash, db, sizeof db);
    hash = hash_bytes(hash, scores, sizeof scores);
    hash = hash_bytes(hash, classes, sizeof classes);
    hash = hash_bytes(hash, &result, sizeof result);
    hash = hash_bytes(hash, &loss_out, sizeof loss_out);
    return hash_bytes(hash, &correct_out, sizeof correct_out);
}

/* Whichever allocation fails, nothing is written. There is at least one allocation. */
static void check_without_memory(const char *name, int32_t (*call)(void))
{
    const uint64_t before = hash_outputs();
    for (long which = 0;; which++) {
        oom_net = make(); /* it has no workspace yet */
        net_out = oom_net;
        failing = which;
        const int32_t status = call();
        const bool failed = failing < 0;
        failing = -1;
        if (net_out != oom_net) nmlp_net_destroy(net_out);
        nmlp_net_destroy(oom_net);
        if (!failed) {
            CHECK_THAT(status == NMLP_OK && which > 0, "%s: %d, %ld failures", name, (int)status,
                       which);
            return;
        }
        CHECK_THAT(status == NMLP_ERROR_OUT_OF_MEMORY, "%s, allocation %ld: %d", name, which,
                   (int)status);
        CHECK_THAT(hash_outputs() == before, "%s, allocation %ld: written", name, which);
        const bool makes = call == oom_create || call == oom_freeze || call == oom_freeze_as;
        CHECK(!makes || net_out == NULL);
    }
}

static void test_no_memory__nothing_written(void)
{
    data_fill(1, -1, 1, big, M * K);
    data_fill(2, -1, 1, weights, K * N);
    data_fill(3, -1, 1, saved, M * K);
    data_fill(4, -1, 1, gradients, M * K);
    check_without_memory("gemm", oom_gemm);
    check_without_memory("dense_forward", oom_forward);
    check_without_memory("dense_backward", oom_backward);
    check_without_memory("softmax_cross_entropy", oom_cross_entropy);
    check_without_memory("net_create", oom_create);
    check_without_memory("net_freeze", oom_freeze);
    check_without_memory("net_freeze_as", oom_freeze_as);
    check_without_memory("net_initialize", oom_initialize_narrow);
    check_without_memory("net_evaluate", oom_evaluate);
    check_without_memory("net_predict", oom_predict);
    check_without_memory("net_predict_classes", oom_predict_classes);
    check_without_memory("net_train_step", oom_train_step);
    check_without_memory("net_find_nonfinite_update", oom_find_nonfinite_update);
    check_without_memory("net_apply", oom_apply);
    check_without_memory("net_write", oom_write);
    check_without_memory("net_write_block", oom_write_block);
}

/* A step without third moments allocates nothing, so it cannot run out of memory. */
static void test_step_no_memory__ok(void)
{
    nmlp_net *net = make();
    const nmlp_batch batch = good_batch();
    failing = 0;
    const int32_t status = nmlp_net_train_step(net, &batch, &sgd, &result);
    CHECK(failing == 0 && status == NMLP_OK);
    failing = -1;
    nmlp_net_destroy(net);
}

#endif

int main(void)
{
    test_begin("test_promises_memory");
#if defined(NMLP_TEST_WRAPS_MALLOC)
    data_fill(7, -1, 1, features, ROWS * INPUTS);
    RUN(test_no_memory__nothing_written);
    RUN(test_step_no_memory__ok);
#else
    (void)make, (void)good_batch, (void)result, (void)sgd; /* this platform cannot test it */
#endif
    return test_end("test_promises_memory");
}
