/* SPDX-License-Identifier: MIT */
#include "gemm/gemm_plan.h"

/* The part of a block of k that a panel processes at once if low tiles read op(A) by columns. Each
 * tile uses a third of a cache line, and the next two tiles find the rest of it in the L1 cache. */
enum { LOW_K_BLOCK = 128 };
_Static_assert((int)NMLP_FUSED_UPDATE_K <= (int)LOW_K_BLOCK, "a fused update ends whole chains");
/* Floats of B in a panel of short chains, which leaves half of the L1 cache for C. */
enum { SHORT_FLOATS = 4096 };
_Static_assert(SHORT_FLOATS / NMLP_SHORT_K >= NMLP_SHORT_STRIP, "a strip of the longest chains");

/* ------------------------------------------------------------------- columns */

/* The number of columns to compute for this number of columns of C. A last vector that is more than
 * half full is computed as a whole if C has space for it. */
static size_t computed_columns(const nmlp_product *p, size_t columns)
{
    const bool rounds = p->padded && (columns % NMLP_LANES > NMLP_LANES / 2 || p->b.narrow != NULL);
    return rounds ? nmlp_whole_vectors(columns) : columns;
}

/* Whether there are too few rows for a transposed copy of B to be worthwhile. */
static bool is_low(const gemm_block *b)
{
    return b->p->b.transposed && row_count(b) <= NMLP_TRANSPOSED_B_ROWS;
}

/* Whether C needs more time than A and B, and is wide enough to write a few rows at a time. */
static bool is_short(const gemm_block *b, size_t left)
{
    const nmlp_product *p = b->p;
    return p->k > 0 && p->k <= NMLP_SHORT_K && p->b.narrow == NULL && p->relu_mask == NULL &&
           p->epilogue == NULL && p->fused_update == NULL && !is_low(b) &&
           computed_columns(p, left) >= NMLP_SHORT_STRIP;
}

/* The columns of whole strips. The last strip may end in a gap. */
static size_t short_columns(const gemm_block *b, size_t left)
{
    const size_t most = smaller(computed_columns(b->p, left), SHORT_FLOATS / b->p->k);
    return smaller(left, most / NMLP_SHORT_STRIP * NMLP_SHORT_STRIP);
}

/* The maximum columns of a panel of tiles. If B is transposed in registers, the panel has whole
 * vectors, because its columns are rows of the stored B, and memory after the last row must not be
 * read. */
static size_t most_columns(const gemm_block *b, size_t left)
{
    if (b->p->epilogue != NULL) return smaller(left, NMLP_MAX_STRIP);
    if (!b->p->b.transposed) return left;
    const size_t whole = left / NMLP_LANES * NMLP_LANES;
    return is_low(b) && whole > 0 ? whole : smaller(left, NMLP_MAX_TRANSPOSED);
}

/* The columns of a panel: as many whole vectors as the tiles allow, at the end a part of a vector.
 * The last 49 to 56 columns are one panel if there are tiles of that width: a row of A is then read
 * once instead of three times. */
static size_t tile_columns(const gemm_block *b, size_t column, size_t left)
{
    if (b->p->b.narrow != NULL && column / NMLP_LANES % 2 != 0) return smaller(left, NMLP_LANES);
    const size_t most = most_columns(b, left), before_half = b->kernels->before_half * NMLP_LANES;
    if (before_half > 0 && b->p->b.narrow == NULL && left > before_half &&
        left <= before_half + NMLP_LANES / 2 && most == left && b->p->padded)
        return left;
    const size_t vectors = computed_columns(b->p, most) / NMLP_LANES;
    const size_t wide = b->kernels->wide_vectors(row_count(b), vectors > 0 ? vectors : 1);
    return smaller(most, wide * NMLP_LANES);
}

/* ---------------------------------------------------------------- kernel, copies */

static panel_kernel choose_kernel(const gemm_block *b, size_t width, bool ragged, bool is_short)
{
    if (ragged) return PANEL_TILES;
    if (is_short) return PANEL_SHORT;
    if (is_low(b) && width % NMLP_LANES == 0) return PANEL_TRANSPOSED_B;
    if (b->nonzero != NULL && b->nonzero_count < k_count(b)) return PANEL_SPARSE;
    return PANEL_TILES;
}

/* B is copied where it must be transposed, where its last vector would extend beyond the row, and
 * where its rows fall into few cache sets and many low tiles use them. */
static form_of_b choose_form_of_b(const gemm_block *b, size_t column, bool ragged,
                                  panel_kernel kernel)
{
    if (b->p->b.transposed) return kernel == PANEL_TRANSPOSED_B ? B_IN_PLACE : B_TRANSPOSED;
    if (b->p->b.narrow != NULL) return B_IN_PLACE;
    const bool conflicts = nmlp_gemm_pitch_conflicts(column_block_of_b(b->p, column).ld) &&
                           tiles_are_low(b->kernels) && row_count(b) > 4 * b->kernels->tile_rows;
    return ragged || conflicts ? B_COPIED : B_IN_PLACE;
}

/* Each member is stored once: changing a plan and then copying it would take longer than making its
 * decisions, because the copy waits for the stores. */
panel_plan nmlp_gemm_plan_panel(const gemm_block *b, size_t column, size_t left)
{
    const bool is_short_panel = is_short(b, left);
    const size_t width = is_short_panel ? short_columns(b, left) : tile_columns(b, column, left);
    const size_t rest = width % NMLP_LANES;
    const size_t most_half = b->p->b.narrow != NULL ? 0 : NMLP_LANES / 2;
    const bool ragged = rest > 0 && !b->p->padded;
    const panel_kernel kernel = choose_kernel(b, width, ragged, is_short_panel);
    const form_of_b form = choose_form_of_b(b, column, ragged, kernel);
    const size_t whole = nmlp_whole_vectors(width);
    const size_t ld_copy = form == B_TRANSPOSED ? whole + NMLP_LANES : whole;
    const size_t most_k = b->a.transposed && tiles_are_low(b->kernels) ? LOW_K_BLOCK : NMLP_K_BLOCK;
    return (panel_plan){
        .width = width,
        .vectors = width / NMLP_LANES + (rest > most_half),
        .half = rest > 0 && rest <= most_half,
        .kernel = kernel,
        .b = form,
        .ld_copy = ld_copy,
        .ragged = ragged,
        .most_k = form == B_IN_PLACE ? most_k : smaller(most_k, NMLP_COPY_FLOATS / ld_copy),
    };
}

/* ------------------------------------------------------------------- epilogue */

/* Chains longer than a block of k are continued in the next block, so each panel needs its own
 * space. Shorter chains are complete after one block, and all panels share the space of one. */
static bool keeps_each_panel(size_t k) { return k > NMLP_K_BLOCK; }

size_t nmlp_gemm_epilogue_offset(const nmlp_product *p, size_t column)
{
    return keeps_each_panel(p->k) ? column * NMLP_EPILOGUE_ROWS : 0;
}

size_t nmlp_gemm_epilogue_floats(size_t n, size_t k)
{
    const size_t panel =
        NMLP_MAX_STRIP; /* or fewer rows of a wider one, or a strip of a transposed product */
    return NMLP_EPILOGUE_ROWS * (!keeps_each_panel(k) || n < panel ? panel : nmlp_whole_vectors(n));
}
