# SPDX-License-Identifier: GPL-3.0-or-later
#
# Language, warnings, hardening and sanitizers: the same for every target of ours.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
foreach(language C CXX)
  set(CMAKE_${language}_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
  set(CMAKE_${language}_FLAGS_DEBUG "-Og -g")
  # Sanitizers see more of what was written than of what an optimiser made of it, and build twice as fast.
  set(CMAKE_${language}_FLAGS_SANITIZED "-O0 -g1")
  set(CMAKE_${language}_VISIBILITY_PRESET hidden)
endforeach()
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

find_program(SAEF_CCACHE ccache)
if(SAEF_CCACHE)
  # Paths below the source folder are made relative and the build folder isn't part of the key, so that
  # a second clone elsewhere finds what the first has compiled. ccache doesn't know that the compiler
  # reads the ignore list as well.
  foreach(language C CXX)
    set(CMAKE_${language}_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
        CCACHE_EXTRAFILES=${PROJECT_SOURCE_DIR}/cmake/sanitizer_ignorelist.txt ${SAEF_CCACHE})
  endforeach()
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Werror -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  add_compile_options(-Wthread-safety)
endif()

include(CheckPIESupported)
check_pie_supported()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
add_compile_options(-fstack-protector-strong)
add_link_options(-Wl,-z,relro,-z,now)
if(CMAKE_BUILD_TYPE STREQUAL Release)
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()

if(SAEF_SANITIZE)
  add_compile_options(-fsanitize=${SAEF_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SAEF_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    # vptr wants a type table that a module can't have of its own; function objects to C callbacks.
    add_compile_options(-fno-sanitize=vptr,function)
    # Relative to where the compiler runs: ccache takes this option as it stands.
    file(RELATIVE_PATH ignorelist ${PROJECT_BINARY_DIR}
         ${PROJECT_SOURCE_DIR}/cmake/sanitizer_ignorelist.txt)
    add_compile_options(-fsanitize-ignorelist=${ignorelist})
  endif()
  # A third of the time of GNU's linker with what the sanitizers add.
  find_program(SAEF_LLD ld.lld)
  if(SAEF_LLD)
    add_link_options(-fuse-ld=lld)
  endif()
endif()
if(SAEF_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES Clang)
    message(FATAL_ERROR "SAEF_FUZZ needs clang: cmake --preset asan")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
