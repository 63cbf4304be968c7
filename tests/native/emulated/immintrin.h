/* SPDX-License-Identifier: MIT
 *
 * AVX-512 for a processor that supports only AVX2: functions of SIMDe with Intel's names, and those
 * functions of simd_avx512.h that SIMDe lacks. A test build puts this folder before the compiler's
 * own headers (NMLP_EMULATE_AVX512). */
#ifndef NMLP_EMULATED_IMMINTRIN_H
#define NMLP_EMULATED_IMMINTRIN_H

#pragma GCC system_header /* suppresses warnings about #include_next and SIMDe */

#include_next <immintrin.h>

#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>

#define _mm512_cvtepi32_ps emulated_to_float
#define _mm512_cvtepu8_epi32 emulated_from_bytes
#define _mm512_sqrt_ps emulated_sqrt
#define _mm512_srai_epi32 emulated_shift_right
#define _mm512_mask_loadu_ps emulated_load
#define _mm512_mask_storeu_ps emulated_store

typedef union emulated_vector {
    __m512 f;
    __m512i i;
    __m256 f_half[2];
    __m256i i_half[2];
    float f_lane[16];
} emulated_vector;

static inline __m512 emulated_to_float(__m512i a)
{
    emulated_vector v = {.i = a};
    for (int h = 0; h < 2; h++) v.f_half[h] = _mm256_cvtepi32_ps(v.i_half[h]);
    return v.f;
}

static inline __m512i emulated_from_bytes(__m128i a)
{
    emulated_vector v;
    v.i_half[0] = _mm256_cvtepu8_epi32(a);
    v.i_half[1] = _mm256_cvtepu8_epi32(_mm_srli_si128(a, 8));
    return v.i;
}

static inline __m512 emulated_sqrt(__m512 a)
{
    emulated_vector v = {.f = a};
    for (int h = 0; h < 2; h++) v.f_half[h] = _mm256_sqrt_ps(v.f_half[h]);
    return v.f;
}

static inline __m512i emulated_shift_right(__m512i a, unsigned bits)
{
    emulated_vector v = {.i = a};
    for (int h = 0; h < 2; h++) v.i_half[h] = _mm256_srai_epi32(v.i_half[h], (int)bits);
    return v.i;
}

/* The memory of masked lanes is not accessed either. */
static inline __m512 emulated_load(__m512 others, __mmask16 lanes, const float *p)
{
    emulated_vector v = {.f = others};
    for (int i = 0; i < 16; i++)
        if (lanes >> i & 1) v.f_lane[i] = p[i];
    return v.f;
}

static inline void emulated_store(float *p, __mmask16 lanes, __m512 a)
{
    const emulated_vector v = {.f = a};
    for (int i = 0; i < 16; i++)
        if (lanes >> i & 1) p[i] = v.f_lane[i];
}

#endif /* NMLP_EMULATED_IMMINTRIN_H */
