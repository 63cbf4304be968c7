/* SPDX-License-Identifier: MIT
 *
 * Products of every class of shapes, bit for bit, in memory that ends at guard pages:
 *
 *     test_sweep                     each pair of levels (scalar: each level); takes some seconds
 *     test_sweep --strength S        each combination of S levels, except of all three sizes
 *     test_sweep --full [PART/PARTS] each shape with each form and layout; takes hours
 *
 * An output of a product depends only on its row, its column and k, so chains of exact fused
 * multiply-adds are computed once for all cases. */

#include "covering.h"
#include "oracle.h"
#include "isa/dispatch.h"
#include "gemm/gemm.h"
#include "threads/parallel.h"

/* --------------------------------------------------------------------- factors */

enum factor { N, M, K, FORM, LAYOUT, EDGE, START, END, WORKERS, SPLIT, FACTORS };
_Static_assert((int)FACTORS == (int)COVERING_FACTORS, "all of them");

/* The limit for a set of factors whose combinations are all tested. The three sizes have more. */
enum { MOST_COMBINATIONS = 25000 };

enum { MOST_N = 300, MOST_M = 267, MOST_K = 1025, VECTOR = 16 };

/* Values around every limit of the plans of products: vectors, tiles and their widths, short chains
 * (32), fused updates (64), parts of k (128), a transposed copy that fills its memory (256, 307,
 * 384), blocks of k (512). */
static const size_t k_list[] = {0,   1,   2,   3,   4,   5,   7,   8,   9,   15,  16,   17,  31,
                                32,  33,  63,  64,  65,  100, 127, 128, 129, 170, 171,  255, 256,
                                257, 306, 307, 308, 309, 384, 385, 511, 512, 513, 1023, 1025};
/* Up to 20, then values for copies of C (64), finished parts (70), strips (96), blocks of rows (96,
 * 192, 266). */
static const size_t m_list[] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13,  14, 15,
                                16, 17, 18, 19, 20, 33, 64, 65, 70, 71, 96, 97, 193, 267};

enum form { NN, NT, TN, TT, FORMS };
enum layout {
    TIGHT,
    LOOSE,
    CONFLICTS,
    PADDED,
    PADDED_CONFLICTS,
    COLUMN_BLOCKS_OF_B,
    COLUMN_BLOCKS_OF_C,
    LAYOUTS
};
enum start { ZERO, BIAS, CONTINUED, SCALED, WITH_ZEROS, STARTS };
enum end { PLAIN, LOWER_CLAMP, RELU_MASK, EPILOGUE, FUSED_UPDATE, ENDS };
enum split { AS_LAYERS, BY_ROWS, BY_COLUMNS, SPLITS };
static const size_t workers_list[] = {1, 2, 3, 5, 16};

static size_t n_of(size_t level) { return level < 256 ? level + 1 : MOST_N; }

static bool is_padded(size_t layout) { return layout >= PADDED; }

/* If the condition does not hold, sets a level unless it is fixed. Returns whether the condition
 * holds afterwards. */
static bool want(size_t level[], unsigned fixed, enum factor f, bool holds, size_t otherwise)
{
    if (holds) return true;
    if (fixed >> f & 1) return false;
    level[f] = otherwise;
    return true;
}

static bool allows_fused_update(size_t level[], unsigned fixed, uint64_t *draw)
{
    const bool rows = level[LAYOUT] == PADDED || level[LAYOUT] == PADDED_CONFLICTS;
    size_t short_k = 0;
    while (k_list[short_k] <= NMLP_FUSED_UPDATE_K) short_k++;
    return want(level, fixed, FORM, level[FORM] == TN, TN) &&
           want(level, fixed, LAYOUT, rows, PADDED + data_below(draw, 2)) &&
           want(level, fixed, START, level[START] == ZERO, ZERO) &&
           want(level, fixed, K, level[K] < short_k, data_below(draw, short_k)) &&
           want(level, fixed, N, n_of(level[N]) % VECTOR == 0,
                level[N] % 256 / VECTOR * VECTOR + VECTOR - 1);
}

