# SPDX-License-Identifier: MIT
# Toolchain: x86-64 Windows with mingw-w64 (Debian: gcc-mingw-w64-x86-64). Programs run under wine if it is installed.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc)
set(CMAKE_FIND_ROOT_PATH /usr/x86_64-w64-mingw32)
foreach(what LIBRARY INCLUDE PACKAGE)
  set(CMAKE_FIND_ROOT_PATH_MODE_${what} ONLY)
endforeach()
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)

# The libraries of gcc are linked statically, so that only those of Windows are needed.
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(CMAKE_SHARED_LINKER_FLAGS_INIT -static)
set(CMAKE_SHARED_LINKER_FLAGS_RELEASE_INIT -s)

# Each build folder has its own Windows, and only the output of the programs is shown.
find_program(NMLP_WINE wine)
mark_as_advanced(NMLP_WINE)
if(NMLP_WINE AND NOT CMAKE_HOST_WIN32)
  set(CMAKE_CROSSCOMPILING_EMULATOR
    "${CMAKE_COMMAND}" -E env "WINEPREFIX=${CMAKE_BINARY_DIR}/wine" WINEDEBUG=-all "${NMLP_WINE}")
endif()
