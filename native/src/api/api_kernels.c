/* SPDX-License-Identifier: MIT
 *
 * The exported stateless kernels. */
#include "api/api_check.h"
#include "ops/dense.h"
#include "ops/loss.h"
#include "ops/optimizer.h"
#include "ops/random.h"

int32_t nmlp_gemm(size_t m, size_t n, size_t k, int32_t transpose_a, int32_t transpose_b,
                  float alpha, const float *a, size_t lda, const float *b, size_t ldb, float beta,
                  float *c, size_t ldc, int32_t threads)
{
    KERNELS(kernels);
    VALID(flag_ok(transpose_a) && flag_ok(transpose_b) && threads_ok(threads));
    VALID(transpose_a ? matrix_ok(a, k, m, lda) : matrix_ok(a, m, k, lda));
    VALID(transpose_b ? matrix_ok(b, n, k, ldb) : matrix_ok(b, k, n, ldb));
    VALID(matrix_ok(c, m, n, ldc));
    if (m == 0 || n == 0) return NMLP_OK;
    const nmlp_product product = {
        .m = m,
        .n = n,
        .k = k,
        .alpha = alpha,
        .a = {a, lda, transpose_a, NULL},
        .b = {b, ldb, transpose_b, NULL},
        .c = c,
        .ldc = ldc,
        .start = beta == 0 ? NMLP_START_ZERO : NMLP_START_C,
        .beta = beta,
        .lower_clamp = NMLP_NO_CLAMP,
    };
    return nmlp_gemm_run(kernels, &product, threads);
}

int32_t nmlp_dense_forward(size_t m, size_t n, size_t k, int32_t activation, float alpha,
                           const float *x, size_t ldx, const float *w, size_t ldw,
                           const float *bias, size_t bias_length, float *y, size_t ldy,
                           int32_t threads)
{
    KERNELS(kernels);
    VALID(activation_ok(activation) && alpha_ok(alpha) && threads_ok(threads));
    VALID(bias_length == 0 || bias_length == n);
    VALID(matrix_ok(x, m, k, ldx) && matrix_ok(w, k, n, ldw) && array_ok(bias, bias_length));
    VALID(matrix_ok(y, m, n, ldy));
    if (m == 0 || n == 0) return NMLP_OK;
    const nmlp_dense layer = {
        .m = m,
        .n = n,
        .k = k,
        .activation = activation,
        .alpha = alpha,
        .x = x,
        .ldx = ldx,
        .w = w,
        .ldw = ldw,
        .bias = bias_length > 0 ? bias : NULL,
        .y = y,
        .ldy = ldy,
    };
    return nmlp_dense_forward_run(kernels, &layer, threads);
}

int32_t nmlp_dense_backward(size_t m, size_t n, size_t k, int32_t activation, float alpha,
                            const float *x, size_t ldx, const float *w, size_t ldw,
                            const float *saved, size_t lds, float *dy, size_t lddy, float *dx,
                            size_t lddx, size_t dx_length, float *dw, size_t lddw, size_t dw_length,
                            float *db, size_t db_length, int32_t threads)
{
    KERNELS(kernels);
    VALID(activation_ok(activation) && alpha_ok(alpha) && threads_ok(threads));
    VALID(matrix_ok(x, m, k, ldx) && matrix_ok(w, k, n, ldw) && matrix_ok(saved, m, n, lds));
    VALID(matrix_ok(dy, m, n, lddy));
    VALID(dx_length == 0 || (matrix_ok(dx, m, k, lddx) && dx_length == m * lddx));
    VALID(dw_length == 0 || (matrix_ok(dw, k, n, lddw) && dw_length == k * lddw));
    VALID(db_length == 0 || (array_ok(db, db_length) && db_length == n));
    const nmlp_dense layer = {
        .m = m,
        .n = n,
        .k = k,
        .activation = activation,
        .alpha = alpha,
        .x = x,
        .ldx = ldx,
        .w = w,
        .ldw = ldw,
        .y = (float *)(uintptr_t)saved, /* only read in the backward pass */
        .ldy = lds,
    };
    const nmlp_dense_gradients gradients = {
        .dz = dy,
        .lddz = lddy,
        .dx = dx_length > 0 ? dx : NULL,
        .lddx = lddx,
        .dw = dw_length > 0 ? dw : NULL,
        .lddw = lddw,
        .db = db_length > 0 ? db : NULL,
    };
    return nmlp_dense_backward_run(kernels, &layer, &gradients, threads);
}

