// What a plugin that was built yesterday relies on, compared with the headers of today: nothing within a major is
// renamed, renumbered, moved, removed or of another type; tables grow at their end. Textual, so that it needs no
// more than the headers; offsets and sizes are compared beside it (layout.c).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace daydream::abi {

struct Struct {
  std::string name;
  std::vector<std::string> members;  // declarations, comments left out, white space single
};

struct Declarations {
  std::vector<Struct> structs;
  std::map<std::string, std::string> values;  // macros with a value, and typedefs of one type
};

Declarations read_declarations(std::string_view header);
void merge(Declarations& into, Declarations more);

// One line for each broken promise; empty when `now` may follow `released` as a later minor, or is it.
std::vector<std::string> breaks(const Declarations& released, const Declarations& now);
// The same of two prints of layout.c.
std::vector<std::string> layout_breaks(const std::string& released, const std::string& now);

// The header with its tables (not the structs that never grow) cut down to the members that the release had: what a
// tool that does not know of growing may compare.
std::string cut_to(const Declarations& released, std::string_view header);

}  // namespace daydream::abi
