# SPDX-License-Identifier: MIT
# cmake -DOBJDUMP=.. -DOBJECTS=a.o;b.o -P check_sse2.cmake
# Fails if an object contains an instruction above SSE2, which not every x86-64 processor has. tzcnt is allowed: older
# processors execute it as bsf, and compilers use it where both have the same result.
set(sse3 "addsubp[sd] h(add|sub)p[sd] lddqu movddup movs[hl]dup")
set(ssse3 "pshufb ph(add|sub)s?[wd] ph(add|sub)sw pmaddubsw pmulhrsw psign[bwd] palignr pabs[bwd]")
set(sse4 "p?blend[a-z]+ dpp[sd] extractps insertps movntdqa mpsadbw packusdw pcmp(eq|gt)q p(ext|ins)r[bdq] \
phminposuw p(max|min)(sb|sd|uw|ud) pmov[sz]x[a-z]+ pmul(dq|ld) ptest round[ps][sd] pcmp[ei]str[im] crc32[bwlq]? popcnt")
set(later "v[a-z][a-z0-9]+ lzcnt andn bextr bls[a-z]+ mulx rorx s[ah][lr]x pdep pext bzhi ad[co]x movbe")
string(REPLACE " " "|" above_sse2 "${sse3} ${ssse3} ${sse4} ${later}")

set(has_code FALSE) # an object may have no code if its file is for other builds
foreach(object IN LISTS OBJECTS)
  execute_process(COMMAND "${OBJDUMP}" -d --no-show-raw-insn "${object}" OUTPUT_VARIABLE code RESULT_VARIABLE rc)
  if(NOT rc EQUAL 0)
    message(FATAL_ERROR "${object} cannot be disassembled with ${OBJDUMP}.")
  endif()
  if(code MATCHES "\tret")
    set(has_code TRUE)
  endif()
  string(REPLACE ";" " " code "${code}")
  string(REGEX MATCHALL "\t(${above_sse2}) [^\n]*" above "${code}")
  list(LENGTH above count)
  if(count GREATER 0)
    list(SUBLIST above 0 5 above)
    list(JOIN above "\n" above)
    message(FATAL_ERROR "${object} has ${count} instructions above SSE2, for example\n${above}")
  endif()
endforeach()
if(NOT has_code)
  message(FATAL_ERROR "${OBJDUMP} finds no code in any object.")
endif()
