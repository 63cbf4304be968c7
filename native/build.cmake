# SPDX-License-Identifier: MIT
# cmake -DSOURCE=.. -DBUILD=.. -DOUT=.. -DCONFIG=Release -DPARALLEL=pool -DTARGET=nmlp -DTOOLCHAIN_RID= -DERROR=file -P build.cmake
# Configures and builds one target and copies its files to OUT; called by Native.targets.
# TOOLCHAIN_RID: the platform to build for where it is not this machine's.
# Any number of processes may call it at once: a file lock lets one work at a time.

# What went wrong is left as "CODE: sentence" in the file ERROR, for MSBuild to show as an error
# of its own; a failing exit code would only add noise to it.
macro(fail code sentence)
  file(WRITE "${ERROR}" "${code}: ${sentence}")
  return()
endmacro()

if(CMAKE_VERSION VERSION_LESS 3.21)
  fail(NMLP002 "CMake ${CMAKE_VERSION} is too old: NativeMlp needs CMake 3.21 or newer.")
endif()
cmake_policy(VERSION 3.21)

file(MAKE_DIRECTORY "${BUILD}" "${OUT}")
file(LOCK "${BUILD}/.lock" GUARD PROCESS RESULT_VARIABLE rc TIMEOUT 900)
if(NOT rc STREQUAL "0")
  fail(NMLP003 "waited 15 minutes for another build that holds ${BUILD}/.lock (${rc}).")
endif()
# The stamp carries the time at which work began: what is edited from now on is newer.
file(TOUCH "${OUT}/.stamp.new")

set(toolchain)
if(TOOLCHAIN_RID)
  set(folder "${CMAKE_CURRENT_LIST_DIR}/cmake")
  file(GLOB rids RELATIVE "${folder}" "${folder}/linux-*.cmake" "${folder}/osx-*.cmake" "${folder}/win-*.cmake")
  list(TRANSFORM rids REPLACE "[.]cmake$" "")
  if(NOT TOOLCHAIN_RID IN_LIST rids)
    list(JOIN rids ", " rids)
    fail(NMLP009 "there is no native library for '${TOOLCHAIN_RID}'; it can be built for ${rids}.")
  elseif(TOOLCHAIN_RID MATCHES "^osx" AND NOT CMAKE_HOST_APPLE)
    fail(NMLP009 "the native library for ${TOOLCHAIN_RID} can be built on a Mac only.")
  endif()
  include("${folder}/${TOOLCHAIN_RID}.cmake")
  if(CMAKE_C_COMPILER)
    find_program(compiler "${CMAKE_C_COMPILER}")
    if(NOT compiler)
      fail(NMLP009 "the native library for ${TOOLCHAIN_RID} needs the compiler ${CMAKE_C_COMPILER}, which was not found: install it (native/cmake/${TOOLCHAIN_RID}.cmake says which package has it).")
    endif()
  endif()
  set(toolchain --toolchain "${folder}/${TOOLCHAIN_RID}.cmake" -DNMLP_WINE=OFF) # no test is run from there
endif()

set(generator)
if(NOT CMAKE_HOST_WIN32 AND NOT DEFINED ENV{CMAKE_GENERATOR})
  find_program(make NAMES gmake make)
  find_program(ninja NAMES ninja ninja-build)
  if(NOT make AND NOT ninja)
    fail(NMLP004 "neither make nor ninja was found: install one of them (for example: apt install make).")
  endif()
  if(NOT make)
    set(generator -G Ninja)
  endif()
endif()

set(configure "${CMAKE_COMMAND}" -S "${SOURCE}" -B "${BUILD}" ${generator} ${toolchain} "-DCMAKE_BUILD_TYPE=${CONFIG}"
    "-DNMLP_PARALLEL=${PARALLEL}" -DNMLP_BUILD_TESTS=ON)
macro(configure_anew)
  file(REMOVE_RECURSE "${BUILD}/CMakeCache.txt" "${BUILD}/CMakeFiles")
  execute_process(COMMAND ${configure} ${ARGN} RESULT_VARIABLE rc OUTPUT_VARIABLE log ERROR_VARIABLE log)
endmacro()

# A cache from a moved tree, a removed compiler or another generator must not stop anyone:
# when configuring fails, it is tried once more from nothing.
set(rc none)
if(EXISTS "${BUILD}/CMakeCache.txt")
  execute_process(COMMAND ${configure} RESULT_VARIABLE rc OUTPUT_VARIABLE log ERROR_VARIABLE log)
endif()
# Visual Studio's clang unrolls a tile's loops, its cl does not.
if(NOT rc EQUAL 0 AND CMAKE_HOST_WIN32 AND NOT toolchain AND NOT DEFINED ENV{CMAKE_GENERATOR} AND
   NOT DEFINED ENV{CMAKE_GENERATOR_TOOLSET})
  configure_anew(-T ClangCL)
endif()
if(NOT rc EQUAL 0)
  configure_anew()
endif()
if(NOT rc EQUAL 0)
  file(REMOVE_RECURSE "${BUILD}/CMakeCache.txt" "${BUILD}/CMakeFiles")
  file(WRITE "${BUILD}/build.log" "${log}")
  if(log MATCHES "CMAKE_C_COMPILER|not able to compile a simple test|could not find any instance")
    fail(NMLP005 "no working C compiler was found: install gcc or clang (Linux), the Xcode command line tools (macOS) or Visual Studio with clang (Windows).")
  elseif(log MATCHES "Could NOT find OpenMP")
    fail(NMLP006 "the C compiler has no OpenMP: install it (libomp-dev for clang, libgomp for gcc) or leave -p:NativeParallel=openmp away.")
  endif()
  fail(NMLP007 "configuring the native library failed; CMake's words are in ${BUILD}/build.log.")
endif()

# The log is shown only when the build fails: a warning of a compiler that we have not met
# must not break the build of someone who only wants to use the library.
cmake_host_system_information(RESULT jobs QUERY NUMBER_OF_LOGICAL_CORES)
execute_process(COMMAND "${CMAKE_COMMAND}" --build "${BUILD}" --config "${CONFIG}" --target "${TARGET}" --parallel ${jobs}
                RESULT_VARIABLE rc OUTPUT_VARIABLE log ERROR_VARIABLE log)
file(WRITE "${BUILD}/build.log" "${log}")
if(NOT rc EQUAL 0)
  string(REGEX MATCHALL "[^\n]*(error:|undefined reference)[^\n]*" errors "${log}")
  list(JOIN errors "\n" errors)
  fail(NMLP008 "compiling the native library failed, all of the log is in ${BUILD}/build.log\n${errors}")
endif()

# An unchanged file is left alone, even while others read it. What is a link to a library with its
# ABI's number in its name becomes a file.
file(STRINGS "${BUILD}/${TARGET}-${CONFIG}.files" files)
file(GLOB stale "${OUT}/*")
list(REMOVE_ITEM stale "${OUT}/.stamp" "${OUT}/.stamp.new")
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME)
  file(COPY_FILE "${file}" "${OUT}/${name}" ONLY_IF_DIFFERENT)
  list(REMOVE_ITEM stale "${OUT}/${name}")
endforeach()
if(stale)
  file(REMOVE ${stale})
endif()
file(RENAME "${OUT}/.stamp.new" "${OUT}/.stamp")
