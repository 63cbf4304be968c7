/* SPDX-License-Identifier: MIT
 *
 * A product, and the processes that compute it. */
#ifndef BENCH_GEMM_PROCESS_H
#define BENCH_GEMM_PROCESS_H

#include "bench_support.h"

#include <sys/types.h>

/* ----------------------------------------------------------------------- a product */

typedef enum form { NN, TN, NT, FORMS } form;

/* A layer of m samples, k inputs and n outputs:
 * NN  Y = X*W [m x n],  TN  dW = X'*dY [k x n],  NT  dX = dY*W' [m x k]. */
typedef struct cell {
    size_t m, k, n;
    form form;
} cell;

static inline double cell_operations(const cell *c)
{
    return 2.0 * (double)c->m * (double)c->k * (double)c->n;
}

/* ---------------------------------------------------------------------- processes */

typedef enum order {
    NAME,    /* text: the name of the library */
    PEAK,    /* value: peak of fused multiply-adds */
    BARRIER, /* value: seconds of one barrier */
    PROBE,   /* value: 1 if the cores are undisturbed, given the peak */
    PREPARE, /* create the operands, compute and check; failed if wrong */
    SAMPLE   /* value: seconds of one product */
} order;

typedef struct command {
    order order;
    int threads;
    cell cell;
    double peak;
} command;

typedef struct answer {
    double value;
    int failed;
    char text[256];
} answer;

typedef struct process {
    const char *name;
    const char *module; /* "" if CMake did not find the library */
    pid_t pid;          /* 0 if it does not run or has ended */
    int listed;         /* it ran at the start and has a column */
    int commands, answers;
    answer answer; /* the last answer */
} process;

void process_start(process *p, int is_judge);

/* Waits until the process has stopped. If it has ended instead, removes it. */
int process_await_stop(process *p);

/* Returns the value of the answer, or NaN if the process failed or does not run. */
double process_tell(process *p, command c);

void process_stop(process *p);

#endif /* BENCH_GEMM_PROCESS_H */
