/* SPDX-License-Identifier: MIT
 *
 * How large matrices of weights lie: in slices of NMLP_SLICE columns, slice behind slice, the rows
 * of each one behind the other. Of W [k x 300]
 *
 *     columns   0..127 of row 0, of row 1, .. of row k-1
 *     columns 128..255 of row 0, of row 1, .. of row k-1
 *     columns 256..299 and a gap up to whole vectors, of row 0, ..
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

/* Floats that a row takes, gaps included. */
static inline size_t nmlp_row_floats(size_t ld, size_t columns)
{
    return ld != NMLP_IN_SLICES ? ld : nmlp_whole_vectors(columns);
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
