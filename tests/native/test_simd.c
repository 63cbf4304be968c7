/* SPDX-License-Identifier: MIT
 *
 * Compares each vector operation of an instruction set with the operation in portable C. The bits
 * must be the same for signed zeros, denormals, infinities, NaNs and numbers of all sizes, and
 * nothing may be read or written beyond the count. */
#include "isa/kernels.h"
#include "simd_probe.h"
#include "test_support.h"

static const struct {
    const char *name;
    bool arithmetic;
} operations[] = {
#define SIMD_OPERATION(name, arithmetic, ...) {#name, arithmetic},
    SIMD_OPERATIONS
#undef SIMD_OPERATION
};

static simd_probe *probe(void)
{
    switch (nmlp_active_isa()) {
#define ISA(value, name, has) \
    case NMLP_ISA_##value:    \
        return simd_probe_##name;
#include "isa/isas.def"
#undef ISA
    default:
        return simd_probe_scalar;
    }
}

static bool agree(const float *expected, const float *actual, bool arithmetic)
{
    for (size_t i = 0; i < SIMD_FLOATS; i++)
        if (float_bits(expected[i]) != float_bits(actual[i]) &&
            !(arithmetic && isnan(expected[i]) && isnan(actual[i])))
            return false;
    return true;
}

/* x and the output are between guard pages. */
static void check_all(const float *x, guarded *place)
{
    float expected[SIMD_FLOATS];
    float *actual = guarded_floats(place, SIMD_FLOATS, true);
    for (int o = 0; o < SIMD_COUNT; o++)
        for (size_t n = 0; n <= NMLP_LANES; n++) {
            fill_bits(expected, SIMD_FLOATS, poison);
            fill_bits(actual, SIMD_FLOATS, poison);
            simd_probe_scalar((simd_operation)o, x, n, expected);
            probe()((simd_operation)o, x, n, actual);
            CHECK_THAT(agree(expected, actual, operations[o].arithmetic), "%s, n %zu, %a and %a",
                       operations[o].name, n, (double)x[0], (double)x[NMLP_LANES]);
        }
}

/* Every special value is combined with every other in some lane. */
static void test_operations__special(void)
{
    const float special[] = {0.0f,     -0.0f,     1e-45f, -1e-45f, FLT_MIN, -FLT_MIN,
                             1,        -1,        1.5f,   -3.25f,  FLT_MAX, -FLT_MAX,
                             INFINITY, -INFINITY, NAN,    -NAN,    0x1p31f};
    guarded from = guarded_create(SIMD_FLOATS * sizeof(float));
    guarded to = guarded_create(SIMD_FLOATS * sizeof(float));
    float *x = guarded_floats(&from, SIMD_FLOATS, true);
    for (size_t shift = 0; shift < COUNT_OF(special); shift++)
        for (size_t third = 0; third < COUNT_OF(special); third += 5) {
            for (size_t i = 0; i < SIMD_FLOATS; i++) {
                const size_t by = i / NMLP_LANES % 3 == 1 ? shift : i / NMLP_LANES % 3 * third;
                x[i] = special[(i % NMLP_LANES + by) % COUNT_OF(special)];
            }
            check_all(x, &to);
        }
    guarded_destroy(&from);
    guarded_destroy(&to);
}

static void test_operations__any(void)
{
    guarded from = guarded_create(SIMD_FLOATS * sizeof(float));
    guarded to = guarded_create(SIMD_FLOATS * sizeof(float));
    float *x = guarded_floats(&from, SIMD_FLOATS, true);
    for (uint64_t seed = 0; seed < 200; seed++) {
        const int size = seed % 2 == 0 ? 2 : 70;
        data_fill_wide(seed, -size, size, x, SIMD_FLOATS);
        check_all(x, &to);
    }
    guarded_destroy(&from);
    guarded_destroy(&to);
}

int main(void)
{
    test_begin("test_simd");
    RUN(test_operations__special);
    RUN(test_operations__any);
    return test_end("test_simd");
}
