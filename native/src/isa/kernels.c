/* SPDX-License-Identifier: MIT
 *
 * Compiled once per ISA. NMLP_ISA_UNIT names the ISA and selects its vector operations. The kernel
 * bodies are the same for all ISAs. Only the kernel table is not static. */
#include "kernels.h"

#include "simd.h"

#include "k_math.inc"

#include "k_activation.inc"
#include "k_elementwise.inc"
#include "k_moments.inc"
#include "k_optimizer.inc"
#include "k_gemm.inc"
#include "k_softmax.inc"
#include "k_loss.inc"
#include "k_maxout.inc"
#include "k_norm.inc"
#include "k_random.inc"

const nmlp_kernels NMLP_UNIT_NAME(nmlp_kernels) = {
    .tile_rows = TILE_ROWS,
    .tile_vectors = TILE_VECTORS,
    .before_half = BEFORE_HALF,
    .wide_vectors = k_wide_vectors,
#define KERNEL(name, arguments) .name = k_##name,
#include "kernels.def"
#undef KERNEL
    .activation_forward =
        {
#define ACTIVATION(value, name, saves) k_##name##_forward,
#define ACTIVATION_OF_SUMS(value, name) NULL,
#include "activations.def"
#undef ACTIVATION
        },
    .activation_backward =
        {
#define ACTIVATION(value, name, saves) k_##name##_backward,
#define ACTIVATION_OF_SUMS(value, name) NULL,
#include "activations.def"
#undef ACTIVATION
        },
    .update =
        {
#define OPTIMIZER(value, name, first, second) k_##name##_update,
#define VARIANT(name, first, second, third) k_##name##_update,
#include "optimizers.def"
#undef OPTIMIZER
        },
    .loss =
        {
#define LOSS(value, name, against) k_##name,
#include "losses.def"
#undef LOSS
        },
};
