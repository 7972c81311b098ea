# SPDX-License-Identifier: GPL-3.0-or-later
#
# The libraries. Ours, built by third_party/build: saef::wolfssl, saef::coap. Debian's: saef::rapidjson,
# Boost::headers, Boost::unit_test_framework, spdlog::spdlog, CLI11::CLI11, SQLite::SQLite3,
# prometheus-cpp::core, ncursesw (CURSES_LIBRARIES), Threads::Threads; for tests, and there only if installed: OpenSSL::SSL, benchmark::benchmark.
set(third_party_dir ${SAEF_THIRD_PARTY_DIR})
if(NOT third_party_dir)
  execute_process(
    COMMAND ${PROJECT_SOURCE_DIR}/third_party/build
    OUTPUT_VARIABLE third_party_dir
    OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "third_party/build failed; its words are above")
  endif()
endif()
set_property(
  DIRECTORY
  APPEND
  PROPERTY CMAKE_CONFIGURE_DEPENDS third_party/build third_party/sources
           third_party/wolfssl/user_settings.h third_party/wolfssl/cipher_nids.c)

find_package(Threads REQUIRED)
add_library(saef::wolfssl STATIC IMPORTED GLOBAL)
set_target_properties(saef::wolfssl PROPERTIES IMPORTED_LOCATION
                                               ${third_party_dir}/lib/libwolfssl.a)
target_include_directories(saef::wolfssl INTERFACE ${third_party_dir}/include)
target_compile_definitions(saef::wolfssl INTERFACE WOLFSSL_USER_SETTINGS WOLFSSL_NO_OPTIONS_H)
target_link_libraries(saef::wolfssl INTERFACE Threads::Threads m)

add_library(saef::coap STATIC IMPORTED GLOBAL)
set_target_properties(saef::coap PROPERTIES IMPORTED_LOCATION ${third_party_dir}/lib/libcoap-3.a)
target_include_directories(saef::coap INTERFACE ${third_party_dir}/include)
target_link_libraries(saef::coap INTERFACE saef::wolfssl)

find_package(Boost 1.81 REQUIRED COMPONENTS unit_test_framework)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
set(CURSES_NEED_NCURSES TRUE)
set(CURSES_NEED_WIDE TRUE)
find_package(Curses REQUIRED)
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)  # compiled in: it is all in its header
find_package(OpenSSL QUIET)
find_package(benchmark QUIET)

# A violated precondition inside RapidJSON is thrown, not an abort of the host or undefined behaviour.
find_path(RAPIDJSON_INCLUDE_DIR rapidjson/schema.h REQUIRED)
add_library(saef_rapidjson INTERFACE)
add_library(saef::rapidjson ALIAS saef_rapidjson)
target_include_directories(saef_rapidjson SYSTEM INTERFACE ${RAPIDJSON_INCLUDE_DIR})
target_compile_definitions(saef_rapidjson INTERFACE RAPIDJSON_HAS_STDSTRING=1)
target_compile_options(
  saef_rapidjson
  INTERFACE
    "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-include ${PROJECT_SOURCE_DIR}/cmake/rapidjson_assert.h>")
