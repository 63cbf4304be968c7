/* SPDX-License-Identifier: MIT
 *
 * Memory between guard pages for the arrays of kernels. */
#ifndef KERNEL_PLACES_H
#define KERNEL_PLACES_H

#include "test_support.h"

enum { LONGEST = 257 };

static guarded place[6];

static inline float *copy_at(size_t which, const float *src, size_t count, bool at_end)
{
    float *dst = guarded_floats(&place[which], count, at_end);
    if (count > 0) memcpy(dst, src, count * sizeof *dst);
    return dst;
}

#endif /* KERNEL_PLACES_H */
