/* SPDX-License-Identifier: MIT
 *
 * nmlp: kernels and a whole-network train step for multilayer perceptrons.
 *
 * Conventions
 * -----------
 * Arrays are row-major float32. A leading dimension `ld*` is the distance between two rows, in
 * elements. Sizes are m rows (samples), n outputs and k inputs. X is [m x k], one sample per row; W
 * is [k x n] (inputs x outputs); b is [n]; a layer is Y = act(X*W + b). The prefix d marks
 * gradients, ^T is the transpose, .* the elementwise product, and act' the derivative of act:
 *
 *     dW = X^T*dZ      db = sum of the rows of dZ      dX = dZ*W^T
 *
 * Losses are means over the samples. `l2` adds l2 * (sum of squared weights) to the loss, so its
 * gradient is 2*l2*W. Biases are never penalised.
 *
 * Same bits. For finite data, the result of every function depends only on its arguments. It does
 * not depend on the instruction set, the number of threads, the operating system or the compiler.
 * Each output of a product is one chain of fused multiply-adds over k in ascending order. Every
 * call uses the default rounding mode and does not flush denormals. It restores the caller's modes.
 *
 * Status. Functions that can fail return an int32_t: NMLP_OK (0) or a negative nmlp_status. If a
 * function fails, it has computed and written nothing, unless its comment says otherwise.
 * Arguments that violate a rule of this header result in INVALID_ARGUMENT. Functions
 * that need memory can return OUT_OF_MEMORY, and functions with row indices INDEX_RANGE. The
 * comment of a function lists the other statuses that it can return. A non-finite loss is a result,
 * not a failure. The library never prints, exits or aborts, and keeps no last-error state.
 *
 * To omit an optional array, pass length 0; a matrix with 0 rows or 0 columns is empty. The pointer
 * is ignored in both cases. Any other length must be exactly the expected one. An array without a
 * length argument, such as a matrix, must have the extent that follows from its sizes and leading
 * dimension; the library cannot check it. Arrays must not overlap unless a function allows it. They
 * need only the alignment of their elements, and are accessed only within the given rows, columns
 * and lengths.
 *
 * Structures begin with `struct_size`, which the caller sets to sizeof; the functions nmlp_*_init()
 * do this. Later versions append members, and 0 always selects the behaviour before the member
 * existed. So a program works with an older and with a newer library than the header it was
 * compiled with, as long as NMLP_ABI_VERSION is the same. A size below that of the first version
 * of this ABI is refused. Other sizes are treated as follows:
 *
 *     smaller than here: accepted; the missing members count as 0
 *     larger than here, read by the library: accepted if the bytes that this library does not know
 *         are 0, otherwise INVALID_ARGUMENT, because they request something unknown
 *     larger than here, written by the library: accepted; the bytes that it does not know become 0
 *
 * All layers of an array have the same struct_size.
 *
 * Threads. Stateless functions may be called from any thread. A network allows one caller at a
 * time. Exceptions are nmlp_net_predict, nmlp_net_predict_classes, nmlp_net_evaluate and the
 * functions that only read the network, which any number of threads may call at the same time. A
 * call that would interfere with another returns BUSY. A `threads` argument is the maximum number
 * of workers, at most 1024; 0 means nmlp_default_threads(). The library never uses more than eight
 * times nmlp_default_threads() workers, and fewer for small tasks. While other programs use the
 * processors, a call may use only its own thread. nmlp_add_busy_threads says that the program
 * itself uses some.
 *
 * A thread cannot be cancelled (pthread_cancel) while workers help it: the request takes effect at
 * the program's next cancellation point. A thread must not call the library with asynchronous
 * cancellation enabled, and must not leave a call by longjmp: the network would stay BUSY forever,
 * and the workers would be lost.
 *
 * A child process (fork) may use the library, and each network that no other thread of its parent
 * was using at the time of the fork. With the pool, it starts its own workers. With OpenMP, it
 * works only on the calling thread if its parent had workers.
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

/* Increased when a program compiled with an older header could misbehave. This is not planned to
 * happen again: functions, constants and members of structures are only added. If a program needs
 * a function that its library does not have, the linker or the loader reports it.
 *
 *     3   nmlp_result begins with its size. Since version 2 was published, functions were added,
 *         and norm_momentum 0 was defined to mean 0.1 */
#define NMLP_ABI_VERSION 3

/* ---------------------------------------------------------------- constants
 * Passed as int32_t. The values are fixed and are never renumbered. */

