/* SPDX-License-Identifier: MIT
 *
 * The only header that a program needs to include, in C and in C++. */
#include <nmlp.h>
