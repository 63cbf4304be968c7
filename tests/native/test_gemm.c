/* SPDX-License-Identifier: MIT
 *
 * Products and dense layers, bit for bit: each output is a chain of exact fused
 * multiply-adds over ascending k, whatever the tile, the blocking, the strides,
 * the transposes, the instruction set and the number of threads. */

#include "isa/dispatch.h"
#include "gemm/gemm.h"
#include "test_support.h"

#include "threads/parallel.h"

enum { MOST_M = 35, MOST_N = 67, MOST_K = 513 };

/* One logical product for all shapes up to MOST_M x MOST_N: an output depends on its
 * row and column alone, so the oracle of the largest serves the smaller. */
typedef struct product {
    size_t k;
    float alpha, beta;
    float *a, *a_t, *b, *b_t; /* a [M x k], a_t [k x M], b [k x N], b_t [N x k] */
    float *c, *expected;      /* [M x N] */
} product;

static product product_create(size_t k, float alpha, float beta, uint64_t seed)
{
    product p = {.k = k, .alpha = alpha, .beta = beta};
    p.a = test_floats(MOST_M * k);
    p.a_t = test_floats(MOST_M * k);
    p.b = test_floats(MOST_N * k);
    p.b_t = test_floats(MOST_N * k);
    p.c = test_floats(MOST_M * MOST_N);
    p.expected = test_floats(MOST_M * MOST_N);
    data_fill(seed, -1.0f, 1.0f, p.a, MOST_M * k);
    data_fill(seed + 1, -1.0f, 1.0f, p.b, MOST_N * k);
    data_fill(seed + 2, -1.0f, 1.0f, p.c, MOST_M * MOST_N);
    for (size_t q = 0; q < k; q++) {
        for (size_t i = 0; i < MOST_M; i++) p.a_t[q * MOST_M + i] = p.a[i * k + q];
        for (size_t j = 0; j < MOST_N; j++) p.b_t[j * k + q] = p.b[q * MOST_N + j];
    }
    for (size_t i = 0; i < MOST_M * MOST_N; i++) p.expected[i] = beta == 0 ? 0 : beta * p.c[i];
    oracle_chain(MOST_M, MOST_N, k, alpha, plain(p.a, k), plain(p.b, MOST_N), p.expected);
    return p;
}

static void product_destroy(product *p)
{
    free(p->a);
    free(p->a_t);
    free(p->b);
    free(p->b_t);
    free(p->c);
    free(p->expected);
}

/* The places of A, B and C in guarded memory, large enough for all cases. */
static guarded place_a, place_b, place_c;

/* How a matrix lies in memory: row pitch, elements from its first to its last. */
static size_t extent(size_t rows, size_t columns, size_t ld)
{
    return rows == 0 || columns == 0 ? 0 : (rows - 1) * ld + columns;
}

/* src [.. x src_ld] into guarded memory with pitch ld, poison between the rows. */
static float *placed(const guarded *place, const float *src, size_t src_ld, size_t rows,
                     size_t columns, size_t ld, bool at_end)
{
    float *dst = guarded_floats(place, extent(rows, columns, ld), at_end);
    fill_bits(dst, extent(rows, columns, ld), poison);
    for (size_t i = 0; i < rows && columns > 0; i++)
        memcpy(dst + i * ld, src + i * src_ld, columns * sizeof(float));
    return dst;
}

/* actual [m x n, pitch ld] has expected's bits and poison between its rows: one check. */
static void check_matrix(const char *what, const float *expected, size_t expected_ld,
                         const float *actual, size_t m, size_t n, size_t ld)
{
    size_t wrong = 0, row = 0, column = 0;
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < (i + 1 == m ? n : ld); j++) {
            uint32_t want = j < n ? float_bits(expected[i * expected_ld + j]) : poison;
            if (want == float_bits(actual[i * ld + j])) continue;
            if (wrong++ == 0) row = i, column = j;
        }
    }
    CHECK_THAT(wrong == 0,
               "%s: m %zu, n %zu, ld %zu: %zu wrong, first at (%zu, %zu): %.9g, not %.9g", what, m,
               n, ld, wrong, row, column, wrong ? (double)actual[row * ld + column] : 0,
               wrong && column < n ? (double)expected[row * expected_ld + column] : 0);
}

