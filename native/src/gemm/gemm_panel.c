/* SPDX-License-Identifier: MIT
 *
 * Computes one panel of a product according to its plan. */
#include "gemm/gemm_panel.h"

#include "gemm/gemm_plan.h"

/* ------------------------------------------------------------------ operands */

/* The panel without B. */
static nmlp_panel panel_of(const gemm_block *b, const panel_plan *plan, size_t column,
                           nmlp_prefetch *prefetches)
{
    const nmlp_product *p = b->p;
    const int last = b->ks.end == p->k;
    const nmlp_column_block c = column_block_of_c(p, column);
    return (nmlp_panel){
        .m = row_count(b),
        .k = k_count(b),
        .vectors = plan->vectors,
        .half = plan->half,
        .a = b->a.data,
        .a_row = b->a.transposed ? 1 : b->a.ld,
        .a_k = b->a.transposed ? b->a.ld : 1,
        .b = NULL,
        .narrow_b = NULL,
        .from_second = false,
        .ldb = 0,
        .prefetches = prefetches,
        .prefetch_count = 0,
        .c = p->c + c.offset + b->rows.begin * c.ld,
        .ldc = c.ld,
        .start = b->ks.begin == 0 ? p->start : NMLP_START_C,
        .bias = p->bias != NULL ? p->bias + column : NULL,
        .lower_clamp = last ? p->lower_clamp : NMLP_NO_CLAMP,
        .relu_mask = last && p->relu_mask != NULL
                         ? p->relu_mask + b->rows.begin * p->ld_relu_mask + column
                         : NULL,
        .ld_relu_mask = p->ld_relu_mask,
        .fused_update = p->fused_update,
        .few_rows = !b->a.transposed && nmlp_gemm_pitch_conflicts(b->a.ld),
    };
}

/* Transposes B for a panel, one column block of the stored B after another. */
static void transpose_b(const gemm_block *b, size_t column, size_t width, float *packed,
                        nmlp_panel *panel)
{
    const nmlp_product *p = b->p;
    size_t count;
    for (size_t q = b->ks.begin; q < b->ks.end; q += count, packed += count * panel->ldb) {
        const nmlp_column_block s = column_block_of_b(p, q);
        const float *from = p->b.data + s.offset + column * s.ld;
        count = smaller(s.count, b->ks.end - q);
        b->kernels->pack_transposed(count, width, from, s.ld, packed, panel->ldb);
        /* If the gaps between the rows of the next panel are small, all of it is prefetched. */
        if (column + width < b->columns.end && s.ld < count + 2 * NMLP_LANES)
            add_prefetch(panel, from + width * s.ld, width, s.ld);
    }
}

/* Prefetches the next panel of a B that is read in place or copied, or the first panel of the next
 * block of k. */
static void give_next_b(const gemm_block *b, size_t column, size_t width, nmlp_panel *panel)
{
    const nmlp_product *p = b->p;
    if (column + width < b->columns.end) {
        const nmlp_column_block next = column_block_of_b(p, column + width);
        add_prefetch(panel, p->b.data + next.offset + b->ks.begin * next.ld, next.ld, k_count(b));
    } else if (b->ks.end < p->k) {
        const nmlp_column_block first = column_block_of_b(p, b->columns.begin);
        add_prefetch(panel, p->b.data + first.offset + b->ks.end * first.ld, first.ld, k_count(b));
    }
}

static void give_narrow_b(const gemm_block *b, size_t column, nmlp_panel *panel)
{
    const nmlp_product *p = b->p;
    const nmlp_column_block s = nmlp_narrow_block_at(p->b.ld, p->k, p->n, column);
    panel->narrow_b = p->b.narrow + s.offset + b->ks.begin * s.ld;
    panel->from_second = column / NMLP_LANES % 2 != 0;
    panel->ldb = s.ld;
}

static void give_b(const gemm_block *b, const panel_plan *plan, size_t column, float *copy,
                   nmlp_panel *panel)
{
    const nmlp_product *p = b->p;
    if (p->b.narrow != NULL) {
        give_narrow_b(b, column, panel);
        return;
    }
    if (plan->b == B_TRANSPOSED) {
        panel->b = copy;
        panel->ldb = plan->ld_copy;
        transpose_b(b, column, plan->width, copy, panel);
        return;
    }
    const nmlp_column_block s = column_block_of_b(p, p->b.transposed ? b->ks.begin : column);
    panel->b = p->b.data + s.offset + (p->b.transposed ? column : b->ks.begin) * s.ld;
    panel->ldb = s.ld;
    if (p->b.transposed) return;
    give_next_b(b, column, plan->width, panel);
    if (plan->b == B_IN_PLACE) return;
    b->kernels->pack_rows(panel->k, plan->width, panel->b, s.ld, copy, plan->ld_copy);
    panel->b = copy;
    panel->ldb = plan->ld_copy;
}

/* Prefetches a strip of the next block of an A that is read by columns, because the hardware does
 * not prefetch it: the next k of these rows, or the first k of the next rows. A panel that
 * processes k in parts prefetches the same part. */
static void give_next_a(const gemm_block *b, size_t column, nmlp_panel *panel)
{
    const nmlp_product *p = b->p;
    const size_t ahead = b->ks.begin + NMLP_K_BLOCK;
    const int same_rows = ahead < p->k;
    const size_t q = same_rows ? ahead : b->ks.begin % NMLP_K_BLOCK;
    const size_t first = same_rows ? b->rows.begin : b->rows.end;
    const size_t row = first + column - b->columns.begin;
    if (p->a.transposed && row < smaller(first + row_count(b), p->m))
        add_prefetch(panel, p->a.data + q * p->a.ld + row, p->a.ld, smaller(k_count(b), p->k - q));
}

