# SPDX-License-Identifier: MIT
# Toolchain: x86-64 Linux with musl as its C library. On Alpine, this is the system's compiler; elsewhere, the wrapper
# musl-gcc (Debian: musl-tools), whose programs run directly.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
if(NOT EXISTS /etc/alpine-release)
  set(CMAKE_C_COMPILER musl-gcc)
  set(CMAKE_C_FLAGS_INIT -static-libgcc) # the shared libgcc is linked to another C library
endif()
