/* SPDX-License-Identifier: MIT
 *
 * Memory for arrays that are read from end to end. */
#ifndef NMLP_MEMORY_H
#define NMLP_MEMORY_H

#include <stddef.h>

/* Bytes; what workers write side by side begins at a line of its own. */
enum { CACHE_LINE = 64 };

/* What nmlp_memory_zeroed asks for where so many bytes are wanted; SIZE_MAX where that overflows.
 */
size_t nmlp_memory_room(size_t bytes);

/* Zeroed bytes from *begin on, a cache line's or a large page's; returned is what free() takes, or
 * NULL. Pages that are never touched cost nothing. A large block is asked for in large pages,
 * where the system has them: 15 MB of weights are more small pages than a processor knows the
 * places of (a prediction of one row by 3072-1024-512-10: 202 -> 192 us). */
void *nmlp_memory_zeroed(size_t bytes, char **begin);

#endif /* NMLP_MEMORY_H */
