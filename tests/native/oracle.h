/* SPDX-License-Identifier: MIT
 *
 * The reference for products: chains of exact fused multiply-adds. */
#ifndef ORACLE_H
#define ORACLE_H

#include "test_support.h"

/* a*b + c with one rounding. The product is exact in double; TwoSum splits the sum into s + error.
 * Rounding s to odd keeps the information that the last rounding, to float, needs. */
static inline float exact_fma(float a, float b, float c)
{
    double p = (double)a * (double)b;
    double s = p + (double)c;
    double t = s - p;
    double error = (p - (s - t)) + ((double)c - t);
    int64_t bits;
    if (error == 0.0 || !(fabs(s) <= DBL_MAX)) return (float)s;
    memcpy(&bits, &s, sizeof bits);
    if ((bits & 1) == 0) {
        bits += (error > 0.0) == (s > 0.0) ? 1 : -1;
        memcpy(&s, &bits, sizeof s);
    }
    return (float)s;
}

/* Matrix element (row, column) is data[row*row_step + column*column_step]. */
typedef struct strided {
    const float *data;
    size_t row_step;
    size_t column_step;
} strided;

static inline strided plain(const float *data, size_t ld) { return (strided){data, ld, 1}; }

static inline strided transposed(const float *data, size_t ld) { return (strided){data, 1, ld}; }

/* Continues the chains of C [m x n, dense]: c += alpha*A*B, where each element is one chain over
 * ascending k. */
static inline void oracle_chain(size_t m, size_t n, size_t k, float alpha, strided a, strided b,
                                float *c)
{
    for (size_t i = 0; i < m; i++) {
        for (size_t p = 0; p < k; p++) {
            float scaled = alpha * a.data[i * a.row_step + p * a.column_step];
            for (size_t j = 0; j < n; j++) {
                float factor = b.data[p * b.row_step + j * b.column_step];
                c[i * n + j] = exact_fma(scaled, factor, c[i * n + j]);
            }
        }
    }
}

#endif /* ORACLE_H */
