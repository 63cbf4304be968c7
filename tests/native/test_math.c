/* SPDX-License-Identifier: MIT
 *
 * Compares the library's own elementary functions with double precision, in ulp: sin(pi x) and
 * cos(pi x) directly, exp and log through softmax functions, which reduce to them for special rows.
 * Tests the multiply-add of the tests first. */

#include "oracle.h"
#include "test_support.h"

/* The distance from |x| to the next float. */
static double ulp(double x)
{
    int exponent;
    frexp(fabs(x) < (double)FLT_MIN ? (double)FLT_MIN : fabs(x), &exponent);
    return ldexp(1.0, exponent - 24);
}

static double ulps(double expected, float actual)
{
    return fabs((double)actual - expected) / ulp(expected);
}

/* -------------------------------------------------------- exact_fma, directed */

static void test_exact_fma__directed(void)
{
    const float small = 0x1p-24f * (1 + 0x1p-23f), below = 1 - 0x1p-23f, above = 1 + 0x1p-23f;
    static const float least = 0x1p-149f;
    const struct {
        float a, b, c, expected;
    } cases[] = {
        /* a tie in double; bits that double loses decide it */
        {0x1p-24f * (1 + 0x1p-23f), 1 - 0x1p-23f, 1 + 0x1p-23f, 1 + 0x1p-23f},
        {0x1p-24f * (1 + 0x1p-23f), 1, 1, 1 + 0x1p-23f},
        {-(0x1p-24f * (1 + 0x1p-23f)), 1 - 0x1p-23f, -(1 + 0x1p-23f), -(1 + 0x1p-23f)},
        /* cancellation leaves the rounding error of the product */
        {above, above, -(1 + 0x1p-22f), 0x1p-46f},
        {below, above, -1, -0x1p-46f},
        {small, 1, -small, 0},
        /* denormal results: exact, rounded to even, rounded by a sticky bit */
        {0x1p-75f, 0x1p-74f, 0, least},
        {0x1p-75f, 0x1p-75f, 0, 0},
        {0x1p-75f, 0x1.8p-75f, 0, least},
        {0x1p-75f, 0x1p-75f, least, 2 * least},
        {0x1p-75f, 0x1p-75f, 2 * least, 2 * least},
        {0x1p-75f, below * 0x1p-75f, least, least},
        {0x1p-75f, above * 0x1p-75f, 2 * least, 3 * least},
        {FLT_MAX, 2, -FLT_MAX, FLT_MAX},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        float actual = exact_fma(cases[i].a, cases[i].b, cases[i].c);
        CHECK_THAT(float_bits(actual) == float_bits(cases[i].expected), "case %zu: %a, not %a", i,
                   (double)actual, (double)cases[i].expected);
    }
    CHECK(isinf(exact_fma(FLT_MAX, 2, 0)));
    CHECK(isnan(exact_fma(INFINITY, 0, 1)));
}

/* The same cases through the library: a product of one row, one column and one k. */
static void test_library_fma__directed(void)
{
    uint64_t seed = 1;
    for (int i = 0; i < 20000; i++) {
        float v[3], result;
        data_fill_wide(data_next(&seed), -80 + i % 80, 20, v, 3);
        if (i % 3 == 0) v[2] = -(v[0] * v[1]);
        if (i % 3 == 1)
            v[2] = (float)ldexp((double)v[2], i % 50 - 25 + ilogbf(v[0]) + ilogbf(v[1]));
        if (i % 3 ==
            2) { /* next to a tie, closer than double can represent, as in the first case above */
            float off = (float)(1 + i % 61) * 0x1p-23f,
                  one = (float)(i % 1009) * 0x1p-22f + 0x1p-23f;
            float size = (float)ldexp(i % 2 ? 1 : -1, i % 90 - 40);
            v[0] = 0x1p-24f * (1 + off);
            v[1] = (1 - off) * size;
            v[2] = (1 + one) * size;
        }
        if (i == 0) v[0] = 0x1p-24f * (1 + 0x1p-23f), v[1] = 1 - 0x1p-23f, v[2] = 1 + 0x1p-23f;
        float expected = exact_fma(v[0], v[1], v[2]);
        result = v[2];
        CHECK_OK(nmlp_gemm(1, 1, 1, 0, 0, 1, v, 1, v + 1, 1, 1, &result, 1, 1));
        CHECK_THAT(float_bits(result) == float_bits(expected), "fma(%a, %a, %a) = %a, not %a",
                   (double)v[0], (double)v[1], (double)v[2], (double)result, (double)expected);
    }
}

