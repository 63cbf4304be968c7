/* SPDX-License-Identifier: MIT
 *
 * The exported functions of a network. */
#include <float.h>

#include "api_check.h"
#include "loss.h"
#include "net.h"
#include "norm.h"
#include "optimizer.h"

/* Comparisons that are false for NaN. */
static int fraction_ok(float x) { return x >= 0 && x <= 1; }
static int finite_positive_or_zero(float x) { return x >= 0 && x <= FLT_MAX; }

/* MAXOUT is none of those that activation_ok() knows: no function of one element. */
static int layer_activation_ok(const nmlp_layer *layer)
{
    if (layer->activation == NMLP_ACTIVATION_MAXOUT)
        return layer->pieces == 0 || layer->pieces >= 2;
    return activation_ok(layer->activation) && (layer->pieces == 0 || layer->pieces == 1);
}

static int layer_ok(const nmlp_layer *layer)
{
    return STRUCT_OK(layer) && layer->struct_size == sizeof *layer && layer->outputs >= 1 &&
           layer_activation_ok(layer) && layer->init >= NMLP_INIT_DEFAULT &&
           layer->init <= NMLP_INIT_NORMAL && layer->norm >= NMLP_NORM_NONE &&
           layer->norm < NMLP_NORM_COUNT && finite_positive_or_zero(layer->alpha) &&
           finite_positive_or_zero(layer->deviation) && fraction_ok(layer->dropout) &&
           layer->dropout < 1;
}

static int class_weights_ok(const nmlp_net_options *options, size_t outputs)
{
    const size_t count = options->class_weight_count;
    if (count != 0 && (count != outputs || options->class_weights == NULL)) return 0;
    for (size_t i = 0; i < count; i++)
        if (!finite_positive_or_zero(options->class_weights[i])) return 0;
    return 1;
}

