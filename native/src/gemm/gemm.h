/* SPDX-License-Identifier: MIT
 *
 * Matrix products: blocking and packing around the panel kernel. */
#ifndef NMLP_GEMM_H
#define NMLP_GEMM_H

#include "threads/parallel.h"
#include "gemm/column_blocks.h"

typedef struct nmlp_matrix {
    const float *data;
    size_t ld;              /* distance between rows; for B, it may be NMLP_IN_COLUMN_BLOCKS */
    int transposed;         /* op(M) is the transpose of the stored matrix */
    const uint16_t *narrow; /* or NULL. Of B: the elements as bf16, instead of data; not transposed,
                               and only in a padded product */
} nmlp_matrix;

/* run() is called with each part of C when the part is complete, while it is in the cache. C is
 * then not a matrix: the product's c is scratch memory of nmlp_gemm_epilogue_floats() floats.
 * `reads` lists up to NMLP_EPILOGUE_READS matrices that run() reads in the same rows and columns.
 * They have the layout of ldc and are prefetched; NULL ends the list. Not with NMLP_START_C. */
typedef struct nmlp_epilogue {
    void (*run)(const struct nmlp_epilogue *epilogue, nmlp_range rows, nmlp_range columns,
                const float *c, size_t ldc);
    void *context;
    const float *reads[NMLP_EPILOGUE_READS];
} nmlp_epilogue;

/* The maximum k of a product with a fused update: one block of k on every instruction set. */
enum { NMLP_FUSED_UPDATE_K = 64 };

/* C[m x n] = end(start + alpha * op(A) * op(B)). start is 0, beta * C or the bias row; end is the
 * lower clamp or the ReLU mask of the panel kernel. */
typedef struct nmlp_product {
    size_t m, n, k;
    float alpha;
    nmlp_matrix a, b;
    float *c;
    size_t ldc; /* may be NMLP_IN_COLUMN_BLOCKS, but not with NMLP_START_C */
    nmlp_chain_start start;
    float beta; /* for NMLP_START_C */
    const float *bias;
    float lower_clamp;
    const float *relu_mask;
    size_t ld_relu_mask;
    int sparse; /* zeros of a single row may be skipped; an infinity or NaN in a row of B that is
                   only multiplied by 0 then has no effect */
    int padded; /* rows of op(B), C, bias and ReLU mask extend to the next multiple of 16 columns,
                   and B and bias are 0 there, so that no edge needs a copy */
    const nmlp_epilogue *epilogue; /* or NULL */
    const nmlp_fused_update
        *fused_update;  /* or NULL. C is then W: k <= NMLP_FUSED_UPDATE_K, padded, n a multiple of
                           16, op(A) transposed, and no other end */
    uint32_t *greatest; /* or NULL: raised to the maximum magnitude in A, which is not transposed,
                           by the worker that computes the first column; stored as bits, see the
                           kernel greatest_size */
    float *scratch;     /* per worker, nmlp_gemm_scratch() floats; NULL if that is 0 */
} nmlp_product;

/* The distance between rows of internal arrays: whole vectors, and never a multiple of 1 KiB;
 * otherwise the rows of a tile would map to few cache sets. */
size_t nmlp_gemm_pitch(size_t columns);

/* Whether rows at this distance map to few cache sets. */
int nmlp_gemm_pitch_conflicts(size_t ld);

/* The floats of scratch memory for each worker: 0 unless A must be packed. */
size_t nmlp_gemm_scratch(const nmlp_kernels *kernels, const nmlp_product *product);

/* The floats of p->c for a product with an epilogue, n columns and chains of length k. */
size_t nmlp_gemm_epilogue_floats(size_t n, size_t k);

/* Computes this worker's part of C. All workers of the team must call it with the same product,
 * except for scratch. It contains no barrier. */
void nmlp_gemm_share(const nmlp_kernels *kernels, const nmlp_product *product, nmlp_team team);

/* A worker's part of C, which the team divides by columns or by rows. The update of a worker's part
 * uses the same division. */
void nmlp_gemm_split(size_t m, size_t n, nmlp_team team, nmlp_range *rows, nmlp_range *columns);

/* Computes all of C on at most `wanted` threads (0: the default). OUT_OF_MEMORY. */
int32_t nmlp_gemm_run(const nmlp_kernels *kernels, const nmlp_product *product, int32_t wanted);

/* The same in two parts, for a caller that must have all memory before it writes anything: the
 * first part reserves the memory of a product, and the second cannot fail. */
typedef struct nmlp_gemm_room {
    size_t threads;
    float *scratch; /* or NULL; freed by the caller */
} nmlp_gemm_room;
int32_t nmlp_gemm_reserve(const nmlp_kernels *kernels, const nmlp_product *product, int32_t wanted,
                          nmlp_gemm_room *room);
void nmlp_gemm_run_in(const nmlp_kernels *kernels, const nmlp_product *product,
                      const nmlp_gemm_room *room);

/* Computes these rows and columns of C on the calling thread. */
void nmlp_gemm_part(const nmlp_kernels *kernels, const nmlp_product *product, nmlp_range rows,
                    nmlp_range columns);

#endif /* NMLP_GEMM_H */