/* ------------------------------------------------------------------- sincospi */

static const double pi = 3.14159265358979323846;

/* Computed in double, with the argument reduced to [-1/4, 1/4] without rounding. */
static void sincospi_reference(double x, double *s, double *c)
{
    double y = fmod(x, 2.0), turns = floor(2 * y + 0.5), z = y - turns * 0.5;
    double sine = sin(pi * z), cosine = cos(pi * z);
    switch ((int)turns & 3) {
    case 0:
        *s = sine, *c = cosine;
        break;
    case 1:
        *s = cosine, *c = -sine;
        break;
    case 2:
        *s = -sine, *c = -cosine;
        break;
    default:
        *s = -cosine, *c = sine;
        break;
    }
}

static double sincospi_worst;

static void check_sincospi(const float *x, size_t count)
{
    float s[1024], c[1024];
    CHECK_OK(nmlp_sincospi(count, x, s, c));
    for (size_t i = 0; i < count; i++) {
        double sine, cosine;
        sincospi_reference((double)x[i], &sine, &cosine);
        double worst = fmax(ulps(sine, s[i]), ulps(cosine, c[i]));
        sincospi_worst = fmax(sincospi_worst, worst);
        CHECK_THAT(worst <= 2.0, "x = %a: sin %.9g, not %.9g; cos %.9g, not %.9g: %.2f ulp",
                   (double)x[i], (double)s[i], sine, (double)c[i], cosine, worst);
    }
}

static void test_sincospi__two_ulp(void)
{
    float x[1024];
    for (int block = -10; block < 10; block++) { /* [-2.5, 2.5) in steps of 2^-12 */
        for (int i = 0; i < 1024; i++) x[i] = (float)(block * 1024 + i) * 0x1p-12f;
        check_sincospi(x, 1024);
    }
    for (uint64_t seed = 0; seed < 60; seed++) {
        data_fill(seed, -2.0f, 2.0f, x, 1024);
        check_sincospi(x, 1024);
        data_fill(seed + 100, -0.26f, 0.26f, x, 1024);
        check_sincospi(x, 1024);
        data_fill_wide(seed, -149, 30, x, 1024);
        check_sincospi(x, 1024);
        data_fill_wide(seed, -3, 5, x, 1024);
        check_sincospi(x, 1024);
        for (int i = 0; i < 1024; i++) /* close to the points at which a result is 0 */
            x[i] = (float)(i % 17 - 8) * 0.5f + (float)(i - 512) * 0x1p-23f;
        check_sincospi(x, 1024);
    }
    printf("sincospi: greatest error seen %.3f ulp\n", sincospi_worst);
}

static void test_sincospi__exact_points(void)
{
    static const float large[] = {0x1p23f,        0x1p23f + 1, 0x1p22f + 0.5f, 0x1p22f + 1.5f,
                                  0x1p24f,        0x1p24f + 2, 0x1p24f - 1,    0x1p25f + 4,
                                  0x1p30f,        FLT_MAX,     -0x1p23f - 1,   -FLT_MAX,
                                  -0x1p22f - .5f, 16777215.0f, -16777215.0f};
    float x[2001 + COUNT_OF(large)], s[COUNT_OF(x)], c[COUNT_OF(x)];
    for (int i = 0; i <= 2000; i++) x[i] = (float)(i - 1000) * 0.5f;
    memcpy(x + 2001, large, sizeof large);
    CHECK_OK(nmlp_sincospi(COUNT_OF(x), x, s, c));
    for (size_t i = 0; i < COUNT_OF(x); i++) {
        double sine, cosine;
        sincospi_reference((double)x[i], &sine, &cosine);
        CHECK_THAT((double)s[i] == nearbyint(sine) && (double)c[i] == nearbyint(cosine),
                   "x = %.9g: sin %.9g, cos %.9g", (double)x[i], (double)s[i], (double)c[i]);
    }
}

