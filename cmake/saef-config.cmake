# SPDX-License-Identifier: BSD-2-Clause
#
# find_package(saef): saef::plugin_abi (the header saef/plugin.h) and saef::core_adapter (the loader and
# the gate, for a CSE that hosts the plugin).
include(CMakeFindDependencyMacro)
find_dependency(Threads)
include(${CMAKE_CURRENT_LIST_DIR}/saef-targets.cmake)
