# SPDX-License-Identifier: MIT
# cmake -P native/cmake/check-osx.cmake
# For machines other than Macs: checks that every source of the library compiles for macOS, including the kernels of
# each instruction set.
cmake_minimum_required(VERSION 3.21)
get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
foreach(rid osx-arm64 osx-x64)
  foreach(step "--preset;${rid}" "--build;--preset;${rid};--target;nmlp_static")
    execute_process(COMMAND "${CMAKE_COMMAND}" ${step} WORKING_DIRECTORY "${root}" COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
endforeach()
