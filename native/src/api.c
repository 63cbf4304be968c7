/* SPDX-License-Identifier: MIT
 *
 * Every exported function: check the arguments, then one call inward. The only file
 * that judges what a caller passed; below it, arguments are right. */
#include "nmlp.h"

#include <string.h>

#include "cpu.h"
#include "dense.h"
#include "loss.h"
#include "net.h"
#include "optimizer.h"
#include "parallel.h"
#include "random.h"

#define CHECK(condition, status)           \
    do {                                   \
        if (!(condition)) return (status); \
    } while (0)
#define VALID(condition) CHECK(condition, NMLP_ERROR_INVALID_ARGUMENT)

/* Every computing function begins with the choice of an instruction set. */
#define KERNELS(name)                              \
    const nmlp_kernels *name = nmlp_kernels_get(); \
    if (name == NULL) return nmlp_cpu_choice()

/* A call that needs no workers still computes in the library's own modes. */
#define IN_DEFAULT_MODES(statement)                            \
    do {                                                       \
        const uint32_t modes = nmlp_cpu_enter_default_modes(); \
        statement;                                             \
        nmlp_cpu_leave_default_modes(modes);                   \
    } while (0)

/* --------------------------------------------------------------------- checks */

/* Rows of `columns` elements at distance ld: present where there are any, not
 * overlapping, and addressable. */
static int matrix_ok(const void *data, size_t rows, size_t columns, size_t ld)
{
    if (rows == 0 || columns == 0) return 1;
    if (data == NULL || ld < columns) return 0;
    return ld <= SIZE_MAX / 16 / rows;
}

static int array_ok(const void *data, size_t length) { return matrix_ok(data, 1, length, length); }

static int threads_ok(int32_t threads) { return threads >= 0 && threads <= NMLP_MAX_THREADS; }

static int flag_ok(int32_t flag) { return flag == 0 || flag == 1; }

static int activation_ok(int32_t activation)
{
    return activation >= 0 && activation < NMLP_ACTIVATION_COUNT;
}

/* A structure of a caller's: at least what the first version had; what a newer one
 * has beyond ours must be 0. */
static int struct_ok(const void *structure, size_t first_version, size_t known)
{
    if (structure == NULL) return 0;
    uint32_t size;
    memcpy(&size, structure, sizeof size);
    if (size < first_version || size > 4096) return 0;
    for (size_t i = known; i < size; i++)
        if (((const unsigned char *)structure)[i] != 0) return 0;
    return 1;
}

#define STRUCT_OK(pointer) struct_ok((pointer), sizeof *(pointer), sizeof *(pointer))

/* ---------------------------------------------------------- about the library */

int32_t nmlp_abi_version(void) { return NMLP_ABI_VERSION; }

const char *nmlp_version(void) { return NMLP_VERSION_STRING; }

const char *nmlp_status_string(int32_t status)
{
    switch (status) {
    case NMLP_OK:
        return "ok";
    case NMLP_ERROR_INVALID_ARGUMENT:
        return "invalid argument";
    case NMLP_ERROR_OUT_OF_MEMORY:
        return "out of memory";
    case NMLP_ERROR_UNSUPPORTED_ISA:
        return "NMLP_ISA names no instruction set that this processor and this build have";
    case NMLP_ERROR_UNSUPPORTED:
        return "not supported by this version";
    case NMLP_ERROR_INDEX_RANGE:
        return "a row index is outside the data";
    case NMLP_ERROR_LABEL_RANGE:
        return "a class label is outside the network's outputs";
    case NMLP_ERROR_BUSY:
        return "the network is in use by another thread";
    default:
        return "unknown status";
    }
}

int32_t nmlp_initialize(void)
{
    const int32_t choice = nmlp_cpu_choice();
    return choice < 0 ? choice : NMLP_OK;
}

int32_t nmlp_active_isa(void) { return nmlp_cpu_choice(); }

int32_t nmlp_isa_available(int32_t isa) { return nmlp_cpu_table(isa) != NULL; }

const char *nmlp_isa_name(int32_t isa) { return nmlp_cpu_isa_name(isa); }

