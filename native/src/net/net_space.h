/* SPDX-License-Identifier: MIT
 *
 * The work spaces of predictions. Each caller has its own. Spaces that are not in use are kept for
 * later calls, so there are as many as the maximum number of simultaneous callers. */
#ifndef NMLP_NET_SPACE_H
#define NMLP_NET_SPACE_H

#include "net/net.h"

/* Returns a space for this number of workers, and for the indices, labels and weights of this
 * number of rows; NULL if there is not enough memory. */
predict_space *net_take_space(nmlp_net *net, size_t workers, size_t rows);
void net_give_space(nmlp_net *net, predict_space *space);

/* Frees all spaces that are not in use. */
void nmlp_net_free_spaces(nmlp_net *net);

#endif /* NMLP_NET_SPACE_H */
