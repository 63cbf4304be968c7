/* SPDX-License-Identifier: MIT
 *
 * Compares the elementary functions and the activations with double precision, in ulp, over all
 * floats: each exponent with some thousand mantissas, including zeros, denormals, infinities and
 * NaN.
 *
 *     test_functions [STRIDE]      every STRIDE-th float; 1 tests all floats and takes minutes
 *
 * Prints the maximum errors found. The bounds that it checks are in the comments of k_math.inc and
 * k_activation.inc. */
#include "math_probe.h"
#include "test_support.h"

static uint32_t stride = 2039; /* a prime, so that no pattern of mantissas is omitted */

enum { BLOCK = 1024 };

/* The distance from |x| to the next float. */
static double ulp(double x)
{
    int exponent;
    frexp(fmin(fmax(fabs(x), (double)FLT_MIN), (double)FLT_MAX), &exponent);
    return ldexp(1.0, exponent - 24);
}

/* Returns the error of actual, in ulp of expected or of `least`, whichever is larger. Values from
 * FLT_MAX plus half an ulp must overflow to infinity, which counts as 2^128. */
static double ulps(double expected, float actual, double least)
{
    const double overflow = 0x1p128;
    if (isnan(expected)) return isnan(actual) ? 0 : INFINITY;
    const double value = isinf(actual) ? copysign(overflow, (double)actual) : (double)actual;
    const double wanted = fmax(-overflow, fmin(overflow, expected));
    return isnan(actual) ? INFINITY : fabs(value - wanted) / ulp(fmax(fabs(wanted), least));
}

/* A measured function: y of some x, and the position of the maximum error. */
typedef struct measured {
    const char *name;
    float low, high; /* the domain; NaN is always tested as well */
    double bound;    /* ulp */
    double worst;
    float worst_at;
} measured;

static void measure(measured *m, float x, double expected, float actual, double least)
{
    const double off = ulps(expected, actual, least);
    if (off > m->worst) m->worst = off, m->worst_at = x;
    CHECK_THAT(off <= m->bound, "%s(%.9g = %a) = %.9g, not %.9g: %.2f ulp", m->name, (double)x,
               (double)x, (double)actual, expected, off);
}

static void report(const measured *m)
{
    printf("%-20s %.3f ulp at %.9g, of %.3g\n", m->name, m->worst, (double)m->worst_at, m->bound);
}

/* Returns the next floats of the domain, at most BLOCK: every stride-th, then the special ones. */
static size_t next_block(uint64_t *at, float low, float high, float *x)
{
    static const float special[] = {0.0f, -0.0f, 1e-45f,  -1e-45f,  FLT_MIN,  -FLT_MIN,
                                    1,    -1,    FLT_MAX, -FLT_MAX, INFINITY, -INFINITY};
    size_t count = 0;
    for (; *at <= UINT32_MAX && count < BLOCK; *at += stride) {
        const float value = float_from_bits((uint32_t)*at);
        if (value >= low && value <= high) x[count++] = value;
    }
    if (*at <= UINT32_MAX || *at > (UINT64_C(1) << 40)) return count;
    if (count + COUNT_OF(special) > BLOCK) return count;
    for (size_t i = 0; i < COUNT_OF(special); i++)
        if (special[i] >= low && special[i] <= high) x[count++] = special[i];
    *at = UINT64_C(1) << 41;
    return count;
}

/* ------------------------------------------------------------------- functions */

static math_probe *probe(void)
{
    switch (nmlp_active_isa()) {
#define ISA(value, name, has) \
    case NMLP_ISA_##value:    \
        return math_probe_##name;
#include "isa/isas.def"
#undef ISA
    default:
        return math_probe_scalar;
    }
}

static double sigmoid(double x) { return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)); }
static double sigmoid_rest(double x) { return sigmoid(-x); }
static double erf_rest(double x) { return erfc(fabs(x)); }

static const double pi = 3.14159265358979323846;

/* Computed in double, with the argument reduced to [-1/4, 1/4] without rounding. */
static double sine(double x)
{
    const double y = fmod(x, 2.0), turns = floor(2 * y + 0.5), z = pi * (y - turns * 0.5);
    const int quarter = (int)turns & 3;
    const double value = quarter % 2 == 0 ? sin(z) : cos(z);
    return quarter < 2 ? value : -value;
}
static double cosine(double x)
{
    const double y = fmod(x, 2.0), turns = floor(2 * y + 0.5), z = pi * (y - turns * 0.5);
    const int quarter = (int)turns & 3;
    const double value = quarter % 2 == 0 ? cos(z) : sin(z);
    return quarter == 1 || quarter == 2 ? -value : value;
}

