/* SPDX-License-Identifier: MIT
 *
 * Only in the shared library: lets a library that was built on any Linux run on glibc 2.27, as
 * .NET does. When functions moved from libpthread to libc (2.32, 2.34) they got new versions, and
 * the linker takes the newest one. The library's own calls end here first, at hidden definitions
 * of the same names, which call the version that every glibc of this processor has. The archive
 * does without: its user links it to a C library of their own, perhaps statically, where there
 * are no versions. */
#define _POSIX_C_SOURCE 200809L /* pthread_sigmask */
#include <pthread.h>
#include <signal.h>

#if defined(__x86_64__)
#define BASE "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define BASE "GLIBC_2.17"
#endif

#if defined(BASE)

#define BIND(name, parameters, arguments)              \
    int base_##name parameters;                        \
    __asm__(".symver base_" #name "," #name "@" BASE); \
    int name parameters { return base_##name arguments; }

BIND(pthread_attr_setstacksize, (pthread_attr_t * attributes, size_t size), (attributes, size))
BIND(pthread_create,
     (pthread_t *restrict thread, const pthread_attr_t *restrict attributes, void *(*start)(void *),
      void *restrict argument),
     (thread, attributes, start, argument))
BIND(pthread_once, (pthread_once_t * once, void (*initialize)(void)), (once, initialize))
BIND(pthread_sigmask, (int how, const sigset_t *restrict set, sigset_t *restrict before),
     (how, set, before))

#endif
