/* SPDX-License-Identifier: MIT
 *
 * nmlp: kernels and a whole-network train step for multilayer perceptrons.
 *
 * Conventions
 * -----------
 * Arrays are row-major float32; a leading dimension `ld*` is the distance between two rows in
 * elements. Sizes are m rows (samples), n outputs and k inputs. X is [m x k], one sample a row; W
 * is [k x n] (inputs x outputs); b is [n]; a layer is Y = act(X*W + b). Gradients carry a d prefix:
 *
 *     dW = X'*dZ      db = sum of the rows of dZ      dX = dZ*W'
 *
 * Losses are means over the samples. `l2` adds l2 * (sum of squared weights), so its gradient is
 * 2*l2*W; biases are never penalised.
 *
 * Same bits. For finite data the result of every function depends on its arguments alone: not on
 * the instruction set, the number of threads, the operating system or the compiler. Each output of
 * a product is one chain of fused multiply-adds over k in ascending order. Every call runs in the
 * default rounding mode with denormals kept, and restores the caller's modes.
 *
 * Status. Functions that can fail return an int32_t: NMLP_OK (0) or a negative nmlp_status. On
 * failure nothing was computed and nothing was written, unless the function says otherwise.
 * Arguments that break a rule of this header are INVALID_ARGUMENT; a function's comment names the
 * other statuses that it can return. A non-finite loss is a result, not a failure. The library
 * never prints, exits or aborts, and keeps no last-error state.
 *
 * Optional input is left out by length 0, a matrix by no rows or no columns; its pointer is then
 * ignored. Any other length must be exactly the expected one. Where there is no length, as with a
 * matrix, whose extent follows from its sizes and leading dimension, the library relies on the
 * caller. Arrays must not overlap unless a function says so, need no alignment beyond that of their
 * elements, and are accessed only within the rows, columns and lengths given.
 *
 * Structures begin with `struct_size`, which the caller sets to sizeof; the functions nmlp_*_init()
 * do it. Later versions append members, and 0 always stands for the behaviour before the member
 * existed. So a program works with an older and with a newer library than the header it was
 * compiled against, as long as NMLP_ABI_VERSION is the same. A size below that of the first version
 * of this ABI is refused; from there on
 *
 *     smaller than here: accepted; the missing members count as 0
 *     larger than here, read by the library: accepted if the bytes that this library does not know
 *         are 0, otherwise INVALID_ARGUMENT, since it cannot do what they ask for
 *     larger than here, written by the library: accepted; the bytes that it does not know become 0
 *
 * All layers of an array have the same struct_size.
 *
 * Threads. A stateless function may be called from any thread. A network takes one caller at a
 * time, except nmlp_net_predict, nmlp_net_predict_classes, nmlp_net_evaluate and the readers, which
 * any number of threads may call at once; a call that would interfere with them returns BUSY. A
 * `threads` argument is the greatest number of workers, at most 1024; 0 stands for
 * nmlp_default_threads(). At most eight times nmlp_default_threads() workers are used, small tasks
 * use fewer, and while other programs use the processors a call may work on its own thread alone.
 *
 * A thread cannot be cancelled (pthread_cancel) while workers help it: the request takes effect at
 * the program's next cancellation point. A thread must not call the library with asynchronous
 * cancellation enabled, nor leave a call by longjmp: the network would stay BUSY for ever, and the
 * workers would be lost.
 *
 * A child process (fork) may use the library, and each network that no other thread of its parent
 * was using at the time. With the pool it starts workers of its own; with OpenMP it works on the
 * calling thread alone if its parent had workers.
 */
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

/* Raised when a program compiled against an older header could misbehave. That is not planned to
 * happen again: functions, constants and members of structures are only added. A program that needs
 * a function which its library lacks learns of it from the linker or the loader.
 *
 *     3   nmlp_result begins with its size. Since version 2 was published, functions were added,
 *         and norm_momentum 0 came to mean 0.1 */
#define NMLP_ABI_VERSION 3

/* ---------------------------------------------------------------- constants
 * Passed as int32_t; the values are pinned and are never renumbered. */

typedef enum nmlp_status {
    NMLP_OK = 0,
    NMLP_ERROR_INVALID_ARGUMENT = -1, /* a size, pointer, enum value or struct_size */
    NMLP_ERROR_OUT_OF_MEMORY = -2,
    NMLP_ERROR_UNSUPPORTED_ISA = -3, /* NMLP_ISA names none, or one this CPU lacks */
    NMLP_ERROR_UNSUPPORTED = -4,     /* valid, but not built into this version */
    NMLP_ERROR_INDEX_RANGE = -5,     /* a row index is outside the features */
    NMLP_ERROR_LABEL_RANGE = -6,     /* a class label is outside [0, n) */
    NMLP_ERROR_BUSY = -7,            /* the network is in use by another thread */
    NMLP_ERROR_NONFINITE = -8,       /* the update would not be finite; nothing was changed */
    NMLP_ERROR_FROZEN = -9           /* the network was made for prediction alone */
} nmlp_status;

