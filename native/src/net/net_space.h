/* SPDX-License-Identifier: MIT
 *
 * The work spaces of predictions. Each caller has one of its own; those that are not in use are
 * kept for the next call, so that there are as many as there were callers at once. */
#ifndef NMLP_NET_SPACE_H
#define NMLP_NET_SPACE_H

#include "net/net.h"

/* A space for so many workers, and for the indices, labels and weights of so many rows; NULL: there
 * is no memory. */
predict_space *net_take_space(nmlp_net *net, size_t workers, size_t rows);
void net_give_space(nmlp_net *net, predict_space *space);

/* Frees all that are kept. */
void nmlp_net_free_spaces(nmlp_net *net);

#endif /* NMLP_NET_SPACE_H */
