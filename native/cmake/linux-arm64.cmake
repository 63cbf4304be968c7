# SPDX-License-Identifier: MIT
# Toolchain: 64-bit ARM Linux with the GNU cross compiler (Debian: gcc-aarch64-linux-gnu). Programs run in qemu-user if
# it is installed.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)

# The folder that contains lib/. It is derived from the place of the C library, so it does not depend on the
# distribution.
execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=libc.so.6
  OUTPUT_VARIABLE libc OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
get_filename_component(libc "${libc}" REALPATH)
get_filename_component(sysroot "${libc}" DIRECTORY)
get_filename_component(sysroot "${sysroot}" DIRECTORY)

set(CMAKE_FIND_ROOT_PATH "${sysroot}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

find_program(NMLP_QEMU_AARCH64 NAMES qemu-aarch64 qemu-aarch64-static)
mark_as_advanced(NMLP_QEMU_AARCH64)
if(NMLP_QEMU_AARCH64 AND NOT CMAKE_HOST_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
  set(CMAKE_CROSSCOMPILING_EMULATOR "${NMLP_QEMU_AARCH64}" -L "${sysroot}")
endif()
