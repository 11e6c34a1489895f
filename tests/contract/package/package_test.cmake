# Script. BUILD: a finished build tree of the project; PLUGIN_API: the source folder.
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
               include/daydream/testing/memory_host.hpp share/daydream/template/step.cpp bin/daydream-cases)
  if(NOT wanted IN_LIST installed)
    file(REMOVE_RECURSE ${work})
    message(FATAL_ERROR "${wanted} is not installed; there is: ${installed}")
  endif()
endforeach()
if(installed MATCHES "daydream/plugins/")
  file(REMOVE_RECURSE ${work})
  message(FATAL_ERROR "the template was installed as a plugin")
endif()

file(COPY ${prefix}/share/daydream/template DESTINATION ${work})
set(flags "")
if(SANITIZE STREQUAL "address")
  set(flags "-DCMAKE_CXX_FLAGS=-fsanitize=address,undefined" "-DDAYDREAM_SANITIZE=address")
elseif(SANITIZE STREQUAL "thread")
  set(flags "-DCMAKE_CXX_FLAGS=-fsanitize=thread" "-DDAYDREAM_SANITIZE=thread")
endif()
step("configuring the copied template" ${CMAKE_COMMAND} -G ${GENERATOR} -S ${work}/template -B ${work}/build
     -DCMAKE_BUILD_TYPE=${CONFIGURATION} -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_C_COMPILER=${C_COMPILER}
     -DCMAKE_CXX_COMPILER=${CXX_COMPILER} ${flags})
step("building the copied template" ${CMAKE_COMMAND} --build ${work}/build)
step("running its cases" ${CMAKE_CTEST_COMMAND} --test-dir ${work}/build --output-on-failure --no-tests=error)
step("installing the step" ${CMAKE_COMMAND} --install ${work}/build --prefix ${prefix})
file(GLOB_RECURSE steps ${prefix}/*/daydream/plugins/trailing_space.so)
if(NOT steps)
  file(REMOVE_RECURSE ${work})
  message(FATAL_ERROR "the step was not installed among the plugins")
endif()

# A step whose expectation is wrong must fail, or the test above says nothing.
file(APPEND ${work}/template/tests/first.case "more\n")
execute_process(COMMAND ${CMAKE_CTEST_COMMAND} --test-dir ${work}/build RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
if(status EQUAL 0)
  file(REMOVE_RECURSE ${work})
  message(FATAL_ERROR "a wrong expectation passed")
endif()

# plugin-api configures by itself as well, without the rest of the tree.
file(COPY ${PLUGIN_API} DESTINATION ${work})
step("configuring plugin-api alone" ${CMAKE_COMMAND} -G ${GENERATOR} -S ${work}/plugin-api -B ${work}/alone
     -DDAYDREAM_TESTS=OFF -DCMAKE_C_COMPILER=${C_COMPILER} -DCMAKE_CXX_COMPILER=${CXX_COMPILER})
file(REMOVE_RECURSE ${work})
