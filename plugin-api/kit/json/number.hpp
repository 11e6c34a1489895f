// The text of a JSON number -> the nearest double. RapidJSON's own reading is undefined for "0e90".
#pragma once

#include <optional>
#include <string_view>

namespace daydream::json {

// REQUIRES: `text` is a number by JSON's grammar. Nothing when it is too big; what is too small is 0.
std::optional<double> parse_double(std::string_view text);

}  // namespace daydream::json
