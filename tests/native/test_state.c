/* SPDX-License-Identifier: MIT
 *
 * The state of a network: reading and writing tensors and counters, and the effect of a change of
 * optimizer or a refused step. The caller's floating-point modes have no effect. */
#include "state_net.h"

/* All except the gradients. */
static void write_state(nmlp_net *net, const state *s)
{
    for (int32_t kind = 0; kind < 4; kind++) {
        const float *from = s->tensors[kind];
        for (size_t t = 0; t < TENSORS; t++) {
            size_t count = shapes[t][0] * shapes[t][1];
            if (kind != NMLP_TENSOR_GRADIENT) CHECK_OK(nmlp_net_write(net, kind, t, from, count));
            from += count;
        }
    }
    CHECK_OK(nmlp_net_write_optimizer_state(net, &s->optimizer_state));
}

/* ------------------------------------------------------------- state in and out */

static void test_state__resumes_bit_for_bit(void)
{
    const nmlp_optimizer *all[] = {&sgd, &momentum, &adam};
    for (size_t o = 0; o < COUNT_OF(all); o++) {
        nmlp_net *net = small_net(3), *resumed = small_net(4);
        steps(net, all[o], 17);
        state saved = read_state(net);
        write_state(resumed, &saved);
        state copied = read_state(resumed);
        check_same("written and read", &saved, &copied);
        steps(net, all[o], 30);
        steps(resumed, all[o], 30);
        state a = read_state(net), b = read_state(resumed);
        check_same("resumed", &a, &b);
        CHECK(a.optimizer_state.steps == 47 && a.optimizer_state.optimizer_kind == all[o]->kind);
        nmlp_net_destroy(net);
        nmlp_net_destroy(resumed);
    }
}

static void test_progress__counts_running_products(void)
{
    nmlp_net *net = small_net(3);
    double power1 = 1, power2 = 1;
    steps(net, &adam, 100);
    for (int i = 0; i < 100; i++) power1 *= adam.beta1, power2 *= adam.beta2;
    state s = read_state(net);
    CHECK(s.optimizer_state.steps == 100 &&
          s.optimizer_state.optimizer_kind == NMLP_OPTIMIZER_ADAM);
    CHECK_THAT(s.optimizer_state.beta1_power == power1 && s.optimizer_state.beta2_power == power2,
               "%.17g, %.17g", s.optimizer_state.beta1_power, s.optimizer_state.beta2_power);
    nmlp_net_destroy(net);
}

static void test_optimizer__change_starts_afresh(void)
{
    const nmlp_optimizer *all[] = {&sgd, &momentum, &adam};
    for (size_t from = 0; from < 3; from++) {
        for (size_t to = 0; to < 3; to++) {
            if (from == to) continue;
            nmlp_net *net = small_net(8), *fresh = small_net(9);
            steps(net, all[from], 5);
            state before = read_state(net);
            for (size_t t = 0, at = 0; t < TENSORS; at += shapes[t][0] * shapes[t][1], t++)
                CHECK_OK(nmlp_net_write(fresh, 0, t, before.tensors[0] + at,
                                        shapes[t][0] * shapes[t][1]));
            steps(net, all[to], 4);
            steps(fresh, all[to], 4);
            state a = read_state(fresh), b = read_state(net);
            check_same("after a change of optimizer", &a, &b);
            CHECK(b.optimizer_state.steps == 4);
            nmlp_net_destroy(net);
            nmlp_net_destroy(fresh);
        }
    }
}

/* The gradient that is read is that of the last nmlp_net_gradient, even after steps. */
static void test_gradient__is_kept(void)
{
    nmlp_net *net = small_net(3);
    nmlp_batch batch = batch_of(MOST);
    nmlp_result result = nmlp_result_init();
    CHECK_OK(nmlp_net_gradient(net, &batch, 0.01, &result));
    state before = read_state(net);
    CHECK(before.optimizer_state.steps == 0);
    steps(net, &adam, 3);
    state after = read_state(net);
    CHECK_BITS("gradient", before.tensors[1], after.tensors[1], PARAMETERS);
    nmlp_net_destroy(net);
}

/* ---------------------------------------------------------------- refused steps */

