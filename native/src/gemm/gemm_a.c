/* SPDX-License-Identifier: MIT
 *
 * How op(A) of a block is read, and the number of rows in a block. */
#include "gemm/gemm_block.h"

/* The rows of a block of A. 266 rows are 19 tiles of 14, enough for the common batch of 256. A
 * block of k then has 532 KiB of A, read row by row, which the hardware prefetches even if it
 * exceeds the L2 cache. It does not prefetch columns: 192 x 512 floats are 384 KiB, which fits into
 * the L2 cache. Rows whose distance is a multiple of 1 KiB map to few cache sets. */
enum { ROW_BLOCK = 266, ROW_BLOCK_OF_COLUMNS = 192, CONFLICTING_ROW_BLOCK = 96 };
/* From these sizes on, it is faster to copy the columns of such an A into rows (docs/tuning.md). */
enum { LEAST_TRANSPOSED_N = 64, LEAST_TRANSPOSED_K = NMLP_FUSED_UPDATE_K };

int nmlp_gemm_pitch_conflicts(size_t ld) { return ld % 256 == 0; }

size_t nmlp_gemm_pitch(size_t columns)
{
    const size_t pitch = nmlp_whole_vectors(columns);
    return nmlp_gemm_pitch_conflicts(pitch) ? pitch + NMLP_LANES : pitch;
}

/* The distance between rows, in floats, at which all of them map to one set of the L1 cache. */
enum { ONE_SET = 1024 };

/* Whether a product that is computed as its transpose reads A faster from a copy. A strip of A is
 * read once for each tile. If its rows map to one set of the L1 cache and few sets of the L2 cache,
 * it is evicted between tiles. The copy costs more than it saves with two tiles or with short
 * chains (docs/tuning.md). nmlp_gemm_scratch() reserves memory for a copy of every such A. */
static bool copies_strips(const nmlp_kernels *kernels, const nmlp_product *p)
{
    return tiles_are_low(kernels) && p->a.ld % ONE_SET == 0 && p->k > NMLP_SHORT_K &&
           p->n > 2 * kernels->tile_rows;
}

/* A is read in place, by rows or by columns, with three exceptions. Columns are copied into rows if
 * low tiles would use only a third of each cache line and enough panels read the copy. If alpha is
 * not 1, A is copied and multiplied by alpha. Columns that map to few cache sets are copied, and so
 * are such rows if many panels read them. Rows that map to few cache sets but are read in place are
 * processed in tiles of at most seven rows (nmlp_panel.few_rows), because a set has eight ways. */
form_of_a nmlp_gemm_form_of_a(const nmlp_kernels *kernels, const nmlp_product *p, bool transposed)
{
    const int scaled = p->alpha != 1.0f;
    if (transposed) return scaled || copies_strips(kernels, p) ? A_COPIED : A_IN_PLACE;
    if (p->a.transposed && tiles_are_low(kernels) && p->n >= LEAST_TRANSPOSED_N &&
        p->k > LEAST_TRANSPOSED_K)
        return A_TRANSPOSED;
    const int often = p->a.transposed ? p->k > 8 : p->n >= 256;
    return scaled || (often && nmlp_gemm_pitch_conflicts(p->a.ld)) ? A_COPIED : A_IN_PLACE;
}

size_t nmlp_gemm_scratch(const nmlp_kernels *kernels, const nmlp_product *p)
{
    if (nmlp_gemm_form_of_a(kernels, p, false) == A_IN_PLACE) return 0;
    return nmlp_gemm_pitch(smaller(p->m, ROW_BLOCK)) * nmlp_gemm_pitch(smaller(p->k, NMLP_K_BLOCK));
}

nmlp_matrix nmlp_gemm_block_of_a(const gemm_block *b)
{
    const nmlp_product *p = b->p;
    const nmlp_matrix a = p->a;
    const float *data = a.transposed ? a.data + b->ks.begin * a.ld + b->rows.begin
                                     : a.data + b->rows.begin * a.ld + b->ks.begin;
    const form_of_a form = b->plan->a;
    if (form == A_IN_PLACE) return (nmlp_matrix){data, a.ld, a.transposed, NULL};

    const int by_columns = a.transposed && form == A_COPIED;
    const size_t count = by_columns ? k_count(b) : row_count(b);
    const size_t length = by_columns ? row_count(b) : k_count(b);
    const nmlp_matrix packed = {p->scratch, nmlp_gemm_pitch(length), by_columns, NULL};
    if (form == A_TRANSPOSED)
        b->kernels->pack_transposed(count, length, data, a.ld, p->scratch, packed.ld);
    if (form == A_COPIED)
        b->kernels->scale(count, length, p->alpha, data, a.ld, p->scratch, packed.ld);
    else if (p->alpha != 1.0f)
        b->kernels->scale(count, length, p->alpha, p->scratch, packed.ld, p->scratch, packed.ld);
    return packed;
}

/* Divides the rows evenly into as few blocks of whole tiles as possible, because a short last block
 * would read all of B for little work. */
size_t nmlp_gemm_block_height(const nmlp_kernels *kernels, const nmlp_product *p,
                              const product_plan *plan, size_t rows)
{
    if (plan->transposed) return NMLP_TRANSPOSED_ROWS;
    if (p->epilogue != NULL) return NMLP_EPILOGUE_ROWS;
    const size_t limit = plan->a == A_IN_PLACE && nmlp_gemm_pitch_conflicts(p->a.ld)
                             ? CONFLICTING_ROW_BLOCK
                         : p->a.transposed && plan->a != A_TRANSPOSED ? ROW_BLOCK_OF_COLUMNS
                                                                      : ROW_BLOCK;
    const size_t tile = kernels->tile_rows, most = limit / tile * tile;
    const size_t blocks = (rows + most - 1) / most;
    if (blocks <= 1) return most;
    return ((rows + blocks - 1) / blocks + tile - 1) / tile * tile;
}
