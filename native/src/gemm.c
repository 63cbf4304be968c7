/* SPDX-License-Identifier: MIT
 *
 * C is walked block of rows by block of rows, k block by k block, panel by panel:
 *
 *     for each block of rows                  its rows of A stay in the L2 cache
 *       for each block of NMLP_K_BLOCK of k        C carries the chains from one to the next
 *         for each panel of 16*v columns      B's panel comes from L2 or L1
 *           the panel kernel                  tiles of C in registers
 *
 * Each element of C is one chain over ascending k however it is cut, and whichever of
 * the two factors is broadcast: a product with few columns is computed as its transpose,
 * with C's rows in the lanes of a vector (gemm_lying.c). */
#include "gemm_block.h"

#include <stdlib.h>

#include "nmlp.h"

/* 256 rows, a common batch, are 19 tiles of 14: 532 KiB of A for a k block, row after row, which
 * the prefetchers follow where it exceeds the L2 cache. By columns they do not: 192 x 512 floats
 * are 384 KiB. Rows whose distance is a multiple of 4 KiB share a quarter of the cache's sets or
 * less. */
enum { ROW_BLOCK = 266, ROW_BLOCK_OF_COLUMNS = 192, CONFLICTING_ROW_BLOCK = 96 };
/* A panel's part of a k block where low tiles go through op(A) by columns: each uses a third of a
 * line, and the next two tiles shall find it in the L1 cache. */
enum { LOW_K_BLOCK = 128 };
_Static_assert((int)NMLP_DESCENT_K <= (int)LOW_K_BLOCK, "a descent ends whole chains");
/* From where on it pays to turn such an A into rows: 784 x 256 with chains of 128 102 -> 106
 * GFLOP/s, 1024 cubed 96 -> 105; with chains of 64 107 -> 106, 784 x 32 105 -> 95. */
enum { LEAST_TURNED_N = 64, LEAST_TURNED_K = NMLP_DESCENT_K };
/* A panel of short chains: as much of B as leaves half of the L1 cache to C. */
enum { SHORT_FLOATS = 4096 };
/* The fewest columns of B for which a row of A is searched for zeros: it makes 784-32-10 3 % slower
 * where there are none, and twice as fast where 80 % are. */
enum { LEAST_SPARSE_COLUMNS = 2 * NMLP_LANES };
/* The most columns of a packed B. Its rows are a vector more apart than they are long: turned
 * blocks would meet in few banks of the cache. */
enum { MAX_PACKED = 2 * NMLP_LANES, PACKED_FLOATS = NMLP_K_BLOCK * (MAX_PACKED + NMLP_LANES) };

int nmlp_gemm_pitch_conflicts(size_t ld) { return ld % 256 == 0; }

size_t nmlp_gemm_pitch(size_t columns)
{
    const size_t pitch = nmlp_whole_vectors(columns);
    return nmlp_gemm_pitch_conflicts(pitch) ? pitch + NMLP_LANES : pitch;
}

/* Tiles of few rows are soon done with a row of B, and wait for the next unless it is in the L1
 * cache; those of 14 rows give the L2 cache the time it needs. */
static int tiles_are_low(const nmlp_kernels *kernels)
{
    return 2 * kernels->tile_rows <= NMLP_LANES;
}

/* ------------------------------------------------------------------ packing A
 * A is read in place, by rows or by columns, but for three cases. Columns of which a low tile uses
 * a third of a line are turned into rows where enough panels use them. Alpha is multiplied into a
 * copy. So are columns copied that would fall into few cache sets, and such rows where many panels
 * use them: else a cache has eight ways, and low tiles (nmlp_panel.low) keep to them. */

typedef enum form_of_a { IN_PLACE, COPIED, TURNED } form_of_a;

static form_of_a choose_form_of_a(const nmlp_kernels *kernels, const nmlp_product *p, int lying)
{
    const int scaled = p->alpha != 1.0f;
    if (lying) return scaled ? COPIED : IN_PLACE;
    if (p->a.transposed && tiles_are_low(kernels) && p->n >= LEAST_TURNED_N &&
        p->k > LEAST_TURNED_K)
        return TURNED;
    const int often = p->a.transposed ? p->k > 8 : p->n >= 256;
    return scaled || (often && nmlp_gemm_pitch_conflicts(p->a.ld)) ? COPIED : IN_PLACE;
}

size_t nmlp_gemm_scratch(const nmlp_kernels *kernels, const nmlp_product *p)
{
    if (choose_form_of_a(kernels, p, 0) == IN_PLACE) return 0;
    return nmlp_gemm_pitch(smaller(p->m, ROW_BLOCK)) * nmlp_gemm_pitch(smaller(p->k, NMLP_K_BLOCK));
}

