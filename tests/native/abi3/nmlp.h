/* SPDX-License-Identifier: MIT
 *
 * nmlp.h as it was when NMLP_ABI_VERSION became 3, without its comments. Programs compiled against
 * it must work with every later library of this ABI: never change this file. */
#ifndef NMLP_H
#define NMLP_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(_WIN32)
#if defined(NMLP_BUILD)
#define NMLP_API __declspec(dllexport)
#elif defined(NMLP_STATIC)
#define NMLP_API
#else
#define NMLP_API __declspec(dllimport)
#endif
#elif defined(NMLP_BUILD) && defined(__GNUC__)
#define NMLP_API __attribute__((visibility("default")))
#else
#define NMLP_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define NMLP_ABI_VERSION 3

typedef enum nmlp_status {
    NMLP_OK = 0,
    NMLP_ERROR_INVALID_ARGUMENT = -1,
    NMLP_ERROR_OUT_OF_MEMORY = -2,
    NMLP_ERROR_UNSUPPORTED_ISA = -3,
    NMLP_ERROR_UNSUPPORTED = -4,
    NMLP_ERROR_INDEX_RANGE = -5,
    NMLP_ERROR_LABEL_RANGE = -6,
    NMLP_ERROR_BUSY = -7,
    NMLP_ERROR_NONFINITE = -8,
    NMLP_ERROR_FROZEN = -9
} nmlp_status;

typedef enum nmlp_isa {
    NMLP_ISA_SCALAR = 0,
    NMLP_ISA_AVX2 = 1,
    NMLP_ISA_AVX512 = 2,
    NMLP_ISA_NEON = 3
} nmlp_isa;

typedef enum nmlp_activation {
    NMLP_ACTIVATION_IDENTITY = 0,
    NMLP_ACTIVATION_RELU = 1,
    NMLP_ACTIVATION_LEAKY_RELU = 2,
    NMLP_ACTIVATION_SIGMOID = 3,
    NMLP_ACTIVATION_TANH = 4,
    NMLP_ACTIVATION_ELU = 5,
    NMLP_ACTIVATION_GELU = 6,
    NMLP_ACTIVATION_GELU_TANH = 7,
    NMLP_ACTIVATION_SOFTPLUS = 8,
    NMLP_ACTIVATION_SILU = 9,
    NMLP_ACTIVATION_MAXOUT = 10
} nmlp_activation;

typedef enum nmlp_loss {
    NMLP_LOSS_SOFTMAX_CROSS_ENTROPY = 0,
    NMLP_LOSS_BINARY_CROSS_ENTROPY = 1,
    NMLP_LOSS_MEAN_SQUARED_ERROR = 2,
    NMLP_LOSS_HUBER = 3,
    NMLP_LOSS_MULTICLASS_HINGE = 4
} nmlp_loss;

#define NMLP_NO_CLASS (-1)

typedef enum nmlp_norm { NMLP_NORM_NONE = 0, NMLP_NORM_BATCH = 1, NMLP_NORM_LAYER = 2 } nmlp_norm;

typedef enum nmlp_optimizer_kind {
    NMLP_OPTIMIZER_SGD = 0,
    NMLP_OPTIMIZER_MOMENTUM = 1,
    NMLP_OPTIMIZER_ADAM = 2,
    NMLP_OPTIMIZER_NESTEROV = 3,
    NMLP_OPTIMIZER_ADAGRAD = 4,
    NMLP_OPTIMIZER_RMSPROP = 5,
    NMLP_OPTIMIZER_ADAMW = 6
} nmlp_optimizer_kind;

typedef enum nmlp_init {
    NMLP_INIT_DEFAULT = 0,
    NMLP_INIT_ZEROS = 1,
    NMLP_INIT_HE_NORMAL = 2,
    NMLP_INIT_HE_UNIFORM = 3,
    NMLP_INIT_GLOROT_NORMAL = 4,
    NMLP_INIT_GLOROT_UNIFORM = 5,
    NMLP_INIT_LECUN_NORMAL = 6,
    NMLP_INIT_NORMAL = 7
} nmlp_init;

