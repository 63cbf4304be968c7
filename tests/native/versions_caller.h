/* SPDX-License-Identifier: MIT
 *
 * The interface between versions_caller.c and test_versions.c: types that do not depend on the
 * version of nmlp.h. */
#ifndef VERSIONS_CALLER_H
#define VERSIONS_CALLER_H

#include <stddef.h>
#include <stdint.h>

enum { VERSIONS_PARAMETERS = 64, VERSIONS_ROWS = 6, VERSIONS_OUTPUTS = 3 };

/* The results of a program. */
typedef struct versions_report {
    int32_t status; /* the first status other than NMLP_OK */
    int32_t fault_kind;
    double loss, data_loss, gradient_norm, evaluated;
    uint64_t rows, correct, steps;
    double beta1_power;
    float parameters[VERSIONS_PARAMETERS];
    float scores[VERSIONS_ROWS * VERSIONS_OUTPUTS];
    size_t overruns;  /* bytes written after its structures */
    size_t leftovers; /* structures with an unknown member that was not changed */
    size_t result_size;
} versions_report;

/* Trains, evaluates and predicts. All programs do the same. */
typedef versions_report versions_program(void);
versions_program versions_older, versions_today, versions_newer;

/* Returns the statuses of calls in which one structure that the library reads has an unknown member
 * that is set. The return value is their number. */
size_t versions_asking_too_much(int32_t statuses[8]);

#endif /* VERSIONS_CALLER_H */