typedef enum nmlp_status {
    NMLP_OK = 0,
    NMLP_ERROR_INVALID_ARGUMENT = -1, /* a size, pointer, enum value or struct_size */
    NMLP_ERROR_OUT_OF_MEMORY = -2,
    NMLP_ERROR_UNSUPPORTED_ISA = -3, /* NMLP_ISA is unknown, or this CPU lacks it */
    NMLP_ERROR_UNSUPPORTED = -4,     /* reserved: no function returns it yet */
    NMLP_ERROR_INDEX_RANGE = -5,     /* a row index is outside the features */
    NMLP_ERROR_LABEL_RANGE = -6,     /* a class label is outside [0, n) */
    NMLP_ERROR_BUSY = -7,            /* the network is in use by another thread */
    NMLP_ERROR_NONFINITE = -8,       /* the update would not be finite; nothing has changed */
    NMLP_ERROR_FROZEN = -9           /* the network can only predict */
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
    NMLP_ACTIVATION_MAXOUT = 10    /* y = the maximum of several sums: nmlp_maxout_forward */
} nmlp_activation;

/* The loss L of a row. s are its n scores, t its n targets, y its label, and c the class weights
 * (1 if not given). The loss of a batch is sum(w_i * L_i) / sum(w_i), where w are the weights of
 * the rows (1 if not given; for SOFTMAX_CROSS_ENTROPY, each is multiplied by c[y]). */
typedef enum nmlp_loss {
    NMLP_LOSS_SOFTMAX_CROSS_ENTROPY = 0, /* -log softmax(s)[y]; see label_smoothing */
    NMLP_LOSS_BINARY_CROSS_ENTROPY = 1,  /* 1/n * sum of -c*t*log(sigmoid(s))
                                            - (1-t)*log(sigmoid(-s)) */
    NMLP_LOSS_MEAN_SQUARED_ERROR = 2,    /* 1/n * sum of (s-t)^2 */
    NMLP_LOSS_HUBER = 3,                 /* 1/n * sum of h(s-t); h(d) = d^2/2 where |d| <= delta,
                                            else delta*(|d| - delta/2) */
    NMLP_LOSS_MULTICLASS_HINGE = 4       /* sum over j != y of max(0, s[j] - s[y] + delta) */
} nmlp_loss;

/* Stands for the class of a row with a score that is NaN or infinite, which has no class. */
#define NMLP_NO_CLASS (-1)

/* The normalisation between X*W + b and the activation: gamma*(z - mean)/sqrt(variance + epsilon) +
 * beta. gamma and beta are learned, one of each per output; with MAXOUT, one of each per sum.
 *
 * BATCH uses the mean and variance of an output over the batch, and the running ones outside
 * training. A training step of one row is allowed (PyTorch refuses it): the variance is 0, the
 * output is beta, and only the running mean is updated. LAYER uses the mean and variance of a row
 * over its outputs. */
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
    NMLP_OUTPUT_SCORES = 0,       /* the last layer's outputs */
    NMLP_OUTPUT_PROBABILITIES = 1 /* their softmax; for BINARY_CROSS_ENTROPY, the sigmoid of each */
} nmlp_output;

typedef enum nmlp_tensor_kind {
    NMLP_TENSOR_PARAMETER = 0,
    NMLP_TENSOR_GRADIENT = 1,      /* from the last nmlp_net_gradient */
    NMLP_TENSOR_FIRST_MOMENT = 2,  /* momentum buffer v or u, Adam's m */
    NMLP_TENSOR_SECOND_MOMENT = 3, /* mean or sum of squares: Adam's v */
    NMLP_TENSOR_THIRD_MOMENT = 4   /* AMSGrad's maximum of v, the mean of centered RMSProp */
} nmlp_tensor_kind;

/* ---------------------------------------------------------- about the library */

/* NMLP_ABI_VERSION of the library that was loaded. */
NMLP_API int32_t nmlp_abi_version(void);

/* "major.minor.patch", static text. */
NMLP_API const char *nmlp_version(void);

/* Static English text, never NULL; "unknown status" for other values. */
NMLP_API const char *nmlp_status_string(int32_t status);

/* Chooses the instruction set, once per process: the best one of this CPU, or the one that the
 * environment variable NMLP_ISA names (scalar, avx2, avx512, neon). Every function that computes
 * does this automatically and returns the same status, so calling it is optional.
 * NMLP_ERROR_UNSUPPORTED_ISA if NMLP_ISA names none of these, or one that this CPU or this build
 * lacks. An empty NMLP_ISA counts as not set. */
NMLP_API int32_t nmlp_initialize(void);

/* The nmlp_isa in use, or the negative status that nmlp_initialize returns. */
NMLP_API int32_t nmlp_active_isa(void);

/* 1 if this build contains the instruction set and this CPU supports it, else 0. */
NMLP_API int32_t nmlp_isa_available(int32_t isa);

/* The name in NMLP_ISA, such as "avx2", static text; NULL for an unknown value. */
NMLP_API const char *nmlp_isa_name(int32_t isa);

/* The source of worker threads: "pool" (the library's own), "openmp" or "none", static text. A
 * process has one pool. All callers share it; together they use at most as many workers as there
 * are processors, or as the caller with the largest request asks for. */