typedef struct layout {
    int32_t transpose_a, transpose_b;
    size_t pad; /* every pitch is this much wider than the rows */
    bool at_end;
    int32_t threads;
} layout;

static void check_product(const product *p, size_t m, size_t n, layout how)
{
    size_t a_rows = how.transpose_a ? p->k : m, a_columns = how.transpose_a ? m : p->k;
    size_t b_rows = how.transpose_b ? n : p->k, b_columns = how.transpose_b ? p->k : n;
    size_t lda = a_columns + how.pad, ldb = b_columns + how.pad, ldc = n + how.pad;
    const float *a = how.transpose_a
                         ? placed(&place_a, p->a_t, MOST_M, a_rows, a_columns, lda, how.at_end)
                         : placed(&place_a, p->a, p->k, a_rows, a_columns, lda, how.at_end);
    const float *b = how.transpose_b
                         ? placed(&place_b, p->b_t, p->k, b_rows, b_columns, ldb, how.at_end)
                         : placed(&place_b, p->b, MOST_N, b_rows, b_columns, ldb, how.at_end);
    float *c = placed(&place_c, p->c, MOST_N, m, n, ldc, how.at_end);
    char what[120];
    if (p->beta == 0) fill_bits(c, extent(m, n, ldc), poison); /* not read */
    snprintf(what, sizeof what, "k %zu, alpha %g, beta %g, transposes %d%d, %d threads", p->k,
             (double)p->alpha, (double)p->beta, (int)how.transpose_a, (int)how.transpose_b,
             (int)how.threads);
    CHECK_OK(nmlp_gemm(m, n, p->k, how.transpose_a, how.transpose_b, p->alpha, a, lda, b, ldb,
                       p->beta, c, ldc, how.threads));
    check_matrix(what, p->expected, MOST_N, c, m, n, ldc);
}

static void test_gemm__tile_edges(void)
{
    static const size_t n_list[] = {1,  2,  3,  7,  8,  9,  15, 16, 17, 23, 24,
                                    31, 32, 33, 47, 48, 49, 63, 64, 65, 66, 67};
    static const size_t k_list[] = {0, 1, 2, 7, 16, 255, 256, 257, 300, 513};
    for (size_t ki = 0; ki < COUNT_OF(k_list); ki++) {
        product p = product_create(k_list[ki], 1.0f, 0.0f, 100 + ki);
        for (size_t m = 1; m <= MOST_M; m++) {
            for (size_t ni = 0; ni < COUNT_OF(n_list); ni++) {
                size_t turn = m + ni + ki;
                layout how = {turn & 1, (turn >> 1) & 1, turn % 3, turn % 5 != 0, 1};
                if (k_list[ki] > 16 && (m * 22 + ni) % 4 != ki % 4) continue;
                check_product(&p, m, n_list[ni], how);
            }
        }
        product_destroy(&p);
    }
}

static void test_gemm__transposes_strides_alpha_beta(void)
{
    static const struct {
        size_t m, n, k;
    } shapes[] = {
        {1, 1, 1},   {1, 16, 5},   {6, 16, 7},    {7, 17, 33},  {14, 32, 64},  {15, 33, 19},
        {13, 1, 40}, {35, 67, 12}, {35, 67, 257}, {5, 64, 300}, {29, 48, 513}, {4, 40, 0},
    };
    static const float scales[] = {0.0f, 1.0f, -1.0f, 0.7f, -3.1f};
    for (size_t s = 0; s < COUNT_OF(shapes); s++) {
        for (size_t scale = 0; scale < COUNT_OF(scales) * COUNT_OF(scales); scale++) {
            product p = product_create(shapes[s].k, scales[scale / COUNT_OF(scales)],
                                       scales[scale % COUNT_OF(scales)], 200 + s);
            for (int32_t way = 0; way < 8; way++) {
                layout how = {way & 1, (way >> 1) & 1, way & 4 ? 5 : 0, scale % 2 == 0, 2};
                check_product(&p, shapes[s].m, shapes[s].n, how);
            }
            product_destroy(&p);
        }
    }
}

