// Is this text of a comment a piece of Python? Answered by the grammar and by what else the file says.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

namespace daydream::legacy {

struct CodeVerdict {
  bool parses = false;  // as it stands, as a suite completed, or as entries of a bracket
  bool coded = false;   // and something in it is no bare word: worth asking git about
  bool likely = false;  // and it has what only code has: statements whose names this file knows
  int statements = 0;
};

// Names that stand in the program itself: `known`. `nested`: the comment stands inside brackets.
CodeVerdict judge_code(const std::string& code, bool nested, const std::unordered_set<std::string_view>& known);

// A line that announces an example, a replacement or a remark about the lines below it.
bool announces(std::string_view line);

}  // namespace daydream::legacy