typedef enum nmlp_isa {
    NMLP_ISA_SCALAR = 0,
    NMLP_ISA_AVX2 = 1,   /* AVX2 and FMA */
    NMLP_ISA_AVX512 = 2, /* AVX-512F */
    NMLP_ISA_NEON = 3    /* AArch64's Advanced SIMD */
} nmlp_isa;

typedef enum nmlp_activation {
    NMLP_ACTIVATION_IDENTITY = 0, /* y = x */
    NMLP_ACTIVATION_RELU = 1,     /* y = 0 where x < 0, else x; derivative 0 where y <= 0, else 1 */
    NMLP_ACTIVATION_LEAKY_RELU = 2, /* y = x where x > 0, else alpha*x */
    NMLP_ACTIVATION_SIGMOID = 3,    /* y = 1/(1 + exp(-x)) */
    NMLP_ACTIVATION_TANH = 4,
    NMLP_ACTIVATION_ELU = 5,       /* y = x where x > 0, else alpha*(exp(x) - 1) */
    NMLP_ACTIVATION_GELU = 6,      /* y = x * (1 + erf(x/sqrt(2)))/2 */
    NMLP_ACTIVATION_GELU_TANH = 7, /* y = x/2 * (1 + tanh(sqrt(2/pi)*(x + 0.044715*x^3))) */
    NMLP_ACTIVATION_SOFTPLUS = 8,  /* y = log(1 + exp(x)) */
    NMLP_ACTIVATION_SILU = 9,      /* y = x/(1 + exp(-x)) */
    NMLP_ACTIVATION_MAXOUT = 10    /* y = the greatest of some sums: see nmlp_maxout_forward */
} nmlp_activation;

/* What a row adds to the loss. s are its n scores, t its n targets, y its label, and c the class
 * weights (1 where there are none). The loss is sum(w_i * L_i) / sum(w_i), where w are the weights
 * of the rows (1 where there are none; for SOFTMAX_CROSS_ENTROPY each times c[y]). */
typedef enum nmlp_loss {
    NMLP_LOSS_SOFTMAX_CROSS_ENTROPY = 0, /* -log softmax(s)[y]; smoothed as nmlp_net_options says */
    NMLP_LOSS_BINARY_CROSS_ENTROPY = 1,  /* sum of -c*t*log(sigmoid(s)) - (1-t)*log(sigmoid(-s)),
                                            over n */
    NMLP_LOSS_MEAN_SQUARED_ERROR = 2,    /* sum of (s-t)^2, over n */
    NMLP_LOSS_HUBER = 3,                 /* sum of h(s-t), over n; h(d) = d^2/2 where |d| <= delta,
                                            else delta*(|d| - delta/2) */
    NMLP_LOSS_MULTICLASS_HINGE = 4       /* sum over j != y of max(0, s[j] - s[y] + delta) */
} nmlp_loss;

/* The class of a row of which a score is NaN or an infinity: it has none. */
#define NMLP_NO_CLASS (-1)

/* The normalisation between X*W + b and the activation: gamma*(z - mean)/sqrt(variance + epsilon) +
 * beta. gamma and beta are learned, one of each per output; under MAXOUT one per sum.
 *
 * BATCH takes mean and variance of an output over the batch, and outside training the running
 * ones. A training step of one row is allowed (PyTorch refuses it): the variance is 0, the output
 * is beta, and of the running statistics only the mean moves. LAYER takes them of a row over its
 * outputs. */
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
    NMLP_INIT_DEFAULT = 0, /* HE_NORMAL on hidden layers, LECUN_NORMAL on the last */
    NMLP_INIT_ZEROS = 1,
    NMLP_INIT_HE_NORMAL = 2,      /* N(0, 2/k) */
    NMLP_INIT_HE_UNIFORM = 3,     /* U(-a, a), a = sqrt(6/k) */
    NMLP_INIT_GLOROT_NORMAL = 4,  /* N(0, 2/(k+n)) */
    NMLP_INIT_GLOROT_UNIFORM = 5, /* U(-a, a), a = sqrt(6/(k+n)) */
    NMLP_INIT_LECUN_NORMAL = 6,   /* N(0, 1/k) */
    NMLP_INIT_NORMAL = 7          /* N(0, nmlp_layer.init_stddev^2) */
} nmlp_init;

typedef enum nmlp_feature_type {
    NMLP_FEATURE_FLOAT32 = 0,
    NMLP_FEATURE_UINT8 = 1
} nmlp_feature_type;

typedef enum nmlp_output {
    NMLP_OUTPUT_SCORES = 0, /* the last layer's outputs */
    NMLP_OUTPUT_PROBABILITIES =
        1 /* their softmax; under BINARY_CROSS_ENTROPY the sigmoid of each */
} nmlp_output;

typedef enum nmlp_tensor_kind {
    NMLP_TENSOR_PARAMETER = 0,
    NMLP_TENSOR_GRADIENT = 1,      /* of the last nmlp_net_gradient */
    NMLP_TENSOR_FIRST_MOMENT = 2,  /* momentum buffer v or u, Adam's m */
    NMLP_TENSOR_SECOND_MOMENT = 3, /* mean or sum of squares: Adam's v */
    NMLP_TENSOR_THIRD_MOMENT = 4   /* AMSGrad's greatest v, the mean of centered RMSProp */
} nmlp_tensor_kind;

