// How often each name that an import binds stands in the file outside of imports and not after a dot: by the tokens
// alone, so that most files need no parse.
#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daydream/source/python_lexer.hpp"
#include "plugins/legacy_cleanup/suppressions.hpp"

namespace daydream::legacy {

// By which linters' words a comment keeps an import.
const Codes& import_codes();

class Occurrences {
 public:
  // The text behind `lexed` must outlive it.
  explicit Occurrences(const source::python::Lexed& lexed);
  // Some name is not read outside of imports, or imported twice: worth a parse.
  [[nodiscard]] bool worth_a_look() const;
  [[nodiscard]] const Suppressions& suppressions() const { return suppressions_; }
  [[nodiscard]] std::size_t of(std::string_view name) const;

 private:
  struct Count {
    std::size_t bound = 0, seen = 0, read = 0;
    bool outermost = true;  // bound at the left margin, where only the module's scope can be
    bool excused = false;   // that nothing reads it is meant, as far as its only import and `__all__` say
  };

  void read_imports(const source::python::Lexed& lexed);
  // What the statement itself says of names that nothing reads: a comment on its first or last line or on the
  // name's own, `import x as x`, a switch of __future__.
  void excuse(const source::python::Lexed& lexed, std::size_t first, std::size_t last);
  // `__all__ = ["a"]` and the like at the left margin: the names in it are meant for others.
  void count_exports(const source::python::Lexed& lexed);
  // The last name of `a as b`, the first of `a.b`.
  void bound(const source::python::Lexed& lexed, std::size_t at);
  void count(const source::python::Lexed& lexed);

  const Suppressions suppressions_;
  std::unordered_map<std::string_view, Count> counts_;
  std::vector<bool> imports_;
  std::vector<std::size_t> bound_;  // tokens that the statement being read binds
};

}  // namespace daydream::legacy
