# SPDX-License-Identifier: GPL-3.0-or-later
#
# How the folders declare what they hold.

# Include paths of every target of ours: from the root, and the two folders of public headers.
function(saef_include_paths target)
  target_include_directories(
    ${target}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
           $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/plugin/include>
           $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/core-adapter/include>)
endfunction()

# saef_add_library(NAME SOURCES file… [DEPS target…])
# The static library saef_NAME, position-independent. Its DEPS are public.
function(saef_add_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS")
  add_library(saef_${name} STATIC ${arg_SOURCES})
  saef_include_paths(saef_${name})
  target_link_libraries(saef_${name} PUBLIC ${arg_DEPS})
endfunction()

# saef_export_only(TARGET symbol…)
# The module TARGET exports these symbols and no other: neither what its static libraries hold (wolfSSL's
# assembly has no visibility of its own) nor templates, which the host may have too.
function(saef_export_only target)
  list(JOIN ARGN "; " symbols)
  set(script ${CMAKE_CURRENT_BINARY_DIR}/${target}.map)
  file(CONFIGURE OUTPUT ${script} CONTENT "{ global: ${symbols}; local: *; };\n")
  target_link_options(${target} PRIVATE -Wl,--version-script=${script})
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${script})
endfunction()

# saef_add_test(NAME SOURCES file… [DEPS target…] [ENV NAME=VALUE…] [LABELS label…] [TIMEOUT seconds])
# The executable NAME and the test NAME. The sources hold Boost.Test cases and include
# <boost/test/unit_test.hpp>; main and BOOST_TEST_MODULE come from here, so no source defines them.
# A source may be a pattern such as *_test.cc. TIMEOUT is for the release build, 120 if not given; a
# build with sanitizers gets four times as much.
function(saef_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;DEPS;ENV;LABELS")
  set(sources)
  foreach(source IN LISTS arg_SOURCES)
    if(source MATCHES "[*?]")
      file(GLOB matches CONFIGURE_DEPENDS ${source})
      list(APPEND sources ${matches})
    else()
      list(APPEND sources ${source})
    endif()
  endforeach()
  add_executable(${name} ${sources} ${PROJECT_SOURCE_DIR}/cmake/test_main.cc)
  saef_include_paths(${name})
  target_compile_definitions(${name} PRIVATE BOOST_TEST_DYN_LINK SAEF_TEST_NAME=${name})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} Boost::unit_test_framework)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name} --log_level=test_suite --color_output=no)
  saef_test_properties(${name} "${arg_ENV}" "${arg_LABELS}" "${arg_TIMEOUT}")
endfunction()

# What every test of ours has: a deadline, and sanitizers that fail loudly.
function(saef_test_properties name environment labels timeout)
  if(NOT timeout)
    set(timeout 120)
  endif()
  if(SAEF_SANITIZE)
    math(EXPR timeout "4 * ${timeout}")
  endif()
  list(APPEND environment "ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1"
       "UBSAN_OPTIONS=print_stacktrace=1"
       "TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1")
  set_tests_properties(${name} PROPERTIES ENVIRONMENT "${environment}" LABELS "${labels}" TIMEOUT
                                                                                         ${timeout})
endfunction()

# saef_add_fuzzer(NAME SOURCES file… CORPUS folder [DEPS target…])
# A fuzzer of one input: the sources define extern "C" int LLVMFuzzerTestOneInput(const uint8_t*, size_t).
# With SAEF_FUZZ it is a libFuzzer executable, build/<preset>/fuzzers/NAME; else a program that runs each
# file of the corpus once. Either way the test NAME runs the corpus, which must not be empty.
function(saef_add_fuzzer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "CORPUS" "SOURCES;DEPS")
  get_filename_component(corpus ${arg_CORPUS} ABSOLUTE)
  add_executable(${name} ${arg_SOURCES})
  saef_include_paths(${name})
  target_link_libraries(${name} PRIVATE ${arg_DEPS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzzers)
  if(SAEF_FUZZ)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    add_test(NAME ${name} COMMAND ${name} -runs=0 ${corpus})
    # ./check reads this list: "fuzzer corpus" a line.
    file(APPEND ${PROJECT_BINARY_DIR}/fuzzers.list "${name} ${corpus}\n")
  else()
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/fuzz_replay.cc)
    add_test(NAME ${name} COMMAND ${name} ${corpus})
  endif()
  saef_test_properties(${name} "" fuzz "")
endfunction()
file(WRITE ${PROJECT_BINARY_DIR}/fuzzers.list "")
