/* SPDX-License-Identifier: MIT
 *
 * Compares one update of each rule with double precision, within bounds computed from the number
 * and the size of the roundings, with lengths 0 to 257 between guard pages. */
#include "optimizer_rules.h"
#include "ops/optimizer.h"
#include "test_support.h"

enum { LONGEST = 257, STATES = 4 }; /* the parameter and its moments */

static guarded place[STATES + 1];

static float *copy_at(size_t which, const float *src, size_t count, bool at_end)
{
    float *dst = guarded_floats(&place[which], count, at_end);
    if (count > 0) memcpy(dst, src, count * sizeof *dst);
    return dst;
}

/* Members that the rule does not use are NaN: they must not be read. */
static nmlp_optimizer tried(int32_t rule)
{
    nmlp_optimizer o = optimizer_of_rule(rule);
    const int adam = nmlp_optimizer_is_adam(o.kind);
    const int rmsprop = o.kind == NMLP_OPTIMIZER_RMSPROP;
    o.learning_rate = adam ? 1e-3 : 1e-2;
    o.l2 = 0.003;
    o.decay = o.kind == NMLP_OPTIMIZER_ADAMW ? 0.1 : NAN;
    o.momentum = rmsprop ? 0.5 : adam || o.kind == NMLP_OPTIMIZER_ADAGRAD ? NAN : 0.9;
    if (!adam) o.beta1 = o.beta2 = NAN;
    if (!rmsprop) o.rho = NAN;
    if (o.kind != NMLP_OPTIMIZER_MOMENTUM) o.dampening = NAN;
    if (o.kind != NMLP_OPTIMIZER_ADAGRAD) o.initial_accumulator = NAN;
    return o;
}

/* One element before and after a step, in double from the float state before it; the bounds include
 * each rounding. */
typedef struct update_step {
    const nmlp_optimizer *o;
    float before[STATES], after[STATES];
    double sum, size; /* sum of the gradient and the penalty's part, and of their magnitudes */
    double power1, power2;
    size_t i;
} update_step;

/* The amount that a step subtracts from w, and the bound of its error. */
typedef struct decrease {
    double step, bound;
} decrease;

static void check_moment(const update_step *s, size_t which, double expected, double bound)
{
    CHECK_NEAR("moment", s->i, expected, (double)s->after[which], bound);
}

/* Returns the maximum error of the square root of a number with this error. */
static double root_error(double number, double off)
{
    return sqrt(number + off) - sqrt(fmax(0, number - off));
}

static decrease by_momentum(const update_step *s)
{
    const nmlp_optimizer *o = s->o;
    const double before = (double)s->before[1];
    if (o->kind == NMLP_OPTIMIZER_SGD)
        return (decrease){o->learning_rate * s->sum, o->learning_rate * s->size * 3 * EPS};
    const double left = o->kind == NMLP_OPTIMIZER_MOMENTUM ? 1 - o->dampening : 1;
    const double moment = o->momentum * before + left * s->sum;
    const double most = fabs(o->momentum * before) + left * s->size;
    check_moment(s, 1, moment, 5 * EPS * most + TINY);
    if (o->kind == NMLP_OPTIMIZER_MOMENTUM)
        return (decrease){o->learning_rate * moment, o->learning_rate * most * 6 * EPS};
    return (decrease){o->learning_rate * (s->sum + o->momentum * moment),
                      o->learning_rate * (s->size + o->momentum * most) * 6 * EPS};
}

static decrease by_adagrad(const update_step *s)
{
    const nmlp_optimizer *o = s->o;
    const double second = (double)s->before[2] + s->sum * s->sum;
    const double off = 2 * EPS * (double)s->before[2] + 6 * EPS * s->size * s->size + TINY;
    check_moment(s, 2, second, off);
    const double under = sqrt(second) + o->epsilon;
    const double off_root = root_error(second, off) + 2 * EPS * under;
    const double step = o->learning_rate * s->sum / under;
    return (decrease){step, o->learning_rate * s->size * 4 * EPS / under +
                                fabs(step) * (off_root / under + 4 * EPS)};
}

/* The running mean of the gradient, whose square is subtracted from the mean of the squares. */
static double subtract_mean(const update_step *s, double second, double *off)
{
    const double before = (double)s->before[3], rest = 1 - s->o->rho;
    const double mean = s->o->rho * before + rest * s->sum;
    const double off_mean = 4 * EPS * (s->o->rho * fabs(before) + rest * s->size) + TINY;
    check_moment(s, 3, mean, off_mean);
    *off += off_mean * (2 * fabs(mean) + off_mean) + EPS * fabs(second - mean * mean) + TINY;
    return fmax(second - mean * mean, 0);
}

