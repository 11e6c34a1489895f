// TODO, FIXME, XXX and HACK in the comments of source code: by the parser's comment nodes, so that what only
// looks like one (a string, an identifier) is none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/source/language.hpp"

namespace daydream::tasks {

struct TodoComment {
  std::string id;      // of its words and the function or class around it, not of its place
  std::string tag;     // "TODO"
  std::string words;   // what stands behind the tag on its line, without the owner
  std::string owner;   // of TODO(owner)
  std::string symbol;  // around it, or ""
  std::size_t line = 0;
  std::size_t begin = 0, end = 0;  // bytes of the comment it stands in

  bool operator==(const TodoComment&) const = default;
};

// kNone-language files and files over the parser's limits give none.
std::vector<TodoComment> todo_comments(std::string_view content, source::Language language);
// Cheap: no parse is needed where this is false.
bool may_hold_todo(std::string_view content);

// One file's comments as they are kept in memory, with the token of the content.
struct ScanRow {
  std::uint64_t token = 0;
  std::vector<TodoComment> comments;
  [[nodiscard]] std::string encode() const;
  static std::optional<ScanRow> decode(std::string_view bytes);
};

// Where a tag stands in a line of a comment, and which; npos: nowhere. `front`: only markers stand before it.
struct Tag {
  std::size_t at = std::string_view::npos;
  std::string_view name;
  bool front = false;
};
Tag tag_in(std::string_view line);

// Share of words two texts have in common, in thousandths of all their words.
int likeness(std::string_view one, std::string_view other);

}  // namespace daydream::tasks
