/* SPDX-License-Identifier: MIT */
#ifndef NMLP_CLOCK_H
#define NMLP_CLOCK_H

/* Seconds since some time; 0 where no clock can be read. */
double nmlp_seconds(void);

#endif /* NMLP_CLOCK_H */