int32_t nmlp_activation_forward(int32_t activation, float alpha, size_t count, const float *x,
                                float *y)
{
    KERNELS(kernels);
    VALID(activation_ok(activation) && alpha_ok(alpha) && array_ok(x, count) && array_ok(y, count));
    IN_DEFAULT_MODES(kernels->activation_forward[activation](count, alpha, x, y));
    return NMLP_OK;
}

int32_t nmlp_activation_backward(int32_t activation, float alpha, size_t count, const float *saved,
                                 const float *dy, float *dx)
{
    KERNELS(kernels);
    VALID(activation_ok(activation) && alpha_ok(alpha));
    VALID(array_ok(saved, count) && array_ok(dy, count) && array_ok(dx, count));
    IN_DEFAULT_MODES(kernels->activation_backward[activation](count, alpha, saved, dy, dx));
    return NMLP_OK;
}

/* Whether [m x pieces*outputs] with this distance is valid. It may be NULL without rows. */
static int pieces_ok(const float *x, size_t m, size_t outputs, size_t pieces, size_t ldx)
{
    if (pieces == 0 || m == 0) return pieces > 0;
    return outputs <= SIZE_MAX / 16 / pieces && matrix_ok(x, m, pieces * outputs, ldx);
}

int32_t nmlp_maxout_forward(size_t m, size_t outputs, size_t pieces, const float *x, size_t ldx,
                            float *y, size_t ldy)
{
    KERNELS(kernels);
    VALID(pieces_ok(x, m, outputs, pieces, ldx) && matrix_ok(y, m, outputs, ldy));
    if (m == 0 || outputs == 0) return NMLP_OK;
    IN_DEFAULT_MODES(for (size_t i = 0; i < m; i++) kernels->maxout_forward(
        outputs, pieces, outputs, x + i * ldx, y + i * ldy));
    return NMLP_OK;
}

int32_t nmlp_maxout_backward(size_t m, size_t outputs, size_t pieces, const float *x, size_t ldx,
                             const float *dy, size_t lddy, float *dx, size_t lddx)
{
    KERNELS(kernels);
    VALID(pieces_ok(x, m, outputs, pieces, ldx) && pieces_ok(dx, m, outputs, pieces, lddx));
    VALID(matrix_ok(dy, m, outputs, lddy));
    if (m == 0 || outputs == 0) return NMLP_OK;
    IN_DEFAULT_MODES(for (size_t i = 0; i < m; i++) kernels->maxout_backward(
        outputs, pieces, outputs, x + i * ldx, dy + i * lddy, dx + i * lddx));
    return NMLP_OK;
}

int32_t nmlp_softmax(size_t m, size_t n, const float *x, size_t ldx, float *y, size_t ldy,
                     int32_t threads)
{
    KERNELS(kernels);
    VALID(matrix_ok(x, m, n, ldx) && matrix_ok(y, m, n, ldy) && threads_ok(threads));
    nmlp_loss_rows_run(kernels->softmax, m, n, x, ldx, y, ldy, threads);
    return NMLP_OK;
}

int32_t nmlp_log_softmax(size_t m, size_t n, const float *x, size_t ldx, float *y, size_t ldy,
                         int32_t threads)
{
    KERNELS(kernels);
    VALID(matrix_ok(x, m, n, ldx) && matrix_ok(y, m, n, ldy) && threads_ok(threads));
    nmlp_loss_rows_run(kernels->log_softmax, m, n, x, ldx, y, ldy, threads);
    return NMLP_OK;
}

int32_t nmlp_softmax_cross_entropy(size_t m, size_t n, const float *scores, size_t lds,
                                   const int32_t *labels, float *dscores, size_t ldds,
                                   size_t dscores_length, double *loss, size_t *correct,
                                   int32_t threads)
{
    KERNELS(kernels);
    VALID(m >= 1 && n >= 1 && threads_ok(threads) && loss != NULL && correct != NULL);
    VALID(matrix_ok(scores, m, n, lds) && array_ok(labels, m));
    VALID(dscores_length == 0 || (matrix_ok(dscores, m, n, ldds) && dscores_length == m * ldds));
    const nmlp_loss_rows rows = {
        .m = m,
        .n = n,
        .scores = scores,
        .lds = lds,
        .labels = labels,
        .dscores = dscores_length > 0 ? dscores : NULL,
        .ldds = ldds,
    };
    int32_t status;
    IN_DEFAULT_MODES(status = nmlp_loss_run(kernels, &rows, threads, loss, correct));
    return status;
}

int32_t nmlp_optimizer_defaults(nmlp_optimizer *optimizer, int32_t kind)
{
    VALID(sized_optimizer(optimizer) && nmlp_optimizer_known(kind));
    give_optimizer(optimizer, nmlp_optimizer_usual(kind));
    return NMLP_OK;
}