static void test_gemm__empty(void)
{
    float c[6] = {1, 2, 3, 4, 5, 6}, a[6] = {1, 1, 1, 1, 1, 1};
    const float same[6] = {1, 2, 3, 4, 5, 6}, halved[6] = {0.5f, 1, 1.5f, 2, 2.5f, 3};
    const float zero[6] = {0};
    CHECK_OK(nmlp_gemm(0, 3, 2, 0, 0, 1, NULL, 2, a, 3, 0, NULL, 3, 1));
    CHECK_OK(nmlp_gemm(2, 0, 3, 0, 0, 1, a, 3, NULL, 0, 0, NULL, 0, 1));
    CHECK_OK(nmlp_gemm(0, 0, 0, 1, 1, 1, NULL, 0, NULL, 0, 0, NULL, 0, 0));
    CHECK_BITS("untouched", same, c, 6);
    CHECK_OK(nmlp_gemm(2, 3, 0, 0, 0, 1, NULL, 0, NULL, 3, 0.5f, c, 3, 1));
    CHECK_BITS("k = 0 scales C", halved, c, 6);
    CHECK_OK(nmlp_gemm(2, 3, 0, 0, 0, 1, NULL, 0, NULL, 3, 0, c, 3, 1));
    CHECK_BITS("k = 0, beta = 0 clears C", zero, c, 6);
}

/* Values whose products and sums lose everything, are denormal, or differ in magnitude by 2^60:
 * an FMA made of two roundings, or flushed denormals, shows at once. */
static void test_gemm__hostile_values(void)
{
    static const struct {
        int low, high;
    } ranges[] = {{-30, 30}, {-75, -70}, {-126, -100}, {-149, 0}};
    enum { M = 15, N = 35, K = 70 };
    float *a = test_floats(M * K), *b = test_floats(K * N);
    float *expected = test_floats(M * N), *c = test_floats(M * N);
    for (size_t r = 0; r < COUNT_OF(ranges); r++) {
        int b_high = ranges[r].high < -90 ? 0 : ranges[r].high;
        data_fill_wide(300 + r, ranges[r].low, ranges[r].high, a, M * K);
        data_fill_wide(310 + r, ranges[r].low < -90 ? -30 : ranges[r].low, b_high, b, K * N);
        for (size_t q = 1; q < K; q += 2) { /* pairs that cancel but for their last bits */
            for (size_t i = 0; i < M; i++) a[i * K + q] = -nextafterf(a[i * K + q - 1], 0.0f);
            memcpy(b + q * N, b + (q - 1) * N, N * sizeof *b);
        }
        memset(expected, 0, M * N * sizeof *expected);
        oracle_chain(M, N, K, 1, plain(a, K), plain(b, N), expected);
        CHECK_OK(nmlp_gemm(M, N, K, 0, 0, 1, a, K, b, N, 0, c, N, 1));
        CHECK_BITS("hostile values", expected, c, M * N);
    }
    free(a);
    free(b);
    free(expected);
    free(c);
}

/* Sums that lie beside a tie by 2^-46 of it: a product rounded to double falls on the tie and
 * then to the wrong side. The rest of the chain adds zeros. */
static void test_gemm__near_ties(void)
{
    enum { M = 29, N = 67, K = 300 };
    float *a = test_floats(M * K), *b = test_floats(K * N);
    float *expected = test_floats(M * N), *c = test_floats(M * N);
    for (size_t at = 0; at < K; at += 97) {
        const float off = (float)(1 + at % 61) * 0x1p-23f;
        memset(a, 0, M * K * sizeof *a);
        data_fill(330 + at, -1, 1, b, K * N);
        for (size_t i = 0; i < M; i++) a[i * K + at] = 0x1p-24f * (1 + off);
        for (size_t j = 0; j < N; j++) b[at * N + j] = j % 2 ? 1 - off : off - 1;
        for (size_t i = 0; i < M * N; i++) {
            c[i] = 1 + (float)(i % 1009) * 0x1p-22f + 0x1p-23f;
            if (i % N % 2 == 0) c[i] = -c[i];
        }
        memcpy(expected, c, M * N * sizeof *c);
        oracle_chain(M, N, K, 1, plain(a, K), plain(b, N), expected);
        CHECK_BITS("the oracle adds less than half", c, expected, M * N);
        CHECK_OK(nmlp_gemm(M, N, K, 0, 0, 1, a, K, b, N, 1, c, N, 1));
        CHECK_BITS("near ties", expected, c, M * N);
    }
    free(a);
    free(b);
    free(expected);
    free(c);
}

