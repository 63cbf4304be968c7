/* SPDX-License-Identifier: MIT
 *
 * The stateless kernels around the products: activations, maxout, softmax and its loss; against
 * double precision within bounds computed from the number and the size of the roundings, at
 * lengths 0 to 257 between guard pages. */

#include "isa/kernels.h"
#include "test_support.h"

#include "threads/parallel.h"

#include <fenv.h>

/* The processor's word of modes, and what in it flushes denormals to zero. */
#if defined(__x86_64__)
#include <xmmintrin.h>
enum { FLUSHING = 0x8040, FLAGS = 0x3f };
static uint64_t get_modes(void) { return _mm_getcsr() & ~(unsigned)FLAGS; }
static void set_modes(uint64_t modes) { _mm_setcsr((unsigned)modes); }
#elif defined(__aarch64__)
enum { FLUSHING = 1 << 24 };
static uint64_t get_modes(void)
{
    uint64_t modes;
    __asm__ volatile("mrs %0, fpcr" : "=r"(modes));
    return modes;
}
static void set_modes(uint64_t modes)
{
    __asm__ volatile("msr fpcr, %0" : : "r"(modes) : "memory");
}
#endif

enum { LONGEST = 257 };

static guarded place[6];

static float *copy_at(size_t which, const float *src, size_t count, bool at_end)
{
    float *dst = guarded_floats(&place[which], count, at_end);
    if (count > 0) memcpy(dst, src, count * sizeof *dst);
    return dst;
}

/* ----------------------------------------------------------------- activations */

static const float special[] = {0.0f, -0.0f, 1e-45f,  -1e-45f,  FLT_MIN,  -FLT_MIN,
                                1,    -1,    FLT_MAX, -FLT_MAX, INFINITY, -INFINITY};

static void test_activation__bits(void)
{
    float all[LONGEST], gradient[LONGEST], y[LONGEST], dx[LONGEST];
    data_fill_wide(1, -149, 100, all, LONGEST);
    data_fill(2, -1, 1, gradient, LONGEST);
    memcpy(all, special, sizeof special);
    memcpy(all + 100, special, sizeof special);
    for (int32_t kind = 0; kind < NMLP_ACTIVATION_COUNT; kind++) {
        if (kind == NMLP_ACTIVATION_MAXOUT) continue;
        /* What all at once give is judged by test_functions.c; here, that parts give the same. */
        CHECK_OK(nmlp_activation_forward(kind, 0.25f, LONGEST, all, y));
        CHECK_OK(nmlp_activation_backward(kind, 0.25f, LONGEST, all, gradient, dx));
        for (size_t i = 0; i < LONGEST; i++) {
            dx[i] += 0.0f;
            if (kind > NMLP_ACTIVATION_RELU) continue;
            y[i] = kind == NMLP_ACTIVATION_RELU && all[i] < 0 ? 0 : all[i];
            dx[i] = kind == NMLP_ACTIVATION_RELU && y[i] <= 0 ? 0 : gradient[i];
        }
        for (size_t n = 0; n <= LONGEST; n++) {
            for (int end = 0; end < 2; end++) {
                float *x = copy_at(0, all, n, end), *out = guarded_floats(&place[1], n, end);
                float *dy = copy_at(2, gradient, n, end);
                CHECK_OK(nmlp_activation_forward(kind, 0.25f, n, x, out));
                CHECK_BITS("forward", y, out, n);
                CHECK_OK(nmlp_activation_forward(kind, 0.25f, n, x, x));
                CHECK_BITS("forward in place", y, x, n);
                copy_at(0, all, n, end);
                CHECK_OK(nmlp_activation_backward(kind, 0.25f, n, x, dy, out));
                for (size_t i = 0; i < n; i++) out[i] += 0.0f; /* -0 becomes 0 */
                CHECK_BITS("backward", dx, out, n);
                CHECK_OK(nmlp_activation_backward(kind, 0.25f, n, x, dy, dy));
                for (size_t i = 0; i < n; i++) dy[i] += 0.0f;
                CHECK_BITS("backward in place", dx, dy, n);
            }
        }
    }
}