/* ---------------------------------------------------------- about the library */

/* NMLP_ABI_VERSION of the library that was loaded. */
NMLP_API int32_t nmlp_abi_version(void);

/* "major.minor.patch", static text. */
NMLP_API const char *nmlp_version(void);

/* English, static text, never NULL; "unknown status" for a value not listed. */
NMLP_API const char *nmlp_status_string(int32_t status);

/* Chooses the instruction set, once per process: the best this CPU has, or the one that the
 * environment variable NMLP_ISA names (scalar, avx2, avx512, neon). Every computing function does
 * this by itself and answers the same status, so calling it is optional.
 * NMLP_ERROR_UNSUPPORTED_ISA if NMLP_ISA names none of these or one that this CPU or this build
 * lacks; empty counts as not set. */
NMLP_API int32_t nmlp_initialize(void);

/* The nmlp_isa in use, or a negative status as nmlp_initialize answers it. */
NMLP_API int32_t nmlp_active_isa(void);

/* 1 if this build has the instruction set and this CPU can run it, else 0. */
NMLP_API int32_t nmlp_isa_available(int32_t isa);

/* The word that NMLP_ISA takes ("avx2"), static text; NULL for an unknown value. */
NMLP_API const char *nmlp_isa_name(int32_t isa);

/* Where worker threads come from: "pool" (the library's own), "openmp" or "none", static text. The
 * pool is one for the process: callers at work share it, together on no more workers than there
 * are processors, or than one of them asks for. */
NMLP_API const char *nmlp_parallel_backend(void);

/* The compiler that built the library and its version, such as "gcc 12.2.0", static text. */
NMLP_API const char *nmlp_compiler(void);

/* The number of workers used where 0 is asked for: the least of processors, affinity and cgroup
 * CPU quota, or NMLP_THREADS where that is a number from 1 to 1024. Read once per process. */
NMLP_API int32_t nmlp_default_threads(void);

/* ---------------------------------------------------------- stateless kernels */

/* C = alpha * op(A) * op(B) + beta * C
 *
 * op(A) is [m x k]: A itself (transpose_a = 0, stored [m x k], lda >= k) or its transpose
 * (transpose_a = 1, stored [k x m], lda >= m). op(B) is [k x n] likewise. C is [m x n], ldc >= n.
 * alpha multiplies the elements of A, beta those of C, each with one rounding, before the chain
 * starts; with beta = 0 C is not read. m, n or k may be 0. */
NMLP_API int32_t nmlp_gemm(size_t m, size_t n, size_t k, int32_t transpose_a, int32_t transpose_b,
                           float alpha, const float *a, size_t lda, const float *b, size_t ldb,
                           float beta, float *c, size_t ldc, int32_t threads);

/* Y = act(X*W + b): X [m x k], W [k x n], b [n], Y [m x n]. bias_length is n, or 0 for no bias.
 * The chain starts from the bias. alpha, finite and >= 0, is that of LEAKY_RELU and ELU. MAXOUT is
 * INVALID_ARGUMENT, here and in the next three: it is no function of one element, but comes after
 * an IDENTITY by nmlp_maxout_forward. */
NMLP_API int32_t nmlp_dense_forward(size_t m, size_t n, size_t k, int32_t activation, float alpha,
                                    const float *x, size_t ldx, const float *w, size_t ldw,
                                    const float *bias, size_t bias_length, float *y, size_t ldy,
                                    int32_t threads);

/* The gradients of a dense layer, given dY [m x n] and what its activation's derivative is computed
 * from, saved [m x n]: the output Y; for GELU, GELU_TANH and SILU the sums Z = X*W + b, which a
 * caller keeps by running nmlp_dense_forward with IDENTITY and then nmlp_activation_forward.
 *
 *     dZ = dY .* act'       written over dY
 *     dW = X'*dZ  [k x n]   db = row sum of dZ  [n]   dX = dZ*W'  [m x k]
 *
 * A gradient that is not wanted has length 0: dw_length is k*lddw or 0, db_length is n or 0,
 * dx_length is m*lddx or 0. */
NMLP_API int32_t nmlp_dense_backward(size_t m, size_t n, size_t k, int32_t activation, float alpha,
                                     const float *x, size_t ldx, const float *w, size_t ldw,
                                     const float *saved, size_t lds, float *dy, size_t lddy,
                                     float *dx, size_t lddx, size_t dx_length, float *dw,
                                     size_t lddw, size_t dw_length, float *db, size_t db_length,
                                     int32_t threads);

/* y[i] = act(x[i]) for i < count. y may be x. */
NMLP_API int32_t nmlp_activation_forward(int32_t activation, float alpha, size_t count,
                                         const float *x, float *y);

/* dx[i] = dy[i] * act' for i < count, from the activation's output; for GELU, GELU_TANH and SILU
 * from its input. dx may be dy. */
