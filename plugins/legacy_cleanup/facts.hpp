// What one Python file says about itself and others, by its tokens alone: the input of the index.
// A pure function of the content, remembered under its hash.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/result.hpp"
#include "daydream/source/python_lexer.hpp"

namespace daydream::legacy {

struct Import {
  std::string module;  // as written, leading dots kept: "os.path", "..pkg"
  std::string name;    // of `from module import name`; "*"; "" for `import module`
  std::string alias;   // after `as`, else ""
};

// Of a JavaScript or TypeScript file.
struct ScriptFacts {
  bool known = false;                // it is one, and was read
  bool acts = false;                 // its top level does more than define
  bool augments = false;             // it widens types of others
  std::vector<std::string> modules;  // what it asks for, as written
};

struct Facts {
  std::vector<Import> imports;          // wherever they stand in the file
  std::vector<std::string> references;  // dotted reads rooted in an import: "pkg.mod.name", dots leading as above
  std::vector<std::string> dotted;      // strings shaped "a.b.c" or "a.b:c" (':' as '.')
  std::vector<std::string> words;       // plain-word strings, where the file patches or gets attributes by name
  std::vector<std::string> loose;       // attributes read, where the file imports modules by computed names
  std::vector<std::string> fixtures;    // functions decorated as test fixtures
  bool acts = false;                    // calls, decorators or classes with bases at the top level
  ScriptFacts script;
  std::vector<std::string> apis;  // of C and C++: names of half_migration's table that stand in it

  [[nodiscard]] std::string encode() const;
  static Result<Facts> decode(std::string_view bytes);
};

Facts facts_of(const source::python::Lexed& lexed);
// Of a text that is no Python: the dotted names in it ("pkg.mod:name", "pkg.mod.name").
Facts facts_of_text(std::string_view text);

}  // namespace daydream::legacy