/* A step that is refused changes neither the network nor the result. */
static void test_step__refused_changes_nothing(void)
{
    nmlp_net *net = small_net(3);
    nmlp_result result = nmlp_result_init(), untouched = result;
    memset(&untouched, 0x5a, sizeof untouched);
    untouched.struct_size = sizeof untouched;
    steps(net, &adam, 3);
    const state before = read_state(net);
    for (int kind = 0; kind < 10; kind++) {
        int32_t bad_labels[ROWS], expected = NMLP_ERROR_INVALID_ARGUMENT;
        nmlp_optimizer optimizer = adam;
        nmlp_batch batch = batch_of(MOST);
        memcpy(bad_labels, labels, sizeof labels);
        batch.labels = bad_labels;
        if (kind < 4) { /* an index, first or last, below or above */
            static const int32_t bad[] = {-1, ROWS, INT32_MIN, INT32_MAX};
            indices[kind % 2 ? MOST - 1 : 0] = bad[kind];
            expected = NMLP_ERROR_INDEX_RANGE;
        } else if (kind < 8) {
            static const int32_t bad[] = {-1, CLASSES, INT32_MIN, INT32_MAX};
            bad_labels[indices[kind % 2 ? MOST - 1 : 0]] = bad[kind - 4];
            expected = NMLP_ERROR_LABEL_RANGE;
        } else if (kind == 8) {
            batch.index_count = 0; /* all ROWS rows, more than max_batch */
        } else {
            optimizer.learning_rate = NAN;
        }
        memcpy(&result, &untouched, sizeof result);
        CHECK_STATUS(expected, nmlp_net_train_step(net, &batch, &optimizer, &result));
        if (kind < 9) CHECK_STATUS(expected, nmlp_net_gradient(net, &batch, 0, &result));
        if (kind < 8) CHECK_STATUS(expected, nmlp_net_evaluate(net, &batch, 1, &result));
        CHECK_THAT(memcmp(&result, &untouched, sizeof result) == 0, "kind %d wrote a result", kind);
        const state after = read_state(net);
        check_same("refused", &before, &after);
    }
    nmlp_net_destroy(net);
}

/* Labels of rows outside the batch are not checked. */
static void test_step__looks_at_its_rows_only(void)
{
    nmlp_net *net = small_net(3);
    int32_t some_labels[ROWS];
    nmlp_batch batch = batch_of(2);
    nmlp_result result = nmlp_result_init();
    for (size_t i = 0; i < ROWS; i++) some_labels[i] = -1;
    some_labels[indices[0]] = some_labels[indices[1]] = CLASSES - 1;
    batch.labels = some_labels;
    CHECK_OK(nmlp_net_train_step(net, &batch, &adam, &result));
    nmlp_net_destroy(net);
}

/* A NaN in the features gives a result, not an error. Writing parameters makes the network usable
 * again. */
static void test_step__not_finite_is_a_result(void)
{
    nmlp_net *net = small_net(3), *clean = small_net(3);
    const state start = read_state(net);
    float bad[MOST * INPUTS];
    nmlp_result result = nmlp_result_init();
    data_fill(9, -1, 1, bad, MOST * INPUTS);
    bad[5 * INPUTS + 3] = NAN;
    nmlp_batch batch = {.struct_size = sizeof batch,
                        .features = bad,
                        .feature_rows = MOST,
                        .ld = INPUTS,
                        .labels = labels,
                        .label_count = MOST};
    CHECK_OK(nmlp_net_train_step(net, &batch, &adam, &result));
    CHECK_THAT(!isfinite(result.loss), "loss %g", result.loss);
    write_state(net, &start);
    steps(net, &adam, 5);
    steps(clean, &adam, 5);
    const state a = read_state(clean), b = read_state(net);
    check_same("after NaN", &a, &b);
    nmlp_net_destroy(net);
    nmlp_net_destroy(clean);
}

static void test_modes__do_not_matter_to_training(void)
{
    static const int roundings[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    nmlp_net *net = small_net(3);
    nmlp_result expected = nmlp_result_init(), result = expected;
    nmlp_batch batch = batch_of(MOST);
    steps(net, &adam, 20);
    CHECK_OK(nmlp_net_train_step(net, &batch, &adam, &expected));
    const state a = read_state(net);
    for (size_t i = 0; i < COUNT_OF(roundings); i++) {
        nmlp_net *other = small_net(0);
        fesetround(roundings[i]);
        int32_t status = nmlp_net_initialize(other, 3);
        for (size_t s = 0; s < 20; s++) {
            nmlp_batch some = batch_of(s % MOST + 1);
            status |= nmlp_net_train_step(other, &some, &adam, &result);
        }
        batch = batch_of(MOST);
        status |= nmlp_net_train_step(other, &batch, &adam, &result);
        bool restored = fegetround() == roundings[i];
        fesetround(FE_TONEAREST);
        CHECK(status == NMLP_OK && restored);
        const state b = read_state(other);
        check_same("under the caller's rounding", &a, &b);
        CHECK_THAT(result.loss == expected.loss && result.data_loss == expected.data_loss,
                   "loss %.17g, not %.17g", result.loss, expected.loss);
        nmlp_net_destroy(other);
    }
    nmlp_net_destroy(net);
}

int main(void)
{
    test_begin("test_state");
    uint64_t seed = 2;
    data_fill(1, -1, 1, features, ROWS * INPUTS);
    for (size_t i = 0; i < ROWS; i++) labels[i] = (int32_t)data_below(&seed, CLASSES);
    RUN(test_state__resumes_bit_for_bit);
    RUN(test_progress__counts_running_products);
    RUN(test_optimizer__change_starts_afresh);
    RUN(test_gradient__is_kept);
    RUN(test_step__refused_changes_nothing);
    RUN(test_step__looks_at_its_rows_only);
    RUN(test_step__not_finite_is_a_result);
    RUN(test_modes__do_not_matter_to_training);
    return test_end("test_state");
}
