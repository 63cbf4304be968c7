# SPDX-License-Identifier: MIT
# Shared by osx-arm64.cmake and osx-x64.cmake, which set `arch`. On a Mac, this uses the compiler of Xcode. Elsewhere,
# clang with the headers of another C library shows that the sources compile for macOS; the results cannot be used.
if(CMAKE_HOST_APPLE)
  set(CMAKE_OSX_ARCHITECTURES ${arch} CACHE STRING "One architecture")
else()
  set(CMAKE_SYSTEM_NAME Darwin)
  set(CMAKE_SYSTEM_PROCESSOR ${arch})
  set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
  find_program(NMLP_CLANG NAMES clang-19 clang REQUIRED)
  find_program(NMLP_AR NAMES llvm-ar-19 llvm-ar REQUIRED)
  find_program(NMLP_RANLIB NAMES llvm-ranlib-19 llvm-ranlib REQUIRED)
  set(CMAKE_C_COMPILER ${NMLP_CLANG})
  set(CMAKE_C_COMPILER_TARGET ${arch}-apple-macos12)
  set(CMAKE_AR ${NMLP_AR})
  set(CMAKE_RANLIB ${NMLP_RANLIB})
  set(CMAKE_C_FLAGS_INIT "-nostdlibinc -isystem /usr/include/x86_64-linux-musl")
endif()