static void test_gemm__threads(void)
{
    static const struct {
        size_t m, n, k;
    } shapes[] = {
        {257, 131, 300}, {1, 701, 513}, {613, 1, 300},
        {64, 10, 1030},  {3, 900, 257}, {200, 16, 700},
    };
    static const int32_t threads[] = {1, 2, 3, 5, 0};
    for (size_t s = 0; s < COUNT_OF(shapes); s++) {
        size_t m = shapes[s].m, n = shapes[s].n, k = shapes[s].k;
        float *a = test_floats(m * k), *b = test_floats(k * n), *start = test_floats(m * n);
        float *expected = test_floats(m * n), *c = test_floats(m * n);
        data_fill(400 + s, -1, 1, a, m * k);
        data_fill(410 + s, -1, 1, b, k * n);
        data_fill(420 + s, -1, 1, start, m * n);
        for (size_t i = 0; i < m * n; i++) expected[i] = -0.3f * start[i];
        /* b as it lies serves as its own transpose with k and n exchanged only where square:
         * here A is read transposed on odd shapes instead. */
        strided logical_a = s % 2 ? transposed(a, m) : plain(a, k);
        oracle_chain(m, n, k, 1.3f, logical_a, plain(b, n), expected);
        for (size_t t = 0; t < COUNT_OF(threads); t++) {
            memcpy(c, start, m * n * sizeof *c);
            CHECK_OK(nmlp_gemm(m, n, k, s % 2, 0, 1.3f, a, s % 2 ? m : k, b, n, -0.3f, c, n,
                               threads[t]));
            CHECK_BITS("threads", expected, c, m * n);
        }
        free(a);
        free(b);
        free(start);
        free(expected);
        free(c);
    }
}

/* Few rows against a B that is stored transposed, and all that may stand at the end of a chain:
 * what the gradient of a small batch's inputs is. */
static void test_product__few_rows_of_a_transposed_b(void)
{
    enum { MOST = 5, PITCH = MOST_N + 13 };
    static const size_t columns[] = {7, 16, 33, 48, 67}, depths[] = {1, 3, 4, 6, 37, 513};
    float a[MOST * MOST_K], relu_mask[MOST * PITCH], c[MOST * PITCH], expected[MOST * PITCH];
    float *b = test_floats(MOST_N * MOST_K), bias[MOST_N];
    data_fill(500, -1, 1, a, MOST * MOST_K);
    data_fill(501, -1, 1, b, MOST_N * MOST_K);
    data_fill(502, -1, 1, relu_mask, MOST * PITCH);
    data_fill(503, -1, 1, bias, MOST_N);
    for (size_t trial = 0; trial < COUNT_OF(columns) * COUNT_OF(depths) * MOST * 2; trial++) {
        const size_t n = columns[trial % COUNT_OF(columns)];
        const size_t k = depths[trial / COUNT_OF(columns) % COUNT_OF(depths)];
        const size_t m = 1 + trial / (COUNT_OF(columns) * COUNT_OF(depths)) % MOST;
        const bool masks_by_relu = trial % 2;
        const float *own_b =
            memcpy(guarded_floats(&place_b, n * k, true), b, n * k * sizeof(float));
        const nmlp_product own = {.m = m,
                                  .n = n,
                                  .k = k,
                                  .alpha = 1,
                                  .a = {a, k, 0},
                                  .b = {own_b, k, 1},
                                  .c = c,
                                  .ldc = PITCH,
                                  .start = masks_by_relu ? NMLP_START_ZERO : NMLP_START_BIAS,
                                  .bias = masks_by_relu ? NULL : bias,
                                  .lower_clamp = masks_by_relu ? NMLP_NO_CLAMP : 0,
                                  .relu_mask = masks_by_relu ? relu_mask : NULL,
                                  .ld_relu_mask = PITCH};
        fill_bits(c, MOST * PITCH, poison);
        fill_bits(expected, MOST * PITCH, poison);
        nmlp_gemm_part(nmlp_kernels_get(), &own, (nmlp_range){0, m}, (nmlp_range){0, n});
        float chains[MOST * MOST_N];
        for (size_t i = 0; i < m * n; i++) chains[i] = masks_by_relu ? 0 : bias[i % n];
        oracle_chain(m, n, k, 1, plain(a, k), transposed(own_b, k), chains);
        for (size_t i = 0; i < m; i++)
            for (size_t j = 0; j < n; j++) {
                const float x = chains[i * n + j];
                const bool zero = masks_by_relu ? relu_mask[i * PITCH + j] <= 0 : x < 0;
                expected[i * PITCH + j] = zero ? 0 : x;
            }
        CHECK_BITS("few rows of a transposed B", expected, c, MOST * PITCH);
    }
    free(b);
}

