/* SPDX-License-Identifier: MIT */
#include "loss.h"

#include <stdlib.h>

#include "nmlp.h"

size_t nmlp_loss_part(const nmlp_kernels *kernels, const nmlp_loss_rows *loss, nmlp_range rows)
{
    size_t correct = 0;
    const nmlp_cross_entropy part = {
        .m = rows.end - rows.begin,
        .n = loss->n,
        .scores = loss->scores + rows.begin * loss->lds,
        .lds = loss->lds,
        .labels = loss->labels + rows.begin,
        .mean_over = (float)loss->m,
        .dscores = loss->dscores != NULL ? loss->dscores + rows.begin * loss->ldds : NULL,
        .ldds = loss->ldds,
        .row_loss = loss->row_loss + rows.begin,
        .correct = &correct,
    };
    kernels->softmax_cross_entropy(&part);
    return correct;
}

double nmlp_loss_sum(const float *row_loss, size_t m)
{
    double sum = 0;
    for (size_t i = 0; i < m; i++) sum += row_loss[i];
    return sum;
}

/* ------------------------------------------------------------- a batch alone */

/* An exponential and what goes with it costs about this much. */
#define OPERATIONS_PER_SCORE 40.0

static size_t threads_for(int32_t wanted, size_t m, size_t n)
{
    return nmlp_parallel_threads(wanted, OPERATIONS_PER_SCORE * (double)m * (double)n);
}

typedef struct loss_task {
    const nmlp_kernels *kernels;
    const nmlp_loss_rows *loss;
    _Atomic size_t correct; /* a sum of integers: any order */
} loss_task;

static void run_share(void *context, nmlp_team team)
{
    loss_task *task = context;
    const nmlp_range rows = nmlp_parallel_share(task->loss->m, 1, team);
    task->correct += nmlp_loss_part(task->kernels, task->loss, rows);
}

int32_t nmlp_loss_run(const nmlp_kernels *kernels, const nmlp_loss_rows *loss, int32_t wanted,
                      double *mean, size_t *correct)
{
    nmlp_loss_rows whole = *loss;
    whole.row_loss = malloc(loss->m * sizeof *whole.row_loss);
    if (whole.row_loss == NULL) return NMLP_ERROR_OUT_OF_MEMORY;
    loss_task task = {kernels, &whole, 0};
    nmlp_parallel_run(threads_for(wanted, loss->m, loss->n), run_share, &task);
    *mean = nmlp_loss_sum(whole.row_loss, loss->m) / (double)loss->m;
    *correct = task.correct;
    free(whole.row_loss);
    return NMLP_OK;
}

typedef struct rows_task {
    nmlp_rows_kernel *kernel;
    size_t m, n;
    const float *x;
    size_t ldx;
    float *y;
    size_t ldy;
} rows_task;

static void run_rows(void *context, nmlp_team team)
{
    const rows_task *task = context;
    const nmlp_range rows = nmlp_parallel_share(task->m, 1, team);
    task->kernel(rows.end - rows.begin, task->n, task->x + rows.begin * task->ldx, task->ldx,
                 task->y + rows.begin * task->ldy, task->ldy);
}

void nmlp_loss_rows_run(nmlp_rows_kernel *kernel, size_t m, size_t n, const float *x, size_t ldx,
                        float *y, size_t ldy, int32_t wanted)
{
    rows_task task = {kernel, m, n, x, ldx, y, ldy};
    nmlp_parallel_run(threads_for(wanted, m, n), run_rows, &task);
}
