/* SPDX-License-Identifier: MIT
 *
 * Compares dense layers, forward and backward, and single rows with zeros, bit for bit with the
 * reference in oracle.h. */
#include "product_places.h"

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

/* Replaces a share of x with zeros of either sign. */
static void make_zeros(float *x, size_t count, float share, uint64_t seed)
{
    float *lots = test_floats(count);
    data_fill(seed, 0, 1, lots, count);
    for (size_t p = 0; p < count; p++)
        if (lots[p] < share) x[p] = p % 3 == 0 ? -0.0f : 0.0f;
    free(lots);
}

/* Sets column j of w [k x n] and its bias so that its chain is 0 at every step, while each term may
 * change its sign. */
static void make_column_of_zeros(float *w, float *bias, size_t n, size_t k, size_t j)
{
    bias[j] = -0.0f;
    for (size_t p = 0; p < k; p++)
        w[p * n + j] = copysignf(j % 2 == 0 ? 0x1p-149f : 0, w[p * n + j]);
}

typedef struct row_case {
    size_t n, k;
    float zeros;                    /* share of the row */
    size_t every;                   /* one column in this many has zeros; 0 for none */
    float alpha, beta, lower_clamp; /* beta != 0: the start is C, otherwise the bias */
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
        .a = {placed(&place_a, x, k, 1, k, k, true), k, 0, NULL},
        .b = {placed(&place_b, w, n, k, n, n, true), n, 0, NULL},
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
    /* No column of zeros, one, and many. */
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

/* The rows that are not needed are NaN, so that reading one changes the result. Only products with
 * `sparse` skip them. */
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
                        .a = {x, K, 0, NULL},
                        .b = {w, N, 0, NULL},
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

/* Computes the gradients by their definition: dz, then two chains and a plain sum of rows. */
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
    test_begin("test_dense");
    nmlp_parallel_wake_for_all();
    make_places();
    RUN(test_dense__bits);
    RUN(test_product__one_row_with_zeros);
    RUN(test_product__rows_that_meet_a_zero);
    RUN(test_dense__threads);
    RUN(test_dense__empty);
    return test_end("test_dense");
}