NMLP_API const char *nmlp_parallel_backend(void);

/* The compiler that built the library and its version, such as "gcc 12.2.0", static text. */
NMLP_API const char *nmlp_compiler(void);

/* The number of workers for threads = 0: the minimum of processors, affinity and cgroup CPU quota,
 * or NMLP_THREADS if that is a number from 1 to 1024. Determined once per process. */
NMLP_API int32_t nmlp_default_threads(void);

/* Adds to the number of busy threads: threads of the program that need a processor for work of
 * their own, such as preparing a file while a network is trained. A call that begins while there
 * are some leaves a processor to each, although its own thread always works. It is then slower by
 * these processors only; otherwise, its workers would wait for the one whose processor was taken
 * away. A negative change ends such work. The number begins with 0, and in a child process again if
 * the library has workers. INVALID_ARGUMENT, and no change: it would become negative or greater
 * than INT32_MAX. */
NMLP_API int32_t nmlp_add_busy_threads(int32_t change);

/* ---------------------------------------------------------- stateless kernels */

/* C = alpha * op(A) * op(B) + beta * C
 *
 * op(A) is [m x k]: A itself (transpose_a = 0, stored [m x k], lda >= k) or its transpose
 * (transpose_a = 1, stored [k x m], lda >= m). op(B) is [k x n] likewise. C is [m x n], ldc >= n.
 * alpha multiplies the elements of A, and beta those of C, each with one rounding, before the chain
 * starts. With beta = 0, C is not read. m, n or k may be 0. */
NMLP_API int32_t nmlp_gemm(size_t m, size_t n, size_t k, int32_t transpose_a, int32_t transpose_b,
                           float alpha, const float *a, size_t lda, const float *b, size_t ldb,
                           float beta, float *c, size_t ldc, int32_t threads);

/* Y = act(X*W + b): X [m x k], W [k x n], b [n], Y [m x n]. bias_length is n, or 0 for no bias.
 * The chain starts from the bias. alpha is the parameter of LEAKY_RELU and ELU, finite and >= 0.
 * MAXOUT is INVALID_ARGUMENT, here and in the next three functions, because it is not a function of
 * one element: use IDENTITY and then nmlp_maxout_forward. */
NMLP_API int32_t nmlp_dense_forward(size_t m, size_t n, size_t k, int32_t activation, float alpha,
                                    const float *x, size_t ldx, const float *w, size_t ldw,
                                    const float *bias, size_t bias_length, float *y, size_t ldy,
                                    int32_t threads);

/* The gradients of a dense layer. The input is dY [m x n] and saved [m x n], from which the
 * derivative of the activation is computed: the output Y, or for GELU, GELU_TANH and SILU the sums
 * Z = X*W + b. To obtain Z, call nmlp_dense_forward with IDENTITY and then nmlp_activation_forward.
 *
 *     dZ = dY .* act'(Z)    overwrites dY
 *     dW = X^T*dZ [k x n]   db = sum of the rows of dZ  [n]   dX = dZ*W^T [m x k]
 *
 * To omit a gradient, pass length 0: dw_length is k*lddw or 0, db_length is n or 0, dx_length is
 * m*lddx or 0. */
NMLP_API int32_t nmlp_dense_backward(size_t m, size_t n, size_t k, int32_t activation, float alpha,
                                     const float *x, size_t ldx, const float *w, size_t ldw,
                                     const float *saved, size_t lds, float *dy, size_t lddy,
                                     float *dx, size_t lddx, size_t dx_length, float *dw,
                                     size_t lddw, size_t dw_length, float *db, size_t db_length,
                                     int32_t threads);

/* y[i] = act(x[i]) for i < count. y may be x. */
NMLP_API int32_t nmlp_activation_forward(int32_t activation, float alpha, size_t count,
                                         const float *x, float *y);

/* dx[i] = dy[i] * act' for i < count. saved is the output of the activation; for GELU, GELU_TANH
 * and SILU, its input. dx may be dy. */
NMLP_API int32_t nmlp_activation_backward(int32_t activation, float alpha, size_t count,
                                          const float *saved, const float *dy, float *dx);

/* Maxout: each output is the maximum of its pieces. X is [m x pieces*outputs], with the pieces one
 * after another in a row, and Y is [m x outputs]:
 *
 *     y[j] = max over p < pieces of x[p*outputs + j]
 *
 * pieces >= 1. Of 0 and -0, the first one is the maximum. If a piece is NaN, y is NaN. Y may be X
 * (with ldy = ldx). */
NMLP_API int32_t nmlp_maxout_forward(size_t m, size_t outputs, size_t pieces, const float *x,
                                     size_t ldx, float *y, size_t ldy);

