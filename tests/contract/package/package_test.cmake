# Script. BUILD: a finished build tree of the project; PLUGIN_API: the source folder; DAYDREAM: the program.
cmake_minimum_required(VERSION 3.25)
string(RANDOM LENGTH 8 ALPHABET 0123456789abcdef tag)
set(work /tmp/daydream-package-${tag})
set(prefix ${work}/prefix)

# Stops the test with all that was said; the folder is removed either way.
function(step what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT status EQUAL 0)
    file(REMOVE_RECURSE ${work})
    message(FATAL_ERROR "${what} failed (${status}):\n${said}")
  endif()
  set(said "${said}" PARENT_SCOPE)
endfunction()

step("installing plugin-api alone" ${CMAKE_COMMAND} --install ${BUILD}/plugin-api --prefix ${prefix})
file(GLOB_RECURSE installed RELATIVE ${prefix} ${prefix}/*)
foreach(wanted include/daydream/abi.h include/daydream/sdk.hpp include/daydream/kit/json.hpp
               include/daydream/testing/memory_host.hpp share/daydream/template/step.cpp bin/daydream-cases
               bin/daydream-conform share/daydream/plugin-api/examples/final_newline/step.c
               share/daydream/plugin-api/guides/first_step.md
               share/daydream/plugin-api/guides/descriptor.md share/daydream/plugin-api/guides/versions.md)
  if(NOT wanted IN_LIST installed)
    file(REMOVE_RECURSE ${work})
    message(FATAL_ERROR "${wanted} is not installed; there is: ${installed}")
  endif()
endforeach()
if(installed MATCHES "daydream/plugins/")
  file(REMOVE_RECURSE ${work})
  message(FATAL_ERROR "the template was installed as a plugin")
endif()

set(flags "")
if(SANITIZE STREQUAL "address")
  set(flags "-DCMAKE_CXX_FLAGS=-fsanitize=address,undefined" "-DCMAKE_C_FLAGS=-fsanitize=address,undefined"
            "-DDAYDREAM_SANITIZE=address")
elseif(SANITIZE STREQUAL "thread")
  set(flags "-DCMAKE_CXX_FLAGS=-fsanitize=thread" "-DCMAKE_C_FLAGS=-fsanitize=thread" "-DDAYDREAM_SANITIZE=thread")
endif()

# Builds a step's folder out of the tree and runs its tests: its cases and daydream-conform.
function(build_and_test folder)
  step("configuring ${folder}" ${CMAKE_COMMAND} -G ${GENERATOR} -S ${work}/${folder} -B ${work}/${folder}/build
       -DCMAKE_BUILD_TYPE=${CONFIGURATION} -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_C_COMPILER=${C_COMPILER}
       -DCMAKE_CXX_COMPILER=${CXX_COMPILER} ${flags})
  step("building ${folder}" ${CMAKE_COMMAND} --build ${work}/${folder}/build)
  step("running the tests of ${folder}" ${CMAKE_CTEST_COMMAND} --test-dir ${work}/${folder}/build -j2
       --output-on-failure --no-tests=error)
  set(said "${said}" PARENT_SCOPE)
endfunction()

# What `daydream plugins new` writes; without the program (plugin-api alone) the template itself.
set(folder template)
if(DAYDREAM AND EXISTS ${DAYDREAM})
  set(folder team_lint)
  step("daydream plugins new" ${DAYDREAM} plugins new acme/team_lint --dir ${work}/team_lint)
  file(READ ${work}/team_lint/descriptor.json descriptor)
  if(NOT descriptor MATCHES "\"acme/team_lint\"" OR NOT descriptor MATCHES "\"Team Lint\"")
    message(FATAL_ERROR "the new step does not carry its name: ${descriptor}")
  endif()
  file(GLOB_RECURSE written ${work}/team_lint/*)
  foreach(file IN LISTS written)
    file(READ ${file} content)
    if(content MATCHES "my_step|example/|My Step")
      message(FATAL_ERROR "${file} still carries the template's name")
    endif()
  endforeach()
  execute_process(COMMAND ${DAYDREAM} plugins new acme/team_lint --dir ${work}/team_lint RESULT_VARIABLE status
                  OUTPUT_QUIET ERROR_VARIABLE refused)
  if(NOT status EQUAL 64 OR NOT refused MATCHES "nothing is overwritten")
    message(FATAL_ERROR "a folder that is there was not refused (${status}): ${refused}")
  endif()
else()
  file(COPY ${prefix}/share/daydream/template DESTINATION ${work})
endif()
build_and_test(${folder})
if(NOT said MATCHES "conformance[ .]+Passed")
  message(FATAL_ERROR "daydream-conform is none of its tests:\n${said}")
endif()
step("installing the step" ${CMAKE_COMMAND} --install ${work}/${folder}/build --prefix ${prefix})
file(GLOB_RECURSE steps ${prefix}/*/daydream/plugins/*.so)
if(NOT steps)
  file(REMOVE_RECURSE ${work})
  message(FATAL_ERROR "the step was not installed among the plugins")
endif()

# A step whose expectation is wrong must fail, or the test above says nothing.
file(APPEND ${work}/${folder}/tests/first.case "more\n")
execute_process(COMMAND ${CMAKE_CTEST_COMMAND} --test-dir ${work}/${folder}/build -R first.case RESULT_VARIABLE status
                OUTPUT_QUIET ERROR_QUIET)
if(status EQUAL 0)
  file(REMOVE_RECURSE ${work})
  message(FATAL_ERROR "a wrong expectation passed")
endif()

# The example in plain C.
file(COPY ${prefix}/share/daydream/plugin-api/examples/final_newline DESTINATION ${work})
build_and_test(final_newline)

# The same by pkg-config and the compiler alone, wherever the package lies.
find_program(PKG_CONFIG NAMES pkg-config pkgconf)
if(PKG_CONFIG)
  file(GLOB_RECURSE pc ${prefix}/*/daydream.pc)
  get_filename_component(pc ${pc} DIRECTORY)
  set(asked ${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${pc} ${PKG_CONFIG})
  step("asking pkg-config for the headers" ${asked} --variable=includedir daydream)
  string(STRIP "${said}" said)
  get_filename_component(headers "${said}" REALPATH)
  get_filename_component(wanted ${prefix}/include REALPATH)
  if(NOT headers STREQUAL wanted)
    message(FATAL_ERROR "pkg-config names ${headers}, the package is in ${prefix}")
  endif()
  step("asking pkg-config for the map" ${asked} --variable=stepmap daydream)
  string(STRIP "${said}" map)
  step("building the C example without CMake" ${C_COMPILER} -std=c99 -shared -fPIC -fvisibility=hidden -I${headers}
       -Wl,--version-script=${map} ${work}/final_newline/step.c -o ${work}/final_newline.so)
  step("its cases" ${prefix}/bin/daydream-cases --plugin ${work}/final_newline.so ${work}/final_newline/tests/ends.case)
endif()

# A step that was written with nothing but the package (outside.md), and a night of it that is killed again and again.
if(DAYDREAM AND EXISTS ${DAYDREAM})
  step("a second new step" ${DAYDREAM} plugins new acme/todo_owner --dir ${work}/todo_owner)
  file(REMOVE ${work}/todo_owner/trailing_space.cpp ${work}/todo_owner/trailing_space.hpp
              ${work}/todo_owner/tests/first.case)
  file(COPY ${CMAKE_CURRENT_LIST_DIR}/outside/ DESTINATION ${work}/todo_owner)
  file(READ ${work}/todo_owner/CMakeLists.txt text)
  string(REPLACE " trailing_space.cpp" "" text "${text}")
  file(WRITE ${work}/todo_owner/CMakeLists.txt "${text}")
  build_and_test(todo_owner)
  step("its night, killed" ${work}/todo_owner/night.sh ${DAYDREAM} ${work}/todo_owner/build/plugins/todo_owner.so
       ${work}/night)
endif()

# plugin-api configures by itself as well, without the rest of the tree.
file(COPY ${PLUGIN_API} DESTINATION ${work})
step("configuring plugin-api alone" ${CMAKE_COMMAND} -G ${GENERATOR} -S ${work}/plugin-api -B ${work}/alone
     -DDAYDREAM_TESTS=OFF -DCMAKE_C_COMPILER=${C_COMPILER} -DCMAKE_CXX_COMPILER=${CXX_COMPILER})
file(REMOVE_RECURSE ${work})
