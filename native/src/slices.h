/* SPDX-License-Identifier: MIT
 *
 * How a network's weights lie: in slices of NMLP_SLICE columns, slice behind slice, the rows of
 * each one behind the other. Of W [k x 150]
 *
 *     row 0, columns 0..63    row 1 ..    row k-1
 *     row 0, columns 64..127  row 1 ..    row k-1
 *     row 0, columns 128..149 and a gap up to whole vectors  ..
 *
 * What a prediction of one row costs is the way of all weights through the caches, which is fastest
 * from front to back: 3072 x 1024 out of the L3 cache on two cores in 64 us, where half of each row
 * takes 81. In slices one row's tiles read them so, and of two workers each its half. To training
 * the two layouts are alike. A row alone, such as a bias, lies as it always does. */
#ifndef NMLP_SLICES_H
#define NMLP_SLICES_H

#include "isa/kernels.h"

/* What a tile of one row has registers for on AVX-512. Half as many, AVX2's, is better there (C's
 * prediction of one row 190 instead of 210 us) and worse here (178 and 171). */
enum { NMLP_SLICE = 8 * NMLP_LANES };

/* For a distance between rows: none, the matrix is in slices. */
enum { NMLP_IN_SLICES = 0 };

static inline size_t nmlp_whole_vectors(size_t columns)
{
    return (columns + NMLP_LANES - 1) / NMLP_LANES * NMLP_LANES;
}

/* Columns that lie together. */
typedef struct nmlp_slice {
    size_t offset; /* of the first one's element in row 0 */
    size_t ld;     /* between its rows */
    size_t count;
} nmlp_slice;

/* From this column on, of a matrix [rows x columns] whose rows are ld apart or in slices. */
static inline nmlp_slice nmlp_slice_at(size_t ld, size_t rows, size_t columns, size_t column)
{
    if (ld != NMLP_IN_SLICES) return (nmlp_slice){column, ld, columns - column};
    const size_t within = column % NMLP_SLICE, begin = column - within;
    const size_t left = columns - begin, width = left < NMLP_SLICE ? left : NMLP_SLICE;
    return (nmlp_slice){begin * rows + within, nmlp_whole_vectors(width), width - within};
}

#endif /* NMLP_SLICES_H */