/* dX [m x pieces*outputs] from dY [m x outputs] and the X of nmlp_maxout_forward: dy[j] at the
 * first piece of output j that is the maximum (if y is NaN, at the first piece), 0 at its other
 * pieces. dX may be X (with lddx = ldx). */
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
 *     correct = rows whose scores are finite and whose first maximum is at the label
 *
 * dscores_length is m*ldds, or 0 to omit the gradient; dscores may be scores. loss and
 * correct receive one value each. m >= 1. */
NMLP_API int32_t nmlp_softmax_cross_entropy(size_t m, size_t n, const float *scores, size_t lds,
                                            const int32_t *labels, float *dscores, size_t ldds,
                                            size_t dscores_length, double *loss, size_t *correct,
                                            int32_t threads);

/* The update of the parameters in a step, defined as in PyTorch. g is the gradient; for weights,
 * 2*l2*w is added to it first:
 *
 *     SGD       w -= learning_rate * g
 *     MOMENTUM  v = momentum*v + (1-dampening)*g, in the first step v = momentum*v + g
 *               w -= learning_rate * v
 *     NESTEROV  v = momentum*v + g;  w -= learning_rate * (g + momentum*v)
 *     ADAM      m = beta1*m + (1-beta1)*g;  v = beta2*v + (1-beta2)*g*g
 *               w -= learning_rate/(1-beta1^t) * m / (sqrt(v)/sqrt(1-beta2^t) + epsilon)
 *               with amsgrad, the maximum of v so far replaces v in the last line
 *     ADAMW     w -= learning_rate*decay*w, then ADAM. Only weights decay. With decay_biases,
 *               biases, gammas and betas decay too, as in PyTorch with a single parameter group
 *     ADAGRAD   v = v + g*g, in the first step v = v + initial_accumulator + g*g
 *               w -= learning_rate * g / (sqrt(v) + epsilon)
 *     RMSPROP   v = rho*v + (1-rho)*g*g;  u = momentum*u + g / (sqrt(v) + epsilon)
 *               w -= learning_rate * u
 *               centered: a = rho*a + (1-rho)*g, and sqrt(max(v - a*a, 0)) for sqrt(v)
 *
 * A step of a network first limits the elements of the gradient to [-clip_value, clip_value]. If
 * the Euclidean norm of the gradient over all parameters is then above clip_norm, the gradient is
 * multiplied by clip_norm / (norm + 1e-6). After the update, columns of W with a norm above
 * max_norm are scaled to max_norm. 0 disables each of these. Norms and factors that do not fit in
 * floats are computed in double, so that all allowed values work.
 *
 * The moments are 0 before the first step. The first moment is v of MOMENTUM and NESTEROV, m of
 * ADAM and u of RMSPROP; the second is v of ADAM, ADAMW, ADAGRAD and RMSPROP; the third is the
 * maximum of v with amsgrad, and a of centered RMSPROP.
 *
 * learning_rate, l2, decay, learning_rate*decay, clip_norm, clip_value, max_norm,
 * initial_accumulator in [0, 1e38]; momentum, dampening, beta1, beta2, rho in [0, 1); epsilon in
 * (0, 1). Each value is rounded to float32, and the rounded value must be in the range. It must not
 * be denormal, and must be 0 only if the value is 0. Members that a kind does not use are ignored.
 * dampening is also ignored if momentum is 0. */
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
    int32_t decay_biases;       /* of ADAMW: 1 if biases, gammas and betas decay too, else 0 */
    int32_t reserved;           /* 0 */
    int32_t amsgrad;            /* of ADAM and ADAMW: 1 to use AMSGrad, else 0 */
    int32_t centered;           /* of RMSPROP: 1 to centre, else 0 */
    double dampening;           /* of MOMENTUM */
    double initial_accumulator; /* of ADAGRAD */
} nmlp_optimizer;

/* Sets every member except struct_size to the usual value for this kind, PyTorch's default
 * except for the momentum of MOMENTUM:
 *
 *     learning_rate 1e-3, for ADAGRAD and RMSPROP 1e-2     momentum 0.9, for RMSPROP 0
 *     beta1 0.9, beta2 0.999     epsilon 1e-8, for ADAGRAD 1e-10     rho 0.99
 *     decay 1e-2                 all others 0
 *
 * INVALID_ARGUMENT for a kind that is not listed. */
NMLP_API int32_t nmlp_optimizer_defaults(nmlp_optimizer *optimizer, int32_t kind);

/* Returns these values, with struct_size set. For an unknown kind, every function refuses the
 * result. */
static inline nmlp_optimizer nmlp_optimizer_init(int32_t kind)
{
    nmlp_optimizer optimizer;
    memset(&optimizer, 0, sizeof optimizer);
    optimizer.struct_size = sizeof optimizer;
    if (nmlp_optimizer_defaults(&optimizer, kind) != NMLP_OK) optimizer.kind = -1;
    return optimizer;
}

