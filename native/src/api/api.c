/* SPDX-License-Identifier: MIT
 *
 * The exported functions about the library itself. In all files of api/, each exported function
 * checks its arguments and then makes one call into the library. */
#include "nmlp.h"

#include "platform/compiler.h"
#include "isa/dispatch.h"
#include "threads/parallel.h"

int32_t nmlp_abi_version(void) { return NMLP_ABI_VERSION; }

const char *nmlp_version(void) { return NMLP_VERSION_STRING; }

const char *nmlp_status_string(int32_t status)
{
    switch (status) {
    case NMLP_OK:
        return "ok";
    case NMLP_ERROR_INVALID_ARGUMENT:
        return "invalid argument";
    case NMLP_ERROR_OUT_OF_MEMORY:
        return "out of memory";
    case NMLP_ERROR_UNSUPPORTED_ISA:
        return "NMLP_ISA names no instruction set that this processor and this build have";
    case NMLP_ERROR_UNSUPPORTED:
        return "not supported by this version";
    case NMLP_ERROR_INDEX_RANGE:
        return "a row index is outside the data";
    case NMLP_ERROR_LABEL_RANGE:
        return "a class label is outside the network's outputs";
    case NMLP_ERROR_BUSY:
        return "the network is in use by another thread";
    case NMLP_ERROR_NONFINITE:
        return "the update would not be finite; nothing was changed";
    case NMLP_ERROR_FROZEN:
        return "the network was made for prediction alone";
    default:
        return "unknown status";
    }
}

int32_t nmlp_initialize(void)
{
    const int32_t choice = nmlp_dispatch_choice();
    return choice < 0 ? choice : NMLP_OK;
}

int32_t nmlp_active_isa(void) { return nmlp_dispatch_choice(); }

int32_t nmlp_isa_available(int32_t isa) { return nmlp_dispatch_table(isa) != NULL; }

const char *nmlp_isa_name(int32_t isa) { return nmlp_dispatch_isa_name(isa); }

const char *nmlp_parallel_backend(void) { return nmlp_parallel_backend_name(); }

const char *nmlp_compiler(void) { return COMPILER; }

int32_t nmlp_default_threads(void) { return nmlp_parallel_default_threads(); }

int32_t nmlp_add_busy_threads(int32_t change)
{
    return nmlp_parallel_add_busy(change) ? NMLP_OK : NMLP_ERROR_INVALID_ARGUMENT;
}
