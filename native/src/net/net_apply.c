/* SPDX-License-Identifier: MIT
 *
 * The update of a training step with the gradients that nmlp_net_gradient has kept: the part of a
 * step after the gradients are known. The gradients are copied first, because clipping changes
 * them. */
#include "net/net_step.h"
#include "ops/optimizer.h"

static void size_all_statistics(const net_step *s, nmlp_team team)
{
    for (size_t l = 0; s->m > 0 && l < s->net->layer_count; l++) {
        const net_layer *layer = &s->net->layers[l];
        net_step_size_statistics(s, layer, nmlp_parallel_share(layer->n, NMLP_LANES, team),
                                 net_step_sizes(s, l, team));
    }
}

static void apply(void *context, nmlp_team team)
{
    net_step *s = context;
    const nmlp_range own = nmlp_parallel_share(s->net->tensor_floats, NMLP_LANES, team);
    memset(net_step_sizes(s, 0, team), 0, s->net->layer_count * sizeof(layer_sizes));
    memcpy(step_tensor(s, s->gradients, own.begin), step_tensor(s, NMLP_TENSOR_GRADIENT, own.begin),
           (own.end - own.begin) * sizeof(float));
    size_all_statistics(s, team);
    net_step_use_kept(s, team); /* begins with a barrier */
    net_step_end_update(s, team);
    net_step_heed_denormals(s);
}

/* Operations of an update per parameter. */
enum { OPERATIONS = 12 };

int nmlp_net_apply_gradient(nmlp_net *net, const nmlp_kernels *kernels,
                            const nmlp_optimizer *optimizer)
{
    net_step s = {
        .net = net,
        .kernels = kernels,
        .m = net->kept_rows,
        .purpose = NET_TRAIN,
        .gradients = STEP_GRADIENTS,
    };
    const nmlp_optimizer_state next = net_next_progress(net, optimizer);
    net_step_plan_update(&s, optimizer, &next);
    net_restore_statistics(net);
    const double work = (double)OPERATIONS * (double)net->parameter_count;
    nmlp_parallel_run(nmlp_parallel_threads(net->threads, work), work, apply, &s);
    if (s.broken) return 0;
    net->optimizer_state = next;
    net->bounds = s.bounds;
    net->kept_rows = 0;
    return 1;
}
