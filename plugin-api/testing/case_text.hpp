// Bytes of a section as lines that a person can read, and back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/result.hpp"

namespace daydream::testing {

struct Encoded {
  std::vector<std::string> flags;  // crlf, no-newline, escaped
  std::string lines;               // each ends with a line feed
};

Encoded encode(std::string_view content);
Result<std::string> decode(std::string_view lines, const std::vector<std::string>& flags);

// \\ \n \r \t \" \xNN
Result<std::string> unescape(std::string_view text);
std::string escape(std::string_view text, std::string_view also = "");

// "key: value" lines, both escaped; one entry a line.
std::string write_pairs(const std::vector<std::pair<std::string, std::string>>& pairs);
Result<std::vector<std::pair<std::string, std::string>>> read_pairs(std::string_view lines);

}  // namespace daydream::testing