int32_t nmlp_net_create(const nmlp_net_options *options, const nmlp_layer *layers,
                        size_t layer_count, nmlp_net **net)
{
    VALID(net != NULL);
    *net = NULL;
    VALID(STRUCT_OK(options) && options->reserved == 0 && threads_ok(options->threads));
    VALID(options->inputs >= 1 && options->max_batch >= 1);
    VALID(options->loss >= 0 && options->loss < NMLP_LOSS_COUNT);
    VALID(fraction_ok(options->label_smoothing) && finite_positive_or_zero(options->delta));
    VALID(fraction_ok(options->norm_epsilon) && fraction_ok(options->norm_momentum));
    VALID(layers != NULL && layer_count >= 1 && layer_count <= 10000);
    for (size_t l = 0; l < layer_count; l++) VALID(layer_ok(&layers[l]));
    VALID(class_weights_ok(options, layers[layer_count - 1].outputs));
    KERNELS(kernels);
    return nmlp_net_make(kernels, options, layers, layer_count, net);
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

/* Labels, targets and weights as a loss needs them. */
static int32_t check_answers(const nmlp_net *net, const nmlp_batch *batch)
{
    const size_t outputs = last_layer(net)->outputs, m = nmlp_batch_rows(batch);
    const int has_targets = nmlp_loss_takes_targets(net->loss) && batch->target_length > 0;
    VALID(m >= 1 && (has_targets || batch->label_count > 0));
    for (size_t i = 0; batch->label_count > 0 && i < m; i++) {
        const int32_t label = nmlp_batch_label(batch, i);
        CHECK(label >= 0 && (size_t)label < outputs, NMLP_ERROR_LABEL_RANGE);
    }
    if (batch->weight_count == 0) return NMLP_OK;
    double sum = 0;
    for (size_t i = 0; i < m; i++) {
        VALID(finite_positive_or_zero(nmlp_batch_weight(batch, i)));
        sum += nmlp_batch_weight(batch, i);
    }
    VALID(sum > 0);
    return NMLP_OK;
}

/* What every use of a batch needs; answers_needed adds what a loss does. */
static int32_t check_batch(const nmlp_net *net, const nmlp_batch *batch, int answers_needed)
{
    VALID(STRUCT_OK(batch) && batch->reserved == 0);
    VALID(batch->feature_type == NMLP_FEATURE_FLOAT32 || batch->feature_type == NMLP_FEATURE_UINT8);
    VALID(matrix_ok(batch->features, batch->feature_rows, net->inputs, batch->ld));
    VALID(batch->mean_length == 0 || batch->mean_length == net->inputs);
    VALID(array_ok(batch->mean, batch->mean_length) && batch->scale - batch->scale == 0);
    VALID(array_ok(batch->indices, batch->index_count));
    VALID(batch->label_count == 0 || batch->label_count == batch->feature_rows);
    VALID(array_ok(batch->labels, batch->label_count));
    const size_t outputs = last_layer(net)->outputs;
    VALID(batch->target_length == 0 ||
          (matrix_ok(batch->targets, batch->feature_rows, outputs, outputs) &&
           batch->target_length == batch->feature_rows * outputs));
    VALID(batch->weight_count == 0 || batch->weight_count == batch->feature_rows);
    VALID(array_ok(batch->weights, batch->weight_count));
    for (size_t i = 0; i < batch->index_count; i++)
        CHECK(batch->indices[i] >= 0 && (size_t)batch->indices[i] < batch->feature_rows,
              NMLP_ERROR_INDEX_RANGE);
    return answers_needed ? check_answers(net, batch) : NMLP_OK;
}

static int32_t step(nmlp_net *net, const nmlp_batch *batch, const nmlp_optimizer *optimizer,
                    double l2, nmlp_result *result)
{
    KERNELS(kernels);
    const int32_t status = check_batch(net, batch, 1);
    CHECK(status == NMLP_OK, status);
    VALID(nmlp_batch_rows(batch) <= net->max_batch);
    CHECK(nmlp_lock_write(&net->lock), NMLP_ERROR_BUSY);
    IN_DEFAULT_MODES(nmlp_net_step(net, kernels, batch, optimizer, l2, result));
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

int32_t nmlp_net_find_nonfinite(nmlp_net *net, const nmlp_batch *batch, nmlp_fault *fault)
{
    KERNELS(kernels);
    VALID(net != NULL && STRUCT_OK(fault));
    const int32_t status = check_batch(net, batch, 1);
    CHECK(status == NMLP_OK, status);
    VALID(nmlp_batch_rows(batch) <= net->max_batch);
    CHECK(nmlp_lock_write(&net->lock), NMLP_ERROR_BUSY);
    IN_DEFAULT_MODES(nmlp_net_look(net, kernels, batch, fault));
    nmlp_unlock_write(&net->lock);
    return NMLP_OK;
}

static int32_t run(nmlp_net *net, const nmlp_batch *batch, int32_t output, float *y, size_t ldy,
                   int32_t threads, nmlp_result *result)
{
    KERNELS(kernels);
    CHECK(nmlp_lock_read(&net->lock), NMLP_ERROR_BUSY);
    int32_t status;
    IN_DEFAULT_MODES(status = nmlp_net_run(net, kernels, batch, output, y, ldy, threads, result));
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
    VALID(matrix_ok(y, nmlp_batch_rows(batch), last_layer(net)->outputs, ldy));
    return run(net, batch, output, y, ldy, threads, NULL);
}

size_t nmlp_net_parameter_count(const nmlp_net *net)
{
    return net == NULL ? 0 : net->parameter_count;
}

int32_t nmlp_net_tensor_shape(const nmlp_net *net, size_t tensor, size_t *rows, size_t *columns)
{
    VALID(net != NULL && rows != NULL && columns != NULL);
    VALID(nmlp_net_has(net, NMLP_TENSOR_PARAMETER, tensor));
    nmlp_net_shape(net, tensor, rows, columns);
    return NMLP_OK;
}

static int32_t check_tensor(const nmlp_net *net, int32_t kind, size_t tensor, const float *data,
                            size_t length)
{
    VALID(net != NULL && data != NULL);
    VALID(kind >= NMLP_TENSOR_PARAMETER && kind <= NMLP_TENSOR_SECOND_MOMENT);
    VALID(nmlp_net_has(net, kind, tensor));
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
    VALID(nmlp_optimizer_known(progress->optimizer_kind));
    VALID(progress->beta1_power >= 0 && progress->beta1_power <= 1);
    VALID(progress->beta2_power >= 0 && progress->beta2_power <= 1);
    CHECK(nmlp_lock_write(&net->lock), NMLP_ERROR_BUSY);
    net->progress = *progress;
    nmlp_unlock_write(&net->lock);
    return NMLP_OK;
}
