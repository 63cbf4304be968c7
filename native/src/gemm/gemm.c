/* SPDX-License-Identifier: MIT
 *
 * C is computed in blocks of rows, blocks of k, and panels of columns:
 *
 *     for each block of rows                  the rows of A are read again from L2
 *       for each block of NMLP_K_BLOCK of k   C holds the chains between blocks
 *         for each panel of v vectors         the panel of B is read from L2 or L1
 *           the panel kernel                  tiles of C in registers
 *
 * Each element of C is one chain over ascending k, regardless of how the product is divided and
 * which factor is broadcast. For few columns, the transpose of the product is computed, with the
 * rows of C in the lanes of a vector (gemm_transposed.c). */
#include <stdlib.h>

#include "gemm/gemm_panel.h"
#include "nmlp.h"

/* The minimum columns of B for which a row of A is searched for zeros. The search costs a few
 * percent if there are none (docs/tuning.md). */
enum { LEAST_SPARSE_COLUMNS = 2 * NMLP_LANES };

/* -------------------------------------------------------------- blocks, panels */

static void run_panels(const gemm_block *b)
{
    const nmlp_product *p = b->p;
    for (size_t j = b->columns.begin; j < b->columns.end;) {
        size_t left = smaller(b->columns.end - j, column_block_of_c(p, j).count);
        if (!p->b.transposed) left = smaller(left, column_block_of_b(p, j).count);
        j += nmlp_gemm_run_panel(b, j, left);
    }
}

/* Whether a row of A is searched for zeros. Short chains use another kernel. */
static bool may_be_sparse(const nmlp_product *p, nmlp_range columns)
{
    return p->sparse && p->m == 1 && p->k > NMLP_SHORT_K && !p->a.transposed && !p->b.transposed &&
           columns.end - columns.begin >= LEAST_SPARSE_COLUMNS;
}

static product_plan plan_product(const nmlp_kernels *kernels, const nmlp_product *p,
                                 nmlp_range rows, nmlp_range columns)
{
    product_plan plan = {.transposed = nmlp_gemm_computes_transpose(p, columns),
                         .searched = may_be_sparse(p, columns)};
    plan.a = nmlp_gemm_form_of_a(kernels, p, plan.transposed);
    plan.height = nmlp_gemm_block_height(kernels, p, &plan, rows.end - rows.begin);
    return plan;
}

static void run_block_untransposed(gemm_block *b)
{
    int32_t nonzero[NMLP_K_BLOCK + NMLP_LANES];
    b->nonzero = b->plan->searched ? nonzero : NULL;
    size_t q = 0;
    do { /* once even for k = 0, to set C to the start */
        b->ks = (nmlp_range){q, smaller(q + NMLP_K_BLOCK, b->p->k)};
        b->a = nmlp_gemm_block_of_a(b);
        if (b->nonzero != NULL)
            b->kernels->find_nonzero(k_count(b), b->a.data, b->nonzero, &b->nonzero_count);
        run_panels(b);
        q = b->ks.end;
    } while (q < b->p->k);
    b->nonzero = NULL;
}

static void scale_c(const nmlp_kernels *kernels, const nmlp_product *p, nmlp_range rows,
                    nmlp_range columns)
{
    float *c = p->c + rows.begin * p->ldc + columns.begin;
    kernels->scale(rows.end - rows.begin, columns.end - columns.begin, p->beta, c, p->ldc, c,
                   p->ldc);
}

void nmlp_gemm_part(const nmlp_kernels *kernels, const nmlp_product *p, nmlp_range rows,
                    nmlp_range columns)
{
    assert(p->start != NMLP_START_C || (p->epilogue == NULL && p->ldc != NMLP_IN_COLUMN_BLOCKS));
    assert(p->fused_update == NULL ||
           (p->k <= NMLP_FUSED_UPDATE_K && p->a.transposed && p->n % NMLP_LANES == 0 && p->padded));
    if (p->start == NMLP_START_C && p->beta != 1.0f) scale_c(kernels, p, rows, columns);
    const product_plan plan = plan_product(kernels, p, rows, columns);
    for (size_t i = rows.begin; i < rows.end; i += plan.height) {
        gemm_block b = {.kernels = kernels,
                        .p = p,
                        .plan = &plan,
                        .rows = {i, smaller(i + plan.height, rows.end)},
                        .columns = columns};
        if (plan.transposed)
            nmlp_gemm_run_transposed(&b);
        else
            run_block_untransposed(&b);
    }
}

/* ---------------------------------------------------------- division of the work */

