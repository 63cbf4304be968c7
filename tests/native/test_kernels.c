/* SPDX-License-Identifier: MIT
 *
 * Activations and maxout with lengths 0 to 257 between guard pages. The caller's floating-point
 * modes do not change results. */
#include "isa/kernels.h"
#include "kernel_places.h"
#include "threads/parallel.h"

#include <fenv.h>

/* The register with the processor's modes, and its bits that flush denormals to zero. */
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
        /* test_functions.c checks the values. This test checks that parts of the array give the
         * same values as the whole. */
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

/* A NaN is not hidden, so that users notice a run that diverges. */
static void test_activation__nan(void)
{
    float x[LONGEST], y[LONGEST];
    for (size_t i = 0; i < LONGEST; i++) x[i] = NAN;
    CHECK_OK(nmlp_activation_forward(NMLP_ACTIVATION_RELU, 0.0f, LONGEST, x, y));
    for (size_t i = 0; i < LONGEST; i++) CHECK(isnan(y[i]));
}

/* ---------------------------------------------------------------------- maxout */

enum { PIECES = 4 };

/* Returns the piece with the maximum of column j. A NaN counts as greater than all numbers. */
static size_t greatest_piece(const float *x, size_t pieces, size_t outputs, size_t j)
{
    size_t best = 0;
    for (size_t p = 1; p < pieces; p++) {
        const float a = x[best * outputs + j], b = x[p * outputs + j];
        if (!isnan(a) && (isnan(b) || b > a)) best = p;
    }
    return best;
}

/* Numbers with many ties, including zeros of both signs, infinities and NaN. */
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

/* For a tie of 0 and -0, the first piece is the maximum and receives the gradient. */
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

/* ---------------------------------------------------------------- caller's modes */

enum { MODE_N = 67, MODE_OUT = 12 * MODE_N * MODE_N };

/* Runs some work of every kind and writes the results one after another to out. */
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
    RUN(test_modes__do_not_matter_and_come_back);
    RUN(test_modes__flags_stay_inside);
    return test_end("test_kernels");
}