typedef struct function_case {
    math_function function;
    double (*reference)(double x);
    measured m;
} function_case;

static function_case functions[] = {
    {MATH_EXP, exp, {"exp", -INFINITY, INFINITY, 1.1, 0, 0}},
    {MATH_LOG, log, {"log", FLT_MIN, FLT_MAX, 1, 0, 0}},
    {MATH_EXPM1, expm1, {"expm1", -INFINITY, 80, 1.5, 0, 0}},
    {MATH_LOG1P, log1p, {"log1p", 0, 1, 2, 0, 0}},
    {MATH_TANH, tanh, {"tanh", -INFINITY, INFINITY, 1.5, 0, 0}},
    {MATH_SIGMOID, sigmoid, {"sigmoid", -INFINITY, INFINITY, 3, 0, 0}},
    {MATH_SIGMOID_REST, sigmoid_rest, {"1 - sigmoid", -INFINITY, INFINITY, 3, 0, 0}},
    {MATH_ERF, erf, {"erf", -INFINITY, INFINITY, 2, 0, 0}},
    {MATH_ERF_REST, erf_rest, {"1 - erf", -INFINITY, INFINITY, 6.5, 0, 0}},
    {MATH_SINPI, sine, {"sinpi", -FLT_MAX, FLT_MAX, 2, 0, 0}},
    {MATH_COSPI, cosine, {"cospi", -FLT_MAX, FLT_MAX, 2, 0, 0}},
};

static void test_functions__ulp(void)
{
    float x[BLOCK], y[BLOCK];
    for (size_t f = 0; f < COUNT_OF(functions); f++) {
        function_case *c = &functions[f];
        uint64_t at = 0;
        for (size_t count; (count = next_block(&at, c->m.low, c->m.high, x)) > 0;) {
            probe()(c->function, count, x, y);
            for (size_t i = 0; i < count; i++)
                measure(&c->m, x[i], c->reference((double)x[i]), y[i], 0);
        }
        report(&c->m);
    }
}

/* NaN of either sign stays NaN, and an odd function keeps the sign of zero. */
static void test_functions__special(void)
{
    const float nan[] = {NAN, -NAN, float_from_bits(poison)};
    float y[COUNT_OF(nan)];
    for (size_t f = 0; f < COUNT_OF(functions); f++) {
        probe()(functions[f].function, COUNT_OF(nan), nan, y);
        for (size_t i = 0; i < COUNT_OF(nan); i++)
            CHECK_THAT(isnan(y[i]), "%s(NaN) = %g", functions[f].m.name, (double)y[i]);
    }
    static const math_function odd[] = {MATH_TANH, MATH_ERF};
    const float zeros[] = {0.0f, -0.0f};
    for (size_t f = 0; f < COUNT_OF(odd); f++) {
        probe()(odd[f], 2, zeros, y);
        CHECK_BITS("zeros", zeros, y, 2);
    }
    const float infinity = INFINITY;
    probe()(MATH_LOG, 1, &infinity, y);
    CHECK(isnan(y[0]));
}

/* ----------------------------------------------------------------- activations */

static double below(double x) { return erfc(-x / sqrt(2)) / 2; }
static double density(double x) { return exp(-x * x / 2) / sqrt(2 * pi); }
static double twice_u(double x) { return 2 * sqrt(2 / pi) * (x + 0.044715 * x * x * x); }

static const double alpha = 0.75;

static double leaky(double x) { return x > 0 ? x : alpha * x; }
static double leaky_slope(double x) { return x > 0 ? 1 : alpha; }
static double sigmoid_slope(double y) { return y * (1 - y); }
static double tanh_slope(double y) { return 1 - y * y; }
static double elu(double x) { return x > 0 ? x : alpha * expm1(x); }
static double elu_slope(double y) { return y > 0 ? 1 : y + alpha; }
static double gelu(double x) { return x * below(x); }
static double gelu_slope(double x) { return below(x) + x * density(x); }
static double gelu_tanh(double x) { return x * sigmoid(twice_u(x)); }
static double gelu_tanh_slope(double x)
{
    const double p = sigmoid(twice_u(x)), rest = sigmoid(-twice_u(x));
    return p + x * 2 * sqrt(2 / pi) * (1 + 3 * 0.044715 * x * x) * p * rest;
}
static double softplus(double x) { return fmax(x, 0) + log1p(exp(-fabs(x))); }
static double softplus_slope(double y) { return -expm1(-y); }
static double silu(double x) { return x * sigmoid(x); }
static double silu_slope(double x) { return sigmoid(x) + x * sigmoid(x) * sigmoid(-x); }

