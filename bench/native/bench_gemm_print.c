/* SPDX-License-Identifier: MIT
 *
 * The table of bench_gemm.c. */
#include "bench_gemm_print.h"

#include <math.h>

const char *const form_names[FORMS] = {"NN", "TN", "NT"};

static double best_peer(const outcome *o)
{
    double best = 0;
    for (int i = OURS + 1; i < CONTENDERS; i++)
        if (o->speed[i] > best) best = o->speed[i];
    return best;
}

static void print_ratio(double ours, double theirs)
{
    if (ours > 0 && theirs > 0)
        printf(" %.2f |", ours / theirs);
    else
        printf(" |");
}

static void print_speed(const outcome *o, int who)
{
    if (o->speed[who] > 0)
        printf(" %.1f%s |", 1e-9 * o->speed[who], o->disturbed[who] ? "*" : "");
    else
        printf(" |");
}

static void print_cell_name(const cell *c)
{
    printf("%zu,%zu,%zu %s", c->m, c->k, c->n, form_names[c->form]);
}

void print_head(const arena *a)
{
    printf("| shape, form | NativeMlp | of peak |");
    for (int i = OURS + 1; i < CONTENDERS; i++)
        if (a->contender[i].listed) printf(" %s |", a->contender[i].name);
    printf(" / best peer | / OpenBLAS |\n|---|---|---|---|---|");
    for (int i = OURS + 1; i < CONTENDERS; i++)
        if (a->contender[i].listed) printf("---|");
    printf("\n");
}

void print_outcome(const arena *a, const outcome *o)
{
    printf("| ");
    print_cell_name(&o->cell);
    printf(" |");
    print_speed(o, OURS);
    printf(" %.0f %% |", 100 * o->speed[OURS] / a->peak);
    for (int i = OURS + 1; i < CONTENDERS; i++)
        if (a->contender[i].listed) print_speed(o, i);
    print_ratio(o->speed[OURS], best_peer(o));
    print_ratio(o->speed[OURS], o->speed[OPENBLAS]);
    printf("\n");
    fflush(stdout);
}

/* Prints the geometric mean of our speed divided by that of another library, if it is present. */
static void print_mean(const char *name, const outcome *o, size_t count, int who)
{
    double sum = 0;
    size_t cells = 0;
    for (size_t i = 0; i < count; i++) {
        const double theirs = who == OURS ? best_peer(&o[i]) : o[i].speed[who];
        if (!(theirs > 0 && o[i].speed[OURS] > 0)) continue;
        sum += log(o[i].speed[OURS] / theirs);
        cells++;
    }
    if (cells > 0) printf("* geometric mean over %s: %.3f\n", name, exp(sum / (double)cells));
}

static void print_worst(const outcome *o, size_t count)
{
    double worst = INFINITY;
    const outcome *which = NULL;
    for (size_t i = 0; i < count; i++) {
        const double ratio = o[i].speed[OURS] / best_peer(&o[i]);
        if (ratio < worst) worst = ratio, which = &o[i];
    }
    if (which == NULL || isinf(worst)) return;
    printf("* worst cell: %.2f at ", worst);
    print_cell_name(&which->cell);
    printf("\n");
}

static void print_large(const outcome *o, size_t count, double peak)
{
    double least = INFINITY;
    const outcome *which = NULL;
    for (size_t i = 0; i < count; i++)
        if (cell_operations(&o[i].cell) > 5e8 && o[i].speed[OURS] < least)
            least = o[i].speed[OURS], which = &o[i];
    if (which == NULL) return;
    printf("* least share of peak above half a GFLOP: %.0f %% at ", 100 * least / peak);
    print_cell_name(&which->cell);
    printf("\n");
}

void print_summary(const arena *a, const outcome *o, size_t count)
{
    printf("\n");
    print_mean("the best peer of each cell", o, count, OURS);
    for (int i = OURS + 1; i < CONTENDERS; i++) print_mean(a->contender[i].name, o, count, i);
    print_worst(o, count);
    print_large(o, count, a->peak);
    printf("\n");
}
