// The comments by which people say "leave this": noqa, ruff, flake8, pylint, type: ignore, pragma and
// the like, on a line or for a file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/legacy_cleanup/subject.hpp"

namespace daydream::legacy {

// What other tools call the same thing: {"F401", "W0611", "unused-import"}.
using Codes = std::vector<std::string_view>;

class Suppressions {
 public:
  // REQUIRES: Python.
  explicit Suppressions(const source::python::Lexed& lexed);

  // The whole file is not to be touched for any of `codes`: a file-level comment, or generated text.
  [[nodiscard]] bool file(const Codes& codes) const;
  // A comment on one of the lines (from 1, inclusive) says so.
  [[nodiscard]] bool lines(std::uint32_t first, std::uint32_t last, const Codes& codes) const;
  // A comment in words on one of the lines: somebody had a reason. (Suppressions are none.)
  [[nodiscard]] bool remarks(std::uint32_t first, std::uint32_t last) const;

 private:
  struct Mark {
    bool everything = false;
    bool words = false;
    std::vector<std::string> codes;
  };
  void read(std::string_view comment, bool own_line, std::uint32_t line);
  void read_part(std::string_view part, bool own_line, Mark& mark);
  static bool matches(const Mark& mark, const Codes& codes);
  Mark whole_;
  std::map<std::uint32_t, Mark> lines_;
};

}  // namespace daydream::legacy
