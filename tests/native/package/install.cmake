# SPDX-License-Identifier: MIT
# cmake -DBUILD=build -DCONFIG=Release -DTREES=folder -P install.cmake
# Installs everything into TREES/all, and the files for a program that links the archive into TREES/static.
cmake_minimum_required(VERSION 3.21)
file(REMOVE_RECURSE "${TREES}")

# Installs into another folder first, because the installed files must not depend on their location.
foreach(tree all static)
  set(install "${CMAKE_COMMAND}" --install "${BUILD}" --config "${CONFIG}" --prefix "${TREES}/elsewhere")
  if(tree STREQUAL "all")
    execute_process(COMMAND ${install} COMMAND_ERROR_IS_FATAL ANY)
  else()
    foreach(component development static)
      execute_process(COMMAND ${install} --component ${component} COMMAND_ERROR_IS_FATAL ANY)
    endforeach()
  endif()
  file(RENAME "${TREES}/elsewhere" "${TREES}/${tree}")
endforeach()
file(GLOB_RECURSE texts "${TREES}/*.cmake" "${TREES}/*.pc")
foreach(text IN LISTS texts)
  file(STRINGS "${text}" line REGEX "elsewhere")
  if(line)
    message(FATAL_ERROR "${text} names the folder that it was installed into: ${line}")
  endif()
endforeach()
