/* SPDX-License-Identifier: MIT
 *
 * C is walked block of rows by block of rows, k block by k block, panel by panel:
 *
 *     for each block of ROW_BLOCK rows        its rows of A stay in the L2 cache
 *       for each block of K_BLOCK of k        C carries the chains from one to the next
 *         for each panel of 16*v columns      B's panel stays in the L1 cache
 *           the panel kernel                  tiles of C in registers
 *
 * Each element of C is one chain over ascending k however it is cut. */
#include "gemm.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "nmlp.h"

/* 256 x 16 floats of B are 16 KiB, half of an L1 cache of 32 KiB; with 32 columns the
 * processors have 48 KiB or the panel is read from L2 at twice the work per byte. */
enum { K_BLOCK = 256 };
/* 192 x 256 floats of A are 192 KiB, well inside an L2 cache of 512 KiB or more. */
enum { ROW_BLOCK = 192 };
enum { MAX_PANEL = 2 * NMLP_LANES };

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

int nmlp_gemm_pitch_conflicts(size_t ld) { return ld % 256 == 0; }

size_t nmlp_gemm_pitch(size_t columns)
{
    const size_t pitch = (columns + NMLP_LANES - 1) / NMLP_LANES * NMLP_LANES;
    return nmlp_gemm_pitch_conflicts(pitch) ? pitch + NMLP_LANES : pitch;
}

/* ------------------------------------------------------------------ packing A
 * A is read in place unless alpha must be multiplied in, or its columns would fall
 * into few cache sets (six rows do not hurt: a cache has eight ways). */

static int must_pack_a(const nmlp_kernels *kernels, const nmlp_product *p)
{
    if (p->alpha != 1.0f) return 1;
    if (!nmlp_gemm_pitch_conflicts(p->a.ld)) return 0;
    return p->a.transposed ? p->k > 8 : kernels->tile_rows > 8;
}

size_t nmlp_gemm_scratch(const nmlp_kernels *kernels, const nmlp_product *p)
{
    if (!must_pack_a(kernels, p)) return 0;
    const size_t rows = smaller(p->m, ROW_BLOCK), k = smaller(p->k, K_BLOCK);
    return p->a.transposed ? k * nmlp_gemm_pitch(rows) : rows * nmlp_gemm_pitch(k);
}

/* op(A)[rows, ks] as the panel kernel reads it. */
static nmlp_matrix block_of_a(const nmlp_kernels *kernels, const nmlp_product *p, nmlp_range rows,
                              nmlp_range ks)
{
    const nmlp_matrix a = p->a;
    const size_t m = rows.end - rows.begin, k = ks.end - ks.begin;
    const float *data = a.transposed ? a.data + ks.begin * a.ld + rows.begin
                                     : a.data + rows.begin * a.ld + ks.begin;
    if (!must_pack_a(kernels, p)) return (nmlp_matrix){data, a.ld, a.transposed};

    const size_t count = a.transposed ? k : m, length = a.transposed ? m : k;
    const size_t pitch = nmlp_gemm_pitch(length);
    for (size_t i = 0; i < count; i++)
        kernels->scale(length, p->alpha, data + i * a.ld, p->scratch + i * pitch);
    return (nmlp_matrix){p->scratch, pitch, a.transposed};
}

/* ------------------------------------------------------------------ packing B
 * A panel of B is packed when it must be transposed, when its last vector would reach
 * beyond the row, or when its rows fall into few cache sets and enough tiles use it. */

static const float *panel_of_b(const nmlp_kernels *kernels, const nmlp_product *p, nmlp_range ks,
                               size_t column, size_t width, size_t m, float *packed, size_t *ld)
{
    const size_t k = ks.end - ks.begin, full = (width + NMLP_LANES - 1) / NMLP_LANES * NMLP_LANES;
    const nmlp_matrix b = p->b;
    *ld = full;
    if (b.transposed) {
        kernels->pack_transposed(k, width, b.data + column * b.ld + ks.begin, b.ld, packed, full);
        return packed;
    }
    const float *data = b.data + ks.begin * b.ld + column;
    const int ragged = full != width && !p->padded;
    const int conflicts = nmlp_gemm_pitch_conflicts(b.ld) && m > 4 * kernels->tile_rows;
    if (ragged || conflicts) {
        kernels->pack_rows(k, width, data, b.ld, packed, full);
        return packed;
    }
    *ld = b.ld;
    return data;
}

/* --------------------------------------------------------------------- panels */

/* Runs a panel whose last vector is only partly C's: through a copy. */
static void run_ragged(const nmlp_kernels *kernels, nmlp_panel panel, size_t width)
{
    float c[ROW_BLOCK * MAX_PANEL], gate[ROW_BLOCK * MAX_PANEL], bias[MAX_PANEL];
    const size_t full = panel.vectors * NMLP_LANES;
    float *target = panel.c;
    const size_t ldc = panel.ldc;
    if (panel.start == NMLP_START_C) kernels->pack_rows(panel.m, width, target, ldc, c, full);
    if (panel.start == NMLP_START_BIAS) {
        kernels->pack_rows(1, width, panel.bias, width, bias, full);
        panel.bias = bias;
    }
    if (panel.gate != NULL) {
        kernels->pack_rows(panel.m, width, panel.gate, panel.ld_gate, gate, full);
        panel.gate = gate;
        panel.ld_gate = full;
    }
    panel.c = c;
    panel.ldc = full;
    kernels->gemm_panel(&panel);
    for (size_t i = 0; i < panel.m; i++) memcpy(target + i * ldc, c + i * full, width * sizeof *c);
}

