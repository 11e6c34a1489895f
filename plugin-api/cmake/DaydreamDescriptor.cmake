# Script: descriptor.json and schema.json become one C++ constant. Variables: DESCRIPTOR, SCHEMA (may be
# empty), OUTPUT. The texts are joined as they are: the order of the schema's properties is kept.
file(READ ${DESCRIPTOR} descriptor)
string(JSON kind ERROR_VARIABLE problem TYPE "${descriptor}")
if(problem OR NOT kind STREQUAL "OBJECT")
  message(FATAL_ERROR "${DESCRIPTOR}: not one JSON object: ${problem}")
endif()
string(STRIP "${descriptor}" descriptor)
if(SCHEMA)
  file(READ ${SCHEMA} schema)
  string(JSON kind ERROR_VARIABLE problem TYPE "${schema}")
  if(problem OR NOT kind STREQUAL "OBJECT")
    message(FATAL_ERROR "${SCHEMA}: not one JSON object: ${problem}")
  endif()
  string(JSON already ERROR_VARIABLE absent TYPE "${descriptor}" config_schema)
  if(NOT absent)
    message(FATAL_ERROR "${DESCRIPTOR}: has a config_schema beside ${SCHEMA}")
  endif()
  string(STRIP "${schema}" schema)
  string(LENGTH "${descriptor}" length)
  math(EXPR length "${length} - 1")
  string(SUBSTRING "${descriptor}" 0 ${length} descriptor)
  string(APPEND descriptor ",\n\"config_schema\": " "${schema}" "}")
endif()
# Pieces, because a compiler may refuse one very long literal.
set(literal "")
string(LENGTH "${descriptor}" length)
set(offset 0)
while(offset LESS length)
  string(SUBSTRING "${descriptor}" ${offset} 8000 piece)
  string(APPEND literal "\n    R\"daydream(" "${piece}" ")daydream\"")
  math(EXPR offset "${offset} + 8000")
endwhile()
file(WRITE ${OUTPUT} "// Made from descriptor.json and schema.json.
#pragma once

namespace daydream {
inline constexpr char kStepDescriptor[] =${literal};
}  // namespace daydream
")
