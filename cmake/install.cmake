# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a CSE that embeds the plugin finds after `cmake --install`: headers, the loader and the gate as
# libraries, the core adapter's sources, a CMake package and a pkg-config file. The module and the
# command are installed by their own folders.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/saef)

set(exported saef_plugin_abi)
set(pc_libs)
set_target_properties(saef_plugin_abi PROPERTIES EXPORT_NAME plugin_abi)
add_library(saef_core_adapter INTERFACE)
add_library(saef::core_adapter ALIAS saef_core_adapter)
set_target_properties(saef_core_adapter PROPERTIES EXPORT_NAME core_adapter)
target_link_libraries(saef_core_adapter INTERFACE saef_plugin_abi)
foreach(part loader gate)
  if(TARGET saef_${part})
    target_link_libraries(saef_core_adapter INTERFACE saef_${part})
    set_target_properties(saef_${part} PROPERTIES EXPORT_NAME ${part})
    list(APPEND exported saef_${part})
    string(PREPEND pc_libs "-lsaef_${part} ")
  endif()
endforeach()
if(pc_libs)
  set(pc_libs "-L\${libdir} ${pc_libs}-ldl -pthread")
endif()

install(
  TARGETS ${exported} saef_core_adapter
  EXPORT saef-targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(
  EXPORT saef-targets
  NAMESPACE saef::
  DESTINATION ${package_dir})
foreach(folder plugin core-adapter)
  if(EXISTS ${PROJECT_SOURCE_DIR}/${folder}/include)
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}/include/ TYPE INCLUDE)
  endif()
endforeach()
if(EXISTS ${PROJECT_SOURCE_DIR}/core-adapter)
  install(
    DIRECTORY ${PROJECT_SOURCE_DIR}/core-adapter
    DESTINATION ${CMAKE_INSTALL_DATADIR}/saef
    PATTERN "*_test.*" EXCLUDE)
endif()
write_basic_package_version_file(${PROJECT_BINARY_DIR}/saef-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_SOURCE_DIR}/cmake/saef-config.cmake
              ${PROJECT_BINARY_DIR}/saef-config-version.cmake DESTINATION ${package_dir})
# Relative, so that the tree may be installed or moved anywhere.
file(RELATIVE_PATH pc_prefix /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(${PROJECT_SOURCE_DIR}/cmake/saef.pc.in ${PROJECT_BINARY_DIR}/saef.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/saef.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
