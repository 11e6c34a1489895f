# How a step is built and tested, in this tree and (through find_package(daydream)) in any other.
#
# daydream_add_step(NAME SOURCES file... [KITS json text git ...] [LINKS target...]
#                   [DESCRIPTOR descriptor.json] [SCHEMA schema.json])
#   One step as one shared library NAME.so: hidden visibility, one exported symbol, checked after the
#   link. DESCRIPTOR (default descriptor.json, where there is one) and SCHEMA (default schema.json, where
#   there is one; becomes its "config_schema") are embedded at build time: include
#   "daydream_descriptor.hpp" and name daydream::kStepDescriptor. The SDK with json, text and result is
#   always linked. NAME.so lands in DAYDREAM_STEP_DIRECTORY (default <build>/plugins) and is installed
#   unless DAYDREAM_STEP_INSTALL is OFF.
# daydream_add_cases(STEP directory)
#   Every *.case file below the directory is one test: see daydream/testing/cases.md.
# daydream_add_conformance(STEP [argument...])
#   One test that runs daydream-conform on the step, with these arguments: --config FILE, --case FILE, --tree DIR.
#   The files count from the CMakeLists' folder.
include_guard(GLOBAL)
include(GNUInstallDirs)
set(DAYDREAM_STEP_MODULE_DIR ${CMAKE_CURRENT_LIST_DIR})

# The target of a kit, in this tree or installed.
function(daydream_kit_target kit result)
  if(TARGET daydream_${kit})
    set(${result} daydream_${kit} PARENT_SCOPE)
  elseif(TARGET daydream::${kit})
    set(${result} daydream::${kit} PARENT_SCOPE)
  else()
    message(FATAL_ERROR "daydream_add_step: no kit \"${kit}\"")
  endif()
endfunction()

function(daydream_embed_descriptor name descriptor schema)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${name}_descriptor)
  set(inputs ${descriptor} ${schema})
  add_custom_command(
    OUTPUT ${folder}/daydream_descriptor.hpp
    COMMAND ${CMAKE_COMMAND} -DDESCRIPTOR=${descriptor} -DSCHEMA=${schema} -DOUTPUT=${folder}/daydream_descriptor.hpp
            -P ${DAYDREAM_STEP_MODULE_DIR}/DaydreamDescriptor.cmake
    DEPENDS ${inputs} ${DAYDREAM_STEP_MODULE_DIR}/DaydreamDescriptor.cmake
    COMMENT "Embedding the descriptor of ${name}" VERBATIM)
  target_sources(${name} PRIVATE ${folder}/daydream_descriptor.hpp)
  target_include_directories(${name} PRIVATE ${folder})
endfunction()

function(daydream_add_step name)
  cmake_parse_arguments(ARG "" "SCHEMA;DESCRIPTOR" "SOURCES;KITS;LINKS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "daydream_add_step(${name}): what is \"${ARG_UNPARSED_ARGUMENTS}\"?")
  endif()
  if(NOT DAYDREAM_STEP_DIRECTORY)
    set(DAYDREAM_STEP_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
  endif()
  add_library(${name} MODULE ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX ".so" CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON LIBRARY_OUTPUT_DIRECTORY ${DAYDREAM_STEP_DIRECTORY}
    LINK_DEPENDS ${DAYDREAM_STEP_MODULE_DIR}/step.map)
  target_compile_features(${name} PRIVATE cxx_std_20)
  # A unique symbol would keep the library from ever being unloaded and tie it to others of its name.
  target_compile_options(${name} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  # A sanitizer's runtime is in the program, so its symbols are open in the library.
  target_link_options(${name} PRIVATE -Wl,--version-script=${DAYDREAM_STEP_MODULE_DIR}/step.map
                      $<$<NOT:$<BOOL:${DAYDREAM_SANITIZE}>>:-Wl,-z,defs>)
  foreach(kit IN LISTS ARG_KITS ITEMS sdk)
    daydream_kit_target(${kit} target)
    target_link_libraries(${name} PRIVATE ${target})
  endforeach()
  target_link_libraries(${name} PRIVATE ${ARG_LINKS})
  if(TARGET daydream_options)
    target_link_libraries(${name} PRIVATE daydream_options)
  endif()
  daydream_step_default(ARG_DESCRIPTOR descriptor.json)
  daydream_step_default(ARG_SCHEMA schema.json)
  if(ARG_DESCRIPTOR)
    daydream_embed_descriptor(${name} ${ARG_DESCRIPTOR} "${ARG_SCHEMA}")
  endif()
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -DNM=${CMAKE_NM} -DLIBRARY=$<TARGET_FILE:${name}>
            -P ${DAYDREAM_STEP_MODULE_DIR}/DaydreamExports.cmake VERBATIM)
  if(NOT DEFINED DAYDREAM_STEP_INSTALL OR DAYDREAM_STEP_INSTALL)
    install(TARGETS ${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/daydream/plugins)
  endif()
endfunction()

# Makes the variable an absolute path; the file of that name beside the CMakeLists where it is not set.
macro(daydream_step_default variable file)
  if(NOT ${variable} AND EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
    set(${variable} ${file})
  endif()
  if(${variable})
    get_filename_component(${variable} ${${variable}} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
endmacro()

function(daydream_add_cases step directory)
  if(DEFINED DAYDREAM_TESTS AND NOT DAYDREAM_TESTS)
    return()
  endif()
  get_filename_component(directory ${directory} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
  file(GLOB_RECURSE cases CONFIGURE_DEPENDS RELATIVE ${directory} ${directory}/*.case)
  set(runner daydream::cases)
  if(TARGET daydream_cases)
    set(runner daydream_cases)
    add_dependencies(${step} daydream_cases)
  endif()
  foreach(case IN LISTS cases)
    add_test(NAME "${step}: ${case}" COMMAND ${runner} --plugin $<TARGET_FILE:${step}> ${directory}/${case})
    set_tests_properties("${step}: ${case}" PROPERTIES TIMEOUT 120)
  endforeach()
endfunction()

function(daydream_add_conformance step)
  if(DEFINED DAYDREAM_TESTS AND NOT DAYDREAM_TESTS)
    return()
  endif()
  set(runner daydream::conform)
  if(TARGET daydream_conform)
    set(runner daydream_conform)
    add_dependencies(${step} daydream_conform)
  endif()
  add_test(NAME "${step}: conformance" COMMAND ${runner} $<TARGET_FILE:${step}> ${ARGN}
           WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  set_tests_properties("${step}: conformance" PROPERTIES TIMEOUT 600)
endfunction()
