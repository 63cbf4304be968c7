/* SPDX-License-Identifier: MIT */
#include "net/net_space.h"

#include <stdlib.h>

static void free_space(nmlp_net *net, predict_space *space)
{
    if (space == NULL) return;
    atomic_fetch_sub(&net->space_bytes, space->bytes);
    free(space);
}

static predict_space *make_space(nmlp_net *net, size_t workers, size_t rows)
{
    const size_t most = (SIZE_MAX / 2 - sizeof(predict_space) - CACHE_LINE) / sizeof(float);
    if (net->predict_floats > most / workers) return NULL;
    const size_t floats = workers * net->predict_floats;
    if (rows > (most - floats) / 3) return NULL;
    /* calloc, because the gaps after the last column of a row must be finite. */
    const size_t bytes = sizeof(predict_space) + (floats + 3 * rows) * sizeof(float) + CACHE_LINE;
    predict_space *space = calloc(1, bytes);
    if (space == NULL) return NULL;
    space->bytes = bytes;
    atomic_fetch_add(&net->space_bytes, bytes);
    space->workers = workers;
    space->rows = rows;
    const size_t gap = CACHE_LINE - (uintptr_t)space->room % CACHE_LINE;
    space->floats = space->room + gap / sizeof(float);
    space->own.weights = space->floats + floats;
    space->own.indices = (int32_t *)(void *)(space->own.weights + rows);
    space->own.labels = space->own.indices + rows;
    return space;
}

predict_space *net_take_space(nmlp_net *net, size_t workers, size_t rows)
{
    for (size_t i = 0; i < KEPT_SPACES; i++) {
        predict_space *space = atomic_exchange(&net->spaces[i], NULL);
        if (space != NULL && space->workers >= workers && space->rows >= rows) return space;
        free_space(net, space);
    }
    return make_space(net, workers, rows);
}

/* Spaces for more rows than this are not kept. */
enum { KEPT_ROWS = 1 << 16 };

void net_give_space(nmlp_net *net, predict_space *space)
{
    for (size_t i = 0; space->rows <= KEPT_ROWS && i < KEPT_SPACES; i++) {
        predict_space *empty = NULL;
        if (atomic_compare_exchange_strong(&net->spaces[i], &empty, space)) return;
    }
    free_space(net, space);
}

void nmlp_net_free_spaces(nmlp_net *net)
{
    for (size_t i = 0; i < KEPT_SPACES; i++)
        free_space(net, atomic_exchange(&net->spaces[i], NULL));
}
