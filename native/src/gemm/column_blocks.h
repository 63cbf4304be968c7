/* SPDX-License-Identifier: MIT
 *
 * The layout of large weight matrices: blocks of NMLP_BLOCK_COLUMNS columns, one block after
 * another, each stored row by row. For W [k x 300]:
 *
 *     columns   0..127 of row 0, of row 1, .. of row k-1
 *     columns 128..255 of row 0, of row 1, .. of row k-1
 *     columns 256..299 and a gap up to whole vectors, of row 0, ..
 *
 * The time of a prediction of one row is the time to read the weights, which is shortest for
 * sequential reads. In this layout, the tiles of one row read the weights sequentially, and
 * each of two workers reads one half. Training has the same speed with both layouts
 * (docs/tuning.md). A single row, such as a bias, is stored as usual. */
#ifndef NMLP_COLUMN_BLOCKS_H
#define NMLP_COLUMN_BLOCKS_H

#include "isa/kernels.h"

/* The columns of a tile of one row on AVX-512. Half as many would be faster on AVX2 and slower on
 * AVX-512. */
enum { NMLP_BLOCK_COLUMNS = 8 * NMLP_LANES };

/* Replaces the distance between rows if the matrix is stored in column blocks. */
enum { NMLP_IN_COLUMN_BLOCKS = 0 };

static inline size_t nmlp_whole_vectors(size_t columns)
{
    return (columns + NMLP_LANES - 1) / NMLP_LANES * NMLP_LANES;
}

/* The floats of a row, including gaps. */
static inline size_t nmlp_row_floats(size_t ld, size_t columns)
{
    return ld != NMLP_IN_COLUMN_BLOCKS ? ld : nmlp_whole_vectors(columns);
}

/* A matrix of bf16 has rows of whole groups of two vectors (isa/k_tile.inc). */
enum { NMLP_NARROW_GROUP = 2 * NMLP_LANES };
static inline size_t nmlp_narrow_columns(size_t columns)
{
    return (columns + NMLP_NARROW_GROUP - 1) / NMLP_NARROW_GROUP * NMLP_NARROW_GROUP;
}

/* Columns of a matrix that are adjacent in memory. */
typedef struct nmlp_column_block {
    size_t offset; /* of the element in row 0 of the first column */
    size_t ld;     /* distance between its rows */
    size_t count;
} nmlp_column_block;

/* The block that begins at this column, for a matrix [rows x columns] with row distance ld or in
 * column blocks. */
static inline nmlp_column_block nmlp_column_block_at(size_t ld, size_t rows, size_t columns,
                                                     size_t column)
{
    if (ld != NMLP_IN_COLUMN_BLOCKS) return (nmlp_column_block){column, ld, columns - column};
    const size_t within = column % NMLP_BLOCK_COLUMNS, begin = column - within;
    const size_t left = columns - begin,
                 width = left < NMLP_BLOCK_COLUMNS ? left : NMLP_BLOCK_COLUMNS;
    return (nmlp_column_block){begin * rows + within, nmlp_whole_vectors(width), width - within};
}

/* The same for the matrix of bf16 that has this row distance as float32. The offset is that of the
 * group that contains the column. */
static inline nmlp_column_block nmlp_narrow_block_at(size_t ld, size_t rows, size_t columns,
                                                     size_t column)
{
    const size_t narrow = ld == NMLP_IN_COLUMN_BLOCKS ? ld : nmlp_narrow_columns(ld);
    nmlp_column_block block =
        nmlp_column_block_at(narrow, rows, nmlp_narrow_columns(columns), column);
    block.offset -= column % NMLP_NARROW_GROUP;
    return block;
}

#endif /* NMLP_COLUMN_BLOCKS_H */
