/* SPDX-License-Identifier: MIT
 *
 * Compares softmax, its logarithm and its loss with double precision, within bounds computed from
 * the number and the size of the roundings. */
#include "kernel_places.h"

#include "threads/parallel.h"

/* --------------------------------------------------------------------- softmax */

typedef enum score_kind { SMALL, LARGE, EXTREME, EQUAL, SCORE_KINDS } score_kind;

static void fill_scores(score_kind kind, uint64_t seed, float *x, size_t n)
{
    static const float bound[] = {1, 40, 1e4f, 0};
    data_fill(seed, -bound[kind], bound[kind], x, n);
    if (kind == EXTREME)
        for (size_t j = 0; j < n; j += 3) x[j] = j % 2 ? 1e4f : -1e4f;
    if (kind == EQUAL)
        for (size_t j = 0; j < n; j++) x[j] = (float)seed - 300;
}

/* Computes, for a row, the maximum and the logarithm of the sum of exp(x - maximum) in double. */
static void row_reference(const float *x, size_t n, double *greatest, double *log_sum)
{
    double sum = 0;
    *greatest = (double)x[0];
    for (size_t j = 1; j < n; j++) *greatest = fmax(*greatest, (double)x[j]);
    for (size_t j = 0; j < n; j++) sum += exp((double)x[j] - *greatest);
    *log_sum = log(sum);
}

/* Rounding errors of x - max (which exp makes relative), of exp itself, of n sums, and of a
 * quotient. */
static double softmax_tolerance(double distance, double y, size_t n)
{
    return y * EPS * (0.5 * distance + 1 + 0.5 * (double)n + 1) + 4 * TINY;
}

/* Rounding errors of x - max, of log (1 ulp), of the sum inside the logarithm, and of the last
 * difference. */
static double log_softmax_tolerance(double distance, double log_sum, size_t n)
{
    return EPS * (0.5 * distance + log_sum + 2 + 0.5 * (double)n + 0.5 * (distance + log_sum)) +
           TINY;
}

static void check_softmax_row(const float *x, const float *y, const float *log_y, size_t n)
{
    double greatest, log_sum;
    row_reference(x, n, &greatest, &log_sum);
    for (size_t j = 0; j < n; j++) {
        double distance = greatest - (double)x[j], expected = exp(-distance - log_sum);
        CHECK_NEAR("softmax", j, expected, (double)y[j], softmax_tolerance(distance, expected, n));
        CHECK_NEAR("log-softmax", j, -distance - log_sum, (double)log_y[j],
                   log_softmax_tolerance(distance, log_sum, n));
    }
}

static void check_softmax(size_t m, size_t n, score_kind kind, size_t pad)
{
    size_t ld = n + pad, count = (m - 1) * ld + n;
    float *scores = test_floats(count), *y = guarded_floats(&place[1], count, true);
    float *log_y = guarded_floats(&place[2], count, true);
    fill_bits(scores, count, poison);
    for (size_t i = 0; i < m; i++) fill_scores(kind, n * 10 + i, scores + i * ld, n);
    float *x = copy_at(0, scores, count, true);
    fill_bits(y, count, poison);
    fill_bits(log_y, count, poison);
    CHECK_OK(nmlp_softmax(m, n, x, ld, y, ld, 1));
    CHECK_OK(nmlp_log_softmax(m, n, x, ld, log_y, ld, 1));
    for (size_t i = 0; i < m; i++) {
        check_softmax_row(x + i * ld, y + i * ld, log_y + i * ld, n);
        for (size_t j = n; i + 1 < m && j < ld; j++)
            CHECK(float_bits(y[i * ld + j]) == poison && float_bits(log_y[i * ld + j]) == poison);
    }
    CHECK_OK(nmlp_softmax(m, n, x, ld, x, ld, 3));
    CHECK_BITS("softmax in place, 3 threads", y, x, count);
    x = copy_at(0, scores, count, false);
    CHECK_OK(nmlp_log_softmax(m, n, x, ld, x, ld, 2));
    CHECK_BITS("log-softmax in place, 2 threads", log_y, x, count);
    free(scores);
}

