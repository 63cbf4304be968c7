/* SPDX-License-Identifier: MIT
 *
 * C = A'*B with 10 or 50 columns would leave vector lanes unused. C' = B'*A has the rows of C in
 * its lanes, and A, which is stored transposed, is the contiguous factor. At the end, each strip of
 * C' is transposed into C. */
#include "gemm/gemm_block.h"

#include <string.h>

/* The maximum columns for which the transpose of a product is computed. */
enum { MAX_TRANSPOSED_COLUMNS = 96 };
_Static_assert((int)MAX_TRANSPOSED_COLUMNS <= (int)NMLP_BLOCK_COLUMNS,
               "its columns are in at most two column blocks");
_Static_assert(NMLP_TRANSPOSED_ROWS % NMLP_MAX_STRIP == 0, "whole strips");
_Static_assert(MAX_TRANSPOSED_COLUMNS % NMLP_LANES == 0, "room for gaps");

bool nmlp_gemm_computes_transpose(const nmlp_product *p, nmlp_range columns)
{
    const size_t n = columns.end - columns.begin;
    return p->a.transposed && !p->b.transposed && p->b.ld != NMLP_IN_COLUMN_BLOCKS &&
           n <= MAX_TRANSPOSED_COLUMNS && n % NMLP_LANES != 0 && p->start != NMLP_START_BIAS &&
           p->relu_mask == NULL;
}

/* Writes a complete strip of C' into the rows of C. */
static void transpose_out(const gemm_block *b, nmlp_range rows, const float *strip)
{
    const nmlp_product *p = b->p;
    const size_t m = rows.end - rows.begin, n = b->columns.end - b->columns.begin;
    const size_t pitch = nmlp_whole_vectors(n);
    _Alignas(64) float c[NMLP_MAX_STRIP * MAX_TRANSPOSED_COLUMNS];
    /* The rows of the strip after the last row of C' were set to zero at the start. They become the
     * gaps at the ends of the rows of C. */
    b->kernels->pack_transposed(m, pitch, strip, NMLP_MAX_STRIP, c, pitch);
    size_t count;
    for (size_t j = 0; j < n; j += count) {
        const size_t column = b->columns.begin + j;
        const nmlp_column_block s = column_block_of_c(p, column);
        count = smaller(s.count, n - j);
        if (p->epilogue != NULL)
            p->epilogue->run(p->epilogue, rows, (nmlp_range){column, column + count}, c + j, pitch);
        else
            b->kernels->scale(m, count, 1.0f, c + j, pitch, p->c + s.offset + rows.begin * s.ld,
                              s.ld);
    }
}

/* Prefetches the part of A for the next strip, and the rows that the epilogue reads for this
 * strip. */
static void prefetch_next(const gemm_block *b, size_t row, size_t width, nmlp_panel *panel)
{
    const nmlp_product *p = b->p;
    const size_t vectors = panel->vectors * NMLP_LANES;
    if (row + width < p->m)
        add_prefetch(panel, b->a.data + row + width - b->rows.begin, b->a.ld, k_count(b));
    if (p->epilogue == NULL || b->ks.end < p->k) return;
    nmlp_column_block s;
    for (size_t j = b->columns.begin; j < b->columns.end; j += s.count) {
        s = column_block_of_c(p, j);
        for (size_t i = 0; i < NMLP_EPILOGUE_READS && p->epilogue->reads[i] != NULL; i++)
            add_prefetch(panel, p->epilogue->reads[i] + s.offset + row * s.ld, vectors,
                         width * s.ld / vectors);
    }
}

static void run_strip(const gemm_block *b, size_t row, size_t width, float *strip)
{
    const nmlp_product *p = b->p;
    const size_t n = b->columns.end - b->columns.begin;
    const int first = b->ks.begin == 0, last = b->ks.end == p->k;
    _Alignas(64) float packed[NMLP_K_BLOCK * NMLP_MAX_STRIP];
    nmlp_prefetch prefetches[NMLP_MAX_PREFETCHES];
    nmlp_panel panel = {
        .prefetches = prefetches,
        .m = n,
        .k = k_count(b),
        .vectors = nmlp_whole_vectors(width) / NMLP_LANES,
        .a = p->b.data + b->ks.begin * p->b.ld + b->columns.begin,
        .a_row = 1,
        .a_k = p->b.ld,
        .b = b->a.data + row - b->rows.begin,
        .ldb = b->a.ld,
        .c = strip,
        .ldc = NMLP_MAX_STRIP,
        .start = first ? p->start : NMLP_START_C,
        .lower_clamp = last ? p->lower_clamp : NMLP_NO_CLAMP,
    };
    prefetch_next(b, row, width, &panel);
    if (first && p->start == NMLP_START_C)
        b->kernels->pack_transposed(n, width, p->c + row * p->ldc + b->columns.begin, p->ldc, strip,
                                    NMLP_MAX_STRIP);
    if (width < panel.vectors * NMLP_LANES) {
        b->kernels->pack_rows(panel.k, width, panel.b, panel.ldb, packed, NMLP_MAX_STRIP);
        panel.b = packed;
        panel.ldb = NMLP_MAX_STRIP;
    }
    b->kernels->gemm_panel(&panel);
    if (last) transpose_out(b, (nmlp_range){row, row + width}, strip);
}

void nmlp_gemm_run_transposed(gemm_block *b)
{
    _Alignas(64) float strips[NMLP_TRANSPOSED_ROWS / NMLP_MAX_STRIP]
                             [MAX_TRANSPOSED_COLUMNS * NMLP_MAX_STRIP];
    const size_t strip_rows = b->kernels->tile_vectors * NMLP_LANES;
    const size_t n = b->columns.end - b->columns.begin;
    size_t q = 0;
    for (size_t s = 0; s < NMLP_TRANSPOSED_ROWS / NMLP_MAX_STRIP; s++)
        memset(strips[s] + n * NMLP_MAX_STRIP, 0,
               (nmlp_whole_vectors(n) - n) * NMLP_MAX_STRIP * sizeof strips[0][0]);
    do {
        b->ks = (nmlp_range){q, smaller(q + NMLP_K_BLOCK, b->p->k)};
        b->a = nmlp_gemm_block_of_a(b);
        for (size_t i = b->rows.begin; i < b->rows.end; i += strip_rows) {
            const size_t at = i - b->rows.begin;
            run_strip(b, i, smaller(strip_rows, b->rows.end - i),
                      strips[at / NMLP_MAX_STRIP] + at % NMLP_MAX_STRIP);
        }
        q = b->ks.end;
    } while (q < b->p->k);
}
