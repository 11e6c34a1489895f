// The tree of places, parallel to a document, and JSON pointers into it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/json.hpp"

namespace daydream::json {

// One value, in the order of the text: a value's children follow it, each with all of its own.
struct Place {
  std::uint32_t value;    // offset of its first byte
  std::uint32_t key;      // of its key, or all ones
  std::uint32_t subtree;  // places of it and below it
};

// "a~1b" -> "a/b".
std::string unescape_part(std::string_view part);
// Which child of `value` has this name or number.
std::optional<std::size_t> child_index(const Value& value, const std::string& part);
std::size_t nth_child(const std::vector<Place>& places, std::size_t parent, std::size_t n);

}  // namespace daydream::json
