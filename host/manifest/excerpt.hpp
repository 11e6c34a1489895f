// What is wrong in a file, as a good compiler says it: the place, the words, the line and a caret below it.
#pragma once

#include <string>
#include <string_view>

#include "daydream/kit/json.hpp"
#include "daydream/kit/result.hpp"
#include "manifest/tree.hpp"

namespace daydream::manifest {

// The line of `bytes` and a caret below it, each behind a line break; "" where the line would show what looks
// like a secret, or is not there. Tabs are spaces, control characters visible, long lines cut on both sides.
std::string excerpt(std::string_view bytes, json::Position at);
// `message` begins with "<name>:line:column:": the line of that place is added. Else as it is.
std::string with_excerpt(std::string message, std::string_view name, std::string_view bytes);

// kInvalid: "file:line:column: steps[2].plugin: message" and the excerpt. Lines of `secrets` are not shown:
// what stands there by mistake may be one.
Error error_at(const Place& place, std::string_view message);
Error error_at_key(const Place& place, std::string_view message);
// For a problem that a schema has found in the value at `base_pointer` of the file.
Error error_of(const File& file, const json::Problem& problem, const std::string& base_pointer);

}  // namespace daydream::manifest
