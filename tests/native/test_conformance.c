/* SPDX-License-Identifier: MIT
 *
 * Every activation with every norm, and every loss with every optimizer, including dropout, give
 * the same bits for 1, 2, 3 and 5 workers, after saving and restoring during the run, and with
 * every instruction set. */
#include "conformance.h"

static void write_all(nmlp_net *net, const kind *k, const float *all)
{
    size_t at = 0, rows, columns;
    for (size_t t = 0; nmlp_net_tensor_shape(net, t, &rows, &columns) == NMLP_OK; t++)
        for (int32_t which = 0; which <= last_moment(k); which++)
            if (which != NMLP_TENSOR_GRADIENT &&
                nmlp_net_write(net, which, t, all + at, rows * columns) == NMLP_OK)
                at += rows * columns;
}

/* The results of some steps and a prediction. */
typedef struct outcome {
    float all[MOST_FLOATS], scores[ROWS * OUTPUTS];
    size_t count; /* of all */
    nmlp_result trained;
} outcome;

static void run(const kind *k, int steps, int32_t threads, outcome *o)
{
    nmlp_net *net = make(k, threads);
    o->trained = train(net, k, steps);
    nmlp_batch batch = batch_of(k, ROWS);
    if (!k->hostile) batch.index_count = 0; /* read in place: workers meet only after a layer */
    CHECK_OK(nmlp_net_predict(net, &batch, NMLP_OUTPUT_PROBABILITIES, o->scores, OUTPUTS, threads));
    o->count = read_all(net, k, o->all);
    CHECK(o->count <= MOST_FLOATS);
    nmlp_net_destroy(net);
}

static uint64_t hash_outcome(const outcome *o)
{
    const uint64_t hash = hash_bytes(hash_start, o->all, o->count * sizeof *o->all);
    return hash_bytes(hash, o->scores, sizeof o->scores);
}

static bool same_result(const nmlp_result *a, const nmlp_result *b)
{
    return a->loss == b->loss && a->data_loss == b->data_loss && a->correct == b->correct &&
           a->gradient_norm == b->gradient_norm;
}

/* Without this check, a comparison of thread counts could compare one worker with itself. */
static void check_worth_workers(const kind *k)
{
    nmlp_net *net = make(k, WORKERS);
    const double prediction = 2.0 * (double)nmlp_net_parameter_count(net) * ROWS;
    CHECK(nmlp_parallel_threads(WORKERS, nmlp_net_step_operations(net, BATCH)) == WORKERS);
    CHECK(nmlp_parallel_threads(WORKERS, nmlp_net_step_operations(net, BATCH - 12)) >= 3);
    CHECK(nmlp_parallel_threads(WORKERS, prediction) == WORKERS);
    nmlp_net_destroy(net);
}

static uint64_t check_workers(const kind *narrow)
{
    static outcome alone, shared;
    static const int32_t threads[] = {2, 3, WORKERS};
    kind k = *narrow;
    k.wide = true;
    check_worth_workers(&k);
    run(&k, 2, 1, &alone);
    for (size_t t = 0; t < COUNT_OF(threads); t++) {
        run(&k, 2, threads[t], &shared);
        CHECK_BITS("parameters, other threads", alone.all, shared.all, alone.count);
        CHECK_BITS("scores, other threads", alone.scores, shared.scores, ROWS * OUTPUTS);
        CHECK(same_result(&alone.trained, &shared.trained));
    }
    return hash_outcome(&alone);
}

static uint64_t check_saved_and_restored(const kind *k)
{
    static outcome through;
    static float other[MOST_FLOATS];
    run(k, 6, 1, &through);
    nmlp_net *first = make(k, 1), *second = make(k, 2);
    nmlp_optimizer_state progress = {.struct_size = sizeof progress};
    train(first, k, 2);
    read_all(first, k, other);
    CHECK_OK(nmlp_net_read_optimizer_state(first, &progress));
    write_all(second, k, other);
    CHECK_OK(nmlp_net_write_optimizer_state(second, &progress));
    train(second, k, 4);
    read_all(second, k, other);
    CHECK_BITS("saved and restored", through.all, other, through.count);
    nmlp_net_destroy(first);
    nmlp_net_destroy(second);
    return hash_outcome(&through);
}

static void check_kind(const char *name, const kind *k)
{
    char wide[80];
    snprintf(wide, sizeof wide, "%s-wide", name);
    hash_print(name, check_saved_and_restored(k));
    hash_print(wide, check_workers(k));
}

static void test_activations_norms__same_bits(void)
{
    for (int32_t a = 0; a < NMLP_ACTIVATION_COUNT; a++)
        for (int32_t n = 0; n < NMLP_NORM_COUNT; n++) {
            char name[64];
            const kind k = {.activation = a,
                            .norm = n,
                            .rule = NMLP_OPTIMIZER_ADAM,
                            .dropout = a % 2 ? 0.2f : 0};
            snprintf(name, sizeof name, "activation-%d-norm-%d", (int)a, (int)n);
            check_kind(name, &k);
        }
}

/* Each loss with each rule. Every other pair uses hostile values. */
static void test_losses_optimizers__same_bits(void)
{
    for (int32_t l = 0; l < NMLP_LOSS_COUNT; l++)
        for (int32_t o = 0; o < NMLP_RULE_COUNT; o++) {
            char name[64];
            const kind k = {.activation = (l + o) % NMLP_ACTIVATION_COUNT,
                            .norm = (l + o) % NMLP_NORM_COUNT,
                            .loss = l,
                            .rule = o,
                            .dropout = o % 3 ? 0 : 0.3f,
                            .hostile = (l + o) % 2 == 1};
            snprintf(name, sizeof name, "loss-%d-optimizer-%d", (int)l, (int)o);
            check_kind(name, &k);
        }
}

static void test_norms_hostile__same_bits(void)
{
    static const int32_t activations[] = {NMLP_ACTIVATION_RELU, NMLP_ACTIVATION_GELU,
                                          NMLP_ACTIVATION_MAXOUT};
    for (size_t a = 0; a < COUNT_OF(activations); a++)
        for (int32_t n = 0; n < NMLP_NORM_COUNT; n++) {
            char name[64];
            const kind k = {.activation = activations[a],
                            .norm = n,
                            .rule = NMLP_OPTIMIZER_ADAM,
                            .dropout = 0.2f,
                            .hostile = true};
            snprintf(name, sizeof name, "hostile-activation-%d-norm-%d", (int)k.activation, (int)n);
            check_kind(name, &k);
        }
}

int main(void)
{
    test_begin("test_conformance");
    nmlp_parallel_wake_for_all();
    make_data();
    RUN(test_activations_norms__same_bits);
    RUN(test_losses_optimizers__same_bits);
    RUN(test_norms_hostile__same_bits);
    return test_end("test_conformance");
}
