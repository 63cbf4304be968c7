/* SPDX-License-Identifier: MIT */
#if defined(__linux__)
#define _DEFAULT_SOURCE /* madvise */
#endif
#include "platform/memory.h"

#include <stdint.h>
#include <stdlib.h>

#if defined(__linux__)
#include <sys/mman.h>
#endif

/* The processor keeps the translations of all pages of smaller blocks. */
enum { LARGE_PAGE = 2 << 20, LARGE_BLOCK = 2 * LARGE_PAGE };

/* This is only a request: whether it is granted affects only speed. */
static void request_large_pages(char *begin, size_t bytes)
{
#if defined(__linux__)
    (void)madvise(begin, bytes / LARGE_PAGE * LARGE_PAGE, MADV_HUGEPAGE);
#else
    (void)begin;
    (void)bytes;
#endif
}

static size_t alignment_of(size_t bytes) { return bytes >= LARGE_BLOCK ? LARGE_PAGE : CACHE_LINE; }

size_t nmlp_memory_room(size_t bytes)
{
    const size_t alignment = alignment_of(bytes);
    return bytes > SIZE_MAX - alignment ? SIZE_MAX : bytes + alignment;
}

void *nmlp_memory_zeroed(size_t bytes, char **begin)
{
    const size_t room = nmlp_memory_room(bytes), alignment = alignment_of(bytes);
    char *block = room == SIZE_MAX ? NULL : calloc(room, 1);
    if (block == NULL) return NULL;
    *begin = block + (alignment - (uintptr_t)block % alignment);
    if (bytes >= LARGE_BLOCK) request_large_pages(*begin, bytes);
    return block;
}