typedef enum nmlp_feature_type {
    NMLP_FEATURE_FLOAT32 = 0,
    NMLP_FEATURE_UINT8 = 1
} nmlp_feature_type;

typedef enum nmlp_output { NMLP_OUTPUT_SCORES = 0, NMLP_OUTPUT_PROBABILITIES = 1 } nmlp_output;

typedef enum nmlp_tensor_kind {
    NMLP_TENSOR_PARAMETER = 0,
    NMLP_TENSOR_GRADIENT = 1,
    NMLP_TENSOR_FIRST_MOMENT = 2,
    NMLP_TENSOR_SECOND_MOMENT = 3
} nmlp_tensor_kind;

NMLP_API int32_t nmlp_abi_version(void);

NMLP_API const char *nmlp_version(void);

NMLP_API const char *nmlp_status_string(int32_t status);

NMLP_API int32_t nmlp_initialize(void);

NMLP_API int32_t nmlp_active_isa(void);

NMLP_API int32_t nmlp_isa_available(int32_t isa);

NMLP_API const char *nmlp_isa_name(int32_t isa);

NMLP_API const char *nmlp_parallel_backend(void);

NMLP_API const char *nmlp_compiler(void);

NMLP_API int32_t nmlp_default_threads(void);

NMLP_API int32_t nmlp_gemm(size_t m, size_t n, size_t k, int32_t transpose_a, int32_t transpose_b,
                           float alpha, const float *a, size_t lda, const float *b, size_t ldb,
                           float beta, float *c, size_t ldc, int32_t threads);

NMLP_API int32_t nmlp_dense_forward(size_t m, size_t n, size_t k, int32_t activation, float alpha,
                                    const float *x, size_t ldx, const float *w, size_t ldw,
                                    const float *bias, size_t bias_length, float *y, size_t ldy,
                                    int32_t threads);

NMLP_API int32_t nmlp_dense_backward(size_t m, size_t n, size_t k, int32_t activation, float alpha,
                                     const float *x, size_t ldx, const float *w, size_t ldw,
                                     const float *saved, size_t lds, float *dy, size_t lddy,
                                     float *dx, size_t lddx, size_t dx_length, float *dw,
                                     size_t lddw, size_t dw_length, float *db, size_t db_length,
                                     int32_t threads);

NMLP_API int32_t nmlp_activation_forward(int32_t activation, float alpha, size_t count,
                                         const float *x, float *y);

NMLP_API int32_t nmlp_activation_backward(int32_t activation, float alpha, size_t count,
                                          const float *saved, const float *dy, float *dx);

NMLP_API int32_t nmlp_maxout_forward(size_t m, size_t outputs, size_t pieces, const float *x,
                                     size_t ldx, float *y, size_t ldy);

NMLP_API int32_t nmlp_maxout_backward(size_t m, size_t outputs, size_t pieces, const float *x,
                                      size_t ldx, const float *dy, size_t lddy, float *dx,
                                      size_t lddx);

NMLP_API int32_t nmlp_softmax(size_t m, size_t n, const float *x, size_t ldx, float *y, size_t ldy,
                              int32_t threads);

NMLP_API int32_t nmlp_log_softmax(size_t m, size_t n, const float *x, size_t ldx, float *y,
                                  size_t ldy, int32_t threads);

NMLP_API int32_t nmlp_softmax_cross_entropy(size_t m, size_t n, const float *scores, size_t lds,
                                            const int32_t *labels, float *dscores, size_t ldds,
                                            size_t dscores_length, double *loss, size_t *correct,
                                            int32_t threads);

typedef struct nmlp_optimizer {
    uint32_t struct_size;
    int32_t kind;
    double learning_rate;
    double l2;
    double momentum;
    double beta1;
    double beta2;
    double epsilon;
    double rho;
    double decay;
    double clip_norm;
    double clip_value;
    double max_norm;
    int32_t decay_biases;
    int32_t reserved;
} nmlp_optimizer;