/* A NaN is not hidden, so that a run that diverges is seen. */
static void test_activation__nan(void)
{
    float x[LONGEST], y[LONGEST];
    for (size_t i = 0; i < LONGEST; i++) x[i] = NAN;
    CHECK_OK(nmlp_activation_forward(NMLP_ACTIVATION_RELU, 0.0f, LONGEST, x, y));
    for (size_t i = 0; i < LONGEST; i++) CHECK(isnan(y[i]));
}

/* ---------------------------------------------------------------------- maxout */

enum { PIECES = 4 };

/* Which piece is the greatest of column j, a NaN the greatest of all. */
static size_t greatest_piece(const float *x, size_t pieces, size_t outputs, size_t j)
{
    size_t best = 0;
    for (size_t p = 1; p < pieces; p++) {
        const float a = x[best * outputs + j], b = x[p * outputs + j];
        if (!isnan(a) && (isnan(b) || b > a)) best = p;
    }
    return best;
}

/* Numbers with many ties, zeros of both signs among them, infinities and NaN. */
static void fill_pieces(uint64_t seed, float *x, size_t count)
{
    static const float values[] = {0.0f,   -0.0f,   1,        1,         -1,
                                   1e-45f, FLT_MAX, INFINITY, -INFINITY, NAN};
    for (size_t i = 0; i < count; i++) {
        const size_t which = data_below(&seed, 2 * COUNT_OF(values));
        x[i] = which < COUNT_OF(values) ? values[which] : data_float(&seed, -1, 1);
    }
}

static void check_maxout(size_t m, size_t n, size_t pieces, size_t pad, bool at_end)
{
    const size_t ldy = n + pad, ldx = pieces * n + 2 * pad;
    const size_t county = n > 0 ? (m - 1) * ldy + n : 0;
    const size_t countx = n > 0 ? (m - 1) * ldx + pieces * n : 0;
    static float from[LONGEST * PIECES * 4], gradient[LONGEST * 4];
    fill_pieces(n + pieces, from, countx);
    data_fill(n, -1, 1, gradient, county);
    float *x = copy_at(0, from, countx, at_end), *dy = copy_at(1, gradient, county, at_end);
    float *y = guarded_floats(&place[2], county, at_end);
    float *dx = guarded_floats(&place[3], countx, at_end);
    fill_bits(y, county, poison);
    fill_bits(dx, countx, poison);
    CHECK_OK(nmlp_maxout_forward(m, n, pieces, x, ldx, y, ldy));
    CHECK_OK(nmlp_maxout_backward(m, n, pieces, x, ldx, dy, ldy, dx, ldx));
    for (size_t i = 0; i < m; i++) {
        const float *row = from + i * ldx;
        for (size_t j = 0; j < n; j++) {
            const size_t best = greatest_piece(row, pieces, n, j);
            const bool nan = isnan(row[best * n + j]);
            if (nan)
                CHECK(isnan(y[i * ldy + j]));
            else
                CHECK_BITS("y", row + best * n + j, y + i * ldy + j, 1);
            for (size_t p = 0; p < pieces; p++) {
                const float expected = p == (nan ? 0 : best) ? gradient[i * ldy + j] : 0;
                CHECK_BITS("dx", &expected, dx + i * ldx + p * n + j, 1);
            }
        }
        for (size_t j = n; i + 1 < m && j < ldy; j++) CHECK(float_bits(y[i * ldy + j]) == poison);
        for (size_t j = pieces * n; i + 1 < m && j < ldx; j++)
            CHECK(float_bits(dx[i * ldx + j]) == poison);
    }
    CHECK_BITS("x", from, x, countx);
    CHECK_OK(nmlp_maxout_backward(m, n, pieces, x, ldx, dy, ldy, x, ldx));
    for (size_t i = 0; i < m; i++) CHECK_BITS("dx over x", dx + i * ldx, x + i * ldx, pieces * n);
    x = copy_at(0, from, countx, at_end);
    CHECK_OK(nmlp_maxout_forward(m, n, pieces, x, ldx, x, ldx));
    for (size_t i = 0; i < m; i++) CHECK_BITS("y over x", y + i * ldy, x + i * ldx, n);
}

