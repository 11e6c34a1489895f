# Script: fails where LIBRARY exports anything but the one symbol of a plugin. Variables: NM, LIBRARY.
execute_process(COMMAND ${NM} -D --defined-only ${LIBRARY} OUTPUT_VARIABLE table RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${NM} cannot read ${LIBRARY}")
endif()
string(REGEX MATCHALL "[^ \n]+\n" names "${table}")
list(TRANSFORM names STRIP)
if(NOT names STREQUAL "daydream_plugin_v1")
  file(REMOVE ${LIBRARY})
  message(FATAL_ERROR "${LIBRARY} must export daydream_plugin_v1 and nothing else; it exports: ${names}\n"
                      "Is there exactly one DAYDREAM_PLUGIN(Step, descriptor)?")
endif()