/* Divides by columns or by rows, whichever gives the busiest worker less work. Columns are divided
 * in whole vectors (the last may be half of one). Rows are divided one by one, because each worker
 * divides its rows evenly into tiles. */
static void split(size_t m, size_t n, int prefer_columns, nmlp_team team, nmlp_range *rows,
                  nmlp_range *columns)
{
    *rows = (nmlp_range){0, m};
    *columns = (nmlp_range){0, n};
    if (team.workers == 1) return;
    const size_t vectors = (n + NMLP_LANES - 1) / NMLP_LANES;
    const size_t halves = 2 * vectors - (n % NMLP_LANES - 1 < NMLP_LANES / 2 ? 1 : 0);
    const size_t vectors_each = (vectors + team.workers - 1) / team.workers;
    const size_t rows_each = (m + team.workers - 1) / team.workers;
    const size_t widest = 2 * vectors_each * m, highest = rows_each * halves;
    if (prefer_columns ? widest <= highest : widest < highest)
        *columns = nmlp_parallel_share(n, NMLP_LANES, team);
    else
        *rows = nmlp_parallel_share(m, 1, team);
}

/* If both divisions are equal, divides by columns: each column of B, the weights of a network, then
 * stays in the cache of one core. */
void nmlp_gemm_split(size_t m, size_t n, nmlp_team team, nmlp_range *rows, nmlp_range *columns)
{
    split(m, n, 1, team, rows, columns);
}

void nmlp_gemm_share(const nmlp_kernels *kernels, const nmlp_product *p, nmlp_team team)
{
    nmlp_range rows, columns;
    nmlp_gemm_split(p->m, p->n, team, &rows, &columns);
    nmlp_gemm_part(kernels, p, rows, columns);
}

/* ------------------------------------------------------------- a whole product */

typedef struct gemm_task {
    const nmlp_kernels *kernels;
    const nmlp_product *product;
    float *scratch;
    size_t scratch_floats; /* per worker */
} gemm_task;

static void run_share(void *context, nmlp_team team)
{
    const gemm_task *task = context;
    nmlp_product product = *task->product;
    if (task->scratch != NULL) product.scratch = task->scratch + team.worker * task->scratch_floats;
    /* If both divisions are equal, divides by rows, so that each worker reads only its own rows of
     * A. If much of B must be transposed, divides by columns: otherwise each worker would transpose
     * all of B. */
    const int prefer_columns = product.b.transposed && product.k > NMLP_SHORT_K;
    nmlp_range rows, columns;
    split(product.m, product.n, prefer_columns, team, &rows, &columns);
    nmlp_gemm_part(task->kernels, &product, rows, columns);
}

/* Reading or writing an element once takes as long as this many operations: caches deliver 20 to 30
 * elements per nanosecond, and a core performs 118 operations in this time. */
#define OPERATIONS_PER_ELEMENT 6.0

static double operations(const nmlp_product *p)
{
    const double m = (double)p->m, n = (double)p->n, k = (double)p->k;
    const double arithmetic = 2 * m * n * k;
    const double memory = OPERATIONS_PER_ELEMENT * (m * k + k * n + m * n);
    return arithmetic > memory ? arithmetic : memory;
}

int32_t nmlp_gemm_reserve(const nmlp_kernels *kernels, const nmlp_product *product, int32_t wanted,
                          nmlp_gemm_room *room)
{
    *room = (nmlp_gemm_room){nmlp_parallel_threads(wanted, operations(product)), NULL};
    const size_t floats = nmlp_gemm_scratch(kernels, product);
    if (floats == 0) return NMLP_OK;
    room->scratch = malloc(room->threads * floats * sizeof *room->scratch);
    return room->scratch != NULL ? NMLP_OK : NMLP_ERROR_OUT_OF_MEMORY;
}

void nmlp_gemm_run_in(const nmlp_kernels *kernels, const nmlp_product *product,
                      const nmlp_gemm_room *room)
{
    if (product->m == 0 || product->n == 0) return;
    /* Empty factors are not read, but their pointers are used to compute addresses. */
    nmlp_product p = *product;
    if (p.k == 0) p.a.data = p.b.data = p.c;
    gemm_task task = {kernels, &p, room->scratch, nmlp_gemm_scratch(kernels, &p)};
    nmlp_parallel_run(room->threads, operations(&p), run_share, &task);
}

int32_t nmlp_gemm_run(const nmlp_kernels *kernels, const nmlp_product *product, int32_t wanted)
{
    nmlp_gemm_room room;
    const int32_t status = nmlp_gemm_reserve(kernels, product, wanted, &room);
    if (status == NMLP_OK) nmlp_gemm_run_in(kernels, product, &room);
    free(room.scratch);
    return status;
}