static void test_maxout__bits(void)
{
    for (size_t n = 0; n <= LONGEST; n++)
        for (size_t pieces = 1; pieces <= PIECES; pieces++)
            for (int end = 0; end < 2; end++)
                check_maxout(1 + n % 3, n, pieces, n > 0 ? n % 5 : 0, end);
    CHECK_OK(nmlp_maxout_forward(0, 5, 2, NULL, 10, NULL, 5));
    CHECK_OK(nmlp_maxout_backward(0, 5, 2, NULL, 10, NULL, 5, NULL, 10));
}

/* A tie of 0 and -0 is the first one's, and so is its gradient. */
static void test_maxout__ties(void)
{
    const float x[] = {0.0f, -0.0f, 3, -0.0f, 0.0f, 3}, dy[] = {5, 6, -0.0f};
    const float expected[] = {0.0f, -0.0f, 3}, gradient[] = {5, 6, -0.0f, 0, 0, 0};
    float y[3], dx[6];
    CHECK_OK(nmlp_maxout_forward(1, 3, 2, x, 6, y, 3));
    CHECK_OK(nmlp_maxout_backward(1, 3, 2, x, 6, dy, 3, dx, 6));
    CHECK_BITS("y", expected, y, 3);
    CHECK_BITS("dx", gradient, dx, 6);
}

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

/* Of a row in double: greatest, and the logarithm of the sum of exp(x - greatest). */
static void row_reference(const float *x, size_t n, double *greatest, double *log_sum)
{
    double sum = 0;
    *greatest = (double)x[0];
    for (size_t j = 1; j < n; j++) *greatest = fmax(*greatest, (double)x[j]);
    for (size_t j = 0; j < n; j++) sum += exp((double)x[j] - *greatest);
    *log_sum = log(sum);
}

/* Roundings: x - max (which exp makes relative), exp itself, n sums, a quotient. */
static double softmax_tolerance(double distance, double y, size_t n)
{
    return y * EPS * (0.5 * distance + 1 + 0.5 * (double)n + 1) + 4 * TINY;
}

/* x - max, log (1 ulp), the sum inside the logarithm, and the last difference. */
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

/* A non-finite score makes the loss non-finite, wherever it stands. */
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

/* ---------------------------------------------------------------- caller's modes */

enum { MODE_N = 67, MODE_OUT = 12 * MODE_N * MODE_N };

