/* SPDX-License-Identifier: MIT
 *
 * The interface of a peer module. The peers export the same names (cblas_sgemm), so each is linked
 * to its own module, and bench_gemm loads each module in its own process. */
#ifndef NMLP_BENCH_PEER_H
#define NMLP_BENCH_PEER_H

#include <stddef.h>

#define PEER_API __attribute__((visibility("default")))

/* C = op(A) * op(B), row-major; op(A) is [m x k], transposed if ta is not 0. */
typedef void peer_sgemm_function(int ta, int tb, size_t m, size_t n, size_t k, const float *a,
                                 size_t lda, const float *b, size_t ldb, float *c, size_t ldc);
typedef void peer_threads_function(int threads);
typedef const char *peer_name_function(void);

PEER_API peer_sgemm_function peer_sgemm;
PEER_API peer_threads_function peer_threads;
PEER_API peer_name_function peer_name; /* with its version and its choice for this processor */

#endif /* NMLP_BENCH_PEER_H */