static bool allows_epilogue(size_t level[], unsigned fixed, uint64_t *draw)
{
    const bool begins = level[START] != CONTINUED && level[START] != SCALED;
    return want(level, fixed, FORM, level[FORM] == NN || level[FORM] == TN,
                data_below(draw, 2) ? NN : TN) &&
           want(level, fixed, LAYOUT, is_padded(level[LAYOUT]), PADDED + data_below(draw, 4)) &&
           want(level, fixed, START, begins, ZERO);
}

/* Excludes the combinations that gemm.h does not support. */
static bool settle(size_t level[], unsigned fixed, uint64_t *draw)
{
    const bool allowed = level[END] == FUSED_UPDATE ? allows_fused_update(level, fixed, draw)
                         : level[END] == EPILOGUE   ? allows_epilogue(level, fixed, draw)
                                                    : true;
    if (!allowed && !want(level, fixed, END, false, data_below(draw, EPILOGUE))) return false;
    const bool continues = level[START] == CONTINUED || level[START] == SCALED;
    return !continues || want(level, fixed, LAYOUT, level[LAYOUT] != COLUMN_BLOCKS_OF_C, TIGHT) ||
           want(level, fixed, START, false, BIAS);
}

/* ------------------------------------------------------------------------ data */

static const float alphas[STARTS] = {1, 1, 1, 0.7f, 1}, betas[STARTS] = {0, 0, 1, -0.5f, 0};
static const nmlp_chain_start starts[STARTS] = {NMLP_START_ZERO, NMLP_START_BIAS, NMLP_START_C,
                                                NMLP_START_C, NMLP_START_BIAS};

/* a [2][M x K], the second with zeros, and the other operands; each is also stored transposed. */
static float *a[2], *a_t[2], *b, *b_t, *c, *bias, *relu_mask, *moments;
static float *chains[STARTS][COUNT_OF(k_list)]; /* [M x N] */
static guarded place_a, place_b, place_c, place_bias, place_relu_mask, place_moments, place_scratch;
static const nmlp_kernels *kernels;
static size_t most_m, most_k;

static float *transpose(const float *from, size_t rows, size_t columns)
{
    float *to = test_floats(rows * columns);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) to[j * rows + i] = from[i * columns + j];
    return to;
}

static float *drawn(uint64_t seed, size_t count)
{
    float *x = test_floats(count);
    data_fill(seed, -1, 1, x, count);
    return x;
}

static void make_data(void)
{
    for (size_t zeros = 0; zeros < 2; zeros++) {
        a[zeros] = drawn(1, MOST_M * MOST_K);
        for (size_t i = 0; zeros && i < MOST_M * MOST_K; i++)
            if (i * i % 7 < 4) a[1][i] = i % 3 ? 0.0f : -0.0f;
        a_t[zeros] = transpose(a[zeros], MOST_M, MOST_K);
    }
    b = drawn(2, MOST_K * MOST_N);
    b_t = transpose(b, MOST_K, MOST_N);
    c = drawn(3, MOST_M * MOST_N);
    bias = drawn(4, MOST_N);
    relu_mask = drawn(5, MOST_M * MOST_N);
    moments = drawn(6, MOST_M * MOST_N);
    guarded *const places[] = {&place_a,         &place_b,       &place_c,      &place_bias,
                               &place_relu_mask, &place_moments, &place_scratch};
    for (size_t i = 0; i < COUNT_OF(places); i++)
        *places[i] = guarded_create((MOST_K + 1) * 1280 * sizeof(float));
}

/* Continues the chains from one k of the list to the next. */
static void make_chains(enum start start)
{
    const float *from = a[start == WITH_ZEROS];
    float *chain = test_floats(MOST_M * MOST_N);
    for (size_t i = 0; i < MOST_M * MOST_N; i++)
        chain[i] = starts[start] == NMLP_START_BIAS ? bias[i % MOST_N]
                   : starts[start] == NMLP_START_C  ? betas[start] * c[i]
                                                    : 0;
    for (size_t l = 0, k = 0; l < COUNT_OF(k_list) && k_list[l] <= most_k; k = k_list[l++]) {
        oracle_chain(most_m, MOST_N, k_list[l] - k, alphas[start], plain(from + k, MOST_K),
                     plain(b + k * MOST_N, MOST_N), chain);
        chains[start][l] =
            memcpy(test_floats(MOST_M * MOST_N), chain, (size_t)MOST_M * MOST_N * sizeof *chain);
    }
    free(chain);
}