static void test_softmax__against_double(void)
{
    for (size_t n = 1; n <= LONGEST; n++) {
        for (int kind = 0; kind < SCORE_KINDS; kind++)
            check_softmax(1 + n % 4, n, (score_kind)kind, n % 3);
    }
    check_softmax(3, 1000, LARGE, 0);
    check_softmax(2, 1000, EQUAL, 7);
    CHECK_OK(nmlp_softmax(0, 5, NULL, 5, NULL, 5, 1));
    CHECK_OK(nmlp_log_softmax(0, 5, NULL, 5, NULL, 5, 1));
}

static void test_softmax__threads(void)
{
    enum { M = 3001, N = 37 };
    static float x[M * N], y[M * N], other[M * N];
    data_fill(3, -20, 20, x, M * N);
    CHECK_OK(nmlp_softmax(M, N, x, N, y, N, 1));
    hash_print("softmax", hash_bytes(hash_start, y, sizeof y));
    for (int32_t threads = 0; threads <= 5; threads++) {
        CHECK_OK(nmlp_softmax(M, N, x, N, other, N, threads));
        CHECK_BITS("softmax", y, other, M * N);
    }
    CHECK_OK(nmlp_log_softmax(M, N, x, N, y, N, 1));
    hash_print("log_softmax", hash_bytes(hash_start, y, sizeof y));
    for (int32_t threads = 0; threads <= 5; threads++) {
        CHECK_OK(nmlp_log_softmax(M, N, x, N, other, N, threads));
        CHECK_BITS("log-softmax", y, other, M * N);
    }
}

/* --------------------------------------------------------------- cross-entropy */

static size_t first_greatest(const float *x, size_t n)
{
    size_t best = 0;
    for (size_t j = 1; j < n; j++)
        if (x[j] > x[best]) best = j;
    return best;
}

/* One row of scores against its label: adds to the expected loss and its tolerance. */
static void check_cross_entropy_row(const float *x, const float *dscores, size_t n, size_t label,
                                    size_t m, double *loss, double *tolerance)
{
    double greatest, log_sum;
    row_reference(x, n, &greatest, &log_sum);
    for (size_t j = 0; j < n; j++) {
        double distance = greatest - (double)x[j], p = exp(-distance - log_sum);
        double expected = (p - (j == label)) / (double)m;
        double bound = (softmax_tolerance(distance, p, n) + EPS * (j == label)) / (double)m +
                       EPS * fabs(expected) + TINY;
        CHECK_NEAR("dscores", j, expected, (double)dscores[j], bound);
    }
    double distance = greatest - (double)x[label];
    *loss += (log_sum + distance) / (double)m;
    *tolerance += log_softmax_tolerance(distance, log_sum, n) / (double)m;
}

static void check_cross_entropy(size_t m, size_t n, score_kind kind, size_t pad)
{
    size_t ld = n + pad, count = (m - 1) * ld + n, length = m * ld, right = 0, correct = 99;
    int32_t *labels = guarded_bytes(&place[3], m * sizeof(int32_t), true);
    float *scores = test_floats(length), *d = guarded_floats(&place[1], length, true);
    double loss = NAN, expected = 0, tolerance = 0, without;
    fill_bits(scores, length, poison);
    fill_bits(d, length, poison);
    for (size_t i = 0; i < m; i++) {
        fill_scores(kind, n * 10 + i, scores + i * ld, n);
        labels[i] = (int32_t)(i % 2 ? (i * 7 + n) % n : first_greatest(scores + i * ld, n));
        right += (size_t)labels[i] == first_greatest(scores + i * ld, n);
    }
    float *x = copy_at(0, scores, count, true);
    CHECK_OK(nmlp_softmax_cross_entropy(m, n, x, ld, labels, d, ld, length, &loss, &correct, 1));
    for (size_t i = 0; i < m; i++)
        check_cross_entropy_row(x + i * ld, d + i * ld, n, (size_t)labels[i], m, &expected,
                                &tolerance);
    CHECK_NEAR("loss", n, expected, loss, tolerance + EPS * fabs(expected));
    CHECK_THAT(correct == right, "%zu x %zu: correct %zu, not %zu", m, n, correct, right);
    for (size_t i = 0; i < m; i++)
        for (size_t j = n; j < ld; j++) CHECK(float_bits(d[i * ld + j]) == poison);

    CHECK_OK(nmlp_softmax_cross_entropy(m, n, x, ld, labels, NULL, 0, 0, &without, &correct, 2));
    CHECK_THAT(without == loss && correct == right, "without gradient: %.17g, not %.17g", without,
               loss);
    x = copy_at(0, scores, length, false);
    CHECK_OK(nmlp_softmax_cross_entropy(m, n, x, ld, labels, x, ld, length, &without, &correct, 3));
    CHECK_THAT(without == loss && correct == right, "in place: %.17g, not %.17g", without, loss);
    CHECK_BITS("dscores over scores", d, x, length);
    free(scores);
}

