/* SPDX-License-Identifier: MIT
 *
 * Bad arguments of the elementwise kernels and of the optimizers; the functions about the library
 * itself. */
#include "refused.h"

static void test_elements__bad_arguments(void)
{
    const int32_t bad = NMLP_ERROR_INVALID_ARGUMENT;
    CHECK_STATUS(bad, nmlp_activation_forward(-1, 0.0f, 3, in, out[0]));
    CHECK_STATUS(bad, nmlp_activation_forward(NMLP_ACTIVATION_MAXOUT, 0.0f, 3, in, out[0]));
    CHECK_STATUS(bad, nmlp_activation_forward(1, 0.0f, 3, NULL, out[0]));
    CHECK_STATUS(bad, nmlp_activation_forward(1, 0.0f, 3, in, NULL));
    CHECK_STATUS(bad, nmlp_activation_forward(1, 0.0f, huge, in, out[0]));
    CHECK_OK(nmlp_activation_forward(1, 0.0f, 0, NULL, NULL));
    CHECK_STATUS(bad, nmlp_activation_backward(-1, 0.0f, 3, in, in, out[0]));
    CHECK_STATUS(bad, nmlp_activation_backward(NMLP_ACTIVATION_MAXOUT, 0.0f, 3, in, in, out[0]));
    CHECK_STATUS(bad, nmlp_activation_backward(1, 0.0f, 3, NULL, in, out[0]));
    CHECK_STATUS(bad, nmlp_activation_backward(1, 0.0f, 3, in, NULL, out[0]));
    CHECK_STATUS(bad, nmlp_activation_backward(1, 0.0f, 3, in, in, NULL));
    CHECK_STATUS(bad, nmlp_activation_backward(1, 0.0f, huge, in, in, out[0]));
    CHECK_OK(nmlp_activation_backward(1, 0.0f, 0, NULL, NULL, NULL));
    CHECK_STATUS(bad, nmlp_maxout_forward(1, 2, 0, in, 4, out[0], 2));
    CHECK_STATUS(bad, nmlp_maxout_forward(1, 2, 2, NULL, 4, out[0], 2));
    CHECK_STATUS(bad, nmlp_maxout_forward(1, 2, 2, in, 3, out[0], 2));
    CHECK_STATUS(bad, nmlp_maxout_forward(1, 2, 2, in, 4, NULL, 2));
    CHECK_STATUS(bad, nmlp_maxout_forward(1, 2, 2, in, 4, out[0], 1));
    CHECK_STATUS(bad, nmlp_maxout_forward(huge, 2, 2, in, 4, out[0], 2));
    CHECK_STATUS(bad, nmlp_maxout_forward(1, huge, 4, in, SIZE_MAX, out[0], huge));
    CHECK_OK(nmlp_maxout_forward(3, 0, 2, NULL, 0, NULL, 0));
    CHECK_STATUS(bad, nmlp_maxout_backward(1, 2, 0, in, 4, in, 2, out[0], 4));
    CHECK_STATUS(bad, nmlp_maxout_backward(1, 2, 2, NULL, 4, in, 2, out[0], 4));
    CHECK_STATUS(bad, nmlp_maxout_backward(1, 2, 2, in, 3, in, 2, out[0], 4));
    CHECK_STATUS(bad, nmlp_maxout_backward(1, 2, 2, in, 4, NULL, 2, out[0], 4));
    CHECK_STATUS(bad, nmlp_maxout_backward(1, 2, 2, in, 4, in, 1, out[0], 4));
    CHECK_STATUS(bad, nmlp_maxout_backward(1, 2, 2, in, 4, in, 2, NULL, 4));
    CHECK_STATUS(bad, nmlp_maxout_backward(1, 2, 2, in, 4, in, 2, out[0], 3));
    CHECK_STATUS(bad, nmlp_maxout_backward(1, huge, 4, in, SIZE_MAX, in, huge, out[0], SIZE_MAX));
    CHECK_OK(nmlp_maxout_backward(3, 0, 2, NULL, 0, NULL, 0, NULL, 0));
    CHECK_STATUS(bad, nmlp_sincospi(3, NULL, out[0], out[1]));
    CHECK_STATUS(bad, nmlp_sincospi(3, in, NULL, out[1]));
    CHECK_STATUS(bad, nmlp_sincospi(3, in, out[0], NULL));
    CHECK_STATUS(bad, nmlp_sincospi(huge, in, out[0], out[1]));
    CHECK_OK(nmlp_sincospi(0, NULL, NULL, NULL));
    CHECK_STATUS(bad, nmlp_random_uniform(1, 2, 3, 4, 0, 1, NULL));
    CHECK_STATUS(bad, nmlp_random_uniform(1, 2, 3, huge, 0, 1, out[0]));
    CHECK_OK(nmlp_random_uniform(1, 2, 3, 0, 0, 1, NULL));
    CHECK_STATUS(bad, nmlp_random_normal(1, 2, 3, 4, 0, 1, NULL));
    CHECK_STATUS(bad, nmlp_random_normal(1, 2, 3, huge, 0, 1, out[0]));
    CHECK_OK(nmlp_random_normal(1, 2, 3, 0, 0, 1, NULL));
    CHECK_STATUS(bad, nmlp_random_permutation(1, 2, 4, NULL));
    CHECK_STATUS(bad, nmlp_random_permutation(1, 2, (size_t)1 << 31, order));
    CHECK_STATUS(bad, nmlp_random_permutation(1, 2, SIZE_MAX, order));
    CHECK_OK(nmlp_random_permutation(1, 2, 0, NULL));
    check_nothing_written(__LINE__, "elements");
}

