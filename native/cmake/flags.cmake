# SPDX-License-Identifier: MIT
# The flags of each compiler. src/platform/compiler.h contains the differences between compilers for the sources.
#   NMLP_FLAGS          for every C file: the same bits everywhere, so nothing may be fused or reassociated
#   NMLP_WARNINGS       and with NMLP_WERROR none is let through
#   NMLP_FLAGS_<ISA>    for the kernels of one instruction set
#   NMLP_DEFINITIONS    for every C file
#   NMLP_LINK_FLAGS     for the shared library
# Some flags make memory errors harder to exploit: guarded stacks, marked targets of indirect jumps, checked copies, and
# tables that are read-only after the library is loaded. tests/native/package/library.cmake checks them.

set(NMLP_DEFINITIONS)
set(NMLP_LINK_FLAGS)
set(NMLP_FLAGS_NEON)
if(CMAKE_C_COMPILER_ID STREQUAL "MSVC")
  set(NMLP_FLAGS /fp:precise /Zc:preprocessor /experimental:c11atomics)
  set(NMLP_WARNINGS /W3)
  set(werror /WX)
  set(NMLP_FLAGS_AVX2 /arch:AVX2) # with FMA
  set(NMLP_FLAGS_AVX512 /arch:AVX512)
  list(APPEND NMLP_FLAGS /guard:cf)
else()
  set(NMLP_FLAGS -ffp-contract=off -fno-math-errno)
  set(NMLP_WARNINGS -Wall -Wextra)
  if(CMAKE_C_COMPILER_FRONTEND_VARIANT STREQUAL "MSVC") # clang-cl, where -Wall enables all warnings
    list(TRANSFORM NMLP_FLAGS PREPEND /clang:)
    set(NMLP_WARNINGS /W4)
    list(APPEND NMLP_FLAGS /guard:cf)
  else()
    list(APPEND NMLP_FLAGS $<$<CONFIG:Release>:-O2>)
    if(NOT WIN32) # mingw's guards need libssp, which needs another library in addition to KERNEL32
      # Checked copies need the optimiser. Some compilers define the macro themselves.
      list(APPEND NMLP_FLAGS -fstack-protector-strong $<$<CONFIG:Release>:-U_FORTIFY_SOURCE>
        $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
    endif()
    if(NOT WIN32 AND NOT APPLE) # these systems use other marks
      include(CheckCCompilerFlag)
      set(CMAKE_REQUIRED_FLAGS -Werror) # clang accepts the flag of the other processor with a warning
      foreach(flag -fcf-protection -mbranch-protection=standard) # x86, ARM
        string(MAKE_C_IDENTIFIER "NMLP_HAS${flag}" has)
        check_c_compiler_flag(${flag} ${has})
        if(${has})
          list(APPEND NMLP_FLAGS ${flag})
        endif()
      endforeach()
      unset(CMAKE_REQUIRED_FLAGS)
    endif()
  endif()
  list(APPEND NMLP_WARNINGS -Wpedantic -Wshadow -Wconversion -Wundef -Wvla -Wpointer-arith -Wcast-qual
    -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition)
  set(werror -Werror)
  set(NMLP_FLAGS_AVX2 -mavx2 -mfma)
  set(NMLP_FLAGS_AVX512 -mavx512f -mavx2 -mfma -mprefer-vector-width=512)
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    # Its scheduler would load all of A of a tile in advance, for which there are not enough registers.
    set(NMLP_FLAGS_NEON -fno-schedule-insns)
  endif()
endif()

if(MSVC)
  # A machine may lack the libraries of Visual C++, so they are linked statically, as in .NET.
  set(CMAKE_MSVC_RUNTIME_LIBRARY "MultiThreaded$<$<CONFIG:Debug>:Debug>")
  # fopen and getenv are standard C.
  list(APPEND NMLP_DEFINITIONS _CRT_SECURE_NO_WARNINGS)
elseif(MINGW)
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a) # libgomp.a, because the other one needs libgomp-1.dll
  # Its isnan and isfinite are macros with conversions to each floating-point type.
  list(APPEND NMLP_WARNINGS -Wno-float-conversion)
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    # gcc assumes stacks with an alignment of 32 and 64 bytes, but Windows has 16 (gcc bug 54412). An aligned move of a
    # spilled vector would fault.
    list(APPEND NMLP_FLAGS_AVX2 -Wa,-muse-unaligned-vector-move)
    list(APPEND NMLP_FLAGS_AVX512 -Wa,-muse-unaligned-vector-move)
  endif()
endif()
if(MSVC)
  set(NMLP_LINK_FLAGS /GUARD:CF /DYNAMICBASE /NXCOMPAT /HIGHENTROPYVA)
elseif(WIN32)
  set(NMLP_LINK_FLAGS -Wl,--dynamicbase,--nxcompat,--high-entropy-va)
elseif(NOT APPLE)
  set(NMLP_LINK_FLAGS -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
if(NMLP_WERROR)
  list(APPEND NMLP_WARNINGS ${werror})
endif()