/* The derivative is a function of x or of y, as listed in activations.def. Bounds are in ulp of the
 * value or of `least`, whichever is larger. A derivative that crosses 0 is accurate to some ulp of
 * 1. A function that decreases like exp(-x^2) also has the rounding error of its argument,
 * multiplied by x^2. */
typedef struct activation_case {
    int32_t kind;
    int backward;
    double (*reference)(double x);
    double least;
    measured m;
} activation_case;

#define MOST FLT_MAX
static activation_case activations[] = {
    {NMLP_ACTIVATION_LEAKY_RELU, 0, leaky, 0, {"leaky_relu", -MOST, MOST, 0.5, 0, 0}},
    {NMLP_ACTIVATION_LEAKY_RELU, 1, leaky_slope, 0, {"leaky_relu'", -MOST, MOST, 0, 0, 0}},
    {NMLP_ACTIVATION_SIGMOID, 0, sigmoid, 0, {"sigmoid", -INFINITY, INFINITY, 3, 0, 0}},
    {NMLP_ACTIVATION_SIGMOID, 1, sigmoid_slope, 0, {"sigmoid'", 0, 1, 1.5, 0, 0}},
    {NMLP_ACTIVATION_TANH, 0, tanh, 0, {"tanh", -INFINITY, INFINITY, 1.5, 0, 0}},
    {NMLP_ACTIVATION_TANH, 1, tanh_slope, 0, {"tanh'", -1, 1, 0.5, 0, 0}},
    {NMLP_ACTIVATION_ELU, 0, elu, 0, {"elu", -INFINITY, INFINITY, 2, 0, 0}},
    {NMLP_ACTIVATION_ELU, 1, elu_slope, 0, {"elu'", -0.75f, MOST, 0.5, 0, 0}},
    {NMLP_ACTIVATION_GELU, 0, gelu, 0, {"gelu above -1", -1, INFINITY, 4, 0, 0}},
    {NMLP_ACTIVATION_GELU, 0, gelu, 0.125, {"gelu below -1", -MOST, -1, 4.5, 0, 0}},
    {NMLP_ACTIVATION_GELU, 1, gelu_slope, 1, {"gelu'", -MOST, MOST, 1.5, 0, 0}},
    {NMLP_ACTIVATION_GELU_TANH, 0, gelu_tanh, 0, {"gelu_tanh above -1", -1, INFINITY, 4, 0, 0}},
    {NMLP_ACTIVATION_GELU_TANH, 0, gelu_tanh, 0.125, {"gelu_tanh below -1", -MOST, -1, 4.5, 0, 0}},
    {NMLP_ACTIVATION_GELU_TANH, 1, gelu_tanh_slope, 1, {"gelu_tanh'", -MOST, MOST, 2, 0, 0}},
    {NMLP_ACTIVATION_SOFTPLUS, 0, softplus, 0, {"softplus", -INFINITY, INFINITY, 2, 0, 0}},
    {NMLP_ACTIVATION_SOFTPLUS, 1, softplus_slope, 0, {"softplus'", 0, INFINITY, 1, 0, 0}},
    {NMLP_ACTIVATION_SILU, 0, silu, 1e-36, {"silu", -MOST, INFINITY, 4, 0, 0}},
    {NMLP_ACTIVATION_SILU, 1, silu_slope, 1, {"silu'", -MOST, MOST, 2, 0, 0}},
};

static void measure_activation(activation_case *c)
{
    float x[BLOCK], y[BLOCK], ones[BLOCK];
    uint64_t at = 0;
    for (size_t i = 0; i < BLOCK; i++) ones[i] = 1;
    for (size_t count; (count = next_block(&at, c->m.low, c->m.high, x)) > 0;) {
        if (c->backward)
            CHECK_OK(nmlp_activation_backward(c->kind, (float)alpha, count, x, ones, y));
        else
            CHECK_OK(nmlp_activation_forward(c->kind, (float)alpha, count, x, y));
        for (size_t i = 0; i < count; i++)
            measure(&c->m, x[i], c->reference((double)x[i]), y[i], c->least);
    }
    report(&c->m);
}

static void test_activations__ulp(void)
{
    for (size_t a = 0; a < COUNT_OF(activations); a++) measure_activation(&activations[a]);
}

int main(int count, char **arguments)
{
    if (count > 1) stride = (uint32_t)strtoul(arguments[1], NULL, 10);
    if (stride == 0) stride = 1;
    test_begin("test_functions");
    RUN(test_functions__ulp);
    RUN(test_functions__special);
    RUN(test_activations__ulp);
    return test_end("test_functions");
}