/* ------------------------------------------------------------------ optimizers */

/* The members after `o` are those of a newer caller's structure that this library does not know. */
struct update {
    nmlp_optimizer o;
    unsigned char newer[8];
    bool null;
    size_t count;
    float *w;
    const float *g;
    float *first;
    size_t first_length;
    float *second;
    size_t second_length;
};

static struct update update_good(void)
{
    return (struct update){.o = {.struct_size = sizeof(nmlp_optimizer),
                                 .kind = NMLP_OPTIMIZER_ADAM,
                                 .learning_rate = 1e-3,
                                 .momentum = 0.9,
                                 .beta1 = 0.9,
                                 .beta2 = 0.999,
                                 .epsilon = 1e-8},
                           .count = 4,
                           .w = out[0],
                           .g = in,
                           .first = out[1],
                           .first_length = 4,
                           .second = out[2],
                           .second_length = 4};
}

static int32_t update_call(const struct update *v)
{
    return nmlp_optimizer_update(v->null ? NULL : &v->o, v->count, v->w, v->g, v->first,
                                 v->first_length, v->second, v->second_length, 0.9, 0.999);
}

static void test_optimizer__bad_arguments(void)
{
    static const double not_rates[] = {NAN, INFINITY, -INFINITY, -1e-9};
    static const double not_fractions[] = {NAN, INFINITY, -0.1, 1.0, 1.5};
    static const double not_epsilons[] = {NAN, INFINITY, 0, -1e-8};
    ACCEPTS(update, (void)v);
    INVALID(update, v.null = true);
    INVALID(update, v.o.struct_size = 0);
    INVALID(update, v.o.struct_size = offsetof(nmlp_optimizer, decay_biases) - 8);
    INVALID(update, v.o.struct_size = UINT32_MAX);
    INVALID(update, (v.o.struct_size += 8, v.newer[3] = 1));
    INVALID(update, v.o.kind = -1);
    INVALID(update, v.o.kind = 3);
    for (size_t i = 0; i < COUNT_OF(not_rates); i++) {
        INVALID(update, v.o.learning_rate = not_rates[i]);
        INVALID(update, v.o.l2 = not_rates[i]);
    }
    for (size_t i = 0; i < COUNT_OF(not_fractions); i++) {
        INVALID(update, v.o.beta1 = not_fractions[i]);
        INVALID(update, v.o.beta2 = not_fractions[i]);
        INVALID(update, (v.o.kind = 1, v.second_length = 0, v.o.momentum = not_fractions[i]));
        ACCEPTS(update, v.o.momentum = not_fractions[i]); /* not checked */
        ACCEPTS(update, (v.o.kind = 1, v.second_length = 0, v.o.beta1 = not_fractions[i]));
    }
    for (size_t i = 0; i < COUNT_OF(not_epsilons); i++)
        INVALID(update, v.o.epsilon = not_epsilons[i]);
    INVALID(update, v.w = NULL);
    INVALID(update, v.g = NULL);
    INVALID(update, v.first = NULL);
    INVALID(update, v.second = NULL);
    INVALID(update, v.first_length = 0);
    INVALID(update, v.second_length = 0);
    INVALID(update, v.first_length = 3);
    INVALID(update, v.second_length = 5);
    INVALID(update, (v.o.kind = 1, v.first_length = v.second_length = 0));
    INVALID(update, v.count = v.first_length = v.second_length = huge);
    ACCEPTS(update,
            (v.o.kind = 0, v.first = v.second = NULL, v.first_length = v.second_length = 0));
    ACCEPTS(update, (v.count = v.first_length = v.second_length = 0,
                     v.w = v.first = v.second = NULL, v.g = NULL));
}