static decrease by_rmsprop(const update_step *s)
{
    const nmlp_optimizer *o = s->o;
    const double rest = 1 - o->rho, moved = o->momentum * (double)s->before[1];
    double second = o->rho * (double)s->before[2] + rest * s->sum * s->sum;
    double off = 4 * EPS * o->rho * (double)s->before[2] + 6 * EPS * rest * s->size * s->size;
    off += TINY;
    check_moment(s, 2, second, off);
    if (o->centered) second = subtract_mean(s, second, &off);
    const double under = sqrt(second) + o->epsilon, ratio = s->sum / under;
    const double off_root = root_error(second, off) + 2 * EPS * under;
    const double least = fmax(under - off_root, o->epsilon / 2);
    const double off_u = s->size * 4 * EPS / least + fabs(ratio) * (off_root / least + 4 * EPS) +
                         3 * EPS * fabs(moved) + TINY;
    check_moment(s, 1, moved + ratio, off_u);
    const double step = o->learning_rate * (moved + ratio);
    return (decrease){step, o->learning_rate * off_u + fabs(step) * 3 * EPS};
}

static decrease by_adam(const update_step *s)
{
    const nmlp_optimizer *o = s->o;
    const double rest1 = 1 - o->beta1, rest2 = 1 - o->beta2;
    const double m = (double)s->before[1], v = (double)s->before[2];
    const double first = o->beta1 * m + rest1 * s->sum;
    const double most = fabs(o->beta1 * m) + rest1 * s->size;
    double second = o->beta2 * v + rest2 * s->sum * s->sum;
    const double off_first = 4 * EPS * most + TINY;
    const double off = 4 * EPS * o->beta2 * v + 6 * EPS * rest2 * s->size * s->size + TINY;
    check_moment(s, 1, first, off_first);
    check_moment(s, 2, second, off);
    if (o->amsgrad) {
        check_moment(s, 3, (double)fmaxf(s->before[3], s->after[2]), 0);
        second = fmax(second, (double)s->before[3]);
    }
    const double root = sqrt(second), correction = sqrt(1 - s->power2);
    const double off_root = root_error(second, off) + 2 * EPS * root;
    const double rate = o->learning_rate / (1 - s->power1), under = root / correction + o->epsilon;
    const double step = rate * first / under;
    return (decrease){step, rate * off_first / under +
                                fabs(step) * (off_root / correction / under + 5 * EPS)};
}

static void check_step(const update_step *s)
{
    const nmlp_optimizer *o = s->o;
    double w = (double)s->before[0];
    const decrease d = nmlp_optimizer_is_adam(o->kind)     ? by_adam(s)
                       : o->kind == NMLP_OPTIMIZER_RMSPROP ? by_rmsprop(s)
                       : o->kind == NMLP_OPTIMIZER_ADAGRAD ? by_adagrad(s)
                                                           : by_momentum(s);
    if (o->kind == NMLP_OPTIMIZER_ADAMW) w *= 1 - o->learning_rate * o->decay;
    CHECK_NEAR("w", s->i, w - d.step, (double)s->after[0], d.bound + 3 * EPS * fabs(w) + TINY);
}

static uint64_t run_optimizer(int32_t rule, size_t n, bool at_end, int steps)
{
    float start[LONGEST], *state[STATES], old[STATES][LONGEST], gradient[LONGEST];
    const nmlp_optimizer o = tried(rule);
    update_step s = {.o = &o, .power1 = 1, .power2 = 1};
    size_t lengths[STATES] = {n};
    uint64_t hash = hash_start;
    data_fill(8, -1, 1, start, LONGEST);
    for (size_t a = 0; a < STATES; a++) {
        state[a] = copy_at(a, start, n, at_end);
        for (size_t i = 0; a > 0 && i < n; i++) state[a][i] = 0;
        if (a > 0 && nmlp_optimizer_keeps(rule, NMLP_TENSOR_FIRST_MOMENT + (int32_t)a - 1))
            lengths[a] = n;
    }
    for (int t = 1; t <= steps; t++) {
        data_fill_wide(90 + (uint64_t)t, t % 5 ? -10 : -60, 2, gradient, LONGEST);
        float *g = copy_at(STATES, gradient, n, at_end);
        for (size_t a = 0; a < STATES; a++)
            if (n > 0) memcpy(old[a], state[a], n * sizeof(float));
        s.power1 *= o.beta1;
        s.power2 *= o.beta2;
        CHECK_OK(nmlp_optimizer_update_moments(&o, n, state[0], g, lengths[1] ? state[1] : NULL,
                                               lengths[1], lengths[2] ? state[2] : NULL, lengths[2],
                                               lengths[3] ? state[3] : NULL, lengths[3], s.power1,
                                               s.power2));
        CHECK_BITS("g", gradient, g, n);
        for (s.i = 0; s.i < n; s.i++) {
            for (size_t a = 0; a < STATES; a++) {
                s.before[a] = old[a][s.i];
                s.after[a] = state[a][s.i];
            }
            const double penalty = 2 * o.l2 * (double)s.before[0];
            s.sum = (double)g[s.i] + penalty;
            s.size = fabs((double)g[s.i]) + fabs(penalty);
            check_step(&s);
        }
    }
    for (size_t a = 0; a < STATES; a++) hash = hash_bytes(hash, state[a], n * sizeof(float));
    return hash;
}

