/* SPDX-License-Identifier: MIT */
#include "platform/clock.h"

#if defined(_WIN32)
#include <windows.h>
#else
#include <time.h>
#endif

double nmlp_seconds(void)
{
#if defined(_WIN32)
    LARGE_INTEGER now, each_second;
    QueryPerformanceFrequency(&each_second);
    QueryPerformanceCounter(&now);
    return (double)now.QuadPart / (double)each_second.QuadPart;
#else
    struct timespec now;
    if (timespec_get(&now, TIME_UTC) != TIME_UTC) return 0;
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
#endif
}
