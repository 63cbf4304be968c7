/* SPDX-License-Identifier: MIT
 *
 * A small network in double precision, the reference for nmlp_net_gradient: loss, gradient, and for
 * each value a bound on the error of float32 arithmetic. A value that is a sum of k products of x
 * and w has the bound
 *
 *     bound = sum of (bound of x)*|w| + |x|*(bound of w)  +  k * EPS/2 * sum of |x*w| */
#ifndef DOUBLE_NET_H
#define DOUBLE_NET_H

#include "test_support.h"

enum { DEEPEST = 5, WIDEST = 16, MOST_ROWS = 8, MOST_PARAMETERS = DEEPEST * WIDEST * (WIDEST + 1) };

typedef struct number {
    double value, bound;
} number;

typedef struct double_net {
    size_t layers;
    size_t width[DEEPEST + 1];          /* inputs, outputs of each layer */
    double parameters[MOST_PARAMETERS]; /* W, b, W, b, ... */
    double l2;
    size_t rows;
    double features[MOST_ROWS * WIDEST];
    int32_t labels[MOST_ROWS];
} double_net;

typedef struct double_gradient {
    number data_loss, loss;
    size_t correct;
    double nearest_kink; /* minimum of |input of a ReLU| divided by its bound */
    number gradient[MOST_PARAMETERS];
} double_gradient;

/* The offset of W of a layer; its bias follows. */
static inline size_t weight_offset(const double_net *net, size_t layer)
{
    size_t offset = 0;
    for (size_t l = 0; l < layer; l++) offset += (net->width[l] + 1) * net->width[l + 1];
    return offset;
}

static inline void forward_row(const double_net *net, size_t row, number (*a)[WIDEST],
                               double_gradient *out)
{
    for (size_t p = 0; p < net->width[0]; p++)
        a[0][p] = (number){net->features[row * net->width[0] + p], 0};
    for (size_t l = 0; l < net->layers; l++) {
        size_t k = net->width[l], n = net->width[l + 1];
        const double *w = net->parameters + weight_offset(net, l), *b = w + k * n;
        for (size_t j = 0; j < n; j++) {
            double z = b[j], size = fabs(b[j]), carried = 0;
            for (size_t p = 0; p < k; p++) {
                z += a[l][p].value * w[p * n + j];
                size += fabs(a[l][p].value * w[p * n + j]);
                carried += a[l][p].bound * fabs(w[p * n + j]);
            }
            double bound = carried + (double)k * EPS / 2 * size;
            bool hidden = l + 1 < net->layers;
            if (hidden) out->nearest_kink = fmin(out->nearest_kink, fabs(z) / (bound + 1e-5));
            a[l + 1][j] = hidden && z <= 0 ? (number){0, 0} : (number){z, bound};
        }
    }
}

/* Computes dscores of a row and its part of the loss. */
static inline void loss_row(const double_net *net, size_t row, const number *score, number *d,
                            double_gradient *out)
{
    size_t n = net->width[net->layers], label = (size_t)net->labels[row], best = 0;
    double sum = 0, off = 0, m = (double)net->rows;
    for (size_t j = 1; j < n; j++)
        if (score[j].value > score[best].value) best = j;
    for (size_t j = 0; j < n; j++) {
        sum += exp(score[j].value - score[best].value);
        off = fmax(off, score[j].bound);
    }
    for (size_t j = 0; j < n; j++) {
        double distance = score[best].value - score[j].value, p = exp(-distance) / sum;
        double target = j == label;
        double bound = p * (2 * off + EPS * (distance / 2 + 2 + (double)n / 2)) + EPS;
        d[j] = (number){(p - target) / m, bound / m};
    }
    double loss = log(sum) + score[best].value - score[label].value;
    out->data_loss.value += loss / m;
    out->data_loss.bound += (2 * off + EPS * (loss + log(sum) + 2 + (double)n / 2)) / m;
    out->correct += best == label;
}

static inline void add_product(number *sum, number x, number y, double roundings)
{
    sum->value += x.value * y.value;
    sum->bound += x.bound * fabs(y.value) + fabs(x.value) * y.bound +
                  roundings * EPS / 2 * fabs(x.value * y.value);
}

static inline void backward_row(const double_net *net, number (*a)[WIDEST], number *d,
                                double_gradient *out)
{
    double m = (double)net->rows;
    for (size_t l = net->layers; l-- > 0;) {
        size_t k = net->width[l], n = net->width[l + 1], offset = weight_offset(net, l);
        number dx[WIDEST] = {{0, 0}};
        for (size_t p = 0; p < k; p++) {
            for (size_t j = 0; j < n; j++) {
                number w = {net->parameters[offset + p * n + j], 0};
                add_product(&out->gradient[offset + p * n + j], a[l][p], d[j], m);
                if (l > 0 && a[l][p].value > 0) add_product(&dx[p], d[j], w, (double)n);
            }
        }
        for (size_t j = 0; j < n; j++)
            add_product(&out->gradient[offset + k * n + j], (number){1, 0}, d[j], m);
        memcpy(d, dx, sizeof dx);
    }
}

static inline void double_net_gradient(const double_net *net, double_gradient *out)
{
    memset(out, 0, sizeof *out);
    out->nearest_kink = INFINITY;
    for (size_t row = 0; row < net->rows; row++) {
        number a[DEEPEST + 1][WIDEST] = {{{0, 0}}}, d[WIDEST] = {{0, 0}};
        forward_row(net, row, a, out);
        loss_row(net, row, a[net->layers], d, out);
        backward_row(net, a, d, out);
    }
    double squares = 0;
    size_t count = weight_offset(net, net->layers);
    for (size_t l = 0; l < net->layers; l++) {
        size_t offset = weight_offset(net, l), weights = net->width[l] * net->width[l + 1];
        for (size_t i = offset; i < offset + weights; i++) {
            double w = net->parameters[i];
            squares += w * w;
            out->gradient[i].value += 2 * net->l2 * w;
            out->gradient[i].bound +=
                EPS * fabs(out->gradient[i].value) + 2 * EPS * net->l2 * fabs(w);
        }
    }
    out->loss.value = out->data_loss.value + net->l2 * squares;
    out->loss.bound = out->data_loss.bound + (double)count * EPS * net->l2 * squares;
    out->data_loss.bound += EPS * out->data_loss.value;
}

#endif /* DOUBLE_NET_H */
