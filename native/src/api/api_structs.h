/* SPDX-License-Identifier: MIT
 *
 * Structures of callers, of any version, with the rules of nmlp.h for their sizes. For each
 * structure of structs.def, this file defines
 *
 *     take_<name>(callers, &own)    copies one that the library reads; 0 if it is rejected
 *     sized_<name>(callers)         whether one that the library writes has a valid size
 *     give_<name>(callers, own)     writes it */
#ifndef NMLP_API_STRUCTS_H
#define NMLP_API_STRUCTS_H

#include <stddef.h>
#include <string.h>

#include "nmlp.h"

enum {
    STRUCT_ALIGNMENT = 8,
    GREATEST_STRUCT = 4096 /* a larger value is not a size */
};

/* Returns the size of the structure, or 0 if no version of this ABI has had it or could have it. */
static inline size_t struct_size_of(const void *structure, size_t first_version)
{
    uint32_t size = 0;
    if (structure != NULL) memcpy(&size, structure, sizeof size);
    const int possible = size >= first_version && size <= GREATEST_STRUCT;
    return possible && size % STRUCT_ALIGNMENT == 0 ? size : 0;
}

static inline int struct_take(const void *callers, size_t first_version, void *own, size_t known)
{
    const size_t size = struct_size_of(callers, first_version);
    if (size == 0) return 0;
    if (size == known) { /* the length is constant, so this is not a call */
        memcpy(own, callers, known);
        return 1;
    }
    for (size_t i = known; i < size; i++)
        if (((const unsigned char *)callers)[i] != 0) return 0;
    memset(own, 0, known);
    memcpy(own, callers, size < known ? size : known);
    return 1;
}

static inline void struct_give(void *callers, const void *own, size_t known)
{
    uint32_t size;
    memcpy(&size, callers, sizeof size);
    unsigned char *const to = callers;
    if (size == known) {
        memcpy(to + sizeof size, (const unsigned char *)own + sizeof size, known - sizeof size);
        return;
    }
    const size_t given = size < known ? size : known;
    memcpy(to + sizeof size, (const unsigned char *)own + sizeof size, given - sizeof size);
    memset(to + given, 0, size - given);
}

/* The size of the version of a structure that ends with this member. If it ended with padding, the
 * padding would contain garbage where the next version has a member. */
#define SIZE_UP_TO(type, member) (offsetof(type, member) + sizeof(((const type *)0)->member))

#define STRUCTURE(name, first, last)                                                       \
    _Static_assert(_Alignof(nmlp_##name) == STRUCT_ALIGNMENT, "every size is a multiple"); \
    _Static_assert(SIZE_UP_TO(nmlp_##name, first) % STRUCT_ALIGNMENT == 0, "no padding");  \
    _Static_assert(SIZE_UP_TO(nmlp_##name, last) == sizeof(nmlp_##name), "no padding");    \
    static inline int take_##name(const nmlp_##name *callers, nmlp_##name *own)            \
    {                                                                                      \
        return struct_take(callers, SIZE_UP_TO(nmlp_##name, first), own, sizeof *own);     \
    }                                                                                      \
    static inline int sized_##name(const nmlp_##name *callers)                             \
    {                                                                                      \
        return struct_size_of(callers, SIZE_UP_TO(nmlp_##name, first)) > 0;                \
    }                                                                                      \
    static inline void give_##name(nmlp_##name *callers, nmlp_##name own)                  \
    {                                                                                      \
        struct_give(callers, &own, sizeof own);                                            \
    }
#include "api/structs.def"
#undef STRUCTURE

#endif /* NMLP_API_STRUCTS_H */