int32_t nmlp_optimizer_update(const nmlp_optimizer *optimizer, size_t count, float *w,
                              const float *g, float *first, size_t first_length, float *second,
                              size_t second_length, double beta1_power, double beta2_power)
{
    return nmlp_optimizer_update_moments(optimizer, count, w, g, first, first_length, second,
                                         second_length, NULL, 0, beta1_power, beta2_power);
}

int32_t nmlp_optimizer_update_moments(const nmlp_optimizer *optimizer, size_t count, float *w,
                                      const float *g, float *first, size_t first_length,
                                      float *second, size_t second_length, float *third,
                                      size_t third_length, double beta1_power, double beta2_power)
{
    KERNELS(kernels);
    nmlp_optimizer own;
    VALID(take_optimizer(optimizer, &own) && nmlp_optimizer_valid(&own));
    const int32_t rule = nmlp_optimizer_rule(&own);
    const int has_first = nmlp_optimizer_keeps(rule, NMLP_TENSOR_FIRST_MOMENT);
    const int has_second = nmlp_optimizer_keeps(rule, NMLP_TENSOR_SECOND_MOMENT);
    const int has_third = nmlp_optimizer_keeps(rule, NMLP_TENSOR_THIRD_MOMENT);
    VALID(array_ok(w, count) && array_ok(g, count));
    VALID(first_length == (has_first ? count : 0) && array_ok(first, first_length));
    VALID(second_length == (has_second ? count : 0) && array_ok(second, second_length));
    VALID(third_length == (has_third ? count : 0) && array_ok(third, third_length));
    if (nmlp_optimizer_is_adam(own.kind))
        VALID(beta1_power >= 0 && beta1_power < 1 && beta2_power >= 0 && beta2_power < 1);
    if (count == 0) return NMLP_OK;
    IN_DEFAULT_MODES({
        nmlp_update update = nmlp_optimizer_coefficients(&own, beta1_power, beta2_power);
        update.denormals = true; /* they can be anywhere in the caller's arrays */
        const nmlp_update_rows row = {
            .rows = 1,
            .columns = count,
            .w = w,
            .first = has_first ? first : w, /* never NULL, so that pointer arithmetic is valid */
            .second = has_second ? second : w,
            .third = has_third ? third : w,
            .g = g,
        };
        kernels->update[rule](&row, &update);
    });
    return NMLP_OK;
}

int32_t nmlp_sincospi(size_t count, const float *x, float *s, float *c)
{
    KERNELS(kernels);
    VALID(array_ok(x, count) && array_ok(s, count) && array_ok(c, count));
    IN_DEFAULT_MODES(kernels->sincospi(count, x, s, c));
    return NMLP_OK;
}

int32_t nmlp_random_uniform(uint64_t seed, uint64_t stream, uint64_t offset, size_t count,
                            float low, float high, float *dst)
{
    KERNELS(kernels);
    VALID(array_ok(dst, count) && low <= high && high - low < INFINITY);
    VALID(count <= UINT64_MAX - offset);
    const nmlp_random at = {seed, stream, offset};
    IN_DEFAULT_MODES(kernels->random_uniform(&at, count, low, high, dst));
    return NMLP_OK;
}

int32_t nmlp_random_normal(uint64_t seed, uint64_t stream, uint64_t offset, size_t count,
                           float mean, float stddev, float *dst)
{
    KERNELS(kernels);
    VALID(array_ok(dst, count) && mean - mean == 0 && stddev - stddev == 0);
    VALID(stddev >= 0 && count <= UINT64_MAX - offset);
    const nmlp_random at = {seed, stream, offset};
    IN_DEFAULT_MODES(kernels->random_normal(&at, count, mean, stddev, dst));
    return NMLP_OK;
}

int32_t nmlp_dropout_mask(uint64_t seed, uint64_t step, size_t layer, size_t rows, size_t columns,
                          float dropout, float *mask)
{
    KERNELS(kernels);
    VALID(dropout >= 0 && dropout < 1 && layer < 10000);
    VALID(matrix_ok(mask, rows, columns, columns));
    if (columns == 0) return NMLP_OK;
    const nmlp_range all = {0, columns};
    IN_DEFAULT_MODES(for (size_t i = 0; i < rows; i++) nmlp_random_dropout(
        kernels, seed, step, layer, dropout, columns, i, all, mask + i * columns));
    return NMLP_OK;
}

int32_t nmlp_random_permutation(uint64_t seed, uint64_t stream, size_t count, int32_t *dst)
{
    KERNELS(kernels);
    VALID(count <= INT32_MAX && array_ok(dst, count));
    nmlp_random_order(kernels, seed, stream, count, dst);
    return NMLP_OK;
}
