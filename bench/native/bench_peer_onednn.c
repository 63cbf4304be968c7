/* SPDX-License-Identifier: MIT */
#include "bench_peer.h"

#include <stdio.h>

#include <dnnl.h>

#if defined(_OPENMP)
#include <omp.h>
#endif

/* oneDNN has no function for this; it uses OpenMP's number of threads. */
void peer_threads(int threads)
{
#if defined(_OPENMP)
    omp_set_num_threads(threads);
#else
    (void)threads;
#endif
}

const char *peer_name(void)
{
    static char text[64];
    const dnnl_version_t *v = dnnl_version();
    snprintf(text, sizeof text, "oneDNN %d.%d.%d, dnnl_sgemm", v->major, v->minor, v->patch);
    return text;
}

void peer_sgemm(int ta, int tb, size_t m, size_t n, size_t k, const float *a, size_t lda,
                const float *b, size_t ldb, float *c, size_t ldc)
{
    dnnl_sgemm(ta ? 'T' : 'N', tb ? 'T' : 'N', (dnnl_dim_t)m, (dnnl_dim_t)n, (dnnl_dim_t)k, 1.0f, a,
               (dnnl_dim_t)lda, b, (dnnl_dim_t)ldb, 0.0f, c, (dnnl_dim_t)ldc);
}