const char *nmlp_parallel_backend(void) { return nmlp_parallel_backend_name(); }

int32_t nmlp_default_threads(void) { return nmlp_parallel_default_threads(); }

/* ---------------------------------------------------------- stateless kernels */

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
        .a = {a, lda, transpose_a},
        .b = {b, ldb, transpose_b},
        .c = c,
        .ldc = ldc,
        .start = beta == 0 ? NMLP_START_ZERO : NMLP_START_C,
        .beta = beta,
        .floor = NMLP_NO_FLOOR,
    };
    return nmlp_gemm_run(kernels, &product, threads);
}

int32_t nmlp_dense_forward(size_t m, size_t n, size_t k, int32_t activation, const float *x,
                           size_t ldx, const float *w, size_t ldw, const float *bias,
                           size_t bias_length, float *y, size_t ldy, int32_t threads)
{
    KERNELS(kernels);
    VALID(activation_ok(activation) && threads_ok(threads));
    VALID(bias_length == 0 || bias_length == n);
    VALID(matrix_ok(x, m, k, ldx) && matrix_ok(w, k, n, ldw) && array_ok(bias, bias_length));
    VALID(matrix_ok(y, m, n, ldy));
    if (m == 0 || n == 0) return NMLP_OK;
    const nmlp_dense layer = {
        .m = m,
        .n = n,
        .k = k,
        .activation = activation,
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

int32_t nmlp_dense_backward(size_t m, size_t n, size_t k, int32_t activation, const float *x,
                            size_t ldx, const float *w, size_t ldw, const float *y, size_t ldy,
                            float *dy, size_t lddy, float *dx, size_t lddx, size_t dx_length,
                            float *dw, size_t lddw, size_t dw_length, float *db, size_t db_length,
                            int32_t threads)
{
    KERNELS(kernels);
    VALID(activation_ok(activation) && threads_ok(threads));
    VALID(matrix_ok(x, m, k, ldx) && matrix_ok(w, k, n, ldw) && matrix_ok(y, m, n, ldy));
    VALID(matrix_ok(dy, m, n, lddy));
    VALID(dx_length == 0 || (matrix_ok(dx, m, k, lddx) && dx_length == m * lddx));
    VALID(dw_length == 0 || (matrix_ok(dw, k, n, lddw) && dw_length == k * lddw));
    VALID(db_length == 0 || (array_ok(db, db_length) && db_length == n));
    const nmlp_dense layer = {
        .m = m,
        .n = n,
        .k = k,
        .activation = activation,
        .x = x,
        .ldx = ldx,
        .w = w,
        .ldw = ldw,
        .y = (float *)(uintptr_t)y, /* only read in the backward pass */
        .ldy = ldy,
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

int32_t nmlp_activation_forward(int32_t activation, size_t count, const float *x, float *y)
{
    KERNELS(kernels);
    VALID(activation_ok(activation) && array_ok(x, count) && array_ok(y, count));
    IN_DEFAULT_MODES(kernels->activation_forward[activation](count, x, y));
    return NMLP_OK;
}

int32_t nmlp_activation_backward(int32_t activation, size_t count, const float *y, const float *dy,
                                 float *dx)
{
    KERNELS(kernels);
    VALID(activation_ok(activation));
    VALID(array_ok(y, count) && array_ok(dy, count) && array_ok(dx, count));
    IN_DEFAULT_MODES(kernels->activation_backward[activation](count, y, dy, dx));
    return NMLP_OK;
}

int32_t nmlp_softmax(size_t m, size_t n, const float *x, size_t ldx, float *y, size_t ldy,
                     int32_t threads)
{
    KERNELS(kernels);
    VALID(matrix_ok(x, m, n, ldx) && matrix_ok(y, m, n, ldy) && threads_ok(threads));
    if (n > 0) nmlp_loss_rows_run(kernels->softmax, m, n, x, ldx, y, ldy, threads);
    return NMLP_OK;
}

int32_t nmlp_log_softmax(size_t m, size_t n, const float *x, size_t ldx, float *y, size_t ldy,
                         int32_t threads)
{
    KERNELS(kernels);
    VALID(matrix_ok(x, m, n, ldx) && matrix_ok(y, m, n, ldy) && threads_ok(threads));
    if (n > 0) nmlp_loss_rows_run(kernels->log_softmax, m, n, x, ldx, y, ldy, threads);
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
    for (size_t i = 0; i < m; i++)
        CHECK(labels[i] >= 0 && (size_t)labels[i] < n, NMLP_ERROR_LABEL_RANGE);
    const nmlp_loss_rows rows = {
        .m = m,
        .n = n,
        .scores = scores,
        .lds = lds,
        .labels = labels,
        .dscores = dscores_length > 0 ? dscores : NULL,
        .ldds = ldds,
    };
    return nmlp_loss_run(kernels, &rows, threads, loss, correct);
}

int32_t nmlp_optimizer_update(const nmlp_optimizer *optimizer, size_t count, float *w,
                              const float *g, float *first, size_t first_length, float *second,
                              size_t second_length, double beta1_power, double beta2_power)
{
    KERNELS(kernels);
    VALID(STRUCT_OK(optimizer) && nmlp_optimizer_valid(optimizer));
    const int moments = nmlp_optimizer_moments(optimizer->kind);
    VALID(array_ok(w, count) && array_ok(g, count));
    VALID(first_length == (moments >= 1 ? count : 0) && array_ok(first, first_length));
    VALID(second_length == (moments >= 2 ? count : 0) && array_ok(second, second_length));
    if (optimizer->kind == NMLP_OPTIMIZER_ADAM)
        VALID(beta1_power >= 0 && beta1_power < 1 && beta2_power >= 0 && beta2_power < 1);
    const nmlp_update update = nmlp_optimizer_coefficients(optimizer, beta1_power, beta2_power);
    IN_DEFAULT_MODES(kernels->update[optimizer->kind](count, w, g, first, second, &update));
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
    VALID(array_ok(dst, count) && low - low == 0 && high - high == 0 && low <= high);
    VALID(count <= UINT64_MAX - offset);
    const nmlp_random at = {seed, stream, offset};
    IN_DEFAULT_MODES(kernels->random_uniform(&at, count, low, high - low, dst));
    return NMLP_OK;
}

int32_t nmlp_random_normal(uint64_t seed, uint64_t stream, uint64_t offset, size_t count,
                           float mean, float deviation, float *dst)
{
    KERNELS(kernels);
    VALID(array_ok(dst, count) && mean - mean == 0 && deviation - deviation == 0);
    VALID(deviation >= 0 && count <= UINT64_MAX - offset);
    const nmlp_random at = {seed, stream, offset};
    IN_DEFAULT_MODES(kernels->random_normal(&at, count, mean, deviation, dst));
    return NMLP_OK;
}

int32_t nmlp_random_permutation(uint64_t seed, uint64_t stream, size_t count, int32_t *dst)
{
    KERNELS(kernels);
    VALID(count <= INT32_MAX && array_ok(dst, count));
    nmlp_random_order(kernels, seed, stream, count, dst);
    return NMLP_OK;
}

/* ------------------------------------------------------------------ networks */

int32_t nmlp_net_create(const nmlp_net_options *options, const nmlp_layer *layers,
                        size_t layer_count, nmlp_net **net)
{
    VALID(net != NULL);
    *net = NULL;
    VALID(STRUCT_OK(options) && options->reserved == 0 && threads_ok(options->threads));
    VALID(options->inputs >= 1 && options->max_batch >= 1);
    VALID(options->loss == NMLP_LOSS_SOFTMAX_CROSS_ENTROPY);
    VALID(layers != NULL && layer_count >= 1 && layer_count <= 10000);
    for (size_t l = 0; l < layer_count; l++) {
        VALID(STRUCT_OK(&layers[l]) && layers[l].struct_size == sizeof layers[l]);
        VALID(layers[l].outputs >= 1 && layers[l].reserved == 0);
        VALID(activation_ok(layers[l].activation));
        VALID(layers[l].init >= NMLP_INIT_DEFAULT && layers[l].init <= NMLP_INIT_LECUN_NORMAL);
    }
    const int32_t choice = nmlp_cpu_choice();
    if (choice < 0) return choice;
    return nmlp_net_make(options, layers, layer_count, net);
}

void nmlp_net_destroy(nmlp_net *net) { nmlp_net_free(net); }

int32_t nmlp_net_initialize(nmlp_net *net, uint64_t seed)
{
    KERNELS(kernels);
    VALID(net != NULL);
    CHECK(nmlp_lock_write(&net->lock), NMLP_ERROR_BUSY);
    IN_DEFAULT_MODES(nmlp_net_draw(net, kernels, seed));
    nmlp_unlock_write(&net->lock);
    return NMLP_OK;
}

/* What every use of a batch needs; labels_needed adds theirs. */
static int32_t check_batch(const nmlp_net *net, const nmlp_batch *batch, int labels_needed)
{
    VALID(STRUCT_OK(batch) && batch->reserved == 0);
    VALID(batch->feature_type == NMLP_FEATURE_FLOAT32 || batch->feature_type == NMLP_FEATURE_UINT8);
    CHECK(batch->target_length == 0 && batch->weight_count == 0, NMLP_ERROR_UNSUPPORTED);
    VALID(matrix_ok(batch->features, batch->feature_rows, net->inputs, batch->ld));
    VALID(batch->mean_length == 0 || batch->mean_length == net->inputs);
    VALID(array_ok(batch->mean, batch->mean_length) && batch->scale - batch->scale == 0);
    VALID(array_ok(batch->indices, batch->index_count));
    VALID(batch->label_count == 0 || batch->label_count == batch->feature_rows);
    VALID(array_ok(batch->labels, batch->label_count));
    VALID(!labels_needed || (batch->label_count > 0 && nmlp_batch_rows(batch) >= 1));
    for (size_t i = 0; i < batch->index_count; i++)
        CHECK(batch->indices[i] >= 0 && (size_t)batch->indices[i] < batch->feature_rows,
              NMLP_ERROR_INDEX_RANGE);
    if (!labels_needed) return NMLP_OK;
    const size_t classes = net->layers[net->layer_count - 1].n;
    for (size_t i = 0; i < nmlp_batch_rows(batch); i++) {
        const int32_t label = nmlp_batch_label(batch, i);
        CHECK(label >= 0 && (size_t)label < classes, NMLP_ERROR_LABEL_RANGE);
    }
    return NMLP_OK;
}

static int32_t step(nmlp_net *net, const nmlp_batch *batch, const nmlp_optimizer *optimizer,
                    double l2, nmlp_result *result)
{
    KERNELS(kernels);
    const int32_t status = check_batch(net, batch, 1);
    CHECK(status == NMLP_OK, status);
    VALID(nmlp_batch_rows(batch) <= net->max_batch);
    CHECK(nmlp_lock_write(&net->lock), NMLP_ERROR_BUSY);
    nmlp_net_step(net, kernels, batch, optimizer, l2, result);
    nmlp_unlock_write(&net->lock);
    return NMLP_OK;
}

int32_t nmlp_net_train_step(nmlp_net *net, const nmlp_batch *batch, const nmlp_optimizer *optimizer,
                            nmlp_result *result)
{
    VALID(net != NULL && result != NULL);
    VALID(STRUCT_OK(optimizer) && nmlp_optimizer_valid(optimizer));
    return step(net, batch, optimizer, optimizer->l2, result);
}

int32_t nmlp_net_gradient(nmlp_net *net, const nmlp_batch *batch, double l2, nmlp_result *result)
{
    VALID(net != NULL && result != NULL && l2 >= 0 && l2 - l2 == 0);
    return step(net, batch, NULL, l2, result);
}

static int32_t run(nmlp_net *net, const nmlp_batch *batch, int32_t output, float *y, size_t ldy,
                   int32_t threads, nmlp_result *result)
{
    KERNELS(kernels);
    CHECK(nmlp_lock_read(&net->lock), NMLP_ERROR_BUSY);
    const int32_t status = nmlp_net_run(net, kernels, batch, output, y, ldy, threads, result);
    nmlp_unlock_read(&net->lock);
    return status;
}

int32_t nmlp_net_evaluate(nmlp_net *net, const nmlp_batch *batch, int32_t threads,
                          nmlp_result *result)
{
    VALID(net != NULL && result != NULL && threads_ok(threads));
    const int32_t status = check_batch(net, batch, 1);
    CHECK(status == NMLP_OK, status);
    return run(net, batch, NMLP_OUTPUT_SCORES, NULL, 0, threads, result);
}

int32_t nmlp_net_predict(nmlp_net *net, const nmlp_batch *batch, int32_t output, float *y,
                         size_t ldy, int32_t threads)
{
    VALID(net != NULL && threads_ok(threads));
    VALID(output == NMLP_OUTPUT_SCORES || output == NMLP_OUTPUT_PROBABILITIES);
    const int32_t status = check_batch(net, batch, 0);
    CHECK(status == NMLP_OK, status);
    VALID(matrix_ok(y, nmlp_batch_rows(batch), net->layers[net->layer_count - 1].n, ldy));
    return run(net, batch, output, y, ldy, threads, NULL);
}

size_t nmlp_net_parameter_count(const nmlp_net *net)
{
    return net == NULL ? 0 : net->parameter_count;
}

int32_t nmlp_net_tensor_shape(const nmlp_net *net, size_t tensor, size_t *rows, size_t *columns)
{
    VALID(net != NULL && tensor < 2 * net->layer_count && rows != NULL && columns != NULL);
    nmlp_net_shape(net, tensor, rows, columns);
    return NMLP_OK;
}

static int32_t check_tensor(const nmlp_net *net, int32_t kind, size_t tensor, const float *data,
                            size_t length)
{
    VALID(net != NULL && tensor < 2 * net->layer_count && data != NULL);
    VALID(kind >= NMLP_TENSOR_PARAMETER && kind <= NMLP_TENSOR_SECOND_MOMENT);
    size_t rows, columns;
    nmlp_net_shape(net, tensor, &rows, &columns);
    VALID(length == rows * columns);
    return NMLP_OK;
}

int32_t nmlp_net_read(nmlp_net *net, int32_t kind, size_t tensor, float *dst, size_t length)
{
    const int32_t status = check_tensor(net, kind, tensor, dst, length);
    CHECK(status == NMLP_OK, status);
    CHECK(nmlp_lock_read(&net->lock), NMLP_ERROR_BUSY);
    nmlp_net_copy_out(net, kind, tensor, dst);
    nmlp_unlock_read(&net->lock);
    return NMLP_OK;
}

int32_t nmlp_net_write(nmlp_net *net, int32_t kind, size_t tensor, const float *src, size_t length)
{
    const int32_t status = check_tensor(net, kind, tensor, src, length);
    CHECK(status == NMLP_OK, status);
    CHECK(nmlp_lock_write(&net->lock), NMLP_ERROR_BUSY);
    nmlp_net_copy_in(net, kind, tensor, src);
    nmlp_unlock_write(&net->lock);
    return NMLP_OK;
}

int32_t nmlp_net_read_progress(nmlp_net *net, nmlp_progress *progress)
{
    VALID(net != NULL && STRUCT_OK(progress));
    CHECK(nmlp_lock_read(&net->lock), NMLP_ERROR_BUSY);
    const uint32_t size = progress->struct_size;
    *progress = net->progress;
    progress->struct_size = size;
    nmlp_unlock_read(&net->lock);
    return NMLP_OK;
}

int32_t nmlp_net_write_progress(nmlp_net *net, const nmlp_progress *progress)
{
    VALID(net != NULL && STRUCT_OK(progress));
    VALID(nmlp_optimizer_moments(progress->optimizer_kind) >= 0);
    VALID(progress->beta1_power >= 0 && progress->beta1_power <= 1);
    VALID(progress->beta2_power >= 0 && progress->beta2_power <= 1);
    CHECK(nmlp_lock_write(&net->lock), NMLP_ERROR_BUSY);
    net->progress = *progress;
    nmlp_unlock_write(&net->lock);
    return NMLP_OK;
}
