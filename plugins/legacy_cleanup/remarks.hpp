// The comments by which people say "leave this" in languages with // and /* */: eslint, TypeScript,
// biome, prettier, coverage tools, NOLINT, IWYU and the like; generated and minified files; and the
// names that comments speak of where tools read them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "daydream/source/file.hpp"
#include "plugins/legacy_cleanup/suppressions.hpp"

namespace daydream::legacy {

class Remarks {
 public:
  // `comments` in order, of this content.
  Remarks(std::string_view content, const std::vector<source::Comment>& comments);

  // The whole file is not to be touched for any of `codes`.
  [[nodiscard]] bool file(const Codes& codes) const;
  // A comment on one of the lines, or one above meant for the next line, says so. Lines from 1, inclusive.
  [[nodiscard]] bool lines(std::uint32_t first, std::uint32_t last, const Codes& codes) const;
  // A comment in words beside the code on one of the lines.
  [[nodiscard]] bool words(std::uint32_t first, std::uint32_t last) const;
  // A comment that has its lines to itself ends right above the line, and is not the head of the file.
  [[nodiscard]] bool above(std::uint32_t line) const;
  // The name stands where tools read comments: types and links of JSDoc, `exported`, `global`, `@jsx`.
  [[nodiscard]] bool mentions(std::string_view name) const { return mentioned_.contains(name); }

 private:
  struct Mark {
    bool everything = false;
    bool words = false;
    std::vector<std::string> codes;
  };
  struct Place {
    std::uint32_t first = 0, last = 0;  // lines
    bool own_line = false;
  };
  void read(std::string_view comment, const Place& place);
  bool read_directive(std::string_view lower, std::string_view text, const Place& place);
  void mention(std::string_view text);
  // The names that an option of eslint lets be unused; false where its pattern is more than names.
  bool mention_pattern(std::string_view option);
  void read_documentation(std::string_view comment);
  static bool matches(const Mark& mark, const Codes& codes);
  Mark whole_;
  std::map<std::uint32_t, Mark> lines_;
  std::unordered_set<std::uint32_t> above_;
  std::unordered_set<std::string_view> mentioned_;
};

// Text that no person wrote line by line: minified or bundled.
bool minified(std::string_view content);
// A place for what others wrote or tools made: vendor/, dist/, *.min.js.
bool foreign_place(std::string_view path);

}  // namespace daydream::legacy