NMLP_API int32_t nmlp_activation_backward(int32_t activation, float alpha, size_t count,
                                          const float *saved, const float *dy, float *dx);

/* Maxout: each of the outputs is the greatest of its pieces, of which X [m x pieces*outputs] has
 * one after another in a row, and Y is [m x outputs]:
 *
 *     y[j] = max over p < pieces of x[p*outputs + j]
 *
 * pieces >= 1. Of 0 and -0 the first is the greatest; where a piece is NaN, y is. Y may be X (with
 * ldy = ldx). */
NMLP_API int32_t nmlp_maxout_forward(size_t m, size_t outputs, size_t pieces, const float *x,
                                     size_t ldx, float *y, size_t ldy);

/* dX [m x pieces*outputs] from dY [m x outputs] and the X of nmlp_maxout_forward: dy[j] at the
 * first of output j's pieces that is the greatest, 0 at its others. Where y is NaN that is the
 * first piece. dX may be X (with lddx = ldx). */
NMLP_API int32_t nmlp_maxout_backward(size_t m, size_t outputs, size_t pieces, const float *x,
                                      size_t ldx, const float *dy, size_t lddy, float *dx,
                                      size_t lddx);

/* Each row of Y = exp(x - max) / sum(exp(x - max)); X and Y are [m x n]. Y may be X (with ldy =
 * ldx). */
NMLP_API int32_t nmlp_softmax(size_t m, size_t n, const float *x, size_t ldx, float *y, size_t ldy,
                              int32_t threads);

/* Each row of Y = (x - max) - log(sum(exp(x - max))). Y may be X. */
NMLP_API int32_t nmlp_log_softmax(size_t m, size_t n, const float *x, size_t ldx, float *y,
                                  size_t ldy, int32_t threads);

/* Mean softmax cross-entropy of scores [m x n] against labels[m] in [0, n):
 *
 *     loss    = mean over rows of log(sum(exp(s - max))) - (s[label] - max)
 *     dscores = (softmax(s) - onehot(label)) / m
 *     correct = rows whose scores are finite and the first greatest of them the label's
 *
 * dscores_length is m*ldds, or 0 if the gradient is not wanted; dscores may be scores. loss and
 * correct receive one value each. m >= 1. */
NMLP_API int32_t nmlp_softmax_cross_entropy(size_t m, size_t n, const float *scores, size_t lds,
                                            const int32_t *labels, float *dscores, size_t ldds,
                                            size_t dscores_length, double *loss, size_t *correct,
                                            int32_t threads);

/* How a step changes the parameters; PyTorch's definitions. g is the gradient, for weights with
 * 2*l2*w added first:
 *
 *     SGD       w -= learning_rate * g
 *     MOMENTUM  v = momentum*v + (1-dampening)*g, in the first step v = momentum*v + g
 *               w -= learning_rate * v
 *     NESTEROV  v = momentum*v + g;  w -= learning_rate * (g + momentum*v)
 *     ADAM      m = beta1*m + (1-beta1)*g;  v = beta2*v + (1-beta2)*g*g
 *               w -= learning_rate/(1-beta1^t) * m / (sqrt(v)/sqrt(1-beta2^t) + epsilon)
 *               with amsgrad the greatest v so far takes the place of v in the last line
 *     ADAMW     w -= learning_rate*decay*w, and then ADAM; weights, and with decay_biases biases,
 *               gammas and betas, which decay in PyTorch where all parameters are in one group
 *     ADAGRAD   v = v + g*g, in the first step v = v + initial_accumulator + g*g
 *               w -= learning_rate * g / (sqrt(v) + epsilon)
 *     RMSPROP   v = rho*v + (1-rho)*g*g;  u = momentum*u + g / (sqrt(v) + epsilon)
 *               w -= learning_rate * u
 *               centered: a = rho*a + (1-rho)*g, and sqrt(max(v - a*a, 0)) for sqrt(v)
 *
 * In a network's step, before that: elements of the gradient beyond clip_value are set to it, and
 * then a gradient whose Euclidean norm, over all parameters, is above clip_norm is multiplied by
 * clip_norm / (norm + 1e-6). After it, columns of W longer than max_norm are shortened to it. 0
 * stands for none of these. Norms and factors that do not fit in floats are computed in double, so
 * that each of these works for all values that are allowed.
 *
 * The moments, all 0 before the first step: first is the v of MOMENTUM and NESTEROV, m of ADAM and
 * u of RMSPROP; second the v of ADAM, ADAMW, ADAGRAD and RMSPROP; third amsgrad's greatest v and
 * centered RMSPROP's a.
 *
 * learning_rate, l2, decay, learning_rate*decay, clip_norm, clip_value, max_norm,
 * initial_accumulator in [0, 1e38]; momentum, dampening, beta1, beta2, rho in [0, 1); epsilon in
 * (0, 1). Each value is rounded to float32, and it is the rounded value that must be in the range;
 * it must not be denormal, nor 0 where the value is not. Members that a kind does not use are
 * ignored, and so is dampening where momentum is 0. */
