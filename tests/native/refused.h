/* SPDX-License-Identifier: MIT
 *
 * Calls with good arguments, except for one change. They must be refused and write nothing. */
#ifndef REFUSED_H
#define REFUSED_H

#include "isa/kernels.h"
#include "test_support.h"

#define REFUSES(status, kind, change)                                              \
    do {                                                                           \
        struct kind v = kind##_good();                                             \
        change;                                                                    \
        int32_t actual = kind##_call(&v);                                          \
        check_status_at(__FILE__, __LINE__, (status), actual, #kind ": " #change); \
        check_nothing_written(__LINE__, #kind ": " #change);                       \
    } while (0)
#define INVALID(kind, change) REFUSES(NMLP_ERROR_INVALID_ARGUMENT, kind, change)
#define ACCEPTS(kind, change)                                                              \
    do {                                                                                   \
        struct kind v = kind##_good();                                                     \
        change;                                                                            \
        check_status_at(__FILE__, __LINE__, NMLP_OK, kind##_call(&v), #kind ": " #change); \
        clear_outputs();                                                                   \
    } while (0)

/* All inputs are 0.5, and all outputs are poison until a call is accepted. */
enum { ROOM = 64 };
static float in[ROOM], out[4][ROOM];
static int32_t labels[ROOM], order[ROOM];
static double loss_out;
static size_t size_out;

static inline void clear_outputs(void)
{
    for (size_t i = 0; i < 4; i++) fill_bits(out[i], ROOM, poison);
    for (size_t i = 0; i < ROOM; i++) in[i] = 0.5f, labels[i] = (int32_t)(i % 3), order[i] = -7;
    loss_out = -77;
    size_out = 777;
}

static inline void check_nothing_written(int line, const char *what)
{
    bool kept = loss_out == -77.0 && size_out == 777;
    for (size_t i = 0; i < ROOM; i++) {
        for (size_t a = 0; a < 4; a++) kept = kept && float_bits(out[a][i]) == poison;
        kept = kept && order[i] == -7 && in[i] == 0.5f;
    }
    check_at(__FILE__, line, kept, "%s: refused, but something was written", what);
    if (!kept) clear_outputs();
}

static const size_t huge = SIZE_MAX / 2;

#endif /* REFUSED_H */
