# daydream_add_step(NAME SOURCES file... [KITS json text ...] [LINKS target...] [SCHEMA file])
# One step as one shared library: hidden visibility, one exported symbol, nothing else leaks out.
include_guard(GLOBAL)
set(DAYDREAM_STEP_MODULE_DIR ${CMAKE_CURRENT_LIST_DIR})

function(daydream_add_step name)
  cmake_parse_arguments(ARG "" "SCHEMA" "SOURCES;KITS;LINKS" ${ARGN})
  add_library(${name} MODULE ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES
    PREFIX "" CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins
    LINK_DEPENDS ${DAYDREAM_STEP_MODULE_DIR}/step.map)
  target_compile_features(${name} PRIVATE cxx_std_20)
  target_link_options(${name} PRIVATE -Wl,--version-script=${DAYDREAM_STEP_MODULE_DIR}/step.map -Wl,--no-undefined
                      $<$<NOT:$<BOOL:${DAYDREAM_SANITIZE}>>:-Wl,-z,defs>)
  foreach(kit IN LISTS ARG_KITS)
    if(TARGET daydream_${kit})
      target_link_libraries(${name} PRIVATE daydream_${kit})
    else()
      target_link_libraries(${name} PRIVATE daydream::${kit})
    endif()
  endforeach()
  if(TARGET daydream_api)
    target_link_libraries(${name} PRIVATE daydream_api ${ARG_LINKS})
  else()
    target_link_libraries(${name} PRIVATE daydream::api ${ARG_LINKS})
  endif()
  if(TARGET daydream_options)
    target_link_libraries(${name} PRIVATE daydream_options)
  endif()
  install(TARGETS ${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/daydream/plugins)
endfunction()