typedef struct nmlp_optimizer {
    uint32_t struct_size;
    int32_t kind; /* nmlp_optimizer_kind */
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
    int32_t decay_biases;       /* of ADAMW: 1 if biases, gammas and betas decay, too; else 0 */
    int32_t reserved;           /* 0 */
    int32_t amsgrad;            /* of ADAM and ADAMW: 1 to use AMSGrad, else 0 */
    int32_t centered;           /* of RMSPROP: 1 to centre, else 0 */
    double dampening;           /* of MOMENTUM */
    double initial_accumulator; /* of ADAGRAD */
} nmlp_optimizer;

/* Sets every member but struct_size to what is usual for this kind, PyTorch's defaults:
 *
 *     learning_rate 1e-3, of ADAGRAD and RMSPROP 1e-2     momentum 0.9, of RMSPROP 0
 *     beta1 0.9, beta2 0.999     epsilon 1e-8, of ADAGRAD 1e-10     rho 0.99
 *     decay 1e-2                 all others 0
 *
 * INVALID_ARGUMENT for a kind that is not listed. */
NMLP_API int32_t nmlp_optimizer_defaults(nmlp_optimizer *optimizer, int32_t kind);

/* The same as a value; of a kind that is not listed one that every function refuses. */
static inline nmlp_optimizer nmlp_optimizer_init(int32_t kind)
{
    nmlp_optimizer optimizer;
    memset(&optimizer, 0, sizeof optimizer);
    optimizer.struct_size = sizeof optimizer;
    if (nmlp_optimizer_defaults(&optimizer, kind) != NMLP_OK) optimizer.kind = -1;
    return optimizer;
}

/* One update of w[count], weights, by g[count], without clipping and max_norm. The lengths of the
 * moments are count, or 0 of those that the optimizer does not have. beta1_power and beta2_power
 * are beta^t for the t-th step, t from 1: running products. The function does not know which step
 * is the first: before it fill ADAGRAD's v with initial_accumulator, and in it let dampening be 0.
 */
NMLP_API int32_t nmlp_optimizer_update_moments(const nmlp_optimizer *optimizer, size_t count,
                                               float *w, const float *g, float *first,
                                               size_t first_length, float *second,
                                               size_t second_length, float *third,
                                               size_t third_length, double beta1_power,
                                               double beta2_power);

/* The same without a third moment. */
NMLP_API int32_t nmlp_optimizer_update(const nmlp_optimizer *optimizer, size_t count, float *w,
                                       const float *g, float *first, size_t first_length,
                                       float *second, size_t second_length, double beta1_power,
                                       double beta2_power);

/* s[i] = sin(pi*x[i]), c[i] = cos(pi*x[i]) for i < count; at most 2 ulp off, exact where the
 * result is 0 or 1. s or c may be x. */
NMLP_API int32_t nmlp_sincospi(size_t count, const float *x, float *s, float *c);

/* Random numbers from the counter-based generator Philox4x32-10. The value at a position depends
 * on (seed, stream, position) alone; dst[i] is the value at position offset + i. */

/* Uniform on [low, high): low + (high - low)*u, u a multiple of 2^-24. */
NMLP_API int32_t nmlp_random_uniform(uint64_t seed, uint64_t stream, uint64_t offset, size_t count,
                                     float low, float high, float *dst);

/* Normal by Box and Muller: mean + stddev*z. */
NMLP_API int32_t nmlp_random_normal(uint64_t seed, uint64_t stream, uint64_t offset, size_t count,
                                    float mean, float stddev, float *dst);

/* A random order of 0 .. count-1 (Fisher and Yates), count < 2^31. */
NMLP_API int32_t nmlp_random_permutation(uint64_t seed, uint64_t stream, size_t count,
                                         int32_t *dst);

/* ------------------------------------------------------------------ networks
 *
 * A network is a chain of dense layers. It owns its parameters, gradients,
 * optimizer state and work space, which are allocated when it is made. A training
 * step allocates nothing, except that the first step that needs third moments allocates them. */

typedef struct nmlp_net nmlp_net;

/* Y = dropout(act(norm(X*W + b))). W is [k x n] and b is [n], n the outputs; with MAXOUT the
 * pieces*outputs, columns p*outputs + j leading to output j. */
typedef struct nmlp_layer {
    uint32_t struct_size;
    int32_t activation; /* nmlp_activation; the last layer of a classifier has IDENTITY */
    size_t outputs;     /* >= 1 */
    int32_t init;       /* nmlp_init, used by nmlp_net_initialize */
    int32_t norm;       /* nmlp_norm */
    float alpha;        /* of the activation, finite and >= 0; 0 is 0 */
    float dropout;     /* in [0, 1): the probability that training makes an output 0; the others are
                          multiplied by 1 / (1 - dropout) */
    float init_stddev; /* of NMLP_INIT_NORMAL, in [0, 1e37]; 0 makes all
                        weights 0 */
    int32_t pieces;    /* of MAXOUT, >= 2; 0 stands for 2. Of others 1, for which 0 stands too */
} nmlp_layer;

