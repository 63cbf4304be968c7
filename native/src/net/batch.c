/* SPDX-License-Identifier: MIT */
#include "net/batch.h"

#include <float.h>
#include <string.h>

size_t nmlp_batch_rows(const nmlp_batch *batch)
{
    return batch->index_count > 0 ? batch->index_count : batch->feature_rows;
}

static size_t source_row(const nmlp_batch *batch, size_t row)
{
    return batch->index_count > 0 ? (size_t)batch->indices[row] : row;
}

static int32_t take_indices(nmlp_batch *own, int32_t *indices)
{
    if (own->index_count == 0) return NMLP_OK;
    memcpy(indices, own->indices, own->index_count * sizeof *indices);
    for (size_t i = 0; i < own->index_count; i++)
        if (indices[i] < 0 || (size_t)indices[i] >= own->feature_rows)
            return NMLP_ERROR_INDEX_RANGE;
    own->indices = indices;
    return NMLP_OK;
}

static int32_t take_labels(nmlp_batch *own, size_t classes, int32_t *labels)
{
    const size_t m = nmlp_batch_rows(own);
    if (own->label_count == 0) return NMLP_OK;
    for (size_t i = 0; i < m; i++) labels[i] = own->labels[source_row(own, i)];
    for (size_t i = 0; i < m; i++)
        if (labels[i] < 0 || (size_t)labels[i] >= classes) return NMLP_ERROR_LABEL_RANGE;
    own->labels = labels;
    return NMLP_OK;
}

static int32_t take_weights(nmlp_batch *own, float *weights)
{
    const size_t m = nmlp_batch_rows(own);
    if (own->weight_count == 0) return NMLP_OK;
    for (size_t i = 0; i < m; i++) weights[i] = own->weights[source_row(own, i)];
    for (size_t i = 0; i < m; i++)
        if (!(weights[i] >= 0 && weights[i] <= FLT_MAX)) return NMLP_ERROR_INVALID_ARGUMENT;
    own->weights = weights;
    return NMLP_OK;
}

int32_t nmlp_batch_take(const nmlp_batch *batch, size_t classes, int answers, nmlp_batch_room room,
                        nmlp_batch *own)
{
    *own = *batch;
    if (!answers) own->label_count = own->target_length = own->weight_count = 0;
    int32_t status = take_indices(own, room.indices);
    if (status == NMLP_OK) status = take_labels(own, classes, room.labels);
    if (status == NMLP_OK) status = take_weights(own, room.weights);
    return status;
}

int32_t nmlp_batch_label(const nmlp_batch *batch, size_t row) { return batch->labels[row]; }

float nmlp_batch_weight(const nmlp_batch *batch, size_t row)
{
    return batch->weight_count > 0 ? batch->weights[row] : 1.0f;
}

void nmlp_batch_stage_targets(const nmlp_batch *batch, size_t n, nmlp_range rows, float *staged,
                              size_t ld)
{
    for (size_t i = rows.begin; i < rows.end; i++) {
        float *dst = staged + (i - rows.begin) * ld;
        if (batch->target_length > 0) {
            memcpy(dst, batch->targets + source_row(batch, i) * n, n * sizeof *dst);
        } else if (n == 1) {
            dst[0] = (float)nmlp_batch_label(batch, i);
        } else {
            memset(dst, 0, n * sizeof *dst);
            dst[nmlp_batch_label(batch, i)] = 1.0f;
        }
    }
}

int nmlp_batch_in_place(const nmlp_batch *batch)
{
    return batch->feature_type == NMLP_FEATURE_FLOAT32 && batch->index_count == 0 &&
           batch->mean_length == 0 && batch->scales_length == 0 &&
           (batch->scale == 0 || batch->scale == 1);
}

double nmlp_batch_zero_share(const nmlp_batch *batch, size_t inputs, size_t row)
{
    enum { STEP = 9 }; /* has few common factors with the widths of images */
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

/* Writes one row to dst; `next` is the address of the next row. */
static void stage_row(const nmlp_kernels *kernels, const nmlp_batch *batch, size_t inputs,
                      size_t at, size_t next, float *dst)
{
    const float *mean = batch->mean_length > 0 ? batch->mean : NULL;
    const float scale = batch->scale == 0 ? 1.0f : batch->scale;
    const int by_column = batch->scales_length > 0;
    if (batch->feature_type == NMLP_FEATURE_UINT8) {
        const uint8_t *src = batch->features;
        if (by_column)
            kernels->standardize_u8(inputs, src + at, src + next, mean, batch->scales, dst);
        else
            kernels->normalize_u8(inputs, src + at, src + next, mean, scale, dst);
    } else {
        const float *src = batch->features;
        if (by_column)
            kernels->standardize_f32(inputs, src + at, src + next, mean, batch->scales, dst);
        else
            kernels->normalize_f32(inputs, src + at, src + next, mean, scale, dst);
    }
}

void nmlp_batch_stage(const nmlp_kernels *kernels, const nmlp_batch *batch, size_t inputs,
                      nmlp_range rows, float *staged, size_t ld)
{
    for (size_t i = rows.begin; i < rows.end; i++) {
        const size_t at = source_row(batch, i) * batch->ld;
        const size_t next = source_row(batch, i + 1 < rows.end ? i + 1 : i) * batch->ld;
        stage_row(kernels, batch, inputs, at, next, staged + (i - rows.begin) * ld);
    }
}
