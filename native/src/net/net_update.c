/* SPDX-License-Identifier: MIT
 *
 * Updates rows of parameters, regardless of the source of their gradient. */
#include "net/net_step.h"

void net_step_update(const net_step *s, size_t offset, size_t rows, size_t columns, size_t ldw,
                     const float *g, size_t ldg, const nmlp_update *coefficients)
{
    const int has_third =
        step_keeps(s, NMLP_TENSOR_THIRD_MOMENT); /* otherwise the block may not exist */
    float *w = step_tensor(s, NMLP_TENSOR_PARAMETER, offset);
    const nmlp_update_rows part = {
        .rows = rows,
        .columns = columns,
        .w = w,
        .first = step_tensor(s, NMLP_TENSOR_FIRST_MOMENT, offset),
        .second = step_tensor(s, NMLP_TENSOR_SECOND_MOMENT, offset),
        .third = has_third ? step_tensor(s, NMLP_TENSOR_THIRD_MOMENT, offset) : w,
        .ldw = ldw,
        .g = g,
        .ldg = ldg,
    };
    s->kernels->update[s->rule](&part, coefficients);
}

nmlp_column_block net_column_block_of_w(const net_layer *layer, nmlp_range columns)
{
    nmlp_column_block s = nmlp_column_block_at(layer->ldw, layer->k, layer->n, columns.begin);
    const size_t wanted = columns.end - columns.begin;
    if (s.count > wanted) s.count = wanted;
    return s;
}
