# SPDX-License-Identifier: MIT
set(arch x86_64)
include("${CMAKE_CURRENT_LIST_DIR}/osx.cmake")
