# SPDX-License-Identifier: MIT
# cmake -DWAY=find_package|pkg_config|python -DSOURCE=.. -DTREE=.. -DSCRATCH=.. -DRUN=emulator or python -P consumer.cmake
# Builds an example with the installed TREE in the way a user does, runs it, and checks its output.
#   find_package: SOURCE is a project, -DOPTIONS=options for cmake
#   pkg_config: SOURCE is a file, -DCOMPILER=.. -DOPTIONS=its options -DPKG_CONFIG=.. -DPKG_OPTIONS=..
cmake_minimum_required(VERSION 3.21)
file(REMOVE_RECURSE "${SCRATCH}")
file(MAKE_DIRECTORY "${SCRATCH}")

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

if(WAY STREQUAL "find_package")
  # $<0:>: one folder, even if each configuration has its own.
  run("${CMAKE_COMMAND}" -S "${SOURCE}" -B "${SCRATCH}" ${OPTIONS} "-DCMAKE_PREFIX_PATH=${TREE}"
      "-DCMAKE_RUNTIME_OUTPUT_DIRECTORY=${SCRATCH}/bin$<0:>")
  run("${CMAKE_COMMAND}" --build "${SCRATCH}" --config Release)
  file(GLOB program "${SCRATCH}/bin/train_xor*")
elseif(WAY STREQUAL "pkg_config")
  set(ENV{PKG_CONFIG_LIBDIR} "${TREE}/${LIBDIR}/pkgconfig")
  set(ENV{PKG_CONFIG_PATH})
  execute_process(COMMAND "${PKG_CONFIG}" ${PKG_OPTIONS} --cflags --libs nmlp OUTPUT_VARIABLE found
    COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(found UNIX_COMMAND "${found}")
  set(program "${SCRATCH}/train_xor.exe")
  run("${COMPILER}" ${OPTIONS} "${SOURCE}" ${found} -o "${program}")
else()
  file(GLOB library "${TREE}/${LIBDIR}/libnmlp.so" "${TREE}/${LIBDIR}/libnmlp.dylib" "${TREE}/bin/nmlp.dll")
  set(program "${SOURCE}" "${library}")
endif()

# Runs in TREE/bin, because Windows searches for a DLL there. On other systems, the linker has stored the folder in the
# program, or it is given now.
file(MAKE_DIRECTORY "${TREE}/bin")
if(WAY STREQUAL "pkg_config")
  set(ENV{LD_LIBRARY_PATH} "${TREE}/${LIBDIR}")
  set(ENV{DYLD_LIBRARY_PATH} "${TREE}/${LIBDIR}")
endif()
execute_process(COMMAND ${RUN} ${program} WORKING_DIRECTORY "${TREE}/bin" OUTPUT_VARIABLE printed
  COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\r" "" printed "${printed}")
file(READ "${CMAKE_CURRENT_LIST_DIR}/train_xor.txt" expected)
if(NOT printed STREQUAL expected)
  message(FATAL_ERROR "It printed\n${printed}instead of\n${expected}")
endif()
