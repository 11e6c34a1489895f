// Is this text of a comment a piece of JavaScript, TypeScript, C or C++? Answered by the grammar, by what
// only code has, and by what else the file says.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include "daydream/source/language.hpp"

namespace daydream::legacy::braces {

struct CodeText {
  bool parses = false;  // as statements, members or a piece of them: worth asking git about
  bool likely = false;  // and it can hardly be anything else
};

// Names that stand in the program itself: `known`.
CodeText judge(const std::string& code, source::Language language, const std::unordered_set<std::string_view>& known);

}  // namespace daydream::legacy::braces
