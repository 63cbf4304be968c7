/* SPDX-License-Identifier: MIT
 *
 * The loss of a network: its options, and the total weight of the rows. */
#include "ops/loss.h"

#include <float.h>

#include "net/net.h"

/* The class weights by which the weights of rows are multiplied, or NULL. */
static const float *label_weights(const nmlp_net *net)
{
    return net->loss == NMLP_LOSS_SOFTMAX_CROSS_ENTROPY ? net->class_weights : NULL;
}

static float row_weight(const nmlp_net *net, const nmlp_batch *batch, size_t i)
{
    const float *classes = label_weights(net);
    const float weight = nmlp_batch_weight(batch, i);
    return classes != NULL ? weight * classes[nmlp_batch_label(batch, i)] : weight;
}

size_t nmlp_net_classes(const nmlp_net *net)
{
    return nmlp_loss_class_count(net->loss, last_layer(net)->outputs);
}

double nmlp_net_total(const nmlp_net *net, const nmlp_batch *batch)
{
    const size_t m = nmlp_batch_rows(batch);
    double sum = (double)m;
    if (batch->weight_count > 0 || label_weights(net) != NULL) {
        sum = 0;
        for (size_t i = 0; i < m; i++) sum += row_weight(net, batch, i);
    }
    return nmlp_loss_takes_targets(net->loss) ? sum * (double)last_layer(net)->outputs : sum;
}

int nmlp_net_total_ok(double total) { return total >= FLT_MIN && total <= FLT_MAX; }

size_t nmlp_net_heaviest_row(const nmlp_net *net, const nmlp_batch *batch)
{
    size_t heaviest = 0;
    const size_t m = nmlp_batch_rows(batch);
    for (size_t i = 1; i < m; i++)
        if (row_weight(net, batch, i) > row_weight(net, batch, heaviest)) heaviest = i;
    return heaviest;
}

nmlp_loss_rows nmlp_net_loss(const nmlp_net *net, double total)
{
    return (nmlp_loss_rows){
        .n = last_layer(net)->outputs,
        .class_weights = net->class_weights,
        .smoothing = net->label_smoothing,
        .delta = net->delta,
        .total = (float)total,
    };
}
