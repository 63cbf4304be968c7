/* SPDX-License-Identifier: MIT
 *
 * The exported functions of a network: creation, training, prediction. */
#include <float.h>
#include <stdlib.h>

#include "api/api_check.h"
#include "ops/loss.h"
#include "net/net.h"
#include "ops/norm.h"
#include "ops/optimizer.h"

/* A normal sample is at most 6 standard deviations from 0. */
static const float GREATEST_STDDEV = 1e37f;

/* These comparisons are false for NaN. */
static int fraction_ok(float x) { return x >= 0 && x <= 1; }
static int finite_positive_or_zero(float x) { return x >= 0 && x <= FLT_MAX; }

/* activation_ok() rejects MAXOUT, because it is not a function of one element. */
static int layer_activation_ok(const nmlp_layer *layer)
{
    if (layer->activation == NMLP_ACTIVATION_MAXOUT)
        return layer->pieces == 0 || layer->pieces >= 2;
    return activation_ok(layer->activation) && (layer->pieces == 0 || layer->pieces == 1);
}

static int layer_ok(const nmlp_layer *layer)
{
    return layer->outputs >= 1 && layer_activation_ok(layer) && layer->init >= NMLP_INIT_DEFAULT &&
           layer->init <= NMLP_INIT_NORMAL && layer->norm >= NMLP_NORM_NONE &&
           layer->norm < NMLP_NORM_COUNT && finite_positive_or_zero(layer->alpha) &&
           layer->init_stddev >= 0 && layer->init_stddev <= GREATEST_STDDEV &&
           fraction_ok(layer->dropout) && layer->dropout < 1;
}

/* Returns a copy of a caller's array, which has at least one element, or NULL if there is not
 * enough memory. */
static void *copy_of(const void *array, size_t count, size_t element)
{
    void *copy = malloc(count * element);
    if (copy != NULL) memcpy(copy, array, count * element);
    return copy;
}

/* Replaces the caller's array with a copy, which must be released with free(). */
static int32_t take_class_weights(nmlp_net_options *options, size_t outputs, float **copy)
{
    const size_t count = options->class_weight_count;
    if (count == 0) return NMLP_OK;
    VALID(count == outputs && array_ok(options->class_weights, count));
    *copy = copy_of(options->class_weights, count, sizeof **copy);
    CHECK(*copy != NULL, NMLP_ERROR_OUT_OF_MEMORY);
    options->class_weights = *copy;
    for (size_t i = 0; i < count; i++) VALID(finite_positive_or_zero((*copy)[i]));
    return NMLP_OK;
}

static int32_t create(nmlp_net_options *options, const nmlp_layer *layers, size_t layer_count,
                      nmlp_net **net)
{
    VALID((uint32_t)options->precision <= NMLP_PRECISION_BFLOAT16 && threads_ok(options->threads));
    VALID(options->precision == NMLP_PRECISION_FLOAT32 || options->max_batch == 0);
    VALID(options->inputs >= 1);
    VALID(options->loss >= 0 && options->loss < NMLP_LOSS_COUNT);
    VALID(fraction_ok(options->label_smoothing) && finite_positive_or_zero(options->delta));
    VALID(fraction_ok(options->norm_epsilon) && fraction_ok(options->norm_momentum));
    for (size_t l = 0; l < layer_count; l++) VALID(layer_ok(&layers[l]));
    KERNELS(kernels);
    float *weights = NULL;
    int32_t status = take_class_weights(options, layers[layer_count - 1].outputs, &weights);
    if (status == NMLP_OK) status = nmlp_net_make(kernels, options, layers, layer_count, net);
    free(weights);
    return status;
}

/* The distance between the layers of the caller is their struct_size. */
static int32_t take_layers(const nmlp_layer *layers, size_t count, nmlp_layer *own)
{
    uint32_t size;
    memcpy(&size, layers, sizeof size);
    for (size_t l = 0; l < count; l++) { /* the first iteration rejects an invalid size */
        const void *const layer = (const char *)layers + l * size;
        VALID(take_layer(layer, &own[l]) && own[l].struct_size == size);
    }
    return NMLP_OK;
}