/* ------------------------------------------------------------------- operands */

/* A matrix [rows x columns] that exactly fills guarded memory. If `gaps` is set, a gap after each
 * row, up to whole vectors, belongs to the matrix and is 0. All other memory between rows is
 * poison. */
typedef struct placed {
    float *data;
    size_t rows, columns, ld, width; /* width includes the gap */
} placed;

static placed place(const guarded *where, size_t rows, size_t columns, size_t ld, bool gaps,
                    bool at_end)
{
    placed m = {NULL, rows, columns, ld, gaps ? nmlp_whole_vectors(columns) : columns};
    const size_t floats = ld == NMLP_IN_COLUMN_BLOCKS ? rows * nmlp_whole_vectors(columns)
                          : rows == 0 || columns == 0 ? 0
                                                      : (rows - 1) * ld + m.width;
    m.data = guarded_floats(where, floats, at_end);
    fill_bits(m.data, floats, ld == NMLP_IN_COLUMN_BLOCKS ? 0 : poison);
    for (size_t i = 0; i < rows && gaps && ld != NMLP_IN_COLUMN_BLOCKS; i++)
        memset(m.data + i * ld, 0, m.width * sizeof(float));
    return m;
}

static void fill(const placed *m, const float *from, size_t ld)
{
    nmlp_column_block s;
    for (size_t j = 0; j < m->columns; j += s.count) {
        s = nmlp_column_block_at(m->ld, m->rows, m->columns, j);
        for (size_t i = 0; i < m->rows; i++)
            memcpy(m->data + s.offset + i * s.ld, from + i * ld + j, s.count * sizeof(float));
    }
}

static size_t distance(size_t layout, size_t columns, bool in_column_blocks)
{
    switch (layout) {
    case LOOSE:
        return columns + 3;
    case CONFLICTS:
    case PADDED_CONFLICTS:
        return (columns + 255) / 256 * 256;
    case PADDED:
        return nmlp_gemm_pitch(columns);
    case COLUMN_BLOCKS_OF_B:
    case COLUMN_BLOCKS_OF_C:
        return in_column_blocks ? NMLP_IN_COLUMN_BLOCKS : nmlp_gemm_pitch(columns);
    default:
        return columns;
    }
}

/* ----------------------------------------------------------------------- a case */

static const nmlp_update update = {.rate = 0.125f, .l2 = 0.0625f, .momentum = 0.9f};
static char what[160];

/* Computes row i of the expected product, and the moments for a fused update. */
static void expect_row(const size_t level[], size_t i, float *row, float *moment)
{
    const size_t at = i * MOST_N, n = n_of(level[N]);
    memcpy(row, chains[level[START]][level[K]] + at, n * sizeof *row);
    for (size_t j = 0; j < n; j++) {
        if (level[END] == LOWER_CLAMP && row[j] < 0) row[j] = 0;
        if (level[END] == RELU_MASK && !(relu_mask[at + j] > 0)) row[j] = 0;
        if (level[END] != FUSED_UPDATE) continue;
        moment[j] =
            exact_fma(update.momentum, moments[at + j], exact_fma(update.l2, c[at + j], row[j]));
        row[j] = exact_fma(-update.rate, moment[j], c[at + j]);
    }
}