nmlp_matrix nmlp_gemm_block_of_a(const gemm_block *b)
{
    const nmlp_product *p = b->p;
    const nmlp_matrix a = p->a;
    const float *data = a.transposed ? a.data + b->ks.begin * a.ld + b->rows.begin
                                     : a.data + b->rows.begin * a.ld + b->ks.begin;
    const form_of_a form = choose_form_of_a(b->kernels, p, b->lying);
    if (form == IN_PLACE) return (nmlp_matrix){data, a.ld, a.transposed};

    const int by_columns = a.transposed && form == COPIED;
    const size_t count = by_columns ? k_count(b) : row_count(b);
    const size_t length = by_columns ? row_count(b) : k_count(b);
    const nmlp_matrix packed = {p->scratch, nmlp_gemm_pitch(length), by_columns};
    if (form == TURNED)
        b->kernels->pack_transposed(count, length, data, a.ld, p->scratch, packed.ld);
    if (form == COPIED)
        b->kernels->scale(count, length, p->alpha, data, a.ld, p->scratch, packed.ld);
    else if (p->alpha != 1.0f)
        b->kernels->scale(count, length, p->alpha, p->scratch, packed.ld, p->scratch, packed.ld);
    return packed;
}

size_t nmlp_gemm_finish_floats(size_t n, size_t k)
{
    const size_t panel = NMLP_MAX_STRIP; /* or fewer rows of a wider one, or a strip lying down */
    return NMLP_FINISH_ROWS * (k <= NMLP_K_BLOCK || n < panel ? panel : nmlp_whole_vectors(n));
}

/* ------------------------------------------------------------------ the panel */

static nmlp_panel panel_of(const gemm_block *b, size_t column, size_t width)
{
    const nmlp_product *p = b->p;
    const int last = b->ks.end == p->k;
    const size_t rest = width % NMLP_LANES;
    const nmlp_slice c = slice_of_c(p, column);
    return (nmlp_panel){
        .m = row_count(b),
        .k = k_count(b),
        .vectors = width / NMLP_LANES + (rest > NMLP_LANES / 2),
        .half = rest > 0 && rest <= NMLP_LANES / 2,
        .a = b->a.data,
        .a_row = b->a.transposed ? 1 : b->a.ld,
        .a_k = b->a.transposed ? b->a.ld : 1,
        .c = p->c + c.offset + b->rows.begin * c.ld,
        .ldc = c.ld,
        .start = b->ks.begin == 0 ? p->start : NMLP_START_C,
        .bias = p->bias != NULL ? p->bias + column : NULL,
        .floor = last ? p->floor : NMLP_NO_FLOOR,
        .gate = last && p->gate != NULL ? p->gate + b->rows.begin * p->ld_gate + column : NULL,
        .ld_gate = p->ld_gate,
        .descent = p->descent,
        .low = !b->a.transposed && nmlp_gemm_pitch_conflicts(b->a.ld),
    };
}

/* Whether B is turned in registers: whole vectors of columns for few rows. */
static int is_turned_at_once(const gemm_block *b, size_t width)
{
    return b->p->b.transposed && row_count(b) <= NMLP_TURNED_ROWS && width % NMLP_LANES == 0;
}

/* Whether C is what costs, and so much of it is left that few rows are written at a time. */
static int is_short(const gemm_block *b, size_t width)
{
    const nmlp_product *p = b->p;
    return p->k > 0 && p->k <= NMLP_SHORT_K && p->gate == NULL && p->finish == NULL &&
           p->descent == NULL && !b->lying &&
           !(p->b.transposed && row_count(b) <= NMLP_TURNED_ROWS) && width >= NMLP_SHORT_STRIP;
}

/* B' of a panel, slice by slice of what is stored. */
static void turn_b(const gemm_block *b, size_t column, size_t width, float *packed,
                   nmlp_panel *panel)
{
    const nmlp_product *p = b->p;
    size_t count;
    for (size_t q = b->ks.begin; q < b->ks.end; q += count, packed += count * panel->ldb) {
        const nmlp_slice s = slice_of_b(p, q);
        const float *from = p->b.data + s.offset + column * s.ld;
        count = smaller(s.count, b->ks.end - q);
        b->kernels->pack_transposed(count, width, from, s.ld, packed, panel->ldb);
        /* The next panel's rows, as one row where nearly nothing lies between them. */
        if (column + width < b->columns.end && s.ld < count + 2 * NMLP_LANES)
            add_errand(panel, from + width * s.ld, width, s.ld);
    }
}