static void test_sincospi__lengths_and_aliases(void)
{
    enum { N = 257 };
    guarded gx = guarded_create(N * sizeof(float)), gs = gx, gc = gx;
    gs = guarded_create(N * sizeof(float));
    gc = guarded_create(N * sizeof(float));
    float all[N], sine[N], cosine[N];
    data_fill(5, -3, 3, all, N);
    CHECK_OK(nmlp_sincospi(N, all, sine, cosine));
    for (size_t n = 0; n <= N; n++) {
        for (int end = 0; end < 2; end++) {
            float *x = guarded_floats(&gx, n, end), *s = guarded_floats(&gs, n, end);
            float *c = guarded_floats(&gc, n, end);
            if (n > 0) memcpy(x, all, n * sizeof *x);
            CHECK_OK(nmlp_sincospi(n, x, s, c));
            CHECK_BITS("sin", sine, s, n);
            CHECK_BITS("cos", cosine, c, n);
            CHECK_OK(nmlp_sincospi(n, x, x, c));
            CHECK_BITS("sin over x", sine, x, n);
            if (n > 0) memcpy(x, all, n * sizeof *x);
            CHECK_OK(nmlp_sincospi(n, x, s, x));
            CHECK_BITS("cos over x", cosine, x, n);
        }
    }
    hash_print("sincospi",
               hash_bytes(hash_bytes(hash_start, sine, sizeof sine), cosine, sizeof cosine));
    guarded_destroy(&gx);
    guarded_destroy(&gs);
    guarded_destroy(&gc);
}

/* ---------------------------------------------------------------- exp and log */

/* softmax(0, -x) is (1, e)/(1 + e), e = exp(-x): from x = 17.4 on, the second element is e itself,
 * because 1 + e rounds to 1. Below that, the sum and the quotient add rounding errors. */
static void test_exp__ulp(void)
{
    uint64_t seed = 7, hash = hash_start;
    double worst_normal = 0, worst_denormal = 0;
    for (int i = 0; i < 200000; i++) {
        float x[2] = {0, -data_float(&seed, 0, i % 4 == 0 ? 17.5f : 110.0f)}, y[2];
        double e = exp((double)x[1]), expected = x[1] < -17.4f ? e : e / (1 + e);
        CHECK_OK(nmlp_softmax(1, 2, x, 2, y, 2, 1));
        double off = ulps(expected, y[1]);
        if (x[1] < -17.4f && e >= (double)FLT_MIN) {
            worst_normal = fmax(worst_normal, off);
            CHECK_THAT(off <= 1.0, "exp(%.9g) = %.9g, not %.9g: %.2f ulp", (double)x[1],
                       (double)y[1], expected, off);
        } else if (e < (double)FLT_MIN) {
            worst_denormal = fmax(worst_denormal, off);
            CHECK_THAT(off <= 2.0, "exp(%.9g) = %.9g, not %.9g: %.2f ulp", (double)x[1],
                       (double)y[1], expected, off);
        } else {
            CHECK_THAT(off <= 1 + 4 * 0.5 * 2, "softmax(0, %.9g) = %.9g, not %.9g: %.2f ulp",
                       (double)x[1], (double)y[1], expected, off);
        }
        hash = hash_bytes(hash, y, sizeof y);
    }
    printf("exp: greatest error seen %.3f ulp, %.3f where denormal\n", worst_normal,
           worst_denormal);
    hash_print("exp", hash);
}

/* log_softmax of n equal scores is -log(n). */
static void test_log__ulp(void)
{
    enum { N = 3000 };
    float x[N] = {0}, y[N];
    double worst = 0;
    uint64_t hash = hash_start;
    for (size_t n = 2; n <= N; n += n < 300 ? 1 : 17) {
        CHECK_OK(nmlp_log_softmax(1, n, x, n, y, n, 1));
        double expected = -log((double)n), off = ulps(expected, y[n - 1]);
        worst = fmax(worst, off);
        CHECK_THAT(off <= 1.0, "log(%zu) = %.9g, not %.9g: %.2f ulp", n, (double)-y[0], -expected,
                   off);
        hash = hash_bytes(hash, y, n * sizeof *y);
    }
    CHECK_OK(nmlp_log_softmax(1, 1, x, 1, y, 1, 1));
    CHECK(y[0] == 0);
    printf("log: greatest error seen %.3f ulp\n", worst);
    hash_print("log", hash);
}

int main(void)
{
    test_begin("test_math");
    RUN(test_exact_fma__directed);
    RUN(test_library_fma__directed);
    RUN(test_sincospi__two_ulp);
    RUN(test_sincospi__exact_points);
    RUN(test_sincospi__lengths_and_aliases);
    RUN(test_exp__ulp);
    RUN(test_log__ulp);
    return test_end("test_math");
}
