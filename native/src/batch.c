/* SPDX-License-Identifier: MIT */
#include "batch.h"

#include <string.h>

size_t nmlp_batch_rows(const nmlp_batch *batch)
{
    return batch->index_count > 0 ? batch->index_count : batch->feature_rows;
}

static size_t source_row(const nmlp_batch *batch, size_t row)
{
    return batch->index_count > 0 ? (size_t)batch->indices[row] : row;
}

int32_t nmlp_batch_label(const nmlp_batch *batch, size_t row)
{
    return batch->labels[source_row(batch, row)];
}

float nmlp_batch_weight(const nmlp_batch *batch, size_t row)
{
    return batch->weight_count > 0 ? batch->weights[source_row(batch, row)] : 1.0f;
}

void nmlp_batch_stage_targets(const nmlp_batch *batch, size_t n, nmlp_range rows, float *staged,
                              size_t ld)
{
    for (size_t i = rows.begin; i < rows.end; i++) {
        float *dst = staged + (i - rows.begin) * ld;
        if (batch->target_length > 0) {
            memcpy(dst, batch->targets + source_row(batch, i) * n, n * sizeof *dst);
        } else {
            memset(dst, 0, n * sizeof *dst);
            dst[nmlp_batch_label(batch, i)] = 1.0f;
        }
    }
}

int nmlp_batch_in_place(const nmlp_batch *batch)
{
    return batch->feature_type == NMLP_FEATURE_FLOAT32 && batch->index_count == 0 &&
           batch->mean_length == 0 && (batch->scale == 0 || batch->scale == 1);
}

double nmlp_batch_zero_share(const nmlp_batch *batch, size_t inputs, size_t row)
{
    enum { STEP = 9 }; /* with few common factors with the widths of pictures */
    const size_t at = source_row(batch, row) * batch->ld;
    size_t seen = 0, zeros = 0;
    for (size_t j = 0; j < inputs; j += STEP, seen++) {
        const float x = batch->feature_type == NMLP_FEATURE_UINT8
                            ? (float)((const uint8_t *)batch->features)[at + j]
                            : ((const float *)batch->features)[at + j];
        zeros += x == (batch->mean_length > 0 ? batch->mean[j] : 0);
    }
    return (double)zeros / (double)seen;
}

void nmlp_batch_stage(const nmlp_kernels *kernels, const nmlp_batch *batch, size_t inputs,
                      nmlp_range rows, float *staged, size_t ld)
{
    const float *mean = batch->mean_length > 0 ? batch->mean : NULL;
    const float scale = batch->scale == 0 ? 1.0f : batch->scale;
    for (size_t i = rows.begin; i < rows.end; i++) {
        const size_t at = source_row(batch, i) * batch->ld;
        const size_t next = source_row(batch, i + 1 < rows.end ? i + 1 : i) * batch->ld;
        float *dst = staged + (i - rows.begin) * ld;
        if (batch->feature_type == NMLP_FEATURE_UINT8) {
            const uint8_t *src = batch->features;
            kernels->normalize_u8(inputs, src + at, src + next, mean, scale, dst);
        } else {
            const float *src = batch->features;
            kernels->normalize_f32(inputs, src + at, src + next, mean, scale, dst);
        }
    }
}
