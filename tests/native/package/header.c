/* SPDX-License-Identifier: MIT
 *
 * All that a program needs to include, in C and in C++. */
#include <nmlp.h>