/* ------------------------------------------------------------- dense layers */

typedef struct layer {
    size_t m, n, k, pad;
    int32_t activation;
    bool bias, at_end;
    int32_t threads;
} layer;

static float relu(float x) { return x < 0 ? 0 : x; }

static void check_forward(const layer *l, uint64_t seed)
{
    size_t m = l->m, n = l->n, k = l->k;
    float *x = test_floats(m * k), *w = test_floats(k * n), *b = test_floats(n);
    float *expected = test_floats(m * n);
    data_fill(seed, -1, 1, x, m * k);
    data_fill(seed + 1, -1, 1, w, k * n);
    data_fill(seed + 2, -1, 1, b, n);
    for (size_t i = 0; i < m * n; i++) expected[i] = l->bias ? b[i % n] : 0.0f;
    oracle_chain(m, n, k, 1, plain(x, k), plain(w, n), expected);
    for (size_t i = 0; i < m * n; i++)
        if (l->activation == NMLP_ACTIVATION_RELU) expected[i] = relu(expected[i]);
    guarded place_bias = guarded_create(n * sizeof(float));
    float *bias = guarded_floats(&place_bias, l->bias ? n : 0, l->at_end);
    if (l->bias) memcpy(bias, b, n * sizeof *b);
    const float *px = placed(&place_a, x, k, m, k, k + l->pad, l->at_end);
    const float *pw = placed(&place_b, w, n, k, n, n + l->pad, l->at_end);
    float *y = placed(&place_c, expected, n, m, n, n + l->pad, l->at_end);
    fill_bits(y, extent(m, n, n + l->pad), poison);
    CHECK_OK(nmlp_dense_forward(m, n, k, l->activation, 0.0f, px, k + l->pad, pw, n + l->pad, bias,
                                l->bias ? n : 0, y, n + l->pad, l->threads));
    check_matrix(l->activation ? "relu layer" : "linear layer", expected, n, y, m, n, n + l->pad);
    guarded_destroy(&place_bias);
    free(x);
    free(w);
    free(b);
    free(expected);
}

/* ---------------------------------------------------------- a row with zeros */

/* A share of x becomes 0, of either sign. */
static void make_zeros(float *x, size_t count, float share, uint64_t seed)
{
    float *lots = test_floats(count);
    data_fill(seed, 0, 1, lots, count);
    for (size_t p = 0; p < count; p++)
        if (lots[p] < share) x[p] = p % 3 == 0 ? -0.0f : 0.0f;
    free(lots);
}

/* Column j of w [k x n] and its bias such that its chain is a 0 at every step, whose sign each
 * term may change. */
static void make_column_of_zeros(float *w, float *bias, size_t n, size_t k, size_t j)
{
    bias[j] = -0.0f;
    for (size_t p = 0; p < k; p++)
        w[p * n + j] = copysignf(j % 2 == 0 ? 0x1p-149f : 0, w[p * n + j]);
}

typedef struct row_case {
    size_t n, k;
    float zeros;                    /* share of the row */
    size_t every;                   /* so many columns one of zeros; 0: none */
    float alpha, beta, lower_clamp; /* beta other than 0: C is the start, else the bias */
} row_case;