/* The checks and the library use the same copies, which other threads cannot change. */
int32_t nmlp_net_create(const nmlp_net_options *options, const nmlp_layer *layers,
                        size_t layer_count, nmlp_net **net)
{
    VALID(net != NULL);
    *net = NULL;
    nmlp_net_options own;
    VALID(take_net_options(options, &own) && layers != NULL);
    VALID(layer_count >= 1 && layer_count <= 10000);
    nmlp_layer *own_layers = malloc(layer_count * sizeof *own_layers);
    CHECK(own_layers != NULL, NMLP_ERROR_OUT_OF_MEMORY);
    int32_t status = take_layers(layers, layer_count, own_layers);
    if (status == NMLP_OK) status = create(&own, own_layers, layer_count, net);
    free(own_layers);
    return status;
}

int32_t nmlp_net_freeze(nmlp_net *net, nmlp_net **frozen)
{
    return nmlp_net_freeze_as(net, net != NULL ? net->precision : NMLP_PRECISION_FLOAT32, frozen);
}

int32_t nmlp_net_freeze_as(nmlp_net *net, int32_t precision, nmlp_net **frozen)
{
    VALID(frozen != NULL);
    *frozen = NULL;
    VALID((uint32_t)precision <= NMLP_PRECISION_BFLOAT16);
    KERNELS(kernels);
    VALID(net != NULL);
    VALID(net->precision == NMLP_PRECISION_FLOAT32 || net->precision == precision);
    CHECK(nmlp_lock_read(&net->lock), NMLP_ERROR_BUSY);
    const int32_t status = nmlp_net_make_frozen(net, kernels, precision, frozen);
    nmlp_unlock_read(&net->lock);
    return status;
}

void nmlp_net_destroy(nmlp_net *net) { nmlp_net_free(net); }

int32_t nmlp_net_initialize(nmlp_net *net, uint64_t seed)
{
    KERNELS(kernels);
    VALID(net != NULL);
    CHECK(nmlp_lock_write(&net->lock), NMLP_ERROR_BUSY);
    int32_t status = NMLP_OK;
    IN_DEFAULT_MODES(status = nmlp_net_initialize_parameters(net, kernels, seed));
    nmlp_unlock_write(&net->lock);
    return status;
}

/* Copies the caller's batch and checks everything except the values of its arrays. With
 * answers_needed, it also checks the requirements of a loss. */
static int32_t check_batch(const nmlp_net *net, const nmlp_batch *callers, int answers_needed,
                           nmlp_batch *batch)
{
    VALID(take_batch(callers, batch) && batch->reserved == 0);
    VALID(batch->feature_type == NMLP_FEATURE_FLOAT32 || batch->feature_type == NMLP_FEATURE_UINT8);
    VALID(matrix_ok(batch->features, batch->feature_rows, net->inputs, batch->ld));
    VALID(batch->mean_length == 0 || batch->mean_length == net->inputs);
    VALID(array_ok(batch->mean, batch->mean_length) && batch->scale - batch->scale == 0);
    for (size_t j = 0; j < batch->mean_length; j++) VALID(batch->mean[j] - batch->mean[j] == 0);
    VALID(batch->scales_length == 0 || batch->scales_length == net->inputs);
    VALID(batch->scales_length == 0 || batch->scale == 0 || batch->scale == 1);
    VALID(array_ok(batch->scales, batch->scales_length));
    for (size_t j = 0; j < batch->scales_length; j++)
        VALID(batch->scales[j] - batch->scales[j] == 0);
    VALID(array_ok(batch->indices, batch->index_count));
    VALID(batch->label_count == 0 || batch->label_count == batch->feature_rows);
    VALID(array_ok(batch->labels, batch->label_count));
    const size_t outputs = last_layer(net)->outputs;
    VALID(batch->target_length == 0 ||
          (matrix_ok(batch->targets, batch->feature_rows, outputs, outputs) &&
           batch->target_length == batch->feature_rows * outputs));
    VALID(batch->weight_count == 0 || batch->weight_count == batch->feature_rows);
    VALID(array_ok(batch->weights, batch->weight_count));
    const int has_targets = nmlp_loss_takes_targets(net->loss) && batch->target_length > 0;
    VALID(!answers_needed ||
          (nmlp_batch_rows(batch) >= 1 && (has_targets || batch->label_count > 0)));
    VALID(!answers_needed || batch->label_count == 0 || nmlp_net_classes(net) > 0);
    return NMLP_OK;
}