static void test_optimizer__against_double(void)
{
    for (int32_t rule = 0; rule < NMLP_RULE_COUNT; rule++) {
        for (size_t n = 0; n <= LONGEST; n++)
            for (int end = 0; end < 2; end++) run_optimizer(rule, n, end, 3);
        hash_print(rule_names[rule], run_optimizer(rule, LONGEST, true, 20));
    }
}

static void test_optimizer__zero_rate_keeps_weights(void)
{
    nmlp_optimizer still = optimizer_of_rule(NMLP_OPTIMIZER_MOMENTUM);
    still.learning_rate = 0;
    float w[40], kept[40], g[40], v[40] = {0};
    data_fill(1, -1, 1, w, 40);
    data_fill(2, -1, 1, g, 40);
    memcpy(kept, w, sizeof w);
    CHECK_OK(nmlp_optimizer_update(&still, 40, w, g, v, 40, NULL, 0, 1, 1));
    CHECK_BITS("w", kept, w, 40);
}

/* With a constant gradient, v - a*a decreases towards 0, and rounding makes it negative. */
static void test_centered_rmsprop__constant_gradient_stays_finite(void)
{
    nmlp_optimizer o = optimizer_of_rule(nmlp_rule_index_rmsprop_centered);
    enum { N = 64, STEPS = 3000 };
    float w[N] = {0}, g[N], u[N] = {0}, v[N] = {0}, a[N] = {0};
    o.rho = 0.5;
    data_fill_wide(4, -3, 3, g, N);
    bool reached = false;
    for (int t = 0; t < STEPS; t++) {
        CHECK_OK(nmlp_optimizer_update_moments(&o, N, w, g, u, N, v, N, a, N, 1, 1));
        for (size_t i = 0; i < N; i++) reached |= fmaf(-a[i], a[i], v[i]) < 0;
    }
    CHECK(reached);
    for (size_t i = 0; i < N; i++) CHECK(isfinite(w[i]) && (w[i] < 0) == (g[i] > 0));
}

/* PyTorch ignores dampening without momentum. */
static void test_dampening__without_momentum_is_descent(void)
{
    nmlp_optimizer o = nmlp_optimizer_init(NMLP_OPTIMIZER_MOMENTUM);
    float w = 2, v = 0;
    const float g = 4;
    o.learning_rate = 0.125;
    o.momentum = 0;
    o.dampening = 0.75;
    CHECK_OK(nmlp_optimizer_update(&o, 1, &w, &g, &v, 1, NULL, 0, 1, 1));
    CHECK(w == 1.5f && v == 4);
}

static void test_third_moment__is_asked_for_where_there_is_one(void)
{
    enum { BAD = NMLP_ERROR_INVALID_ARGUMENT };
    float w = 1, first = 0, second = 0, third = 0;
    const float g = 1;
    for (int32_t rule = 0; rule < NMLP_RULE_COUNT; rule++) {
        const nmlp_optimizer o = optimizer_of_rule(rule);
        const size_t one = (size_t)nmlp_optimizer_keeps(rule, NMLP_TENSOR_FIRST_MOMENT);
        const size_t two = (size_t)nmlp_optimizer_keeps(rule, NMLP_TENSOR_SECOND_MOMENT);
        const size_t three = (size_t)nmlp_optimizer_keeps(rule, NMLP_TENSOR_THIRD_MOMENT);
        CHECK_STATUS(three ? BAD : NMLP_OK,
                     nmlp_optimizer_update(&o, 1, &w, &g, &first, one, &second, two, 0.5, 0.5));
        CHECK_STATUS(NMLP_OK, nmlp_optimizer_update_moments(&o, 1, &w, &g, &first, one, &second,
                                                            two, &third, three, 0.5, 0.5));
        CHECK_STATUS(BAD, nmlp_optimizer_update_moments(&o, 1, &w, &g, &first, one, &second, two,
                                                        &third, 1 - three, 0.5, 0.5));
        CHECK_STATUS(three ? BAD : NMLP_OK,
                     nmlp_optimizer_update_moments(&o, 1, &w, &g, &first, one, &second, two, NULL,
                                                   three, 0.5, 0.5));
    }
}

int main(void)
{
    test_begin("test_optimizers");
    for (size_t i = 0; i < COUNT_OF(place); i++) place[i] = guarded_create(16384 * sizeof(float));
    RUN(test_optimizer__against_double);
    RUN(test_optimizer__zero_rate_keeps_weights);
    RUN(test_centered_rmsprop__constant_gradient_stays_finite);
    RUN(test_dampening__without_momentum_is_descent);
    RUN(test_third_moment__is_asked_for_where_there_is_one);
    return test_end("test_optimizers");
}