/* Some of every kind of work, results one after another in out. */
static int32_t some_of_all(float *out)
{
    float *o = out, x[MODE_N * 4], d[MODE_N * 4];
    int32_t labels[4] = {0, 1, 2, 3}, status = 0;
    double loss;
    size_t correct;
    static float a[MODE_N * MODE_N], b[MODE_N * MODE_N], w[MODE_N], v[MODE_N], s[MODE_N];
    status |= nmlp_random_normal(1, 2, 3, MODE_N * MODE_N, 0, 1e-19f, a);
    status |= nmlp_random_uniform(1, 3, 3, MODE_N * MODE_N, -1e-19f, 1e-19f, b);
    status |= nmlp_gemm(MODE_N, MODE_N, MODE_N, 0, 1, 1, a, MODE_N, b, MODE_N, 0, o, MODE_N, 2);
    o += MODE_N * MODE_N;
    status |= nmlp_dense_forward(MODE_N, MODE_N, MODE_N, 1, 0.0f, a, MODE_N, b, MODE_N, a, MODE_N,
                                 o, MODE_N, 2);
    o += MODE_N * MODE_N;
    status |= nmlp_random_uniform(9, 3, 3, MODE_N * 4, -60, 60, x);
    status |= nmlp_softmax(4, MODE_N, x, MODE_N, o, MODE_N, 1);
    o += 4 * MODE_N;
    status |= nmlp_log_softmax(4, MODE_N, x, MODE_N, o, MODE_N, 1);
    o += 4 * MODE_N;
    status |= nmlp_sincospi(MODE_N, x, o, o + MODE_N);
    o += 2 * MODE_N;
    status |= nmlp_softmax_cross_entropy(4, MODE_N, x, MODE_N, labels, d, MODE_N, MODE_N * 4, &loss,
                                         &correct, 1);
    memcpy(o, d, sizeof d);
    o += 4 * MODE_N;
    memcpy(o, &loss, sizeof loss);
    o += 2;
    const nmlp_optimizer optimizer = nmlp_optimizer_init(NMLP_OPTIMIZER_ADAM);
    memcpy(w, a, sizeof w);
    memset(v, 0, sizeof v);
    memset(s, 0, sizeof s);
    status |= nmlp_optimizer_update(&optimizer, MODE_N, w, b, v, MODE_N, s, MODE_N, 0.9, 0.999);
    memcpy(o, w, sizeof w);
    memcpy(o + MODE_N, v, sizeof v);
    memcpy(o + 2 * MODE_N, s, sizeof s);
    return status;
}

static void test_modes__do_not_matter_and_come_back(void)
{
    static const int roundings[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    float *expected = test_floats(MODE_OUT), *actual = test_floats(MODE_OUT);
    memset(expected, 0, MODE_OUT * sizeof(float));
    CHECK_OK(some_of_all(expected));
    hash_print("some_of_all", hash_bytes(hash_start, expected, MODE_OUT * sizeof(float)));
    for (size_t i = 0; i < COUNT_OF(roundings); i++) {
        memset(actual, 0, MODE_OUT * sizeof(float));
        fesetround(roundings[i]);
        set_modes(get_modes() | FLUSHING);
        const uint64_t before = get_modes();
        const int32_t status = some_of_all(actual);
        const bool restored = fegetround() == roundings[i] && get_modes() == before;
        set_modes(before & ~(uint64_t)FLUSHING);
        fesetround(FE_TONEAREST);
        CHECK_OK(status);
        CHECK_THAT(restored, "mode %zu is not restored", i);
        CHECK_BITS("under the caller's modes", expected, actual, MODE_OUT);
    }
    free(expected);
    free(actual);
}

static void test_modes__flags_stay_inside(void)
{
    float rounded[MODE_N];
    feclearexcept(FE_ALL_EXCEPT);
    const int32_t status = nmlp_random_normal(1, 2, 3, MODE_N, 0, 1e-19f, rounded);
    const int raised = fetestexcept(FE_ALL_EXCEPT);
    CHECK_OK(status);
    CHECK_THAT(raised == 0, "flags %x", (unsigned)raised);
}

int main(void)
{
    test_begin("test_kernels");
    nmlp_parallel_wake_for_all();
    for (size_t i = 0; i < COUNT_OF(place); i++) place[i] = guarded_create(16384 * sizeof(float));
    RUN(test_activation__bits);
    RUN(test_activation__nan);
    RUN(test_maxout__bits);
    RUN(test_maxout__ties);
    RUN(test_softmax__against_double);
    RUN(test_softmax__threads);
    RUN(test_cross_entropy__against_double);
    RUN(test_cross_entropy__first_greatest_counts);
    RUN(test_cross_entropy__threads);
    RUN(test_cross_entropy__not_finite);
    RUN(test_modes__do_not_matter_and_come_back);
    RUN(test_modes__flags_stay_inside);
    return test_end("test_kernels");
}
