/* SPDX-License-Identifier: MIT
 *
 * Memory for arrays that are read from end to end. */
#ifndef NMLP_MEMORY_H
#define NMLP_MEMORY_H

#include <stddef.h>

/* Bytes; what workers write side by side begins at a line of its own. */
enum { CACHE_LINE = 64 };

/* The bytes that nmlp_memory_zeroed allocates for so many; SIZE_MAX if that overflows. */
size_t nmlp_memory_room(size_t bytes);

/* Zeroed bytes from *begin on, which is aligned to a cache line or a large page. Returns the
 * address for free(), or NULL. Pages that are never touched cost nothing. Large pages are
 * requested for a large block, where the system has them: 15 MB of weights are more small pages
 * than a processor keeps translations of (docs/tuning.md). */
void *nmlp_memory_zeroed(size_t bytes, char **begin);

#endif /* NMLP_MEMORY_H */