/* The C of a product with an epilogue is scratch memory. */
static void prepare_epilogue(const gemm_block *b, size_t column, nmlp_panel *panel)
{
    const nmlp_epilogue *epilogue = b->p->epilogue;
    const nmlp_column_block s = column_block_of_c(b->p, column);
    const size_t at = s.offset + b->rows.begin * s.ld;
    const size_t reads = b->ks.end == b->p->k ? NMLP_EPILOGUE_READS : 0;
    for (size_t i = 0; i < reads && epilogue->reads[i] != NULL; i++)
        add_prefetch(panel, epilogue->reads[i] + at, s.ld, row_count(b));
    panel->ldc = (panel->vectors + panel->half) * NMLP_LANES;
    panel->c = b->p->c + nmlp_gemm_epilogue_offset(b->p, column);
}

/* -------------------------------------------------------------- part of a vector */

/* Rows of C that are copied at a time. Together with the copy of B, they fit into a stack of
 * 128 KiB, the size of musl's threads. */
enum { RAGGED_ROWS = 64, STACK_BYTES = 128 << 10 };
_Static_assert((2 * RAGGED_ROWS * NMLP_LANES + NMLP_COPY_FLOATS) * sizeof(float) <
                   STACK_BYTES - (STACK_BYTES >> 3),
               "an eighth is left for the callers");

/* Computes at most RAGGED_ROWS rows for run_ragged(). */
static void run_ragged_rows(const gemm_block *b, nmlp_panel panel, size_t width)
{
    enum { WIDTH = NMLP_LANES };
    _Alignas(64) float c[RAGGED_ROWS * WIDTH], relu_mask[RAGGED_ROWS * WIDTH];
    float *target = panel.c;
    const size_t ldc = panel.ldc;
    if (panel.start == NMLP_START_C) b->kernels->pack_rows(panel.m, width, target, ldc, c, WIDTH);
    if (panel.relu_mask != NULL) {
        b->kernels->pack_rows(panel.m, width, panel.relu_mask, panel.ld_relu_mask, relu_mask,
                              WIDTH);
        panel.relu_mask = relu_mask;
        panel.ld_relu_mask = WIDTH;
    }
    panel.c = c;
    panel.ldc = WIDTH;
    b->kernels->gemm_panel(&panel);
    b->kernels->scale(panel.m, width, 1.0f, c, WIDTH, target, ldc);
}

/* Computes a panel of one vector of which only a part belongs to C. */
static void run_ragged(const gemm_block *b, nmlp_panel panel, size_t width)
{
    float bias[NMLP_LANES];
    if (panel.start == NMLP_START_BIAS) {
        b->kernels->pack_rows(1, width, panel.bias, width, bias, NMLP_LANES);
        panel.bias = bias;
    }
    for (size_t left = panel.m; left > 0; left -= panel.m) {
        panel.m = smaller(left, RAGGED_ROWS);
        run_ragged_rows(b, panel, width);
        panel.a += panel.m * panel.a_row;
        panel.c += panel.m * panel.ldc;
        if (panel.relu_mask != NULL) panel.relu_mask += panel.m * panel.ld_relu_mask;
    }
}

/* ---------------------------------------------------------------------- runs */

/* Computes the panel for this part of k. */
static void run_part(const gemm_block *b, const panel_plan *plan, size_t column)
{
    _Alignas(64) float copy[NMLP_COPY_FLOATS]; /* no vector of it crosses a cache line */
    const nmlp_product *p = b->p;
    nmlp_prefetch prefetches[NMLP_MAX_PREFETCHES];
    nmlp_panel panel = panel_of(b, plan, column, prefetches);
    give_b(b, plan, column, copy, &panel);
    give_next_a(b, column, &panel);
    if (p->epilogue != NULL) prepare_epilogue(b, column, &panel);
    if (plan->ragged)
        run_ragged(b, panel, plan->width);
    else if (plan->kernel == PANEL_SHORT)
        b->kernels->gemm_short(&panel);
    else if (plan->kernel == PANEL_TRANSPOSED_B)
        b->kernels->gemm_transposed_b(&panel);
    else if (plan->kernel == PANEL_SPARSE)
        b->kernels->gemm_sparse(&panel, b->nonzero, b->nonzero_count);
    else
        b->kernels->gemm_panel(&panel);
    /* Done now, while these rows are in the caches; before the product, it would wait for memory.
     */
    if (p->greatest != NULL && column == 0)
        b->kernels->greatest_size(panel.m, panel.k, panel.a, panel.a_row, p->greatest);
    if (p->epilogue != NULL && b->ks.end == p->k)
        p->epilogue->run(p->epilogue, b->rows, (nmlp_range){column, column + plan->width}, panel.c,
                         panel.ldc);
}

size_t nmlp_gemm_run_panel(const gemm_block *b, size_t column, size_t left)
{
    const panel_plan plan = nmlp_gemm_plan_panel(b, column, left);
    gemm_block part = *b;
    size_t q = b->ks.begin;
    do { /* once even for k = 0: C is the start */
        size_t count = smaller(plan.most_k, b->ks.end - q);
        if (plan.kernel == PANEL_TRANSPOSED_B)
            count = smaller(count, column_block_of_b(b->p, q).count);
        part.ks = (nmlp_range){q, q + count};
        run_part(&part, &plan, column);
        part.a.data += b->a.transposed ? count * b->a.ld : count;
        q = part.ks.end;
    } while (q < b->ks.end);
    return plan.width;
}
