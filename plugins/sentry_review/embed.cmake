# Script: a data file becomes one C++ constant. Variables: INPUT, OUTPUT.
file(READ ${INPUT} text)
set(literal "")
string(LENGTH "${text}" length)
set(offset 0)
while(offset LESS length)
  string(SUBSTRING "${text}" ${offset} 8000 piece)
  string(APPEND literal "\n    R\"daydream(" "${piece}" ")daydream\"")
  math(EXPR offset "${offset} + 8000")
endwhile()
file(WRITE ${OUTPUT} "// Made from suggestions.json.
#pragma once

namespace daydream::sentry {
inline constexpr char kSuggestions[] =${literal};
}  // namespace daydream::sentry
")
