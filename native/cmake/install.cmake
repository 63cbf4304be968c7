# SPDX-License-Identifier: MIT
# cmake --install BUILD [--component runtime|development|static] --prefix PREFIX
# The installed files do not contain the prefix, so it may be moved.
option(NMLP_INSTALL "Have nmlp installed with this project" ${PROJECT_IS_TOP_LEVEL})
if(NOT NMLP_INSTALL)
  return()
endif()
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# The libraries that the archive must be linked with, by name, for CMake and pkg-config. OpenMP::OpenMP_C may be a
# different OpenMP for the user, and does not exist for C++. Folders are listed if the compiler does not know them.
get_property(linked TARGET nmlp_static PROPERTY LINK_LIBRARIES)
set(here)
set(names)
set(directories)
foreach(library IN LISTS linked)
  list(APPEND here "$<BUILD_INTERFACE:$<LINK_ONLY:${library}>>")
  if(library STREQUAL "OpenMP::OpenMP_C")
    list(APPEND names ${OpenMP_C_LIB_NAMES})
    foreach(name IN LISTS OpenMP_C_LIB_NAMES)
      get_filename_component(directory "${OpenMP_${name}_LIBRARY}" DIRECTORY)
      list(APPEND directories "${directory}")
    endforeach()
  elseif(library STREQUAL "Threads::Threads")
    if(CMAKE_USE_PTHREADS_INIT AND NOT WIN32)
      list(APPEND names pthread)
    endif()
  else()
    list(APPEND names ${library})
  endif()
endforeach()
list(REMOVE_DUPLICATES names)
list(REMOVE_DUPLICATES directories)
list(REMOVE_ITEM directories "" ${CMAKE_C_IMPLICIT_LINK_DIRECTORIES})
set_target_properties(nmlp_static PROPERTIES
  INTERFACE_LINK_LIBRARIES "${here};$<INSTALL_INTERFACE:${names}>"
  INTERFACE_LINK_DIRECTORIES "$<INSTALL_INTERFACE:${directories}>")

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/NativeMlp)
install(TARGETS nmlp EXPORT NativeMlpTargets
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime NAMELINK_COMPONENT development
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS nmlp_static EXPORT NativeMlpStaticTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT static
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT NativeMlpTargets NAMESPACE NativeMlp:: DESTINATION ${package} COMPONENT development)
install(EXPORT NativeMlpStaticTargets NAMESPACE NativeMlp:: DESTINATION ${package} COMPONENT static)
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)
install(FILES include/nmlp.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)

write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/NativeMlpConfigVersion.cmake"
  COMPATIBILITY SameMajorVersion)
install(FILES cmake/NativeMlpConfig.cmake "${CMAKE_CURRENT_BINARY_DIR}/NativeMlpConfigVersion.cmake"
  DESTINATION ${package} COMPONENT development)

# For pkg-config. The file gives all paths relative to its own folder.
set(pc_directory ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
set(pc_prefix "${CMAKE_INSTALL_PREFIX}")
if(NOT IS_ABSOLUTE "${pc_directory}")
  file(RELATIVE_PATH up "/${pc_directory}" "/")
  string(REGEX REPLACE "/$" "" up "${up}")
  set(pc_prefix "\${pcfiledir}/${up}")
endif()
foreach(kind LIBDIR INCLUDEDIR)
  set(pc_${kind} "${CMAKE_INSTALL_${kind}}")
  if(NOT IS_ABSOLUTE "${pc_${kind}}")
    set(pc_${kind} "\${prefix}/${pc_${kind}}")
  endif()
endforeach()
list(TRANSFORM directories PREPEND "-L")
list(TRANSFORM names PREPEND "-l")
list(JOIN directories " " pc_directories)
list(JOIN names " " pc_names)
configure_file(cmake/nmlp.pc.in nmlp.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/nmlp.pc" DESTINATION ${pc_directory} COMPONENT development)