/* Without an optimizer, a step keeps its gradient. */
typedef struct step_call {
    const nmlp_optimizer *optimizer;
    double l2;
    nmlp_result *result; /* of a step */
    nmlp_fault *fault;   /* of a search */
} step_call;

/* Allocates the moments that not every optimizer has. */
static int make_moments(nmlp_net *net, const nmlp_optimizer *optimizer)
{
    const int32_t rule = nmlp_optimizer_rule(optimizer);
    return !nmlp_optimizer_keeps(rule, NMLP_TENSOR_THIRD_MOMENT) ||
           nmlp_net_make_third_moments(net);
}

static int32_t step_locked(nmlp_net *net, const nmlp_kernels *kernels, const nmlp_batch *batch,
                           const step_call *call)
{
    nmlp_batch own;
    const nmlp_batch_room room = {net->indices, net->labels, net->row_weights};
    const int32_t status = nmlp_batch_take(batch, nmlp_net_classes(net), 1, room, &own);
    CHECK(status == NMLP_OK, status);
    CHECK(call->optimizer == NULL || make_moments(net, call->optimizer), NMLP_ERROR_OUT_OF_MEMORY);
    if (call->fault != NULL) {
        give_fault(call->fault,
                   nmlp_net_find_nonfinite_in_step(net, kernels, &own, call->optimizer));
        return NMLP_OK;
    }
    VALID(nmlp_net_total_ok(nmlp_net_total(net, &own)));
    give_result(call->result, nmlp_net_step(net, kernels, &own, call->optimizer, call->l2));
    return NMLP_OK;
}

static int32_t step(nmlp_net *net, const nmlp_batch *callers, const step_call *call)
{
    KERNELS(kernels);
    CHECK(nmlp_net_trains(net), NMLP_ERROR_FROZEN);
    nmlp_batch batch;
    int32_t status = check_batch(net, callers, 1, &batch);
    CHECK(status == NMLP_OK, status);
    VALID(nmlp_batch_rows(&batch) <= net->max_batch);
    CHECK(nmlp_lock_write(&net->lock), NMLP_ERROR_BUSY);
    IN_DEFAULT_MODES(status = step_locked(net, kernels, &batch, call));
    nmlp_unlock_write(&net->lock);
    return status;
}

static int take_valid_optimizer(const nmlp_optimizer *optimizer, nmlp_optimizer *own)
{
    return take_optimizer(optimizer, own) && nmlp_optimizer_valid(own);
}

int32_t nmlp_net_train_step(nmlp_net *net, const nmlp_batch *batch, const nmlp_optimizer *optimizer,
                            nmlp_result *result)
{
    nmlp_optimizer own;
    VALID(net != NULL && sized_result(result) && take_valid_optimizer(optimizer, &own));
    return step(net, batch, &(step_call){.optimizer = &own, .l2 = own.l2, .result = result});
}

int32_t nmlp_net_gradient(nmlp_net *net, const nmlp_batch *batch, double l2, nmlp_result *result)
{
    VALID(net != NULL && sized_result(result) && nmlp_optimizer_usable(l2));
    return step(net, batch, &(step_call){.l2 = l2, .result = result});
}

