# SPDX-License-Identifier: MIT
# cmake -DPARAMETERS=file -DAGREED=file -P agreed_run.cmake: checks that agreed_run wrote the agreed bytes.
if(NOT EXISTS "${PARAMETERS}")
  message(STATUS "agreed_run has not run: ${PARAMETERS} is not there")
  return()
endif()
file(SHA256 "${PARAMETERS}" found)
file(STRINGS "${AGREED}" agreed LIMIT_COUNT 1)
if(NOT found STREQUAL agreed)
  message(FATAL_ERROR "the parameters hash to ${found}, not to ${agreed}")
endif()
message(STATUS "weights_sha256 ${found}")
