# SPDX-License-Identifier: MIT
# find_package(NativeMlp [COMPONENTS shared static]) defines
#   NativeMlp::nmlp         the shared library
#   NativeMlp::nmlp_static  the archive and what it must be linked with
# Without COMPONENTS, it defines those that are installed.
include("${CMAKE_CURRENT_LIST_DIR}/NativeMlpTargets.cmake" OPTIONAL RESULT_VARIABLE NativeMlp_shared_FOUND)
include("${CMAKE_CURRENT_LIST_DIR}/NativeMlpStaticTargets.cmake" OPTIONAL RESULT_VARIABLE NativeMlp_static_FOUND)
foreach(component IN LISTS NativeMlp_FIND_COMPONENTS)
  if(NativeMlp_FIND_REQUIRED_${component} AND NOT NativeMlp_${component}_FOUND)
    set(NativeMlp_FOUND FALSE)
    set(NativeMlp_NOT_FOUND_MESSAGE "The component '${component}' of NativeMlp is not installed in ${CMAKE_CURRENT_LIST_DIR}.")
  endif()
endforeach()
