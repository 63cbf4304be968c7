# SPDX-License-Identifier: MIT
# cmake -DSOURCE=.. -DBUILD=.. -DOUT=.. -DCONFIG=Release -DPARALLEL=pool -DTARGET=nmlp -DTOOLCHAIN_RID= -DERROR=file -P build.cmake
# Configures and builds one target and copies its files to OUT. Native.targets calls it.
# TOOLCHAIN_RID: the target platform, if it is not that of this machine.
# Any number of processes may call it at the same time; a file lock lets one work at a time.

# An error is written as "CODE: sentence" to the file ERROR, and MSBuild shows it as its own error. A failing exit code
# would only add unnecessary output.
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
# The stamp has the time at which the build began, so that later edits are newer.
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
  set(toolchain --toolchain "${folder}/${TOOLCHAIN_RID}.cmake" -DNMLP_WINE=OFF) # no tests run from this build
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

# A cache of a moved tree, a removed compiler or another generator must not stop the build. If configuring fails, it is
# tried once more without the cache.
set(rc none)
if(EXISTS "${BUILD}/CMakeCache.txt")
  execute_process(COMMAND ${configure} RESULT_VARIABLE rc OUTPUT_VARIABLE log ERROR_VARIABLE log)
endif()
# The clang of Visual Studio unrolls the loops of a tile, but its cl does not.
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

# The log is shown only if the build fails: a warning of an unknown compiler must not break the build of a user of the
# library.
cmake_host_system_information(RESULT jobs QUERY NUMBER_OF_LOGICAL_CORES)
execute_process(COMMAND "${CMAKE_COMMAND}" --build "${BUILD}" --config "${CONFIG}" --target "${TARGET}" --parallel ${jobs}
                RESULT_VARIABLE rc OUTPUT_VARIABLE log ERROR_VARIABLE log)
file(WRITE "${BUILD}/build.log" "${log}")
if(NOT rc EQUAL 0)
  string(REGEX MATCHALL "[^\n]*(error:|undefined reference)[^\n]*" errors "${log}")
  list(JOIN errors "\n" errors)
  fail(NMLP008 "compiling the native library failed, all of the log is in ${BUILD}/build.log\n${errors}")
endif()

# Unchanged files are not written, because others may be reading them. A link to a library with the ABI number in its
# name becomes a file.
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
