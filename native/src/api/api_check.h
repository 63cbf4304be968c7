/* SPDX-License-Identifier: MIT
 *
 * The checks of the exported functions. Only the files in api/ check arguments of callers; all
 * other files receive valid arguments. */
#ifndef NMLP_API_CHECK_H
#define NMLP_API_CHECK_H

#include <float.h>

#include "api/api_structs.h"
#include "isa/dispatch.h"
#include "nmlp.h"
#include "platform/float_modes.h"
#include "threads/parallel.h"

#define CHECK(condition, status)           \
    do {                                   \
        if (!(condition)) return (status); \
    } while (0)
#define VALID(condition) CHECK(condition, NMLP_ERROR_INVALID_ARGUMENT)

/* Every function that computes first selects an instruction set. */
#define KERNELS(name)                              \
    const nmlp_kernels *name = nmlp_kernels_get(); \
    if (name == NULL) return nmlp_dispatch_choice()

/* All computations on the calling thread use the library's own floating-point modes. */
#define IN_DEFAULT_MODES(...)                            \
    do {                                                 \
        const uint64_t modes = nmlp_float_modes_enter(); \
        __VA_ARGS__;                                     \
        nmlp_float_modes_leave(modes);                   \
    } while (0)

/* Whether rows of `columns` elements with the distance ld are valid: not NULL unless there are
 * none, not overlapping, and addressable. */
static inline int matrix_ok(const void *data, size_t rows, size_t columns, size_t ld)
{
    if (rows == 0 || columns == 0) return 1;
    if (data == NULL || ld < columns) return 0;
    return ld <= SIZE_MAX / 16 / rows;
}

static inline int array_ok(const void *data, size_t length)
{
    return matrix_ok(data, 1, length, length);
}

static inline int threads_ok(int32_t threads)
{
    return threads >= 0 && threads <= NMLP_MAX_THREADS;
}

static inline int flag_ok(int32_t flag) { return flag == 0 || flag == 1; }

/* Whether this is an activation that is a function of one element. */
static inline int activation_ok(int32_t activation)
{
    return activation >= 0 && activation < NMLP_ACTIVATION_COUNT &&
           activation != NMLP_ACTIVATION_MAXOUT;
}

/* Returns false for NaN. */
static inline int alpha_ok(float alpha) { return alpha >= 0 && alpha <= FLT_MAX; }

#endif /* NMLP_API_CHECK_H */