/* ----------------------------------------------------------- about the library */

static void test_about__values(void)
{
    static const char *const names[] = {"scalar", "avx2", "avx512", "neon"};
    int major = -1, minor = -1, patch = -1, isa = nmlp_active_isa();
    char rest = 0;
    CHECK(nmlp_abi_version() == NMLP_ABI_VERSION);
    CHECK(sscanf(nmlp_version(), "%d.%d.%d%c", &major, &minor, &patch, &rest) == 3);
    CHECK(strcmp(nmlp_parallel_backend(), "openmp") == 0 ||
          strcmp(nmlp_parallel_backend(), "pool") == 0 ||
          strcmp(nmlp_parallel_backend(), "none") == 0);
#if defined(__clang__)
    CHECK(sscanf(nmlp_compiler(), "clang %d.%d.%d%c", &major, &minor, &patch, &rest) == 3 &&
          major == __clang_major__ && minor == __clang_minor__);
#elif defined(__GNUC__)
    CHECK(sscanf(nmlp_compiler(), "gcc %d.%d.%d%c", &major, &minor, &patch, &rest) == 3 &&
          major == __GNUC__ && minor == __GNUC_MINOR__);
#else
    CHECK(strlen(nmlp_compiler()) > 0);
#endif
    CHECK(nmlp_default_threads() >= 1 && nmlp_default_threads() <= 1024);
    CHECK(nmlp_isa_available(NMLP_ISA_SCALAR) == 1);
    CHECK(nmlp_isa_available(-1) == 0 && nmlp_isa_available(99) == 0 &&
          nmlp_isa_available(INT32_MIN) == 0);
    CHECK(nmlp_isa_name(-1) == NULL && nmlp_isa_name(99) == NULL &&
          nmlp_isa_name(INT32_MAX) == NULL);
    for (int32_t i = 0; i < (int32_t)COUNT_OF(names); i++)
        CHECK(strcmp(nmlp_isa_name(i), names[i]) == 0);
    CHECK(nmlp_isa_name((int32_t)COUNT_OF(names)) == NULL);
    CHECK(!(nmlp_isa_available(NMLP_ISA_AVX2) && nmlp_isa_available(NMLP_ISA_NEON)));
#if defined(__aarch64__)
    CHECK(nmlp_isa_available(NMLP_ISA_NEON) == 1);
#elif defined(__GNUC__) && defined(__x86_64__) /* the compiler detects the processor too */
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    CHECK(nmlp_isa_available(NMLP_ISA_AVX2) == avx2);
#if defined(NMLP_EMULATE_AVX512)
    CHECK(nmlp_isa_available(NMLP_ISA_AVX512) == avx2);
#else
    CHECK(nmlp_isa_available(NMLP_ISA_AVX512) == (avx2 && __builtin_cpu_supports("avx512f")));
#endif
#endif
    CHECK(isa >= 0 && nmlp_isa_available(isa) == 1);
    CHECK(nmlp_initialize() == NMLP_OK);
    const char *wanted = getenv("NMLP_ISA");
    if (wanted != NULL && wanted[0] != '\0' && isa >= 0)
        CHECK_THAT(strcmp(wanted, names[isa]) == 0, "%s runs", names[isa]);
}

static void test_about__status_strings(void)
{
    for (int32_t status = NMLP_ERROR_FROZEN; status <= 0; status++) {
        const char *text = nmlp_status_string(status);
        CHECK_THAT(text != NULL && text[0] != 0 && strcmp(text, "unknown status") != 0, "%d",
                   (int)status);
        for (int32_t other = status + 1; other <= 0; other++)
            CHECK(strcmp(text, nmlp_status_string(other)) != 0);
    }
    CHECK(strcmp(nmlp_status_string(1), "unknown status") == 0);
    CHECK(strcmp(nmlp_status_string(NMLP_ERROR_FROZEN - 1), "unknown status") == 0);
    CHECK(strcmp(nmlp_status_string(INT32_MIN), "unknown status") == 0);
}

int main(void)
{
    test_begin("test_api_elements");
    clear_outputs();
    RUN(test_elements__bad_arguments);
    RUN(test_optimizer__bad_arguments);
    RUN(test_about__values);
    RUN(test_about__status_strings);
    return test_end("test_api_elements");
}