/* One update of the weights w[count] by g[count], without clipping and max_norm. The lengths of the
 * moments are count, or 0 for moments that the optimizer does not have. beta1_power and beta2_power
 * are beta^t for the t-th step, t from 1: running products. The function does not know which step
 * is the first: before the first step, fill ADAGRAD's v with initial_accumulator; in the first
 * step, pass dampening 0. */
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

/* s[i] = sin(pi*x[i]), c[i] = cos(pi*x[i]) for i < count, with an error of at most 2 ulp; results 0
 * and 1 are exact. s or c may be x. */
NMLP_API int32_t nmlp_sincospi(size_t count, const float *x, float *s, float *c);

/* Random numbers from the counter-based generator Philox4x32-10. The value at a position depends
 * only on (seed, stream, position); dst[i] is the value at position offset + i. */

/* Uniform in [low, high): low + (high - low)*u, where u is a multiple of 2^-24. */
NMLP_API int32_t nmlp_random_uniform(uint64_t seed, uint64_t stream, uint64_t offset, size_t count,
                                     float low, float high, float *dst);

/* Normal distribution (Box-Muller): mean + stddev*z. */
NMLP_API int32_t nmlp_random_normal(uint64_t seed, uint64_t stream, uint64_t offset, size_t count,
                                    float mean, float stddev, float *dst);

/* A random permutation of 0 .. count-1 (Fisher-Yates), count < 2^31. */
NMLP_API int32_t nmlp_random_permutation(uint64_t seed, uint64_t stream, size_t count,
                                         int32_t *dst);

/* ------------------------------------------------------------------ networks
 *
 * A network is a sequence of dense layers. It owns its parameters, gradients,
 * optimizer state and work space, which are allocated when it is created. A training
 * step allocates nothing, except that the first step that needs third moments allocates them. */

typedef struct nmlp_net nmlp_net;

/* Y = dropout(act(norm(X*W + b))). W is [k x n] and b is [n], where n is the number of outputs.
 * With MAXOUT, n is pieces*outputs, and the columns p*outputs + j belong to output j. */