/* A layer with alpha 1 for ELU and 0.01 for all others; everything else is 0. */
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
    int32_t loss;          /* nmlp_loss */
    size_t inputs;         /* k of the first layer, >= 1 */
    size_t max_batch;      /* most rows of a training step; 0: the network is frozen */
    int32_t threads;       /* most workers of a training step; 0: nmlp_default_threads() */
    float label_smoothing; /* e in [0, 1] of SOFTMAX_CROSS_ENTROPY: the target is 1-e at the label
                              plus e/n everywhere, each times its class weight */
    float delta;           /* > 0, of HUBER and MULTICLASS_HINGE; 0 stands for 1 */
    float norm_epsilon;    /* in (0, 1]; 0 stands for 1e-5 */
    float norm_momentum;   /* in (0, 1]; 0 stands for 0.1: running = (1-momentum)*running +
                              momentum*batch, the variance of the batch being that with m-1; a
                              batch of one row has none and leaves the running variance */
    int32_t reserved;      /* 0 */
    uint64_t dropout_seed;
    const float *class_weights; /* [outputs of the last layer], copied; see nmlp_loss */
    size_t class_weight_count;  /* as many, or 0: all 1 */
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

/* Rows of data with what belongs to them.
 *
 * features is [feature_rows x inputs], row pitch ld (elements), float32 or uint8. Where mean or
 * scale is given, an element enters the network as (x - mean[column]) * scale: two roundings;
 * mean_length is inputs or 0 (mean 0), and scale 0 means 1. scales_length is inputs or 0; where it
 * is inputs, each column has a factor of its own, (x - mean[column]) * scales[column], and scale
 * must be 0 or 1. Means and scales must be finite; features need not be. The library cannot see how
 * many features there are: the caller guarantees that feature_rows rows of ld elements (of the last
 * row only the inputs) can be read.
 *
 * With index_count > 0 the batch is the rows indices[0 .. index_count), each in [0, feature_rows),
 * repeats allowed; otherwise it is all feature_rows rows. Labels, targets and weights belong to the
 * rows of features; a length is 0 where there are none. labels [feature_rows] are for
 * SOFTMAX_CROSS_ENTROPY and MULTICLASS_HINGE; the other losses take targets [feature_rows x
 * outputs], rows without gaps, or labels for the target that is 1 at the label and 0 elsewhere; of
 * a BINARY_CROSS_ENTROPY with one output the label is the target. Labels lie in [0,
 * nmlp_loss_classes); where that is 0 they are INVALID_ARGUMENT. With both, targets decide the loss
 * and labels what counts as correct. weights [feature_rows], finite and >= 0, say how much a row
 * counts. What the sum of row losses is divided by (see nmlp_loss), the sum of the weights over the
 * batch, those of classes included, must as a float32 be > 0, neither denormal nor infinite: else
 * INVALID_ARGUMENT.
 *
 * indices, labels and weights are copied when a call begins: if another thread changes them
 * meanwhile, the result is undefined, but no memory is accessed out of bounds. */
typedef struct nmlp_batch {
    uint32_t struct_size;
    int32_t feature_type; /* nmlp_feature_type */
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
    int32_t reserved; /* 0 */
    const float *scales;
    size_t scales_length;
} nmlp_batch;

/* All rows of these features [rows x columns], float32 without gaps. */
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
    int32_t reserved; /* becomes 0 */
    double loss;      /* data_loss + l2 * sum of squared weights, before the update; NaN where the
                         gradient or the update of a training step was not finite */
    double data_loss;
    size_t rows;
    size_t correct;       /* rows whose class (nmlp_net_predict_classes) is the label; without
                             labels, rows whose scores are finite and each > 0 where its target is
                             > 0.5 (BINARY_CROSS_ENTROPY), or 0 where nothing can be right or
                             wrong: a regression. A row of NMLP_NO_CLASS is never correct */
    double gradient_norm; /* before clipping; 0 where neither nmlp_net_gradient nor a clip_norm
                             asked for it */
} nmlp_result;

static inline nmlp_result nmlp_result_init(void)
{
    nmlp_result result;
    memset(&result, 0, sizeof result);
    result.struct_size = sizeof result;
    return result;
}

/* What an optimizer counts. steps is t; the powers are beta^t as running products, 1 before the
 * first step. optimizer_kind is that of the last step. */
typedef struct nmlp_optimizer_state {
    uint32_t struct_size;
    int32_t optimizer_kind;
    uint64_t steps;
    double beta1_power;
    double beta2_power;
} nmlp_optimizer_state;

/* A network of layer_count >= 1 layers; none hidden makes the linear softmax classifier. All
 * parameters are 0 until nmlp_net_initialize or nmlp_net_write.
 *
 * A network with max_batch 0 is frozen: it predicts and evaluates, and its parameters and running
 * statistics can be read and written. It has no gradients, no moments and no areas of a training
 * step, which takes a quarter of the memory or less; functions that need them answer FROZEN.
 *
 * The network's address is stored in *net, NULL on failure. INVALID_ARGUMENT also where the sizes
 * overflow; OUT_OF_MEMORY. */
NMLP_API int32_t nmlp_net_create(const nmlp_net_options *options, const nmlp_layer *layers,
                                 size_t layer_count, nmlp_net **net);