static void run_panel(const nmlp_kernels *kernels, const nmlp_product *p, nmlp_matrix a,
                      nmlp_range rows, nmlp_range ks, size_t column, size_t width)
{
    float packed[K_BLOCK * MAX_PANEL];
    const int first = ks.begin == 0, last = ks.end == p->k;
    nmlp_panel panel = {
        .m = rows.end - rows.begin,
        .k = ks.end - ks.begin,
        .vectors = (width + NMLP_LANES - 1) / NMLP_LANES,
        .a = a.data,
        .a_row = a.transposed ? 1 : a.ld,
        .a_k = a.transposed ? a.ld : 1,
        .c = p->c + rows.begin * p->ldc + column,
        .ldc = p->ldc,
        .start = first ? p->start : NMLP_START_C,
        .bias = p->bias != NULL ? p->bias + column : NULL,
        .floor = last ? p->floor : NMLP_NO_FLOOR,
        .gate = last && p->gate != NULL ? p->gate + rows.begin * p->ld_gate + column : NULL,
        .ld_gate = p->ld_gate,
    };
    panel.b = panel_of_b(kernels, p, ks, column, width, panel.m, packed, &panel.ldb);
    if (panel.vectors * NMLP_LANES != width && !p->padded)
        run_ragged(kernels, panel, width);
    else
        kernels->gemm_panel(&panel);
}

/* Rows shared out evenly over as few blocks as ROW_BLOCK allows, in whole tiles: a short
 * last block would read all of B for little. */
static size_t block_height(const nmlp_kernels *kernels, size_t rows)
{
    const size_t tile = kernels->tile_rows, most = ROW_BLOCK / tile * tile;
    const size_t blocks = (rows + most - 1) / most;
    if (blocks <= 1) return most;
    return ((rows + blocks - 1) / blocks + tile - 1) / tile * tile;
}

void nmlp_gemm_part(const nmlp_kernels *kernels, const nmlp_product *p, nmlp_range rows,
                    nmlp_range columns)
{
    const size_t panel_width = kernels->tile_vectors * NMLP_LANES;
    assert(panel_width <= MAX_PANEL);
    if (p->start == NMLP_START_C && p->beta != 1.0f)
        for (size_t i = rows.begin; i < rows.end; i++) {
            float *c = p->c + i * p->ldc + columns.begin;
            kernels->scale(columns.end - columns.begin, p->beta, c, c);
        }
    const size_t height = block_height(kernels, rows.end - rows.begin);
    for (size_t i = rows.begin; i < rows.end; i += height) {
        const nmlp_range block = {i, smaller(i + height, rows.end)};
        size_t q = 0;
        do { /* once even for k = 0: C is the start */
            const nmlp_range ks = {q, smaller(q + K_BLOCK, p->k)};
            const nmlp_matrix a = block_of_a(kernels, p, block, ks);
            for (size_t j = columns.begin; j < columns.end; j += panel_width)
                run_panel(kernels, p, a, block, ks, j, smaller(panel_width, columns.end - j));
            q = ks.end;
        } while (q < p->k);
    }
}

/* ---------------------------------------------------------------- sharing out */

void nmlp_gemm_split(const nmlp_kernels *kernels, size_t m, size_t n, nmlp_team team,
                     nmlp_range *rows, nmlp_range *columns)
{
    /* Which split leaves the busiest worker less: whole vectors of columns or whole
     * tiles of rows. Columns win a tie: each column of B then stays with one core. */
    const size_t vectors = (n + NMLP_LANES - 1) / NMLP_LANES;
    const size_t tiles = (m + kernels->tile_rows - 1) / kernels->tile_rows;
    const size_t vectors_each = (vectors + team.workers - 1) / team.workers;
    const size_t tiles_each = (tiles + team.workers - 1) / team.workers;
    const int by_columns = vectors_each * tiles <= tiles_each * vectors;
    *rows = (nmlp_range){0, m};
    *columns = (nmlp_range){0, n};
    if (by_columns)
        *columns = nmlp_parallel_share(n, NMLP_LANES, team);
    else
        *rows = nmlp_parallel_share(m, kernels->tile_rows, team);
}

void nmlp_gemm_share(const nmlp_kernels *kernels, const nmlp_product *p, nmlp_team team)
{
    nmlp_range rows, columns;
    nmlp_gemm_split(kernels, p->m, p->n, team, &rows, &columns);
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
    nmlp_gemm_share(task->kernels, &product, team);
}

int32_t nmlp_gemm_run(const nmlp_kernels *kernels, const nmlp_product *product, int32_t wanted)
{
    const double operations = 2.0 * (double)product->m * (double)product->n * (double)product->k;
    const size_t threads = nmlp_parallel_threads(wanted, operations);
    gemm_task task = {kernels, product, NULL, nmlp_gemm_scratch(kernels, product)};
    if (task.scratch_floats > 0) {
        task.scratch = malloc(threads * task.scratch_floats * sizeof *task.scratch);
        if (task.scratch == NULL) return NMLP_ERROR_OUT_OF_MEMORY;
    }
    nmlp_parallel_run(threads, run_share, &task);
    free(task.scratch);
    return NMLP_OK;
}
