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

# saef_join_sources(RESULT TARGET "APART" file…)
# RESULT is the files that TARGET compiles. With SAEF_JOIN_SOURCES that is, in place of its .cc files but
# those in the list APART, files in build/<preset>/joined that include up to eight of them each: most of
# the time goes into the same headers again. CMake's UNITY_BUILD does so as well, but by absolute paths,
# by which no other clone hits in ccache.
function(saef_join_sources result target apart)
  set(together)
  set(sources)
  foreach(source IN LISTS ARGN)
    get_filename_component(path ${source} ABSOLUTE)
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${path})
    if(SAEF_JOIN_SOURCES AND path MATCHES "\\.cc$" AND NOT source IN_LIST apart)
      list(APPEND together ${path})
    else()
      list(APPEND sources ${source})
    endif()
  endforeach()
  if(NOT together)
    set(${result} ${sources} PARENT_SCOPE)
    return()
  endif()
  list(LENGTH together count)
  math(EXPR batches "(${count} + 7) / 8")
  set(begin 0)
  foreach(number RANGE 1 ${batches})
    math(EXPR end "${count} * ${number} / ${batches}")
    math(EXPR length "${end} - ${begin}")
    list(SUBLIST together ${begin} ${length} batch)
    set(begin ${end})
    list(TRANSFORM batch REPLACE "(.+)" "#include \"\\1\"\n")
    list(JOIN batch "" batch)
    set(joined ${PROJECT_BINARY_DIR}/joined/${target}_${number}.cc)
    file(CONFIGURE OUTPUT ${joined} @ONLY CONTENT
"// Made by CMake: several sources, compiled as one. If two of them define the same name in an unnamed
// namespace, or one takes a name of another's, that is an error here: rename one, or add it to APART in
// the CMakeLists.txt that declares ${target}.
${batch}")
    list(APPEND sources ${joined})
  endforeach()
  set(${result} ${sources} PARENT_SCOPE)
endfunction()

# saef_add_library(NAME SOURCES file… [APART file…] [DEPS target…])
# The static library saef_NAME, position-independent. Its DEPS are public. APART names those of its SOURCES
# that are never joined with others.
function(saef_add_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;APART;DEPS")
  saef_join_sources(sources saef_${name} "${arg_APART}" ${arg_SOURCES})
  add_library(saef_${name} STATIC ${sources})
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

# main() of all tests of ours.
add_library(saef_test_main OBJECT cmake/test_main.cc)
target_link_libraries(saef_test_main PUBLIC Boost::unit_test_framework)
target_compile_definitions(saef_test_main PUBLIC BOOST_TEST_DYN_LINK)

# saef_add_test(NAME SOURCES file… [APART file…] [DEPS target…] [ENV NAME=VALUE…] [LABELS label…]
#               [TIMEOUT seconds] [MEASURES])
# The executable NAME and the test NAME. The sources hold Boost.Test cases and include
# <boost/test/unit_test.hpp>; main comes from here. A source may be a pattern such as *_test.cc. APART:
# as for saef_add_library. TIMEOUT is for the release build, 120 if not given; a build with sanitizers
# gets four times as much. With MEASURES the cases that have the Boost.Test label `measures` are a test of
# their own, NAME.measures, which nothing of ours runs beside.
function(saef_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "MEASURES" "TIMEOUT" "SOURCES;APART;DEPS;ENV;LABELS")
  set(sources)
  foreach(source IN LISTS arg_SOURCES)
    if(source MATCHES "[*?]")
      file(GLOB matches RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} CONFIGURE_DEPENDS ${source})
      list(APPEND sources ${matches})
    else()
      list(APPEND sources ${source})
    endif()
  endforeach()
  saef_join_sources(sources ${name} "${arg_APART}" ${sources})
  add_executable(${name} ${sources})
  saef_include_paths(${name})
  target_link_libraries(${name} PRIVATE saef_test_main ${arg_DEPS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  set(options --log_level=test_suite --color_output=no)
  if(arg_MEASURES)
    add_test(NAME ${name}.measures COMMAND ${name} ${options} --run_test=@measures)
    saef_test_properties(${name}.measures "${arg_ENV}" "${arg_LABELS}" "${arg_TIMEOUT}")
    set_tests_properties(${name}.measures PROPERTIES RUN_SERIAL ON)
    list(APPEND options --run_test=!@measures)
  endif()
  add_test(NAME ${name} COMMAND ${name} ${options})
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
