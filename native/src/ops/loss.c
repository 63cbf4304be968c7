/* SPDX-License-Identifier: MIT */
#include "ops/loss.h"

#include <stdlib.h>
#include <string.h>

#include "nmlp.h"

#define LOSS(value, name, against)                                        \
    _Static_assert((int)NMLP_LOSS_##value == (int)nmlp_loss_index_##name, \
                   "losses.def is in the order of the values");
#include "isa/losses.def"
#undef LOSS

int nmlp_loss_takes_targets(int32_t kind)
{
    enum { LABELS, TARGETS };
    static const int against[] = {
#define LOSS(value, name, what) [NMLP_LOSS_##value] = (what),
#include "isa/losses.def"
#undef LOSS
    };
    return against[kind] == TARGETS;
}

/* Whether a single output, the probability of class 1, distinguishes two classes. */
static int yes_or_no(int32_t kind, size_t outputs)
{
    return kind == NMLP_LOSS_BINARY_CROSS_ENTROPY && outputs == 1;
}

size_t nmlp_loss_class_count(int32_t kind, size_t outputs)
{
    if (yes_or_no(kind, outputs)) return 2;
    const int one_number = nmlp_loss_takes_targets(kind) && outputs == 1;
    return one_number ? 0 : outputs;
}

int32_t nmlp_loss_class(int32_t kind, size_t outputs, const float *scores)
{
    size_t greatest = 0;
    for (size_t j = 0; j < outputs; j++) {
        if (!(scores[j] - scores[j] == 0)) return NMLP_NO_CLASS;
        if (scores[j] > scores[greatest]) greatest = j;
    }
    return yes_or_no(kind, outputs) ? scores[0] > 0 : (int32_t)greatest;
}

size_t nmlp_loss_part(const nmlp_kernels *kernels, int32_t kind, const nmlp_loss_rows *loss,
                      nmlp_range rows)
{
    size_t correct = 0;
    nmlp_loss_rows part = *loss;
    part.m = rows.end - rows.begin;
    part.scores += rows.begin * loss->lds;
    if (loss->labels != NULL) part.labels += rows.begin;
    if (loss->targets != NULL) part.targets += rows.begin * loss->ldt;
    if (loss->weights != NULL) part.weights += rows.begin;
    if (loss->dscores != NULL) part.dscores += rows.begin * loss->ldds;
    part.row_loss += rows.begin;
    part.correct = &correct;
    kernels->loss[kind](&part);
    return correct;
}

double nmlp_loss_sum(const float *row_loss, size_t m)
{
    double sum = 0;
    for (size_t i = 0; i < m; i++) sum += row_loss[i];
    return sum;
}

/* ------------------------------------------------------------- a batch alone */

/* The approximate cost of an exponential and the related operations. */
#define OPERATIONS_PER_SCORE 40.0

static void run_shared(int32_t wanted, size_t m, size_t n, nmlp_task *task, void *context)
{
    if (m == 0 || n == 0) return;
    const double work = OPERATIONS_PER_SCORE * (double)m * (double)n;
    nmlp_parallel_run(nmlp_parallel_threads(wanted, work), work, task, context);
}

typedef struct loss_task {
    const nmlp_kernels *kernels;
    const nmlp_loss_rows *loss;
    _Atomic size_t correct; /* a sum of integers, in any order */
} loss_task;

static void run_share(void *context, nmlp_team team)
{
    loss_task *task = context;
    const nmlp_range rows = nmlp_parallel_share(task->loss->m, 1, team);
    task->correct +=
        nmlp_loss_part(task->kernels, NMLP_LOSS_SOFTMAX_CROSS_ENTROPY, task->loss, rows);
}

/* The labels are copied, so that no other thread can change them after the check. */
static int32_t take_labels(nmlp_loss_rows *loss, int32_t *labels)
{
    memcpy(labels, loss->labels, loss->m * sizeof *labels);
    for (size_t i = 0; i < loss->m; i++)
        if (labels[i] < 0 || (size_t)labels[i] >= loss->n) return NMLP_ERROR_LABEL_RANGE;
    loss->labels = labels;
    return NMLP_OK;
}

static int32_t run_batch(const nmlp_kernels *kernels, nmlp_loss_rows *loss, int32_t *labels,
                         int32_t wanted, double *mean, size_t *correct)
{
    if (loss->row_loss == NULL || labels == NULL) return NMLP_ERROR_OUT_OF_MEMORY;
    const int32_t status = take_labels(loss, labels);
    if (status != NMLP_OK) return status;
    loss_task task = {kernels, loss, 0};
    run_shared(wanted, loss->m, loss->n, run_share, &task);
    *mean = nmlp_loss_sum(loss->row_loss, loss->m) / (double)loss->m;
    *correct = task.correct;
    return NMLP_OK;
}

int32_t nmlp_loss_run(const nmlp_kernels *kernels, const nmlp_loss_rows *loss, int32_t wanted,
                      double *mean, size_t *correct)
{
    nmlp_loss_rows whole = *loss;
    whole.total = (float)loss->m;
    whole.row_loss = malloc(loss->m * sizeof *whole.row_loss);
    int32_t *labels = malloc(loss->m * sizeof *labels);
    const int32_t status = run_batch(kernels, &whole, labels, wanted, mean, correct);
    free(labels);
    free(whole.row_loss);
    return status;
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
    run_shared(wanted, m, n, run_rows, &task);
}
