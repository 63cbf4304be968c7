/* SPDX-License-Identifier: MIT
 *
 * The results of the processes, and their table. */
#ifndef BENCH_GEMM_PRINT_H
#define BENCH_GEMM_PRINT_H

#include "bench_gemm_process.h"

extern const char *const form_names[FORMS];

enum { OURS, OPENBLAS, BLIS, ONEDNN, MKL, CONTENDERS };

typedef struct arena {
    process judge, contender[CONTENDERS];
    int threads;
    double peak;
} arena;

typedef struct outcome {
    cell cell;
    double speed[CONTENDERS];  /* operations per second; 0 if the library is missing */
    int disturbed[CONTENDERS]; /* the number of disturbed samples; finally, whether most were */
    int wrong;                 /* the number of wrong results */
} outcome;

void print_head(const arena *a);
void print_outcome(const arena *a, const outcome *o);
void print_summary(const arena *a, const outcome *o, size_t count);

#endif /* BENCH_GEMM_PRINT_H */