static void check_row_with_zeros(row_case how, uint64_t seed)
{
    const size_t n = how.n, k = how.k, half = (n / 2 + 15) / 16 * 16;
    float *x = test_floats(k), *w = test_floats(k * n), *bias = test_floats(n);
    float *expected = test_floats(n), *y = test_floats(n), *scratch = test_floats(600);
    data_fill(seed, -0.4f, 0.4f, x, k);
    data_fill(seed + 1, -1, 1, w, k * n);
    data_fill(seed + 2, -1, 1, bias, n);
    make_zeros(x, k, how.zeros, seed + 3);
    for (size_t j = seed % n; how.every > 0 && j < n; j += how.every)
        make_column_of_zeros(w, bias, n, k, j);
    for (size_t j = 0; j < n; j++) expected[j] = how.beta != 0 ? how.beta * bias[j] : bias[j];
    oracle_chain(1, n, k, how.alpha, plain(x, k), plain(w, n), expected);
    for (size_t j = 0; j < n; j++)
        if (expected[j] < how.lower_clamp) expected[j] = how.lower_clamp;
    const nmlp_product own = {
        .m = 1,
        .n = n,
        .k = k,
        .alpha = how.alpha,
        .a = {placed(&place_a, x, k, 1, k, k, true), k, 0},
        .b = {placed(&place_b, w, n, k, n, n, true), n, 0},
        .c = y,
        .ldc = n,
        .start = how.beta != 0 ? NMLP_START_C : NMLP_START_BIAS,
        .beta = how.beta,
        .bias = how.beta != 0 ? NULL : bias,
        .lower_clamp = how.lower_clamp,
        .sparse = 1,
        .scratch = scratch,
    };
    for (int parts = 1; parts <= 2; parts++) {
        fill_bits(y, n, poison);
        if (how.beta != 0) memcpy(y, bias, n * sizeof *y);
        const size_t cut = parts == 1 || half >= n ? n : half;
        nmlp_gemm_part(nmlp_kernels_get(), &own, (nmlp_range){0, 1}, (nmlp_range){0, cut});
        if (cut < n)
            nmlp_gemm_part(nmlp_kernels_get(), &own, (nmlp_range){0, 1}, (nmlp_range){cut, n});
        CHECK_BITS("a row with zeros", expected, y, n);
    }
    float *all[] = {x, w, bias, expected, y, scratch};
    for (size_t i = 0; i < COUNT_OF(all); i++) free(all[i]);
}

static void test_product__one_row_with_zeros(void)
{
    static const size_t widths[] = {1,  15, 16, 31,  32,  33,  48,  63,
                                    64, 67, 96, 127, 128, 129, 200, 300};
    static const size_t depths[] = {16, 33, 64, 100, 511, 513, 784};
    /* No columns of zeros, one, and many. */
    static const size_t every[] = {0, 1000, 3};
    static const row_case ways[] = {{.alpha = 1, .lower_clamp = NMLP_NO_CLAMP},
                                    {.alpha = 1, .lower_clamp = 0},
                                    {.alpha = 1.3f, .beta = -0.3f, .lower_clamp = NMLP_NO_CLAMP}};
    uint64_t turn = 0;
    for (size_t i = 0; i < COUNT_OF(widths); i++)
        for (size_t q = 0; q < COUNT_OF(depths); q++)
            for (size_t zeros = 0; zeros <= 6; zeros++)
                for (size_t e = 0; e < COUNT_OF(every); e++, turn++) {
                    row_case how = ways[turn % COUNT_OF(ways)];
                    how.n = widths[i];
                    how.k = depths[q];
                    how.zeros = (float)zeros / 6;
                    how.every = every[e];
                    check_row_with_zeros(how, 800 + turn);
                }
}

/* The rows that are not needed are NaN: reading one would show. And only who says so leaves them.
 */