/* A frozen copy of the network as it is now, with memory of its own. Its address is stored in
 * *frozen, NULL on failure. OUT_OF_MEMORY, BUSY. */
NMLP_API int32_t nmlp_net_freeze(nmlp_net *net, nmlp_net **frozen);

/* Frees the network; NULL is allowed. No other call on it may be running. */
NMLP_API void nmlp_net_destroy(nmlp_net *net);

/* Samples the weights as each layer's init says, from (seed, tensor, position); biases, betas,
 * running means, moments and counters become 0, gammas and running variances 1. BUSY. */
NMLP_API int32_t nmlp_net_initialize(nmlp_net *net, uint64_t seed);

/* One step of training on 1 to max_batch rows: forward, loss, backward, update. Labels or targets
 * are needed. A kind of optimizer other than that of the step before starts with zero moments and
 * t = 0. INVALID_ARGUMENT, INDEX_RANGE, LABEL_RANGE, FROZEN, BUSY, and OUT_OF_MEMORY for third
 * moments: nothing is changed then. Where the loss, an element of the gradient, or a parameter,
 * moment or running statistic after the update would not be finite, nothing is changed either, but
 * the status is OK: result->loss is not finite, and nmlp_net_find_nonfinite_update says why. */
NMLP_API int32_t nmlp_net_train_step(nmlp_net *net, const nmlp_batch *batch,
                                     const nmlp_optimizer *optimizer, nmlp_result *result);

/* The same without the update: the gradients of loss + l2 * (sum of squared weights) are kept for
 * nmlp_net_read and nmlp_net_apply. 1 to max_batch rows. Dropout uses the masks of the next step
 * by the same kind of optimizer. Where the loss is not finite, the gradients that the network kept
 * before stay. */
NMLP_API int32_t nmlp_net_gradient(nmlp_net *net, const nmlp_batch *batch, double l2,
                                   nmlp_result *result);

/* The update of a training step by the gradients that the network keeps: those of the last
 * nmlp_net_gradient, or what was written in their place. nmlp_net_gradient with the optimizer's l2
 * and then this function leave the same bytes as nmlp_net_train_step; between the two, gradients
 * can be read, changed and written. l2's part is in them already: optimizer->l2 is not added
 * again. The gradients stay as they are. With batch normalisation the running statistics move by
 * those of the last nmlp_net_gradient, once for each of its calls. NONFINITE where a gradient, or
 * what a parameter, a moment or a running statistic would become is not finite: nothing is changed
 * then. FROZEN, BUSY, OUT_OF_MEMORY for third moments. */
NMLP_API int32_t nmlp_net_apply(nmlp_net *net, const nmlp_optimizer *optimizer);

/* The place where a number that is not finite first appears. The rows of a layer's parameters are
 * those of W, then row k: the bias, k + 1 and k + 2: gamma and beta, k + 3 and k + 4: running mean
 * and variance. */
typedef enum nmlp_nonfinite {
    NMLP_NONFINITE_NONE = 0,
    NMLP_NONFINITE_FEATURE = 1,      /* row of the batch, column of the features */
    NMLP_NONFINITE_TARGET = 2,       /* row, column of the targets */
    NMLP_NONFINITE_PARAMETER = 3,    /* layer; row and column of its parameters */
    NMLP_NONFINITE_OUTPUT = 4,       /* layer; row and column of its output */
    NMLP_NONFINITE_LOSS = 5,         /* row */
    NMLP_NONFINITE_TOTAL_WEIGHT = 6, /* row of the greatest weight: the sum of all is 0, or as a
                                        float denormal or infinite */
    NMLP_NONFINITE_PENALTY = 7,      /* layer; row of W: its sum of squares */
    NMLP_NONFINITE_GRADIENT = 8,     /* layer; row and column of its parameters */
    NMLP_NONFINITE_UPDATE = 9        /* likewise, of a parameter or its moments after the update */
} nmlp_nonfinite;

typedef struct nmlp_fault {
    uint32_t struct_size;
    int32_t kind; /* nmlp_nonfinite */
    size_t layer, row, column;
} nmlp_fault;

/* Repeats a step on these rows without its update, with the dropout masks of the next step, and
 * finds the first number that is not finite in the total weight (which may be any here), the
 * forward pass, the loss, and the gradient without l2's part. Nothing changes. FROZEN, BUSY. */
NMLP_API int32_t nmlp_net_find_nonfinite(nmlp_net *net, const nmlp_batch *batch, nmlp_fault *fault);

/* The same for a whole training step: with l2's part, and with the parameters, moments and running
 * statistics after the update. OUT_OF_MEMORY for third moments. */
NMLP_API int32_t nmlp_net_find_nonfinite_update(nmlp_net *net, const nmlp_batch *batch,
                                                const nmlp_optimizer *optimizer, nmlp_fault *fault);

/* Loss (without l2) and correct count over any number of rows >= 1, without dropout and with batch
 * normalisation's running statistics. */
NMLP_API int32_t nmlp_net_evaluate(nmlp_net *net, const nmlp_batch *batch, int32_t threads,
                                   nmlp_result *result);

