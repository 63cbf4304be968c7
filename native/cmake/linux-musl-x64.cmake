# SPDX-License-Identifier: MIT
# linux-musl-x64 through the wrapper musl-gcc (apt install musl-tools); it runs here, too.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER musl-gcc)
# Not the shared libgcc: it is linked to another C library.
set(CMAKE_C_FLAGS_INIT -static-libgcc)
