/* SPDX-License-Identifier: MIT
 *
 * Products: blocking and packing around the panel kernel. */
#ifndef NMLP_GEMM_H
#define NMLP_GEMM_H

#include "threads/parallel.h"
#include "gemm/slices.h"

typedef struct nmlp_matrix {
    const float *data;
    size_t ld;      /* between rows; of B it may be NMLP_IN_SLICES */
    int transposed; /* op(M) is the transpose of what is stored */
} nmlp_matrix;

/* What becomes of C as soon as a part of it is done, while it is in the cache. C is then
 * no matrix: p->c is nmlp_gemm_finish_floats() of scratch, of which run() is shown the
 * part. Not with NMLP_START_C. Before, the parts of `reads` are brought near that have C's
 * rows and columns and lie as ldc says of it; NULL ends them. */
typedef struct nmlp_finish {
    void (*run)(const struct nmlp_finish *finish, nmlp_range rows, nmlp_range columns,
                const float *c, size_t ldc);
    void *context;
    const float *reads[NMLP_FINISH_READS];
} nmlp_finish;

/* The longest chains that a descent ends: in one block on all ISAs. */
enum { NMLP_DESCENT_K = 64 };

/* C[m x n] = end(start + alpha * op(A) * op(B)). start is 0, beta * C or the bias row;
 * end is the panel kernel's floor and gate. */
typedef struct nmlp_product {
    size_t m, n, k;
    float alpha;
    nmlp_matrix a, b;
    float *c;
    size_t ldc; /* may be NMLP_IN_SLICES, but not with NMLP_START_C */
    nmlp_chain_start start;
    float beta; /* for NMLP_START_C */
    const float *bias;
    float floor;
    const float *gate;
    size_t ld_gate;
    int sparse;                  /* a single row's zeros may be left out: what is not finite in rows
                                    of B that only they meet does not show then */
    int padded;                  /* rows of op(B), C, bias and gate go on to the next multiple of 16
                                    columns, where B and bias hold 0: no edge needs a copy */
    const nmlp_finish *finish;   /* or NULL */
    const nmlp_descent *descent; /* or NULL: C is W; k <= NMLP_DESCENT_K, padded, n a multiple of
                                    16, op(A) transposed, no finish and no other end */
    uint32_t *greatest; /* or NULL: raised to the greatest size in A, which is not transposed,
                           by whoever computes the first column: its bits, as the kernel
                           greatest_size has them */
    float *scratch;     /* per worker, nmlp_gemm_scratch() floats; NULL where that is 0 */
} nmlp_product;

/* Distance between rows for arrays of our own: whole vectors, and never a multiple
 * of 1 KiB, which would put the rows of a tile into few sets of the cache. */
size_t nmlp_gemm_pitch(size_t columns);

/* Whether rows at this distance fall into few cache sets. */
int nmlp_gemm_pitch_conflicts(size_t ld);

/* Floats of scratch that each worker needs: for a packed A, if it must be packed. */
size_t nmlp_gemm_scratch(const nmlp_kernels *kernels, const nmlp_product *product);

/* Floats of p->c for a product with a finish: n columns, chains of k. */
size_t nmlp_gemm_finish_floats(size_t n, size_t k);

/* This worker's part of C. All workers of the team must call it with the same
 * product (scratch aside); there is no barrier inside. */
void nmlp_gemm_share(const nmlp_kernels *kernels, const nmlp_product *product, nmlp_team team);

/* Whether the team splits C by columns (else by rows), and a worker's part: shared
 * with those who update what a worker has computed. */
void nmlp_gemm_split(size_t m, size_t n, nmlp_team team, nmlp_range *rows, nmlp_range *columns);

/* The whole of C on at most `wanted` threads (0: the default). OUT_OF_MEMORY. */
int32_t nmlp_gemm_run(const nmlp_kernels *kernels, const nmlp_product *product, int32_t wanted);

/* The same in two parts, for a caller that must know that there is memory before anything is
 * written: what a product needs, and the product, which then cannot fail. */
typedef struct nmlp_gemm_room {
    size_t threads;
    float *scratch; /* or NULL; freed by the caller */
} nmlp_gemm_room;
int32_t nmlp_gemm_reserve(const nmlp_kernels *kernels, const nmlp_product *product, int32_t wanted,
                          nmlp_gemm_room *room);
void nmlp_gemm_run_in(const nmlp_kernels *kernels, const nmlp_product *product,
                      const nmlp_gemm_room *room);

/* The part of C that lies in these rows and columns, on the calling thread. */
void nmlp_gemm_part(const nmlp_kernels *kernels, const nmlp_product *product, nmlp_range rows,
                    nmlp_range columns);

#endif /* NMLP_GEMM_H */
