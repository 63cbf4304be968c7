/* SPDX-License-Identifier: MIT
 *
 * Products, bit for bit: each output is a chain of exact fused multiply-adds over ascending k,
 * regardless of the tile, the blocking, the strides, the transposes, the instruction set and the
 * number of threads. */
#include "product_places.h"

enum { MOST_M = 35, MOST_N = 67, MOST_K = 513 };

/* One logical product for all shapes up to MOST_M x MOST_N. An output depends only on its row and
 * column, so the expected values of the largest shape also apply to the smaller ones. */
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

/* Values whose products and sums cancel, are denormal, or differ in magnitude by 2^60. They reveal
 * an FMA with two roundings, or flushed denormals. */
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
        for (size_t q = 1; q < K; q += 2) { /* pairs that cancel except for their last bits */
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

/* Sums whose relative distance to a tie is 2^-46. A sum rounded to double becomes the tie, which
 * then rounds to the wrong side. The rest of the chain adds zeros. */
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
        /* b in its stored form can be its own transpose, with k and n exchanged, only if it is
         * square. Instead, odd shapes read A transposed. */
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

/* Few columns of a product with a transposed A whose rows are 4 KiB apart, in several blocks of
 * rows and of k. The copy of such an A must have enough space. */
static void test_gemm__rows_of_a_in_one_cache_set(void)
{
    enum { M = 200, LDA = 1024, MOST_COLUMNS = 50 };
    static const size_t lengths[] = {33, 600}, widths[] = {7, 13, MOST_COLUMNS};
    for (size_t s = 0; s < COUNT_OF(lengths) * COUNT_OF(widths); s++) {
        const size_t k = lengths[s / COUNT_OF(widths)], n = widths[s % COUNT_OF(widths)];
        float *a = test_floats(k * LDA), *b = test_floats(k * n);
        float *expected = test_floats(M * n), *c = test_floats(M * n);
        data_fill(430 + s, -1, 1, a, k * LDA);
        data_fill(440 + s, -1, 1, b, k * n);
        memset(expected, 0, M * n * sizeof *expected);
        oracle_chain(M, n, k, 1, transposed(a, LDA), plain(b, n), expected);
        for (int32_t threads = 1; threads <= 2; threads++) {
            data_fill(450 + s, -1, 1, c, M * n);
            CHECK_OK(nmlp_gemm(M, n, k, 1, 0, 1, a, LDA, b, n, 0, c, n, threads));
            CHECK_BITS("rows in one cache set", expected, c, M * n);
        }
        free(a);
        free(b);
        free(expected);
        free(c);
    }
}

/* Few rows with a B that is stored transposed, and every end of a chain, as in the gradient of the
 * inputs of a small batch. */
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
                                  .a = {a, k, 0, NULL},
                                  .b = {own_b, k, 1, NULL},
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

int main(void)
{
    test_begin("test_gemm");
    nmlp_parallel_wake_for_all();
    make_places();
    RUN(test_gemm__tile_edges);
    RUN(test_gemm__transposes_strides_alpha_beta);
    RUN(test_gemm__empty);
    RUN(test_gemm__hostile_values);
    RUN(test_gemm__near_ties);
    RUN(test_gemm__threads);
    RUN(test_gemm__rows_of_a_in_one_cache_set);
    RUN(test_product__few_rows_of_a_transposed_b);
    return test_end("test_gemm");
}