/* B of a panel is packed when it must be transposed, when its last vector would reach beyond the
 * row, or when its rows fall into few cache sets and enough low tiles use it. */
static void give_b(const gemm_block *b, size_t column, size_t width, float *packed,
                   nmlp_panel *panel)
{
    const nmlp_product *p = b->p;
    const float *const data = p->b.data;
    const size_t k = k_count(b), vectors = nmlp_whole_vectors(width);
    if (p->b.transposed && !is_turned_at_once(b, width)) {
        panel->b = packed;
        panel->ldb = vectors + NMLP_LANES;
        assert(k * panel->ldb <= PACKED_FLOATS);
        turn_b(b, column, width, packed, panel);
        return;
    }
    const nmlp_slice s = slice_of_b(p, p->b.transposed ? b->ks.begin : column);
    panel->b = data + s.offset + (p->b.transposed ? column : b->ks.begin) * s.ld;
    panel->ldb = s.ld;
    if (p->b.transposed) return;
    if (column + width < b->columns.end) {
        const nmlp_slice next = slice_of_b(p, column + width);
        add_errand(panel, data + next.offset + b->ks.begin * next.ld, next.ld, k);
    } else if (b->ks.end < p->k) {
        const nmlp_slice first = slice_of_b(p, b->columns.begin);
        add_errand(panel, data + first.offset + b->ks.end * first.ld, first.ld, k);
    }
    const int ragged = vectors != width && !p->padded;
    const int conflicts = nmlp_gemm_pitch_conflicts(s.ld) && tiles_are_low(b->kernels) &&
                          panel->m > 4 * b->kernels->tile_rows;
    if (ragged || conflicts) {
        assert(k * vectors <= PACKED_FLOATS);
        b->kernels->pack_rows(k, width, panel->b, s.ld, packed, vectors);
        panel->b = packed;
        panel->ldb = vectors;
    }
}

/* Each panel brings a strip of what the next block reads of A by columns, where no prefetcher
 * follows: the next k of these rows, or the first of the next ones; of a part of a panel's k the
 * same part. */
static void give_next_a(const gemm_block *b, size_t column, nmlp_panel *panel)
{
    const nmlp_product *p = b->p;
    const size_t ahead = b->ks.begin + NMLP_K_BLOCK;
    const int same_rows = ahead < p->k;
    const size_t q = same_rows ? ahead : b->ks.begin % NMLP_K_BLOCK;
    const size_t first = same_rows ? b->rows.begin : b->rows.end;
    const size_t row = first + column - b->columns.begin;
    if (p->a.transposed && row < smaller(first + row_count(b), p->m))
        add_errand(panel, p->a.data + q * p->a.ld + row, p->a.ld, smaller(k_count(b), p->k - q));
}

enum { RAGGED_ROWS = 64 };

/* Some rows of what follows. */
static void run_ragged_rows(const gemm_block *b, nmlp_panel panel, size_t width)
{
    enum { WIDTH = NMLP_LANES };
    float c[RAGGED_ROWS * WIDTH], gate[RAGGED_ROWS * WIDTH];
    float *target = panel.c;
    const size_t ldc = panel.ldc;
    if (panel.start == NMLP_START_C) b->kernels->pack_rows(panel.m, width, target, ldc, c, WIDTH);
    if (panel.gate != NULL) {
        b->kernels->pack_rows(panel.m, width, panel.gate, panel.ld_gate, gate, WIDTH);
        panel.gate = gate;
        panel.ld_gate = WIDTH;
    }
    panel.c = c;
    panel.ldc = WIDTH;
    b->kernels->gemm_panel(&panel);
    b->kernels->scale(panel.m, width, 1.0f, c, WIDTH, target, ldc);
}

/* Runs a panel of one vector that is only partly C's: through a copy, so many rows at a time that
 * it and a packed B fit into the 128 KiB that musl gives a thread for a stack. */
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
        if (panel.gate != NULL) panel.gate += panel.m * panel.ld_gate;
    }
}

/* A finished product's C: one panel's room where its chains end with this k block,
 * else room for each panel. */