int32_t nmlp_net_apply(nmlp_net *net, const nmlp_optimizer *optimizer)
{
    KERNELS(kernels);
    nmlp_optimizer own;
    VALID(net != NULL && take_valid_optimizer(optimizer, &own));
    CHECK(nmlp_net_trains(net), NMLP_ERROR_FROZEN);
    CHECK(nmlp_lock_write(&net->lock), NMLP_ERROR_BUSY);
    int32_t status = NMLP_ERROR_OUT_OF_MEMORY;
    if (make_moments(net, &own))
        IN_DEFAULT_MODES(
            status = nmlp_net_apply_gradient(net, kernels, &own) ? NMLP_OK : NMLP_ERROR_NONFINITE);
    nmlp_unlock_write(&net->lock);
    return status;
}

int32_t nmlp_net_find_nonfinite(nmlp_net *net, const nmlp_batch *batch, nmlp_fault *fault)
{
    VALID(net != NULL && sized_fault(fault));
    return step(net, batch, &(step_call){.fault = fault});
}

int32_t nmlp_net_find_nonfinite_update(nmlp_net *net, const nmlp_batch *batch,
                                       const nmlp_optimizer *optimizer, nmlp_fault *fault)
{
    nmlp_optimizer own;
    VALID(net != NULL && sized_fault(fault) && take_valid_optimizer(optimizer, &own));
    return step(net, batch, &(step_call){.optimizer = &own, .l2 = own.l2, .fault = fault});
}

static int32_t run(nmlp_net *net, const nmlp_batch *batch, const nmlp_answers *answers,
                   int32_t threads, nmlp_result *result)
{
    KERNELS(kernels);
    CHECK(nmlp_lock_read(&net->lock), NMLP_ERROR_BUSY);
    int32_t status;
    IN_DEFAULT_MODES(status = nmlp_net_run(net, kernels, batch, answers, threads, result));
    nmlp_unlock_read(&net->lock);
    return status;
}

int32_t nmlp_net_evaluate(nmlp_net *net, const nmlp_batch *batch, int32_t threads,
                          nmlp_result *result)
{
    VALID(net != NULL && sized_result(result) && threads_ok(threads));
    nmlp_batch own;
    nmlp_result measured;
    int32_t status = check_batch(net, batch, 1, &own);
    CHECK(status == NMLP_OK, status);
    const nmlp_answers none = {0};
    status = run(net, &own, &none, threads, &measured);
    if (status == NMLP_OK) give_result(result, measured);
    return status;
}

int32_t nmlp_net_predict(nmlp_net *net, const nmlp_batch *batch, int32_t output, float *y,
                         size_t ldy, int32_t threads)
{
    VALID(net != NULL && threads_ok(threads));
    VALID(output == NMLP_OUTPUT_SCORES || output == NMLP_OUTPUT_PROBABILITIES);
    nmlp_batch own;
    const int32_t status = check_batch(net, batch, 0, &own);
    CHECK(status == NMLP_OK, status);
    VALID(matrix_ok(y, nmlp_batch_rows(&own), last_layer(net)->outputs, ldy));
    const nmlp_answers scores = {.output = output, .y = y, .ldy = ldy};
    return run(net, &own, &scores, threads, NULL);
}

int32_t nmlp_net_predict_classes(nmlp_net *net, const nmlp_batch *batch, int32_t *classes,
                                 int32_t threads)
{
    VALID(net != NULL && threads_ok(threads));
    VALID(nmlp_net_classes(net) > 0 && nmlp_net_classes(net) <= INT32_MAX);
    nmlp_batch own;
    const int32_t status = check_batch(net, batch, 0, &own);
    CHECK(status == NMLP_OK, status);
    VALID(array_ok(classes, nmlp_batch_rows(&own)));
    const nmlp_answers only_classes = {.classes = classes};
    return run(net, &own, &only_classes, threads, NULL);
}

size_t nmlp_loss_classes(int32_t loss, size_t outputs)
{
    return loss >= 0 && loss < NMLP_LOSS_COUNT ? nmlp_loss_class_count(loss, outputs) : 0;
}