static void test_cross_entropy__against_double(void)
{
    for (size_t n = 1; n <= LONGEST; n += n < 40 ? 1 : 7)
        for (int kind = 0; kind < SCORE_KINDS; kind++)
            check_cross_entropy(1 + n % 5, n, (score_kind)kind, n % 3);
    for (size_t m = 1; m <= 67; m++) check_cross_entropy(m, 10, LARGE, 0);
    check_cross_entropy(3, 1000, LARGE, 1);
}

static void test_cross_entropy__first_greatest_counts(void)
{
    const float scores[] = {1, 3, 3, 3, 3, 1, 3, 3, -0.0f, 0.0f, -1, 0.0f};
    static const struct {
        int32_t labels[3];
        size_t correct;
    } cases[] = {{{1, 0, 0}, 3}, {{2, 2, 1}, 0}, {{3, 3, 3}, 0}, {{1, 3, 0}, 2}, {{0, 1, 3}, 0}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        double loss;
        size_t correct;
        CHECK_OK(nmlp_softmax_cross_entropy(3, 4, scores, 4, cases[i].labels, NULL, 0, 0, &loss,
                                            &correct, 1));
        CHECK_THAT(correct == cases[i].correct, "case %zu: %zu", i, correct);
    }
}

static void test_cross_entropy__threads(void)
{
    enum { M = 5001, N = 11 };
    static float x[M * N], d[M * N], other[M * N];
    static int32_t labels[M];
    double loss, again;
    size_t correct, right;
    data_fill(4, -5, 5, x, M * N);
    for (size_t i = 0; i < M; i++) labels[i] = (int32_t)(i * 5 % N);
    CHECK_OK(nmlp_softmax_cross_entropy(M, N, x, N, labels, d, N, M * N, &loss, &correct, 1));
    hash_print("cross_entropy",
               hash_bytes(hash_bytes(hash_start, d, sizeof d), &loss, sizeof loss));
    for (int32_t threads = 0; threads <= 5; threads++) {
        CHECK_OK(nmlp_softmax_cross_entropy(M, N, x, N, labels, other, N, M * N, &again, &right,
                                            threads));
        CHECK_THAT(again == loss && right == correct, "%d threads: %.17g, not %.17g", (int)threads,
                   again, loss);
        CHECK_BITS("dscores", d, other, M * N);
    }
}

/* A non-finite score at any position makes the loss non-finite. */
static void test_cross_entropy__not_finite(void)
{
    static const float bad[] = {NAN, INFINITY};
    int32_t labels[2] = {0, 0};
    for (size_t b = 0; b < COUNT_OF(bad); b++) {
        for (size_t at = 0; at < 40; at++) {
            float x[40] = {0};
            double loss = 0;
            size_t correct;
            x[at] = bad[b];
            CHECK_OK(
                nmlp_softmax_cross_entropy(2, 20, x, 20, labels, NULL, 0, 0, &loss, &correct, 1));
            CHECK_THAT(!isfinite(loss), "%g at %zu: loss %g", (double)bad[b], at, loss);
        }
    }
}

int main(void)
{
    test_begin("test_softmax");
    nmlp_parallel_wake_for_all();
    for (size_t i = 0; i < COUNT_OF(place); i++) place[i] = guarded_create(16384 * sizeof(float));
    RUN(test_softmax__against_double);
    RUN(test_softmax__threads);
    RUN(test_cross_entropy__against_double);
    RUN(test_cross_entropy__first_greatest_counts);
    RUN(test_cross_entropy__threads);
    RUN(test_cross_entropy__not_finite);
    return test_end("test_softmax");
}