/* Checks the bits of the row, zeros in gaps, and poison after them. */
static bool check_row(const placed *m, size_t i, const float *expected)
{
    nmlp_column_block s;
    for (size_t j = 0; j < m->columns; j += s.count) {
        s = nmlp_column_block_at(m->ld, m->rows, m->columns, j);
        if (!CHECK_BITS(what, expected + j, m->data + s.offset + i * s.ld, s.count)) return false;
        const float *gap = m->data + s.offset + i * s.ld + s.count;
        for (size_t g = 0; m->ld == NMLP_IN_COLUMN_BLOCKS && (s.count + g) % VECTOR != 0; g++)
            if (gap[g] != 0) return CHECK_THAT(false, "%s: gap of row %zu", what, i);
    }
    if (m->ld == NMLP_IN_COLUMN_BLOCKS) return true;
    for (size_t j = m->columns; j < (i + 1 == m->rows ? m->width : m->ld); j++) {
        const float x = m->data[i * m->ld + j];
        if (j < m->width ? x != 0 : float_bits(x) != poison)
            return CHECK_THAT(false, "%s: behind row %zu, at %zu: %g", what, i, j, (double)x);
    }
    return true;
}

/* Copies the finished part, whose gap must be 0. */
static void take_finished(const nmlp_epilogue *epilogue, nmlp_range rows, nmlp_range columns,
                          const float *part, size_t ld)
{
    const placed *to = epilogue->context;
    const size_t width = columns.end - columns.begin;
    const nmlp_column_block s = nmlp_column_block_at(to->ld, to->rows, to->columns, columns.begin);
    CHECK_THAT(rows.end <= to->rows && columns.end <= to->columns && width <= s.count, "%s", what);
    for (size_t i = rows.begin; i < rows.end; i++, part += ld) {
        memcpy(to->data + s.offset + i * s.ld, part, width * sizeof *part);
        for (size_t j = width; j < nmlp_whole_vectors(width); j++)
            if (part[j] != 0) CHECK_THAT(part[j] == 0, "%s: gap of a finished part", what);
    }
}

static void run_worker(const nmlp_product *p, size_t split, nmlp_team team)
{
    const nmlp_range rows = nmlp_parallel_share(p->m, 1, team);
    const nmlp_range columns = nmlp_parallel_share(p->n, VECTOR, team);
    if (split == AS_LAYERS)
        nmlp_gemm_share(kernels, p, team);
    else if (split == BY_ROWS)
        nmlp_gemm_part(kernels, p, rows, (nmlp_range){0, p->n});
    else
        nmlp_gemm_part(kernels, p, (nmlp_range){0, p->m}, columns);
}

