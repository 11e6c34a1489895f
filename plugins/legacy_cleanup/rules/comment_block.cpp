#include "plugins/legacy_cleanup/rules/comment_block.hpp"

#include <algorithm>
#include <array>

#include "daydream/kit/text.hpp"

namespace daydream::legacy {
namespace {

using source::python::Lexed;
using source::python::Token;
using source::python::TokenKind;

std::string_view without_marker(std::string_view comment) {
  const auto at = comment.find_first_not_of('#');
  return at == std::string_view::npos ? std::string_view() : comment.substr(at);
}

bool speaks_to_tools(std::string_view comment) {
  if (comment.starts_with("#!") || comment.starts_with("#:") || comment.starts_with("#%%") ||
      comment.starts_with("# %%") || comment.starts_with("#region") || comment.starts_with("#endregion")) {
    return true;
  }
  const std::string lower = text::to_lower_ascii(text::trim(without_marker(comment)));
  static constexpr std::array<std::string_view, 29> kWords{
      "type:",    "noqa",      "pylint:",      "pragma",  "fmt:",       "isort:", "ruff:",   "mypy:",
      "pyright:", "flake8:",   "nosec",        "-*-",     "vim:",       "vi:",    "magic ",  "command ",
      "region",   "endregion", "noinspection", "cython:", "distutils:", "yapf:",  "nopycln", "sourcery",
      "pytype:",  "coverage:", "doctest:",     "in[",     "<codecell>"};
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) { return lower.starts_with(word); }) ||
         lower.find("coding:") != std::string::npos || lower.find("coding=") != std::string::npos ||
         lower.find("noqa") != std::string::npos;
}

// "/// script" to "///", as PEP 723 has it.
class ScriptMetadata {
 public:
  bool inside(std::string_view comment) {
    const std::string_view text = text::trim(without_marker(comment));
    const bool border = text.starts_with("///");
    const bool was = inside_;
    if (border) inside_ = !inside_;
    return was || border;
  }
  void leave() { inside_ = false; }

 private:
  bool inside_ = false;
};

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(" \t"), line.size());
}

void strip(CommentBlock& block, std::string_view content) {
  std::size_t common = std::string::npos;
  for (std::size_t i = 0; i < block.begins.size(); ++i) {
    std::string_view line = without_marker(content.substr(block.begins[i], block.ends[i] - block.begins[i]));
    const auto last = line.find_last_not_of(" \t\r\f");
    line = last == std::string_view::npos ? std::string_view() : line.substr(0, last + 1);
    if (!line.empty()) common = std::min(common, indent_of(line));
    block.text.emplace_back(line);
  }
  for (std::string& line : block.text) {
    if (!line.empty()) line.erase(0, common);
  }
}

}  // namespace

std::string CommentBlock::joined(std::size_t first, std::size_t last) const {
  std::string all;
  for (std::size_t i = first; i < last; ++i) all += text[i] + "\n";
  return all;
}

std::vector<CommentBlock> comment_blocks(const Lexed& lexed) {
  std::vector<CommentBlock> blocks;
  ScriptMetadata metadata;
  std::uint32_t last_line = 0;   // of the block that may go on
  std::uint32_t above_line = 0;  // of any comment before
  std::string_view above;
  bool head = true;
  std::size_t line_begin = 0;
  for (std::size_t at = 0; at < lexed.tokens.size(); ++at) {
    const Token& token = lexed.tokens[at];
    if (token.kind != TokenKind::kComment) {
      head &= token.kind == TokenKind::kNewline || token.kind == TokenKind::kString;
      continue;
    }
    const auto line_break = token.begin == 0 ? std::string_view::npos : lexed.content.rfind('\n', token.begin - 1);
    line_begin = line_break == std::string_view::npos ? 0 : line_break + 1;
    const std::string_view before = lexed.content.substr(line_begin, token.begin - line_begin);
    if (before.find_first_not_of(" \t\f") != std::string_view::npos) continue;
    const std::string_view comment = lexed.text(token);
    if (above_line + 1 != token.line) metadata.leave();
    const bool close = above_line != 0 && token.line - above_line <= 2;
    const bool apart = metadata.inside(comment) || speaks_to_tools(comment);
    const auto column = static_cast<std::uint32_t>(before.size());
    if (apart) {
      last_line = 0;
    } else {
      if (last_line + 1 != token.line || last_line == 0 || blocks.back().column != column) {
        blocks.push_back({});
        CommentBlock& fresh = blocks.back();
        fresh.line = token.line;
        fresh.column = column;
        fresh.nested = token.nested;
        fresh.head = head;
        if (close) fresh.before = above;
      }
      blocks.back().begins.push_back(token.begin);
      blocks.back().ends.push_back(token.end);
      last_line = token.line;
    }
    above = comment;
    above_line = token.line;
  }
  for (CommentBlock& block : blocks) strip(block, lexed.content);
  return blocks;
}

}  // namespace daydream::legacy