static void give_finish(const gemm_block *b, size_t column, nmlp_panel *panel)
{
    const nmlp_finish *finish = b->p->finish;
    const nmlp_slice s = slice_of_c(b->p, column);
    const size_t at = s.offset + b->rows.begin * s.ld;
    const size_t reads = b->ks.end == b->p->k ? NMLP_FINISH_READS : 0;
    for (size_t i = 0; i < reads && finish->reads[i] != NULL; i++)
        add_errand(panel, finish->reads[i] + at, s.ld, row_count(b));
    panel->ldc = (panel->vectors + panel->half) * NMLP_LANES;
    panel->c = b->p->c + (b->p->k <= NMLP_K_BLOCK ? 0 : column * NMLP_FINISH_ROWS);
}

/* The most columns of a panel: what there is room for. */
static size_t most_columns(const gemm_block *b, size_t left)
{
    const size_t whole = left / NMLP_LANES * NMLP_LANES;
    if (b->p->finish != NULL) return smaller(left, NMLP_MAX_STRIP);
    if (is_short(b, left))
        return smaller(left, SHORT_FLOATS / b->p->k) / NMLP_SHORT_STRIP * NMLP_SHORT_STRIP;
    if (!b->p->b.transposed) return left;
    return is_turned_at_once(b, whole) && whole > 0 ? whole : smaller(left, MAX_PACKED);
}

/* Columns of the panel at hand: as many whole vectors as there are tiles for, at last a
 * part of one. The last 50 are a panel together where there are such tiles: a row of A is
 * then read once and not three times. */
static size_t panel_columns(const gemm_block *b, size_t left)
{
    const nmlp_product *p = b->p;
    const size_t whole =
        left % NMLP_LANES > NMLP_LANES / 2 && p->padded ? nmlp_whole_vectors(left) : left;
    const size_t most = most_columns(b, whole), vectors = most / NMLP_LANES;
    if (is_short(b, most)) return most;
    const size_t before_half = b->kernels->before_half * NMLP_LANES;
    if (before_half > 0 && left > before_half && left <= before_half + NMLP_LANES / 2 &&
        most == left && p->padded && p->finish == NULL)
        return left;
    return smaller(left,
                   b->kernels->wide_vectors(row_count(b), vectors > 0 ? vectors : 1) * NMLP_LANES);
}

static void run_panel_at_once(const gemm_block *b, size_t column, size_t width)
{
    float packed[PACKED_FLOATS];
    const nmlp_product *p = b->p;
    nmlp_errand errands[NMLP_ERRANDS];
    nmlp_panel panel = panel_of(b, column, width);
    panel.errands = errands;
    give_b(b, column, width, packed, &panel);
    give_next_a(b, column, &panel);
    if (p->finish != NULL) give_finish(b, column, &panel);
    if (width % NMLP_LANES != 0 && !p->padded)
        run_ragged(b, panel, width);
    else if (is_short(b, width))
        b->kernels->gemm_short(&panel);
    else if (is_turned_at_once(b, width))
        b->kernels->gemm_turned(&panel);
    else if (b->nonzero != NULL && b->nonzero_count < panel.k)
        b->kernels->gemm_sparse(&panel, b->nonzero, b->nonzero_count);
    else
        b->kernels->gemm_panel(&panel);
    if (p->finish != NULL && b->ks.end == p->k)
        p->finish->run(p->finish, b->rows, (nmlp_range){column, column + width}, panel.c,
                       panel.ldc);
}

static void run_panel(const gemm_block *b, size_t column, size_t width)
{
    const size_t step = b->a.transposed && tiles_are_low(b->kernels) ? LOW_K_BLOCK : NMLP_K_BLOCK;
    gemm_block part = *b;
    size_t q = b->ks.begin;
    do {
        size_t count = smaller(step, b->ks.end - q);
        if (is_turned_at_once(b, width)) count = smaller(count, slice_of_b(b->p, q).count);
        part.ks = (nmlp_range){q, q + count};
        run_panel_at_once(&part, column, width);
        part.a.data += b->a.transposed ? count * b->a.ld : count;
        q = part.ks.end;
    } while (q < b->ks.end);
}

static void run_panels(const gemm_block *b)
{
    const nmlp_product *p = b->p;
    size_t width;
    for (size_t j = b->columns.begin; j < b->columns.end; j += width) {
        size_t left = smaller(b->columns.end - j, slice_of_c(p, j).count);
        if (!p->b.transposed) left = smaller(left, slice_of_b(p, j).count);
        width = panel_columns(b, left);
        run_panel(b, j, width);
    }
}

/* ------------------------------------------------------------------- the walk */

/* Rows shared out evenly over as few blocks as allowed, in whole tiles: a short last
 * block would read all of B for little. */
