/* SPDX-License-Identifier: MIT
 *
 * Memory for arrays that are read sequentially. */
#ifndef NMLP_MEMORY_H
#define NMLP_MEMORY_H

#include <stddef.h>

/* Bytes. Data of different workers begins on different cache lines. */
enum { CACHE_LINE = 64 };

/* Returns the bytes that nmlp_memory_zeroed allocates for this many bytes, or SIZE_MAX if that
 * overflows. */
size_t nmlp_memory_room(size_t bytes);

/* Allocates zeroed bytes. They begin at *begin, which is aligned to a cache line or a large page.
 * Returns the address for free(), or NULL. Pages that are never accessed use no memory. For a large
 * block, large pages are requested if the system has them: 15 MB of weights are more small pages
 * than a processor keeps translations for (docs/tuning.md). */
void *nmlp_memory_zeroed(size_t bytes, char **begin);

#endif /* NMLP_MEMORY_H */