static void test_product__rows_that_meet_a_zero(void)
{
    enum { N = 128, K = 600 };
    float x[K], y[N], *w = test_floats(N * K), expected[N] = {0};
    data_fill(830, 0.1f, 1, x, K);
    data_fill(831, -1, 1, w, N * K);
    make_zeros(x, K, 0.5f, 832);
    oracle_chain(1, N, K, 1, plain(x, K), plain(w, N), expected);
    for (size_t p = 0; p < K; p++)
        if (x[p] == 0) fill_bits(w + p * N, N, poison);
    nmlp_product own = {.m = 1,
                        .n = N,
                        .k = K,
                        .alpha = 1,
                        .a = {x, K, 0},
                        .b = {w, N, 0},
                        .c = y,
                        .ldc = N,
                        .lower_clamp = NMLP_NO_CLAMP,
                        .sparse = 1};
    nmlp_gemm_part(nmlp_kernels_get(), &own, (nmlp_range){0, 1}, (nmlp_range){0, N});
    CHECK_BITS("rows that are not needed", expected, y, N);
    own.sparse = 0;
    nmlp_gemm_part(nmlp_kernels_get(), &own, (nmlp_range){0, 1}, (nmlp_range){0, N});
    for (size_t j = 0; j < N; j++) CHECK(isnan(y[j]));
    free(w);
}

/* The gradients by their definition: dz, then two chains and a plain sum of rows. */
static void oracle_backward(const layer *l, const float *x, const float *w, const float *y,
                            const float *dy, float *dz, float *dx, float *dw, float *db)
{
    size_t m = l->m, n = l->n, k = l->k;
    for (size_t i = 0; i < m * n; i++)
        dz[i] = l->activation == NMLP_ACTIVATION_RELU && y[i] <= 0 ? 0 : dy[i];
    memset(dx, 0, m * k * sizeof *dx);
    memset(dw, 0, k * n * sizeof *dw);
    memset(db, 0, n * sizeof *db);
    oracle_chain(m, k, n, 1, plain(dz, n), transposed(w, n), dx);
    oracle_chain(k, n, m, 1, transposed(x, k), plain(dz, n), dw);
    for (size_t i = 0; i < m * n; i++) db[i % n] += dz[i];
}

/* wanted: 1 dx, 2 dw, 4 db. */
static void check_backward(const layer *l, int wanted, uint64_t seed)
{
    size_t m = l->m, n = l->n, k = l->k, ldk = k + l->pad, ldn = n + l->pad;
    float *x = test_floats(m * k), *w = test_floats(k * n), *y = test_floats(m * n);
    float *dy = test_floats(m * n), *dz = test_floats(m * n);
    float *dx = test_floats(m * k), *dw = test_floats(k * n), *db = test_floats(n);
    data_fill(seed, -1, 1, x, m * k);
    data_fill(seed + 1, -1, 1, w, k * n);
    data_fill(seed + 2, -1, 1, y, m * n);
    data_fill(seed + 3, -1, 1, dy, m * n);
    for (size_t i = 0; i < m * n; i++)
        if (l->activation == NMLP_ACTIVATION_RELU) y[i] = relu(y[i]);
    oracle_backward(l, x, w, y, dy, dz, dx, dw, db);

    guarded places[3];
    for (size_t i = 0; i < 3; i++)
        places[i] = guarded_create(((m + k) * (ldk + ldn) + n) * sizeof(float));
    const float *px = placed(&place_a, x, k, m, k, ldk, l->at_end);
    const float *pw = placed(&place_b, w, n, k, n, ldn, l->at_end);
    const float *py = placed(&place_c, y, n, m, n, ldn, l->at_end);
    float *pdy = placed(&places[0], dy, n, m, n, ldn, l->at_end);
    float *pdx = guarded_floats(&places[1], wanted & 1 ? m * ldk : 0, l->at_end);
    float *pdw = guarded_floats(&places[2], wanted & 2 ? k * ldn + n : n, l->at_end);
    float *pdb = pdw + (wanted & 2 ? k * ldn : 0);
    if (wanted & 1) fill_bits(pdx, m * ldk, poison);
    fill_bits(pdw, (wanted & 2 ? k * ldn : 0) + n, poison);
    CHECK_OK(nmlp_dense_backward(m, n, k, l->activation, 0.0f, px, ldk, pw, ldn, py, ldn, pdy, ldn,
                                 pdx, ldk, wanted & 1 ? m * ldk : 0, wanted & 2 ? pdw : NULL, ldn,
                                 wanted & 2 ? k * ldn : 0, pdb, wanted & 4 ? n : 0, l->threads));
    for (size_t i = 0; i < m * n; i++) { /* a zero of either sign */
        float *z = &pdy[i / n * ldn + i % n];
        if (*z == 0) *z = 0;
    }
    check_matrix("dz", dz, n, pdy, m, n, ldn);
    if (wanted & 1) check_matrix("dx", dx, k, pdx, m, k, ldk);
    if (wanted & 2) check_matrix("dw", dw, n, pdw, k, n, ldn);
    fill_bits(dz, n, poison);
    CHECK_BITS("db", wanted & 4 ? db : dz, pdb, n);
    for (size_t i = 0; i < 3; i++) guarded_destroy(&places[i]);
    float *all[] = {x, w, y, dy, dz, dx, dw, db};
    for (size_t i = 0; i < COUNT_OF(all); i++) free(all[i]);
}

