/* SPDX-License-Identifier: MIT
 *
 * A train step is one parallel region. Barriers separate its phases:
 *
 *     rows                        gather, convert, normalise; squares of the weights
 *     forward, layer by layer     y = dropout(act(norm(x*W + b)))
 *     loss                        dz of the last layer
 *     backward, from the last:    dz below = (dz*W') .* act'(below)
 *     update, layer by layer      dW = x'*dz, then W's update
 */
#include "ops/loss.h"
#include "net/net_step.h"
#include "ops/optimizer.h"
#include "platform/float_modes.h"

static void run_step(void *context, nmlp_team team)
{
    net_step *s = context;
    net_step_forward(s, team);
    if (!s->broken) net_step_backward(s, team);
    net_step_heed_denormals(s);
}

void net_step_heed_denormals(const net_step *s)
{
    if (nmlp_float_modes_met_denormals())
        atomic_store_explicit(&s->net->denormals, true, memory_order_relaxed);
}

double nmlp_net_step_operations(const nmlp_net *net, size_t m)
{
    double sum = 0;
    for (size_t l = 0; l < net->layer_count; l++)
        sum += (l == 0 ? 4.0 : 6.0) * (double)net->layers[l].k * (double)net->layers[l].n;
    return sum * (double)m;
}

net_step net_step_begin(nmlp_net *net, const nmlp_kernels *kernels, const nmlp_batch *batch,
                        net_purpose purpose)
{
    const int in_place = nmlp_batch_in_place(batch);
    return (net_step){
        .net = net,
        .kernels = kernels,
        .batch = batch,
        .m = nmlp_batch_rows(batch),
        .x = in_place ? batch->features : net->staged,
        .ldx = in_place ? batch->ld : net->ld_staged,
        .number = net->optimizer_state.steps + 1,
        .purpose = (int32_t)purpose,
        .gradients = purpose == NET_GRADIENT ? NMLP_TENSOR_GRADIENT : STEP_GRADIENTS,
        .total = nmlp_net_total(net, batch),
    };
}

void net_step_run(net_step *s)
{
    const double work = nmlp_net_step_operations(s->net, s->m);
    memset(s->net->correct, 0, (size_t)s->net->threads * sizeof *s->net->correct);
    const size_t threads = nmlp_thread_tuner_begin(&s->net->tuner, s->net->threads, work);
    const size_t workers = nmlp_parallel_run(threads, INFINITY, run_step, s);
    nmlp_thread_tuner_end(&s->net->tuner, work, workers);
}

/* The counters after this step. They restart if the kind of optimizer has changed. */
nmlp_optimizer_state net_next_progress(const nmlp_net *net, const nmlp_optimizer *optimizer)
{
    nmlp_optimizer_state next = net->optimizer_state;
    if (next.steps > 0 && next.optimizer_kind != optimizer->kind)
        next = (nmlp_optimizer_state){.beta1_power = 1, .beta2_power = 1};
    next.optimizer_kind = optimizer->kind;
    next.steps++;
    if (nmlp_optimizer_is_adam(optimizer->kind)) {
        next.beta1_power *= optimizer->beta1;
        next.beta2_power *= optimizer->beta2;
    }
    return next;
}

static bool looks_for_denormals(nmlp_net *net)
{
    if (!atomic_exchange_explicit(&net->denormals, false, memory_order_relaxed)) return false;
    if (net->slow_denormals < 0) net->slow_denormals = nmlp_float_modes_slow_denormals();
    return net->slow_denormals;
}

void net_step_plan_update(net_step *s, const nmlp_optimizer *optimizer,
                          const nmlp_optimizer_state *next)
{
    s->restarts = next->steps == 1 && s->net->optimizer_state.steps > 0;
    s->number = next->steps;
    s->rule = nmlp_optimizer_rule(optimizer);
    s->update = nmlp_optimizer_coefficients(optimizer, next->beta1_power, next->beta2_power);
    s->update.denormals = looks_for_denormals(s->net);
    if (next->steps == 1) s->update = nmlp_optimizer_of_first_step(optimizer, s->update);
    s->l2 = optimizer->l2;
    s->clip_norm = optimizer->clip_norm;
    s->clip_value = optimizer->clip_value;
    s->max_norm = (float)optimizer->max_norm;
    if (!(s->net->bounds.parameter < INFINITY))
        s->net->bounds = net_measure_bounds(s->net, s->kernels);
    s->bounds = s->net->bounds;
}

nmlp_result nmlp_net_step(nmlp_net *net, const nmlp_kernels *kernels, const nmlp_batch *batch,
                          const nmlp_optimizer *optimizer, double l2)
{
    net_step s = net_step_begin(net, kernels, batch, optimizer != NULL ? NET_TRAIN : NET_GRADIENT);
    nmlp_optimizer_state next = net->optimizer_state;
    s.l2 = l2;
    s.update.l2 = (float)(2 * l2);
    if (optimizer != NULL) {
        next = net_next_progress(net, optimizer);
        net_step_plan_update(&s, optimizer, &next);
    }
    net_step_run(&s);
    if (!s.broken && optimizer != NULL) {
        net->optimizer_state = next;
        net->bounds = s.bounds;
    } else if (!s.broken) {
        net_keep_statistics(net, s.m);
    }

    nmlp_result result = {.rows = s.m, .gradient_norm = s.gradient_norm};
    result.data_loss = nmlp_loss_sum(net->row_loss, s.m) / s.total;
    result.loss = result.data_loss + s.penalty;
    if (s.broken && result.loss - result.loss == 0) result.loss = NAN;
    for (int32_t w = 0; w < net->threads; w++) result.correct += net->correct[w];
    return result;
}
