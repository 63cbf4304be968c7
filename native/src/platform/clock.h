/* SPDX-License-Identifier: MIT */
#ifndef NMLP_CLOCK_H
#define NMLP_CLOCK_H

/* Returns the seconds since an arbitrary time, or 0 if no clock can be read. */
double nmlp_seconds(void);

#endif /* NMLP_CLOCK_H */
