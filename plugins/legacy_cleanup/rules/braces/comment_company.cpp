#include "plugins/legacy_cleanup/rules/braces/comment_company.hpp"

#include <algorithm>
#include <cctype>

#include "daydream/kit/text.hpp"

namespace daydream::legacy::braces {
namespace {

bool name_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$';
}

// Left of the first '=' that assigns, without the operator before it; "" where there is none.
std::string_view left_side(std::string_view line) {
  for (auto at = line.find('='); at != std::string_view::npos && at > 0; at = line.find('=', at + 1)) {
    const char next = at + 1 < line.size() ? line[at + 1] : '\0';
    if (next == '=' || next == '>') {
      ++at;
      continue;
    }
    if (line[at - 1] == '!') continue;
    const auto last = line.find_last_not_of(" \t+-*/%^|&<>", at - 1);
    return last == std::string_view::npos ? std::string_view() : line.substr(0, last + 1);
  }
  return {};
}

// The variable that is set: "a" of `a[0].b`; "" for declarations and anything else.
std::string_view target(std::string_view line) {
  std::string_view left = text::trim(left_side(line));
  if (left.find_first_of(" \t(),") != std::string_view::npos) return {};
  left.remove_prefix(std::min(left.find_first_not_of('*'), left.size()));
  const auto end = std::find_if_not(left.begin(), left.end(), name_byte);
  return left.substr(0, static_cast<std::size_t>(end - left.begin()));
}

// What the block sets, where it does nothing else.
std::string_view only_sets(const CommentText& block) {
  std::string_view name;
  for (const std::string& line : block.text) {
    if (line.empty()) continue;
    name = target(line);
    if (name.empty()) return {};
  }
  return name;
}

bool has_word(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !name_byte(text[at - 1])) && (end == text.size() || !name_byte(text[end]))) return true;
  }
  return false;
}

// The line below the block sets the same variable.
bool restated(std::string_view content, const CommentText& block, std::string_view name) {
  const auto line_break = content.find('\n', block.end);
  if (name.empty() || line_break == std::string_view::npos) return false;
  const std::string_view behind = content.substr(line_break + 1);
  return has_word(left_side(behind.substr(0, behind.find('\n'))), name);
}

}  // namespace

std::vector<bool> without_words(const std::vector<CommentText>& blocks, const std::vector<bool>& code) {
  const auto touching = [&](std::size_t above) {
    return above + 1 < blocks.size() && blocks[above].last_line + 1 == blocks[above + 1].line;
  };
  std::vector<bool> alone(code);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const bool above = blocks[i].before.empty() || (i > 0 && touching(i - 1) && alone[i - 1]);
    alone[i] = alone[i] && above;
  }
  for (std::size_t i = blocks.size(); i-- > 0;) alone[i] = alone[i] && (!touching(i) || alone[i + 1]);
  return alone;
}

std::vector<bool> explaining(std::string_view content, const std::vector<CommentText>& blocks) {
  constexpr std::ptrdiff_t kHabit = 3;
  std::vector<bool> sets(blocks.size()), explains(blocks.size());
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const std::string_view name = only_sets(blocks[i]);
    sets[i] = !name.empty();
    explains[i] = restated(content, blocks[i], name);
  }
  return std::count(explains.begin(), explains.end(), true) >= kHabit ? sets : explains;
}

}  // namespace daydream::legacy::braces
