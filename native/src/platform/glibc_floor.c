/* SPDX-License-Identifier: MIT
 *
 * Part of the shared library only. It lets a library that was built on any Linux run with glibc
 * 2.27, the minimum of .NET. Functions that moved from libpthread to libc (2.32, 2.34) got new
 * versions, and the linker selects the newest. The library's calls therefore go to hidden functions
 * of the same names in this file, which call the version that every glibc for this processor
 * contains. The archive does not contain this file: its users link it to their own C library,
 * possibly statically, without versions. */
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