typedef struct nmlp_layer {
    uint32_t struct_size;
    int32_t activation; /* nmlp_activation; the last layer of a classifier has IDENTITY */
    size_t outputs;     /* >= 1 */
    int32_t init;       /* nmlp_init, used by nmlp_net_initialize */
    int32_t norm;       /* nmlp_norm */
    float alpha;        /* of the activation, finite and >= 0; 0 is not replaced by a default */
    float dropout;      /* in [0, 1): the probability that training sets an output to 0; the others
                           are multiplied by 1 / (1 - dropout) */
    float init_stddev;  /* of NMLP_INIT_NORMAL, in [0, 1e37]; 0 makes all weights 0 */
    int32_t pieces;     /* of MAXOUT, >= 2; 0 means 2. Of other activations, 1 or 0 */
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

/* How the weights of a network are stored; all but FLOAT32 only in a frozen one. Biases, norms and
 * all sums are float32.
 *
 * BFLOAT16 is the upper half of a float32: its sign, its exponent, and 8 significant bits. A weight
 * is rounded once, when it is stored: to the nearest, ties to even; beyond the largest, to
 * infinity. It is widened when it is used, which is exact, and goes through the same chain of
 * float32 products and sums. Therefore, predictions have the bits of a float32 network with the
 * rounded weights, on every instruction set. The weights need half of the memory. Predicting one
 * row takes about as long as reading them, so it takes less time too. */
typedef enum nmlp_precision {
    NMLP_PRECISION_FLOAT32 = 0,
    NMLP_PRECISION_BFLOAT16 = 1
} nmlp_precision;

typedef struct nmlp_net_options {
    uint32_t struct_size;
    int32_t loss;          /* nmlp_loss */
    size_t inputs;         /* k of the first layer, >= 1 */
    size_t max_batch;      /* maximum rows of a training step; 0: the network is frozen */
    int32_t threads;       /* maximum workers of a training step; 0: nmlp_default_threads() */
    float label_smoothing; /* e in [0, 1] of SOFTMAX_CROSS_ENTROPY: the target is 1-e at the label
                              plus e/n everywhere, each times its class weight */
    float delta;           /* > 0, of HUBER and MULTICLASS_HINGE; 0 means 1 */
    float norm_epsilon;    /* in (0, 1]; 0 means 1e-5 */
    float norm_momentum;   /* in (0, 1]; 0 means 0.1: running = (1-momentum)*running +
                              momentum*batch, with the unbiased variance (m-1) of the batch; a
                              batch of one row leaves the running variance unchanged */
    int32_t precision;     /* nmlp_precision of the weights; FLOAT32 unless max_batch is 0 */
    uint64_t dropout_seed;
    const float *class_weights; /* [outputs of the last layer], copied; see nmlp_loss */
    size_t class_weight_count;  /* their number, or 0: all weights are 1 */
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

/* Rows of features with their labels, targets and weights.
 *
 * features is [feature_rows x inputs] with row pitch ld (in elements), float32 or uint8. If mean or
 * scale is given, the network uses (x - mean[column]) * scale for an element x, with two roundings.
 * mean_length is inputs or 0 (mean 0), and scale 0 means 1. scales_length is inputs or 0. If it is
 * inputs, each column has its own factor, (x - mean[column]) * scales[column], and scale must be 0
 * or 1. Means and scales must be finite; features need not be. The library cannot check the size of
 * features: the caller guarantees that feature_rows rows of ld elements can be read (of the last
 * row, only the inputs).
 *
 * With index_count > 0, the batch consists of the rows indices[0 .. index_count), each in [0,
 * feature_rows); repeats are allowed. Otherwise, it consists of all feature_rows rows. Labels,
 * targets and weights belong to the rows of features; their length is 0 if they are not given.
 * labels [feature_rows] are for SOFTMAX_CROSS_ENTROPY and MULTICLASS_HINGE. The other losses need
 * targets [feature_rows x outputs], rows without gaps, or labels; a label then means the target
 * that is 1 at the label and 0 elsewhere. For BINARY_CROSS_ENTROPY with one output, the label is
 * the target. Labels are in [0, nmlp_loss_classes); if that is 0, labels are INVALID_ARGUMENT. If
 * both are given, targets determine the loss, and labels the count of correct rows. weights
 * [feature_rows] are the weights of the rows, finite and >= 0. The loss of the
 * batch is divided by a sum (see nmlp_loss), for losses with targets multiplied by outputs. As a
 * float32, this divisor must be positive, normal and finite; otherwise INVALID_ARGUMENT.
 *
 * indices, labels and weights are copied when a call begins. If another thread changes them at the
 * same time, the result is undefined, but no memory is accessed out of bounds. */
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

/* A batch of all rows of these features [rows x columns], float32 without gaps. */
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
    double loss;      /* data_loss + l2 * sum of squared weights, before the update; NaN if the
                         gradient or the update of a training step was not finite */
    double data_loss;
    size_t rows;
    size_t correct;       /* rows whose class (nmlp_net_predict_classes) is the label. Without
                             labels: for BINARY_CROSS_ENTROPY, rows whose scores are finite and > 0
                             exactly where the target is > 0.5; for a regression, 0. A row of
                             NMLP_NO_CLASS is never correct */
    double gradient_norm; /* before clipping; 0 unless nmlp_net_gradient or clip_norm needs it */
} nmlp_result;

static inline nmlp_result nmlp_result_init(void)
{
    nmlp_result result;
    memset(&result, 0, sizeof result);
    result.struct_size = sizeof result;
    return result;
}

/* The counters of an optimizer. steps is t. The powers are beta^t as running products, 1 before the
 * first step. optimizer_kind is the kind of the last step. */
typedef struct nmlp_optimizer_state {
    uint32_t struct_size;
    int32_t optimizer_kind;
    uint64_t steps;
    double beta1_power;
    double beta2_power;
} nmlp_optimizer_state;

/* Creates a network of layer_count >= 1 layers; one layer is the linear softmax classifier. All
 * parameters are 0 until nmlp_net_initialize or nmlp_net_write.
 *
 * A network with max_batch 0 is frozen: it can predict and evaluate, and its parameters and running
 * statistics can be read and written. It has no gradients, no moments and no memory for training
 * steps, and needs a quarter of the memory or less. Functions that need these return FROZEN.
 *
 * The address of the network is stored in *net; NULL on failure. INVALID_ARGUMENT also if the sizes
 * overflow; OUT_OF_MEMORY. */
NMLP_API int32_t nmlp_net_create(const nmlp_net_options *options, const nmlp_layer *layers,
                                 size_t layer_count, nmlp_net **net);

/* Creates a frozen copy of the network in its current state, with its own memory. Its address is
 * stored in *frozen; NULL on failure. Its weights have the precision of this network's.
 * OUT_OF_MEMORY, BUSY. */
NMLP_API int32_t nmlp_net_freeze(nmlp_net *net, nmlp_net **frozen);

/* The same with weights of this nmlp_precision. INVALID_ARGUMENT if the network has weights of
 * another precision than FLOAT32 and than this one: what rounding has removed does not come back.
 */
NMLP_API int32_t nmlp_net_freeze_as(nmlp_net *net, int32_t precision, nmlp_net **frozen);

/* Frees the network; NULL is allowed. No other call on the network may be running. */
NMLP_API void nmlp_net_destroy(nmlp_net *net);

/* Initialises the weights as the init of each layer specifies, from (seed, tensor, position).
 * Biases, betas, running means, moments and counters become 0; gammas and running variances become
 * 1. BUSY; OUT_OF_MEMORY if the weights must be rounded; nothing has changed then. */
NMLP_API int32_t nmlp_net_initialize(nmlp_net *net, uint64_t seed);

/* One training step on 1 to max_batch rows: forward, loss, backward, update. Labels or targets
 * are required. If the kind of the optimizer differs from that of the previous step, the moments
 * and t restart from 0. INVALID_ARGUMENT, INDEX_RANGE, LABEL_RANGE, FROZEN, BUSY, and OUT_OF_MEMORY
 * for third moments; nothing has changed then. If the loss, an element of the gradient, or a
 * parameter, moment or running statistic after the update would not be finite, nothing has changed
 * either, but the status is OK: result->loss is not finite, and nmlp_net_find_nonfinite_update
 * finds the cause. */
NMLP_API int32_t nmlp_net_train_step(nmlp_net *net, const nmlp_batch *batch,
                                     const nmlp_optimizer *optimizer, nmlp_result *result);

/* The same without the update: the gradients of loss + l2 * (sum of squared weights) are kept for
 * nmlp_net_read and nmlp_net_apply. 1 to max_batch rows. Dropout uses the masks of the next step
 * with the same kind of optimizer. If the loss is not finite, the network keeps its previous
 * gradients. */
NMLP_API int32_t nmlp_net_gradient(nmlp_net *net, const nmlp_batch *batch, double l2,
                                   nmlp_result *result);

/* Updates the parameters as a training step does, with the gradients that the network keeps: those
 * of the last nmlp_net_gradient, or those written since. nmlp_net_gradient with the optimizer's l2,
 * followed by this function, has the same result as nmlp_net_train_step, byte for byte. Between the
 * two calls, gradients can be read, changed and written. They already include the part of l2, so
 * optimizer->l2 is not added again. The gradients do not change. With batch normalisation, the
 * running statistics are updated from those of the last nmlp_net_gradient, once for each of its
 * calls. NONFINITE if a gradient, or the new value of a parameter, moment or running statistic, is
 * not finite; nothing has changed then. FROZEN, BUSY, OUT_OF_MEMORY for third moments. */
NMLP_API int32_t nmlp_net_apply(nmlp_net *net, const nmlp_optimizer *optimizer);

/* The place where a number that is not finite first appears. The rows of a layer's parameters are
 * the rows of W, then row k for the bias, k + 1 and k + 2 for gamma and beta, k + 3 and k + 4 for
 * the running mean and variance. */
typedef enum nmlp_nonfinite {
    NMLP_NONFINITE_NONE = 0,
    NMLP_NONFINITE_FEATURE = 1,      /* row of the batch, column of the features */
    NMLP_NONFINITE_TARGET = 2,       /* row, column of the targets */
    NMLP_NONFINITE_PARAMETER = 3,    /* layer; row and column of its parameters */
    NMLP_NONFINITE_OUTPUT = 4,       /* layer; row and column of its output */
    NMLP_NONFINITE_LOSS = 5,         /* row */
    NMLP_NONFINITE_TOTAL_WEIGHT = 6, /* row of the greatest weight: the sum of the weights is 0, or
                                        as a float denormal or infinite */
    NMLP_NONFINITE_PENALTY = 7,      /* layer; row of W whose sum of squares is not finite */
    NMLP_NONFINITE_GRADIENT = 8,     /* layer; row and column of its parameters */
    NMLP_NONFINITE_UPDATE = 9        /* likewise, of a parameter or its moments after the update */
} nmlp_nonfinite;

typedef struct nmlp_fault {
    uint32_t struct_size;
    int32_t kind; /* nmlp_nonfinite */
    size_t layer, row, column;
} nmlp_fault;

/* Repeats a step on these rows without its update, with the dropout masks of the next step. Finds
 * the first number that is not finite in the total weight (any value is accepted here), the forward
 * pass, the loss, and the gradient without the part of l2. Nothing changes. FROZEN, BUSY. */
NMLP_API int32_t nmlp_net_find_nonfinite(nmlp_net *net, const nmlp_batch *batch, nmlp_fault *fault);

/* The same for a whole training step: with the part of l2, and with the parameters, moments and
 * running statistics after the update. OUT_OF_MEMORY for third moments. */
NMLP_API int32_t nmlp_net_find_nonfinite_update(nmlp_net *net, const nmlp_batch *batch,
                                                const nmlp_optimizer *optimizer, nmlp_fault *fault);

/* The loss (without l2) and the count of correct rows, for any number of rows >= 1. Without
 * dropout; batch normalisation uses its running statistics. */
NMLP_API int32_t nmlp_net_evaluate(nmlp_net *net, const nmlp_batch *batch, int32_t threads,
                                   nmlp_result *result);

/* Y [rows x outputs] with row pitch ldy: the scores or probabilities (nmlp_output) of any number of
 * rows. The rows are processed in chunks; the bits do not depend on the size of the chunks. A
 * single row takes less time if many of its features, or of the outputs of a layer, are 0: weights
 * that are only multiplied by 0 may not be read, and then an infinity or NaN among them has no
 * effect. OUT_OF_MEMORY if there is no work space for another simultaneous caller. */
NMLP_API int32_t nmlp_net_predict(nmlp_net *net, const nmlp_batch *batch, int32_t output, float *y,
                                  size_t ldy, int32_t threads);

/* The number of classes of a network with this loss and this number of outputs:
 *
 *     SOFTMAX_CROSS_ENTROPY, MULTICLASS_HINGE     outputs
 *     BINARY_CROSS_ENTROPY                        2 with one output, else outputs
 *     MEAN_SQUARED_ERROR, HUBER                   0 with one output: a regression; else outputs,
 *                                                 if its targets are 1 at a class and 0 elsewhere
 *
 * 0 also for other losses. */
NMLP_API size_t nmlp_loss_classes(int32_t loss, size_t outputs);

/* classes[rows]: the class of each row, for any number of rows. It is the index of the first
 * maximum of the scores. With two classes and one output, it is 1 if score > 0, that is, if the
 * probability is above 1/2, else 0. NMLP_NO_CLASS if a score is not finite. INVALID_ARGUMENT if
 * nmlp_loss_classes is 0. If several outputs of BINARY_CROSS_ENTROPY can be true at once, use
 * nmlp_net_predict and compare each score with 0. Otherwise like nmlp_net_predict. */
NMLP_API int32_t nmlp_net_predict_classes(nmlp_net *net, const nmlp_batch *batch, int32_t *classes,
                                          int32_t threads);

/* The mask by which training step number step (from 1) multiplies the outputs of a layer: 0 or
 * 1/(1 - dropout), mask[i*columns + j] for row i of the batch and output j. */
NMLP_API int32_t nmlp_dropout_mask(uint64_t seed, uint64_t step, size_t layer, size_t rows,
                                   size_t columns, float dropout, float *mask);

/* The number of weights, biases, gammas and betas of all layers together. */
NMLP_API size_t nmlp_net_parameter_count(const nmlp_net *net);

/* The memory of the network in bytes, including third moments, if it has them, and the work spaces
 * of its predictions, which grow with the number of simultaneous callers and of their workers. The
 * network never writes to moments and gradients that its optimizer does not need. Where a page
 * becomes resident at its first write, these pages therefore stay out of memory. Any thread may
 * call this. */
NMLP_API size_t nmlp_net_memory_bytes(const nmlp_net *net);

/* Tensors are numbered from 0, layer by layer: the weight [k x n] (see nmlp_layer) and the bias [1
 * x n]; with a norm, its gamma and beta; with batch normalisation, its running mean and variance,
 * which exist only as NMLP_TENSOR_PARAMETER. Without norms, tensor 2*l is the weight of layer l.
 * INVALID_ARGUMENT if there is no such tensor. */
NMLP_API int32_t nmlp_net_tensor_shape(const nmlp_net *net, size_t tensor, size_t *rows,
                                       size_t *columns);

/* Copies a tensor out of or into the network, rows without gaps; length is rows * columns. kind is
 * an nmlp_tensor_kind. Weights are rounded to the nmlp_precision of the network when they are
 * written. FROZEN, BUSY; OUT_OF_MEMORY when third moments are written. */
NMLP_API int32_t nmlp_net_read(nmlp_net *net, int32_t kind, size_t tensor, float *dst,
                               size_t length);
NMLP_API int32_t nmlp_net_write(nmlp_net *net, int32_t kind, size_t tensor, const float *src,
                                size_t length);

/* All tensors of a kind as one block of nmlp_net_parameter_count() elements: weights, biases,
 * gammas and betas in the order of their numbers, each row by row without gaps. The order is the
 * same for each kind, so element i of the gradients and of the moments belongs to element i of the
 * parameters. Running means and variances are not included, because they are not parameters; use
 * nmlp_net_read and nmlp_net_write for them. FROZEN, BUSY, OUT_OF_MEMORY. */
NMLP_API int32_t nmlp_net_read_block(nmlp_net *net, int32_t kind, float *dst, size_t length);
NMLP_API int32_t nmlp_net_write_block(nmlp_net *net, int32_t kind, const float *src, size_t length);

/* 1 if the network has memory for tensors of this kind, else 0. A frozen network has only
 * parameters, and third moments are allocated by the first step or write that needs them. Until
 * then, they are read as 0. INVALID_ARGUMENT, BUSY. */
NMLP_API int32_t nmlp_net_holds(nmlp_net *net, int32_t kind);

/* Copies the optimizer's counters out of or into the network, for checkpoints. steps must be below
 * 2^63, the powers in [0, 1]. BUSY. */
NMLP_API int32_t nmlp_net_read_optimizer_state(nmlp_net *net, nmlp_optimizer_state *state);
NMLP_API int32_t nmlp_net_write_optimizer_state(nmlp_net *net, const nmlp_optimizer_state *state);

#ifdef __cplusplus
}
#endif

#endif /* NMLP_H */