NMLP_API int32_t nmlp_optimizer_defaults(nmlp_optimizer *optimizer, int32_t kind);

static inline nmlp_optimizer nmlp_optimizer_init(int32_t kind)
{
    nmlp_optimizer optimizer;
    memset(&optimizer, 0, sizeof optimizer);
    optimizer.struct_size = sizeof optimizer;
    if (nmlp_optimizer_defaults(&optimizer, kind) != NMLP_OK) optimizer.kind = -1;
    return optimizer;
}

NMLP_API int32_t nmlp_optimizer_update(const nmlp_optimizer *optimizer, size_t count, float *w,
                                       const float *g, float *first, size_t first_length,
                                       float *second, size_t second_length, double beta1_power,
                                       double beta2_power);

NMLP_API int32_t nmlp_sincospi(size_t count, const float *x, float *s, float *c);

NMLP_API int32_t nmlp_random_uniform(uint64_t seed, uint64_t stream, uint64_t offset, size_t count,
                                     float low, float high, float *dst);

NMLP_API int32_t nmlp_random_normal(uint64_t seed, uint64_t stream, uint64_t offset, size_t count,
                                    float mean, float stddev, float *dst);

NMLP_API int32_t nmlp_random_permutation(uint64_t seed, uint64_t stream, size_t count,
                                         int32_t *dst);

typedef struct nmlp_net nmlp_net;

typedef struct nmlp_layer {
    uint32_t struct_size;
    int32_t activation;
    size_t outputs;
    int32_t init;
    int32_t norm;
    float alpha;
    float dropout;
    float init_stddev;
    int32_t pieces;
} nmlp_layer;

static inline nmlp_layer nmlp_layer_init(size_t outputs, int32_t activation)
{
    nmlp_layer layer;
    memset(&layer, 0, sizeof layer);
    layer.struct_size = sizeof layer;
    layer.activation = activation;
    layer.outputs = outputs;
    layer.alpha = activation == NMLP_ACTIVATION_ELU ? 1.0f : 0.01f;
    return layer;
}

typedef struct nmlp_net_options {
    uint32_t struct_size;
    int32_t loss;
    size_t inputs;
    size_t max_batch;
    int32_t threads;
    float label_smoothing;
    float delta;
    float norm_epsilon;
    float norm_momentum;
    int32_t reserved;
    uint64_t dropout_seed;
    const float *class_weights;
    size_t class_weight_count;
} nmlp_net_options;

static inline nmlp_net_options nmlp_net_options_init(size_t inputs, size_t max_batch, int32_t loss)
{
    nmlp_net_options options;
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.loss = loss;
    options.inputs = inputs;
    options.max_batch = max_batch;
    return options;
}

typedef struct nmlp_batch {
    uint32_t struct_size;
    int32_t feature_type;
    const void *features;
    size_t feature_rows;
    size_t ld;
    const float *mean;
    size_t mean_length;
    const int32_t *indices;
    size_t index_count;
    const int32_t *labels;
    size_t label_count;
    const float *targets;
    size_t target_length;
    const float *weights;
    size_t weight_count;
    float scale;
    int32_t reserved;
} nmlp_batch;

static inline nmlp_batch nmlp_batch_init(const float *features, size_t rows, size_t columns)
{
    nmlp_batch batch;
    memset(&batch, 0, sizeof batch);
    batch.struct_size = sizeof batch;
    batch.feature_type = NMLP_FEATURE_FLOAT32;
    batch.features = features;
    batch.feature_rows = rows;
    batch.ld = columns;
    return batch;
}

typedef struct nmlp_result {
    uint32_t struct_size;
    int32_t reserved;
    double loss;
    double data_loss;
    size_t rows;
    size_t correct;
    double gradient_norm;
} nmlp_result;

static inline nmlp_result nmlp_result_init(void)
{
    nmlp_result result;
    memset(&result, 0, sizeof result);
    result.struct_size = sizeof result;
    return result;
}

typedef struct nmlp_optimizer_state {
    uint32_t struct_size;
    int32_t optimizer_kind;
    uint64_t steps;
    double beta1_power;
    double beta2_power;
} nmlp_optimizer_state;

