/* SPDX-License-Identifier: MIT */
#include "ops/norm.h"

void nmlp_norm_split(int32_t norm, size_t m, size_t n, nmlp_team team, nmlp_range *rows,
                     nmlp_range *columns)
{
    const int batch = norm == NMLP_NORM_BATCH;
    *rows = batch ? (nmlp_range){0, m} : nmlp_parallel_share(m, 1, team);
    *columns = batch ? nmlp_parallel_share(n, NMLP_LANES, team) : (nmlp_range){0, n};
}

static nmlp_norm_rows part_of(int32_t norm, const nmlp_norm_rows *all, nmlp_range rows,
                              nmlp_range columns)
{
    const size_t i = rows.begin, j = columns.begin;
    nmlp_norm_rows part = *all;
    part.m = rows.end - i;
    part.n = columns.end - j;
    part.batch = all->m;
    part.x += i * all->ldx + j;
    part.y += i * all->ldy + j;
    part.gamma += j;
    part.beta += j;
    if (all->inverse_stddev != NULL) part.inverse_stddev += norm == NMLP_NORM_BATCH ? j : i;
    if (all->mean != NULL) part.mean += j;
    if (all->variance != NULL) part.variance += j;
    if (all->sum_gamma != NULL) part.sum_gamma += j;
    if (all->sum_beta != NULL) part.sum_beta += j;
    return part;
}

void nmlp_norm_forward_part(const nmlp_kernels *kernels, int32_t norm, const nmlp_norm_rows *all,
                            int training, nmlp_range rows, nmlp_range columns)
{
    const nmlp_norm_rows part = part_of(norm, all, rows, columns);
    if (norm != NMLP_NORM_BATCH) {
        kernels->layer_norm(&part);
        return;
    }
    if (training)
        kernels->batch_statistics(part.m, part.n, part.x, part.ldx, part.mean, part.variance);
    kernels->batch_norm(&part);
}

void nmlp_norm_backward_part(const nmlp_kernels *kernels, int32_t norm, const nmlp_norm_rows *all,
                             nmlp_range rows, nmlp_range columns)
{
    const nmlp_norm_rows part = part_of(norm, all, rows, columns);
    if (norm == NMLP_NORM_BATCH)
        kernels->batch_norm_backward(&part);
    else
        kernels->layer_norm_backward(&part);
}