static void run_case(const size_t level[])
{
    const size_t n = n_of(level[N]), m = m_list[level[M]], k = k_list[level[K]];
    const size_t layout = level[LAYOUT], workers = workers_list[level[WORKERS]];
    const bool ta = level[FORM] == TN || level[FORM] == TT;
    const bool tb = level[FORM] == NT || level[FORM] == TT;
    const bool at_end = level[EDGE] != 0, padded = is_padded(layout),
               zeros = level[START] == WITH_ZEROS;
    snprintf(what, sizeof what,
             "m %zu, n %zu, k %zu, form %zu, layout %zu, %s, start %zu, end %zu, %zu workers, "
             "split %zu",
             m, n, k, level[FORM], layout, at_end ? "at the end" : "at the beginning", level[START],
             level[END], workers, level[SPLIT]);

    const size_t a_columns = ta ? m : k, b_columns = tb ? k : n;
    const placed pa =
        place(&place_a, ta ? k : m, a_columns, distance(layout, a_columns, false), false, at_end);
    const placed pb =
        place(&place_b, tb ? n : k, b_columns,
              distance(layout, b_columns, layout == COLUMN_BLOCKS_OF_B), padded && !tb, at_end);
    placed pc =
        place(&place_c, m, n, distance(layout, n, layout == COLUMN_BLOCKS_OF_C), padded, at_end);
    const placed pg = place(&place_relu_mask, m, n, distance(layout, n, false), padded, at_end);
    const placed pm = place(&place_moments, m, n, pc.ld, padded, at_end);
    const placed pv = place(&place_bias, 1, n, n, padded, at_end);
    fill(&pa, ta ? a_t[zeros] : a[zeros], ta ? MOST_M : MOST_K);
    fill(&pb, tb ? b_t : b, tb ? MOST_K : MOST_N);
    if (starts[level[START]] == NMLP_START_C || level[END] == FUSED_UPDATE) fill(&pc, c, MOST_N);
    fill(&pg, relu_mask, MOST_N);
    fill(&pm, moments, MOST_N);
    fill(&pv, bias, MOST_N);

    nmlp_epilogue epilogue = {.run = take_finished, .context = &pc, .reads = {pm.data}};
    const nmlp_fused_update fused_update = {
        update, (ptrdiff_t)((intptr_t)pm.data - (intptr_t)pc.data) / (ptrdiff_t)sizeof(float)};
    nmlp_product p = {
        .m = m,
        .n = n,
        .k = k,
        .alpha = alphas[level[START]],
        .a = {pa.data, pa.ld, ta, NULL},
        .b = {pb.data, pb.ld, tb, NULL},
        .c = pc.data,
        .ldc = pc.ld,
        .start = starts[level[START]],
        .beta = betas[level[START]],
        .bias = starts[level[START]] == NMLP_START_BIAS ? pv.data : NULL,
        .lower_clamp = level[END] == LOWER_CLAMP ? 0 : NMLP_NO_CLAMP,
        .relu_mask = level[END] == RELU_MASK ? pg.data : NULL,
        .ld_relu_mask = pg.ld,
        .sparse = zeros,
        .padded = padded,
        .epilogue = level[END] == EPILOGUE ? &epilogue : NULL,
        .fused_update = level[END] == FUSED_UPDATE ? &fused_update : NULL,
    };
    p.scratch = guarded_floats(&place_scratch, nmlp_gemm_scratch(kernels, &p), at_end);
    float *finished = NULL;
    if (level[END] == EPILOGUE) {
        const size_t floats = nmlp_gemm_epilogue_floats(n, k);
        finished = guarded_floats(&place_relu_mask, floats, at_end);
        fill_bits(finished, floats, poison);
        p.c = finished;
    }
    for (size_t w = 0; w < workers; w++)
        run_worker(&p, level[SPLIT], (nmlp_team){w, workers, NULL});
    float row[MOST_N], moment[MOST_N];
    bool right = true;
    for (size_t i = 0; i < m && right; i++) {
        expect_row(level, i, row, moment);
        right = check_row(&pc, i, row) && (level[END] != FUSED_UPDATE || check_row(&pm, i, moment));
    }
}

/* ------------------------------------------------------------------------ main */

static covering design = {
    .factors = FACTORS,
    .levels = {257, COUNT_OF(m_list), COUNT_OF(k_list), FORMS, LAYOUTS, 2, STARTS, ENDS,
               COUNT_OF(workers_list), SPLITS},
    .settle = settle,
    .run = run_case,
};

static void sweep(size_t strength, bool full, size_t part, size_t parts)
{
    make_data();
    most_m = MOST_M;
    most_k = MOST_K;
    for (size_t start = 0; start < STARTS; start++) make_chains((enum start)start);
    if (full)
        covering_run_whole(&design, 1u << N | 1u << M | 1u << K | 1u << FORM | 1u << LAYOUT, part,
                           parts, 7);
    else
        covering_run(&design, strength, MOST_COMBINATIONS, 7);
    printf("%zu cases; of the combinations wanted, %zu are impossible\n", design.cases,
           design.impossible);
}

int main(int argc, char **argv)
{
    test_begin("test_sweep");
    test_running = "test_product__every_class_of_shapes";
    kernels = nmlp_kernels_get();
    size_t strength = nmlp_active_isa() == NMLP_ISA_SCALAR ? 1 : 2, part = 0, parts = 1;
    const bool full = argc > 1 && strcmp(argv[1], "--full") == 0;
    if (full && argc > 2 && sscanf(argv[2], "%zu/%zu", &part, &parts) != 2) return 2;
    if (argc == 3 && strcmp(argv[1], "--strength") == 0)
        strength = (size_t)strtoul(argv[2], NULL, 10);
    sweep(strength, full, part, parts);
    return test_end("test_sweep");
}