NMLP_API int32_t nmlp_net_create(const nmlp_net_options *options, const nmlp_layer *layers,
                                 size_t layer_count, nmlp_net **net);

NMLP_API int32_t nmlp_net_freeze(nmlp_net *net, nmlp_net **frozen);

NMLP_API void nmlp_net_destroy(nmlp_net *net);

NMLP_API int32_t nmlp_net_initialize(nmlp_net *net, uint64_t seed);

NMLP_API int32_t nmlp_net_train_step(nmlp_net *net, const nmlp_batch *batch,
                                     const nmlp_optimizer *optimizer, nmlp_result *result);

NMLP_API int32_t nmlp_net_gradient(nmlp_net *net, const nmlp_batch *batch, double l2,
                                   nmlp_result *result);

NMLP_API int32_t nmlp_net_apply(nmlp_net *net, const nmlp_optimizer *optimizer);

typedef enum nmlp_nonfinite {
    NMLP_NONFINITE_NONE = 0,
    NMLP_NONFINITE_FEATURE = 1,
    NMLP_NONFINITE_TARGET = 2,
    NMLP_NONFINITE_PARAMETER = 3,
    NMLP_NONFINITE_OUTPUT = 4,
    NMLP_NONFINITE_LOSS = 5,
    NMLP_NONFINITE_TOTAL_WEIGHT = 6,
    NMLP_NONFINITE_PENALTY = 7,
    NMLP_NONFINITE_GRADIENT = 8,
    NMLP_NONFINITE_UPDATE = 9
} nmlp_nonfinite;

typedef struct nmlp_fault {
    uint32_t struct_size;
    int32_t kind;
    size_t layer, row, column;
} nmlp_fault;

NMLP_API int32_t nmlp_net_find_nonfinite(nmlp_net *net, const nmlp_batch *batch, nmlp_fault *fault);

NMLP_API int32_t nmlp_net_find_nonfinite_update(nmlp_net *net, const nmlp_batch *batch,
                                                const nmlp_optimizer *optimizer, nmlp_fault *fault);

NMLP_API int32_t nmlp_net_evaluate(nmlp_net *net, const nmlp_batch *batch, int32_t threads,
                                   nmlp_result *result);

NMLP_API int32_t nmlp_net_predict(nmlp_net *net, const nmlp_batch *batch, int32_t output, float *y,
                                  size_t ldy, int32_t threads);

NMLP_API size_t nmlp_loss_classes(int32_t loss, size_t outputs);

NMLP_API int32_t nmlp_net_predict_classes(nmlp_net *net, const nmlp_batch *batch, int32_t *classes,
                                          int32_t threads);

NMLP_API int32_t nmlp_dropout_mask(uint64_t seed, uint64_t step, size_t layer, size_t rows,
                                   size_t columns, float dropout, float *mask);

NMLP_API size_t nmlp_net_parameter_count(const nmlp_net *net);

NMLP_API size_t nmlp_net_memory_bytes(const nmlp_net *net);

NMLP_API int32_t nmlp_net_tensor_shape(const nmlp_net *net, size_t tensor, size_t *rows,
                                       size_t *columns);

NMLP_API int32_t nmlp_net_read(nmlp_net *net, int32_t kind, size_t tensor, float *dst,
                               size_t length);
NMLP_API int32_t nmlp_net_write(nmlp_net *net, int32_t kind, size_t tensor, const float *src,
                                size_t length);

NMLP_API int32_t nmlp_net_read_block(nmlp_net *net, int32_t kind, float *dst, size_t length);
NMLP_API int32_t nmlp_net_write_block(nmlp_net *net, int32_t kind, const float *src, size_t length);

NMLP_API int32_t nmlp_net_read_optimizer_state(nmlp_net *net, nmlp_optimizer_state *state);
NMLP_API int32_t nmlp_net_write_optimizer_state(nmlp_net *net, const nmlp_optimizer_state *state);

#ifdef __cplusplus
}
#endif

#endif
