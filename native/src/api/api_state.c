/* SPDX-License-Identifier: MIT
 *
 * The exported functions that read and write the state of a network. */
#include "api/api_check.h"
#include "net/net.h"
#include "ops/optimizer.h"

size_t nmlp_net_parameter_count(const nmlp_net *net)
{
    return net == NULL ? 0 : net->parameter_count;
}

size_t nmlp_net_memory_bytes(const nmlp_net *net)
{
    return net == NULL ? 0 : atomic_load(&net->bytes) + atomic_load(&net->space_bytes);
}

int32_t nmlp_net_tensor_shape(const nmlp_net *net, size_t tensor, size_t *rows, size_t *columns)
{
    VALID(net != NULL && rows != NULL && columns != NULL);
    VALID(nmlp_net_has(net, NMLP_TENSOR_PARAMETER, tensor));
    nmlp_net_shape(net, tensor, rows, columns);
    return NMLP_OK;
}

static int kind_ok(int32_t kind)
{
    return kind >= NMLP_TENSOR_PARAMETER && kind <= NMLP_TENSOR_THIRD_MOMENT;
}

/* Whether the network has tensors of this kind or may have them later. */
static int can_keep(const nmlp_net *net, int32_t kind)
{
    return nmlp_net_trains(net) || kind == NMLP_TENSOR_PARAMETER;
}

/* Allocates the memory for tensors that will be written. */
static int make_room(nmlp_net *net, int32_t kind)
{
    return kind != NMLP_TENSOR_THIRD_MOMENT || nmlp_net_make_third_moments(net);
}

int32_t nmlp_net_holds(nmlp_net *net, int32_t kind)
{
    VALID(net != NULL && kind_ok(kind));
    CHECK(nmlp_lock_read(&net->lock), NMLP_ERROR_BUSY);
    const int holds = nmlp_net_keeps(net, kind);
    nmlp_unlock_read(&net->lock);
    return holds;
}

static int32_t check_tensor(const nmlp_net *net, int32_t kind, size_t tensor, const float *data,
                            size_t length)
{
    VALID(net != NULL && data != NULL);
    VALID(kind_ok(kind));
    VALID(nmlp_net_has(net, kind, tensor));
    size_t rows, columns;
    nmlp_net_shape(net, tensor, &rows, &columns);
    VALID(length == rows * columns);
    CHECK(can_keep(net, kind), NMLP_ERROR_FROZEN);
    return NMLP_OK;
}

int32_t nmlp_net_read(nmlp_net *net, int32_t kind, size_t tensor, float *dst, size_t length)
{
    const int32_t status = check_tensor(net, kind, tensor, dst, length);
    CHECK(status == NMLP_OK, status);
    CHECK(nmlp_lock_read(&net->lock), NMLP_ERROR_BUSY);
    nmlp_net_copy_out(net, kind, tensor, dst);
    nmlp_unlock_read(&net->lock);
    return NMLP_OK;
}

int32_t nmlp_net_write(nmlp_net *net, int32_t kind, size_t tensor, const float *src, size_t length)
{
    const int32_t status = check_tensor(net, kind, tensor, src, length);
    CHECK(status == NMLP_OK, status);
    CHECK(nmlp_lock_write(&net->lock), NMLP_ERROR_BUSY);
    const int room = make_room(net, kind);
    if (room) nmlp_net_copy_in(net, kind, tensor, src);
    nmlp_unlock_write(&net->lock);
    return room ? NMLP_OK : NMLP_ERROR_OUT_OF_MEMORY;
}

static int32_t check_block(const nmlp_net *net, int32_t kind, const float *data, size_t length)
{
    VALID(net != NULL && data != NULL && length == net->parameter_count);
    VALID(kind_ok(kind));
    CHECK(can_keep(net, kind), NMLP_ERROR_FROZEN);
    return NMLP_OK;
}

int32_t nmlp_net_read_block(nmlp_net *net, int32_t kind, float *dst, size_t length)
{
    const int32_t status = check_block(net, kind, dst, length);
    CHECK(status == NMLP_OK, status);
    CHECK(nmlp_lock_read(&net->lock), NMLP_ERROR_BUSY);
    nmlp_net_copy_block_out(net, kind, dst);
    nmlp_unlock_read(&net->lock);
    return NMLP_OK;
}

int32_t nmlp_net_write_block(nmlp_net *net, int32_t kind, const float *src, size_t length)
{
    const int32_t status = check_block(net, kind, src, length);
    CHECK(status == NMLP_OK, status);
    CHECK(nmlp_lock_write(&net->lock), NMLP_ERROR_BUSY);
    const int room = make_room(net, kind);
    if (room) nmlp_net_copy_block_in(net, kind, src);
    nmlp_unlock_write(&net->lock);
    return room ? NMLP_OK : NMLP_ERROR_OUT_OF_MEMORY;
}

int32_t nmlp_net_read_optimizer_state(nmlp_net *net, nmlp_optimizer_state *state)
{
    VALID(net != NULL && sized_optimizer_state(state));
    CHECK(nmlp_lock_read(&net->lock), NMLP_ERROR_BUSY);
    give_optimizer_state(state, net->optimizer_state);
    nmlp_unlock_read(&net->lock);
    return NMLP_OK;
}

int32_t nmlp_net_write_optimizer_state(nmlp_net *net, const nmlp_optimizer_state *state)
{
    nmlp_optimizer_state own;
    VALID(net != NULL && take_optimizer_state(state, &own));
    VALID(nmlp_optimizer_known(own.optimizer_kind));
    VALID(own.steps <= INT64_MAX); /* leaves room for more steps than any run adds */
    VALID(own.beta1_power >= 0 && own.beta1_power <= 1);
    VALID(own.beta2_power >= 0 && own.beta2_power <= 1);
    CHECK(nmlp_lock_write(&net->lock), NMLP_ERROR_BUSY);
    net->optimizer_state = own;
    nmlp_unlock_write(&net->lock);
    return NMLP_OK;
}
