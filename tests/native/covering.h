/* SPDX-License-Identifier: MIT
 *
 * A covering design: a few cases of a large product of factors that cover each combination of the
 * levels of two (or one, or three) factors. A combination that is not covered yet gets a new case,
 * whose other levels are drawn at random. Combinations that earlier cases cover need no new
 * case. */
#ifndef COVERING_H
#define COVERING_H

#include "test_support.h"

enum { COVERING_FACTORS = 10, COVERING_STRENGTH = 3 };

typedef struct covering {
    size_t factors, levels[COVERING_FACTORS];
    /* Makes the case possible by changing levels that are not in `fixed`, which has one bit per
     * factor. Returns false if that is impossible. */
    bool (*settle)(size_t level[], unsigned fixed, uint64_t *draw);
    void (*run)(const size_t level[]);
    size_t cases, impossible;
} covering;

/* Some of the factors, and the combinations of them that have been covered. */
typedef struct covering_subset {
    unsigned factors; /* one bit per factor */
    size_t combinations;
    unsigned char *met;
} covering_subset;

static inline size_t covering_index(const covering *c, unsigned factors, const size_t level[])
{
    size_t index = 0;
    for (size_t f = 0; f < c->factors; f++)
        if (factors >> f & 1) index = index * c->levels[f] + level[f];
    return index;
}

static inline void covering_levels(const covering *c, unsigned factors, size_t index,
                                   size_t level[])
{
    for (size_t f = c->factors; f-- > 0;) {
        if (!(factors >> f & 1)) continue;
        level[f] = index % c->levels[f];
        index /= c->levels[f];
    }
}

/* Draws a case with these levels of the factors in `fixed` and random other levels. */
static inline bool covering_draw(const covering *c, size_t level[], unsigned fixed, uint64_t *draw)
{
    for (size_t f = 0; f < c->factors; f++)
        if (!(fixed >> f & 1)) level[f] = data_below(draw, c->levels[f]);
    return c->settle(level, fixed, draw);
}

static inline size_t covering_subsets(const covering *c, size_t strength, size_t most,
                                      covering_subset subset[])
{
    size_t count = 0;
    for (unsigned factors = 1; factors < 1u << c->factors; factors++) {
        size_t members = 0, combinations = 1;
        for (size_t f = 0; f < c->factors; f++)
            if (factors >> f & 1) members++, combinations *= c->levels[f];
        if (members == strength && combinations <= most)
            subset[count++] = (covering_subset){factors, combinations, NULL};
    }
    return count;
}

static inline int covering_by_size(const void *a, const void *b)
{
    const size_t x = ((const covering_subset *)a)->combinations;
    const size_t y = ((const covering_subset *)b)->combinations;
    return x < y ? 1 : x > y ? -1 : 0;
}

/* Covers every combination of this many factors, except sets of factors with more than `most`
 * combinations. The largest sets come first, because their cases cover most combinations of the
 * smaller ones. */
static inline void covering_run(covering *c, size_t strength, size_t most, uint64_t seed)
{
    covering_subset subset[1 << COVERING_FACTORS];
    const size_t count = covering_subsets(c, strength, most, subset);
    qsort(subset, count, sizeof subset[0], covering_by_size);
    for (size_t s = 0; s < count; s++) subset[s].met = test_alloc(subset[s].combinations);
    for (size_t s = 0; s < count; s++)
        for (size_t i = 0; i < subset[s].combinations; i++) {
            size_t level[COVERING_FACTORS] = {0};
            if (subset[s].met[i]) continue;
            covering_levels(c, subset[s].factors, i, level);
            if (!covering_draw(c, level, subset[s].factors, &seed)) {
                c->impossible++;
                continue;
            }
            c->run(level);
            c->cases++;
            for (size_t t = s; t < count; t++)
                subset[t].met[covering_index(c, subset[t].factors, level)] = 1;
        }
    for (size_t s = 0; s < count; s++) free(subset[s].met);
}

/* Runs the whole product of the factors in `whole`, with random other levels: part number `part` of
 * `parts`. */
static inline void covering_run_whole(covering *c, unsigned whole, size_t part, size_t parts,
                                      uint64_t seed)
{
    size_t combinations = 1;
    for (size_t f = 0; f < c->factors; f++)
        if (whole >> f & 1) combinations *= c->levels[f];
    for (size_t i = part; i < combinations; i += parts) {
        size_t level[COVERING_FACTORS] = {0};
        covering_levels(c, whole, i, level);
        if (i / parts % 100000 == 0) {
            printf("%zu of %zu\n", i, combinations);
            fflush(stdout);
        }
        if (!covering_draw(c, level, whole, &seed)) {
            c->impossible++;
            continue;
        }
        c->run(level);
        c->cases++;
    }
}

#endif /* COVERING_H */
