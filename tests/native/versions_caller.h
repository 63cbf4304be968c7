/* SPDX-License-Identifier: MIT
 *
 * What versions_caller.c tells test_versions.c: types that no version of nmlp.h changes. */
#ifndef VERSIONS_CALLER_H
#define VERSIONS_CALLER_H

#include <stddef.h>
#include <stdint.h>

enum { VERSIONS_PARAMETERS = 64, VERSIONS_ROWS = 6, VERSIONS_OUTPUTS = 3 };

/* What a program got. */
typedef struct versions_report {
    int32_t status; /* the first that was not NMLP_OK */
    int32_t fault_kind;
    double loss, data_loss, gradient_norm, evaluated;
    uint64_t rows, correct, steps;
    double beta1_power;
    float parameters[VERSIONS_PARAMETERS];
    float scores[VERSIONS_ROWS * VERSIONS_OUTPUTS];
    size_t overruns;  /* bytes written behind its structures */
    size_t leftovers; /* structures of which a member that is not known was left as it was */
    size_t result_size;
} versions_report;

/* Trains, measures and predicts; all programs do the same. */
typedef versions_report versions_program(void);
versions_program versions_older, versions_today, versions_newer;

/* The statuses where each of the structures that the library reads has a member set that it does
 * not know; returned is how many there are. */
size_t versions_asking_too_much(int32_t statuses[8]);

#endif /* VERSIONS_CALLER_H */
