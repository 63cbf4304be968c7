# SPDX-License-Identifier: MIT
set(arch arm64)
include("${CMAKE_CURRENT_LIST_DIR}/osx.cmake")
