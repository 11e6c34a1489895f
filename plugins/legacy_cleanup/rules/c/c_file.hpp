// What the rules for C and C++ share.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "daydream/source/c_lexer.hpp"
#include "plugins/legacy_cleanup/remarks.hpp"
#include "plugins/legacy_cleanup/rules/rule.hpp"

namespace daydream::legacy::c {

using source::c::Lexed;
using source::c::Token;
using source::c::TokenKind;

bool is_c(source::Language language);
// Files that no rule for C speaks of: vendored, generated and minified ones, test data.
bool left_alone(std::string_view path);

// Whole lines from the one that holds `begin` to the one that holds `end`; blank lines on both sides of
// them become those of one side.
Edit whole_lines(std::string_view content, std::uint32_t begin, std::uint32_t end);
// Whether the bytes [begin, end) have their lines to themselves, but for a comment behind them.
bool own_lines(std::string_view content, std::uint32_t begin, std::uint32_t end);
// Where text is compiled only on a condition: [begin, end) of each #if ... #endif that does not span the file,
// as the guard of a header does. What stands there may be meant for other compilers.
std::vector<std::pair<std::uint32_t, std::uint32_t>> conditional_parts(const Lexed& lexed);
bool within(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& parts, std::uint32_t at);

}  // namespace daydream::legacy::c