static void test_dense__bits(void)
{
    static const size_t m_list[] = {1, 2, 5, 6, 7, 13, 14, 15, 28, 33};
    static const size_t n_list[] = {1, 3, 10, 15, 16, 17, 31, 32, 33, 50, 67};
    static const size_t k_list[] = {1, 2, 7, 16, 40, 131};
    uint64_t turn = 0;
    for (size_t i = 0; i < COUNT_OF(m_list); i++) {
        for (size_t j = 0; j < COUNT_OF(n_list); j++) {
            for (size_t q = 0; q < COUNT_OF(k_list); q++, turn++) {
                layer l = {
                    m_list[i],     n_list[j],     k_list[q], turn % 3, (int32_t)(turn / 2 % 2),
                    turn % 7 != 0, turn % 5 != 0, 1};
                check_forward(&l, 500 + turn);
                check_backward(&l, turn % 4 == 0 ? (int)(turn / 4 % 8) : 7, 600 + turn);
            }
        }
    }
}

static void test_dense__threads(void)
{
    static const int32_t threads[] = {1, 2, 3, 5, 0};
    for (size_t t = 0; t < COUNT_OF(threads); t++) {
        layer wide = {129, 61, 300, 0, NMLP_ACTIVATION_RELU, true, true, threads[t]};
        layer tall = {65, 10, 517, 3, NMLP_ACTIVATION_IDENTITY, true, false, threads[t]};
        check_forward(&wide, 700);
        check_backward(&wide, 7, 701);
        check_forward(&tall, 702);
        check_backward(&tall, 7, 703);
    }
}

static void test_dense__empty(void)
{
    float y[4] = {9, 9, 9, 9}, b[2] = {3, -4};
    const float biased[4] = {3, 0, 3, 0}, zero[2] = {0};
    CHECK_OK(
        nmlp_dense_forward(2, 2, 0, NMLP_ACTIVATION_RELU, 0.0f, NULL, 0, NULL, 2, b, 2, y, 2, 1));
    CHECK_BITS("k = 0: the bias alone", biased, y, 4);
    CHECK_OK(
        nmlp_dense_forward(0, 2, 3, NMLP_ACTIVATION_RELU, 0.0f, NULL, 3, y, 2, b, 2, NULL, 2, 1));
    float dw[2] = {7, 7}, db[2] = {7, 7}, w[2] = {1, 2};
    CHECK_OK(nmlp_dense_backward(0, 2, 1, 0, 0.0f, NULL, 1, w, 2, NULL, 2, NULL, 2, NULL, 1, 0, dw,
                                 2, 2, db, 2, 1));
    CHECK_BITS("no rows: dw", zero, dw, 2);
    CHECK_BITS("no rows: db", zero, db, 2);
}

int main(void)
{
    test_begin("test_gemm");
    nmlp_parallel_wake_for_all();
    size_t most = (size_t)(600 * 600) * sizeof(float);
    place_a = guarded_create(most);
    place_b = guarded_create(most);
    place_c = guarded_create(most);
    RUN(test_gemm__tile_edges);
    RUN(test_gemm__transposes_strides_alpha_beta);
    RUN(test_gemm__empty);
    RUN(test_gemm__hostile_values);
    RUN(test_gemm__near_ties);
    RUN(test_gemm__threads);
    RUN(test_product__few_rows_of_a_transposed_b);
    RUN(test_dense__bits);
    RUN(test_product__one_row_with_zeros);
    RUN(test_product__rows_that_meet_a_zero);
    RUN(test_dense__threads);
    RUN(test_dense__empty);
    return test_end("test_gemm");
}