/* Y [rows x outputs], row pitch ldy: the scores or probabilities (nmlp_output) of any number of
 * rows. Works in chunks, whose size the bits do not depend on. A single row takes less time the
 * more of its features, or of the outputs of a layer, are 0: weights that are multiplied by
 * nothing but 0 may not be read, and an infinity or NaN among them goes unnoticed then.
 * OUT_OF_MEMORY if there is no work space for a further simultaneous caller. */
NMLP_API int32_t nmlp_net_predict(nmlp_net *net, const nmlp_batch *batch, int32_t output, float *y,
                                  size_t ldy, int32_t threads);

/* The number of classes of a network with this loss and so many outputs:
 *
 *     SOFTMAX_CROSS_ENTROPY, MULTICLASS_HINGE     outputs
 *     BINARY_CROSS_ENTROPY                        2 with one output, else outputs
 *     MEAN_SQUARED_ERROR, HUBER                   0 with one output: a regression; else outputs,
 *                                                 if its targets are 1 at a class and 0 elsewhere
 *
 * 0 also for a loss that is not listed. */
NMLP_API size_t nmlp_loss_classes(int32_t loss, size_t outputs);

/* classes[rows], the class of any number of rows: the number of the first greatest score. With two
 * classes and one output it is 1 where score > 0, which is where the probability is above 1/2,
 * else 0. NMLP_NO_CLASS where a score is not finite. INVALID_ARGUMENT where nmlp_loss_classes is
 * 0. Where several outputs of a BINARY_CROSS_ENTROPY may be true at once, use nmlp_net_predict and
 * compare each score with 0. Otherwise as nmlp_net_predict. */
NMLP_API int32_t nmlp_net_predict_classes(nmlp_net *net, const nmlp_batch *batch, int32_t *classes,
                                          int32_t threads);

/* The mask that the step-th training step (from 1) multiplies the outputs of a layer with: 0 or
 * 1/(1 - dropout), mask[i*columns + j] for row i of the batch and output j. */
NMLP_API int32_t nmlp_dropout_mask(uint64_t seed, uint64_t step, size_t layer, size_t rows,
                                   size_t columns, float dropout, float *mask);

/* Weights, biases, gammas and betas of all layers together. */
NMLP_API size_t nmlp_net_parameter_count(const nmlp_net *net);

/* Bytes of memory that the network has now: with third moments, if it has them, and with the work
 * spaces of its predictions, which grow with the number of simultaneous callers and of their
 * workers. Any thread may ask. */
NMLP_API size_t nmlp_net_memory_bytes(const nmlp_net *net);

/* Tensors are numbered from 0, layer by layer: the weight [k x n] (see nmlp_layer), the bias [1 x
 * n]; with a norm its gamma and beta, and with batch normalisation its running mean and variance,
 * for which the only kind is NMLP_TENSOR_PARAMETER. Without norms tensor 2*l is the weight of
 * layer l. INVALID_ARGUMENT if there is no such tensor. */
NMLP_API int32_t nmlp_net_tensor_shape(const nmlp_net *net, size_t tensor, size_t *rows,
                                       size_t *columns);

/* Copies a tensor out of or into the network, rows without gaps; length is rows * columns. kind is
 * an nmlp_tensor_kind. FROZEN, BUSY; OUT_OF_MEMORY when third moments are written. */
NMLP_API int32_t nmlp_net_read(nmlp_net *net, int32_t kind, size_t tensor, float *dst,
                               size_t length);
NMLP_API int32_t nmlp_net_write(nmlp_net *net, int32_t kind, size_t tensor, const float *src,
                                size_t length);

/* All tensors of a kind as one block of nmlp_net_parameter_count() elements: weights, biases,
 * gammas and betas in the order of their numbers, each row by row without gaps. The order is the
 * same for each kind, so that element i of the gradients and of the moments belongs to element i
 * of the parameters. Running means and variances are not in it, since they are no parameters:
 * nmlp_net_read and nmlp_net_write copy them. FROZEN, BUSY, OUT_OF_MEMORY. */
NMLP_API int32_t nmlp_net_read_block(nmlp_net *net, int32_t kind, float *dst, size_t length);
NMLP_API int32_t nmlp_net_write_block(nmlp_net *net, int32_t kind, const float *src, size_t length);

/* 1 if the network has memory for tensors of this kind, else 0: a frozen network has parameters
 * alone, and third moments come with the first step or write that needs them. Until then they are
 * read as 0. INVALID_ARGUMENT, BUSY. */
NMLP_API int32_t nmlp_net_holds(nmlp_net *net, int32_t kind);

/* The optimizer's counters out of or into the network, for checkpoints. steps must be below 2^63,
 * the powers in [0, 1]. BUSY. */
NMLP_API int32_t nmlp_net_read_optimizer_state(nmlp_net *net, nmlp_optimizer_state *state);
NMLP_API int32_t nmlp_net_write_optimizer_state(nmlp_net *net, const nmlp_optimizer_state *state);

#ifdef __cplusplus
}
#endif

#endif /* NMLP_H */
