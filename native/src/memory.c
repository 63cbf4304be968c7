/* SPDX-License-Identifier: MIT */
#if defined(__linux__)
#define _DEFAULT_SOURCE /* madvise */
#endif
#include "memory.h"

#include <stdint.h>
#include <stdlib.h>

#if defined(__linux__)
#include <sys/mman.h>
#endif

/* Smaller blocks have the places of all their pages known. */
enum { LARGE_PAGE = 2 << 20, LARGE_BLOCK = 2 * LARGE_PAGE };

/* A wish: whether it is granted changes nothing but time. */
static void wish_for_large_pages(char *begin, size_t bytes)
{
#if defined(__linux__)
    (void)madvise(begin, bytes / LARGE_PAGE * LARGE_PAGE, MADV_HUGEPAGE);
#else
    (void)begin;
    (void)bytes;
#endif
}

void *nmlp_memory_zeroed(size_t bytes, char **begin)
{
    const int large = bytes >= LARGE_BLOCK;
    const size_t alignment = large ? LARGE_PAGE : CACHE_LINE;
    if (bytes > SIZE_MAX - alignment) return NULL;
    char *block = calloc(bytes + alignment, 1);
    if (block == NULL) return NULL;
    *begin = block + (alignment - (uintptr_t)block % alignment);
    if (large) wish_for_large_pages(*begin, bytes);
    return block;
}