static size_t block_height(const nmlp_kernels *kernels, const nmlp_product *p, size_t rows,
                           int lying)
{
    if (lying) return NMLP_LYING_ROWS;
    if (p->finish != NULL) return NMLP_FINISH_ROWS;
    const form_of_a form = choose_form_of_a(kernels, p, lying);
    const size_t limit = form == IN_PLACE && nmlp_gemm_pitch_conflicts(p->a.ld)
                             ? CONFLICTING_ROW_BLOCK
                         : p->a.transposed && form != TURNED ? ROW_BLOCK_OF_COLUMNS
                                                             : ROW_BLOCK;
    const size_t tile = kernels->tile_rows, most = limit / tile * tile;
    const size_t blocks = (rows + most - 1) / most;
    if (blocks <= 1) return most;
    return ((rows + blocks - 1) / blocks + tile - 1) / tile * tile;
}

/* Whether a row of A is to be searched for zeros. Short chains have a kernel of their own. */
static int may_be_sparse(const gemm_block *b)
{
    const nmlp_product *p = b->p;
    return p->sparse && p->m == 1 && p->k > NMLP_SHORT_K && !p->a.transposed && !p->b.transposed &&
           b->columns.end - b->columns.begin >= LEAST_SPARSE_COLUMNS;
}

static void run_block_standing(gemm_block *b)
{
    int32_t nonzero[NMLP_K_BLOCK + NMLP_LANES];
    b->nonzero = may_be_sparse(b) ? nonzero : NULL;
    size_t q = 0;
    do { /* once even for k = 0: C is the start */
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
    assert(kernels->tile_vectors * NMLP_LANES <= MAX_PACKED);
    assert(p->finish == NULL || p->start != NMLP_START_C);
    assert(p->descent == NULL ||
           (p->k <= NMLP_DESCENT_K && p->a.transposed && p->n % NMLP_LANES == 0 && p->padded));
    if (p->start == NMLP_START_C && p->beta != 1.0f) scale_c(kernels, p, rows, columns);
    const int lying = nmlp_gemm_lies_down(p, columns);
    const size_t height = block_height(kernels, p, rows.end - rows.begin, lying);
    for (size_t i = rows.begin; i < rows.end; i += height) {
        gemm_block b = {.kernels = kernels,
                        .p = p,
                        .rows = {i, smaller(i + height, rows.end)},
                        .columns = columns,
                        .lying = lying};
        if (lying)
            nmlp_gemm_run_lying(&b);
        else
            run_block_standing(&b);
    }
}

/* ---------------------------------------------------------------- sharing out */

/* By columns or by rows, whichever leaves the busiest worker less: whole vectors of columns (the
 * last may be a half) or rows, which tiles of even height share out again. */
static void split(size_t m, size_t n, int columns_win_ties, nmlp_team team, nmlp_range *rows,
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
    if (columns_win_ties ? widest <= highest : widest < highest)
        *columns = nmlp_parallel_share(n, NMLP_LANES, team);
    else
        *rows = nmlp_parallel_share(m, 1, team);
}

/* Columns win a tie: each column of B, a network's weights, then stays with one core. */
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
    /* Rows win a tie, so that no worker reads of A what another does; but not where much of B must
     * be turned, which each would do with all of it. */
    const int columns_win_ties = product.b.transposed && product.k > NMLP_SHORT_K;
    nmlp_range rows, columns;
    split(product.m, product.n, columns_win_ties, team, &rows, &columns);
    nmlp_gemm_part(task->kernels, &product, rows, columns);
}

/* An element that is only read or written once costs as much as this many operations: caches give
 * 20 to 30 elements a nanosecond, in which a core does 118 operations. */
#define OPERATIONS_PER_ELEMENT 6.0

static double operations(const nmlp_product *p)
{
    const double m = (double)p->m, n = (double)p->n, k = (double)p->k;
    const double arithmetic = 2 * m * n * k;
    const double memory = OPERATIONS_PER_ELEMENT * (m * k + k * n + m * n);
    return arithmetic > memory ? arithmetic : memory;
}

int32_t nmlp_gemm_run(const nmlp_kernels *kernels, const nmlp_product *product, int32_t wanted)
{
    const double work = operations(product);
    const size_t threads = nmlp_parallel_threads(wanted, work);
    gemm_task task = {kernels, product, NULL, nmlp_gemm_scratch(kernels, product)};
    if (task.scratch_floats > 0) {
        task.scratch = malloc(threads * task.scratch_floats * sizeof *task.scratch);
        if (task.scratch == NULL) return NMLP_ERROR_OUT_OF_MEMORY;
    }
    nmlp_parallel_run(threads, work, run_share, &task);
    free(task.scratch);
    return NMLP_OK;
}
