# How every room of this project is built: one warning set, one static library a folder, and the
# unit tests that lie beside the code as one test program a room.
include_guard(GLOBAL)
include(GNUInstallDirs)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 99)
# Kits are linked into plugins as well as into the host, so all of it is position independent.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")

find_program(DAYDREAM_CCACHE ccache)
if(DAYDREAM_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${DAYDREAM_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
endif()

add_library(daydream_options INTERFACE)
# Warnings are errors where we test. A user's build must not fail for what another compiler dislikes.
target_compile_options(daydream_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                       $<$<BOOL:${DAYDREAM_TESTS}>:-Werror>
                       $<$<AND:$<CXX_COMPILER_ID:GNU>,$<COMPILE_LANGUAGE:CXX>>:-fpch-preprocess>
                       # GCC 12 sees overlaps and overflows where std::string takes a literal (its bug 105651).
                       $<$<AND:$<CXX_COMPILER_ID:GNU>,$<COMPILE_LANGUAGE:CXX>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
                       $<$<AND:$<CXX_COMPILER_ID:GNU>,$<COMPILE_LANGUAGE:CXX>,$<CONFIG:RelWithDebInfo>>:-Wno-array-bounds>
                       $<$<AND:$<CXX_COMPILER_ID:GNU>,$<COMPILE_LANGUAGE:CXX>,$<CONFIG:RelWithDebInfo>>:-Wno-stringop-overflow>)
if(DAYDREAM_SANITIZE STREQUAL "address")
  # Instrumented code makes GCC 12 take an empty std::optional for an uninitialised one (decision 0004).
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
                      $<$<COMPILE_LANGUAGE:CXX>:-Wno-maybe-uninitialized>)
  add_link_options(-fsanitize=address,undefined)
elseif(DAYDREAM_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread)
  add_link_options(-fsanitize=thread)
endif()

# daydream_room(NAME [LINKS target...] [INCLUDE dir])
# The library daydream_NAME from every .cpp of this folder; *_test.cpp become the program test_NAME.
function(daydream_room name)
  cmake_parse_arguments(ARG "" "INCLUDE" "LINKS;TEST_LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  if(sources)
    add_library(daydream_${name} STATIC ${sources})
    target_link_libraries(daydream_${name} PUBLIC ${ARG_LINKS} PRIVATE $<BUILD_INTERFACE:daydream_options>)
    if(ARG_INCLUDE)
      target_include_directories(daydream_${name} PUBLIC $<BUILD_INTERFACE:${ARG_INCLUDE}>)
    endif()
  else()
    add_library(daydream_${name} INTERFACE)
    target_link_libraries(daydream_${name} INTERFACE ${ARG_LINKS})
    if(ARG_INCLUDE)
      target_include_directories(daydream_${name} INTERFACE $<BUILD_INTERFACE:${ARG_INCLUDE}>)
    endif()
  endif()
  if(tests)
    daydream_test(${name} SOURCES ${tests} LINKS daydream_${name} ${ARG_TEST_LINKS})
  endif()
endfunction()

# daydream_test(NAME SOURCES file... LINKS target...): the program test_NAME, known to ctest.
# DEPENDS: targets that must be built before it runs.
function(daydream_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINKS;DEPENDS" ${ARGN})
  if(NOT DAYDREAM_TESTS)
    return()
  endif()
  daydream_catch_main()
  add_executable(test_${name} ${ARG_SOURCES})
  target_link_libraries(test_${name} PRIVATE ${ARG_LINKS} daydream_catch_main daydream_options)
  target_precompile_headers(test_${name} REUSE_FROM daydream_catch_main)
  if(ARG_DEPENDS)
    add_dependencies(test_${name} ${ARG_DEPENDS})
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  catch_discover_tests(test_${name} TEST_PREFIX "${name}: " PROPERTIES TIMEOUT ${ARG_TIMEOUT})
endfunction()

if(DAYDREAM_TESTS)
  find_package(Catch2 2 REQUIRED)
  include(Catch)
endif()

macro(daydream_catch_main)
  if(NOT TARGET daydream_catch_main)
    file(WRITE ${CMAKE_BINARY_DIR}/catch_main.cpp "#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\n")
    # A precompiled header is made only for a target that compiles something with it, which the source of
    # Catch2's main cannot; and with the flags that test programs have (-fPIE).
    file(WRITE ${CMAKE_BINARY_DIR}/catch_pch.cpp "namespace daydream {}\n")
    add_library(daydream_catch_main STATIC ${CMAKE_BINARY_DIR}/catch_main.cpp ${CMAKE_BINARY_DIR}/catch_pch.cpp)
    set_target_properties(daydream_catch_main PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(daydream_catch_main PRIVATE -fPIE)
    target_link_libraries(daydream_catch_main PUBLIC Catch2::Catch2)
    target_link_libraries(daydream_catch_main PRIVATE daydream_options)
    target_precompile_headers(daydream_catch_main PRIVATE <catch2/catch.hpp> <string> <vector> <map> <filesystem>)
    set_source_files_properties(${CMAKE_BINARY_DIR}/catch_main.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  endif()
endmacro()
