/* SPDX-License-Identifier: MIT
 *
 * The work of a worker of a region: its task, its share, and its waits for the others. */
#include "platform/float_modes.h"
#include "threads/waiting.h"
#include "threads/workers.h"

void nmlp_worker_run(nmlp_task *task, void *context, nmlp_team team)
{
    const uint64_t modes = nmlp_float_modes_enter();
    task(context, team);
    nmlp_float_modes_leave(modes);
}

void nmlp_parallel_barrier(nmlp_team team)
{
#if defined(NMLP_WITH_THREADS)
    if (team.workers > 1) nmlp_barrier_wait(team.barrier, team.workers);
#else
    (void)team;
#endif
}

nmlp_range nmlp_parallel_share(size_t count, size_t unit, nmlp_team team)
{
    const size_t units = (count + unit - 1) / unit;
    const size_t each = units / team.workers, more = units % team.workers;
    const size_t first = team.worker * each + (team.worker < more ? team.worker : more);
    const size_t last = first + each + (team.worker < more ? 1 : 0);
    return (nmlp_range){first * unit < count ? first * unit : count,
                        last * unit < count ? last * unit : count};
}
