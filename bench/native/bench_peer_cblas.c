/* SPDX-License-Identifier: MIT
 *
 * OpenBLAS, BLIS and MKL: one product, and three ways to set threads and to get the name. Compiled
 * once for each library that is found, with PEER_OPENBLAS, PEER_BLIS or PEER_MKL. */
#if defined(PEER_BLIS)
#define _POSIX_C_SOURCE 200809L /* setenv */
#endif
#include "bench_peer.h"

#include <stdio.h>

#if defined(PEER_OPENBLAS)
#include <cblas.h>

void peer_threads(int threads) { openblas_set_num_threads(threads); }

const char *peer_name(void)
{
    static char text[256];
    snprintf(text, sizeof text, "%s, kernels for %s", openblas_get_config(),
             openblas_get_corename());
    return text;
}

#elif defined(PEER_BLIS)
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <blis.h>
#include <cblas.h>

/* On a processor that is newer than itself, BLIS uses its plain C kernels. It reads the environment
 * only once, so a child process has to find the choice. */
__attribute__((constructor)) static void name_processor(void)
{
    int status = 0;
    if (getenv("BLIS_ARCH_TYPE") != NULL || !__builtin_cpu_supports("avx2")) return;
    const pid_t child = fork();
    if (child == 0) _exit(bli_arch_query_id() == BLIS_ARCH_GENERIC);
    if (child > 0 && waitpid(child, &status, 0) == child && status != 0)
        setenv("BLIS_ARCH_TYPE", "zen3", 1);
}

void peer_threads(int threads) { bli_thread_set_num_threads(threads); }

const char *peer_name(void)
{
    static char text[256];
    snprintf(text, sizeof text, "BLIS %s, kernels for %s", bli_info_get_version_str(),
             bli_arch_string(bli_arch_query_id()));
    return text;
}

#elif defined(PEER_MKL)
#include <mkl.h>

void peer_threads(int threads)
{
    mkl_set_dynamic(0);
    mkl_set_num_threads(threads);
}

const char *peer_name(void)
{
    static char text[256];
    mkl_get_version_string(text, sizeof text - 1);
    return text;
}
#endif

#if defined(PEER_MKL)
typedef MKL_INT size;
#elif defined(PEER_OPENBLAS)
typedef blasint size;
#else
typedef f77_int size;
#endif

void peer_sgemm(int ta, int tb, size_t m, size_t n, size_t k, const float *a, size_t lda,
                const float *b, size_t ldb, float *c, size_t ldc)
{
    cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans,
                (size)m, (size)n, (size)k, 1.0f, a, (size)lda, b, (size)ldb, 0.0f, c, (size)ldc);
}
