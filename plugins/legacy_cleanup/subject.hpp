// One file under examination. Tokens, tree and names are made when first asked for, and once.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daydream/source/c_lexer.hpp"
#include "daydream/source/file.hpp"
#include "daydream/source/javascript_names.hpp"
#include "daydream/source/python_lexer.hpp"
#include "daydream/source/python_names.hpp"

namespace daydream::legacy {

class Remarks;

class Subject {
 public:
  // `content` must outlive the subject. `path` is relative to the tree; empty while only the content counts.
  Subject(std::string path, std::string_view content, source::Language language)
      : path_(std::move(path)), content_(content), language_(language) {}

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string_view content() const { return content_; }
  [[nodiscard]] source::Language language() const { return language_; }

  // REQUIRES: the language is Python.
  const source::python::Lexed& lexed() const;
  // REQUIRES: the language is C or C++.
  const source::c::Lexed& c_lexed() const;
  // nullptr when the file is over a limit: too_big() says which.
  const source::File* tree() const;
  // Scopes, bindings and references; nullptr without a tree or with syntax errors in it.
  const source::python::Names* names() const;
  // The same for JavaScript and TypeScript.
  const source::javascript::Names* script_names() const;
  // What comments say, in languages with // and /* */. REQUIRES: C or C++, or tree().
  const Remarks& remarks() const;
  // Somebody wanted the tree.
  [[nodiscard]] bool asked() const { return tree_asked_; }
  // Why there is no tree ("larger than 2048 KiB"), once tree() was asked for; else "".
  [[nodiscard]] const std::string& skipped() const { return skipped_; }

 private:
  std::string path_;
  std::string_view content_;
  source::Language language_;
  mutable std::optional<source::python::Lexed> lexed_;
  mutable std::optional<source::c::Lexed> c_lexed_;
  mutable std::optional<source::File> tree_;
  mutable std::unique_ptr<source::python::Names> names_;
  mutable std::unique_ptr<source::javascript::Names> script_names_;
  mutable std::shared_ptr<Remarks> remarks_;
  mutable bool tree_asked_ = false, names_asked_ = false;
  mutable std::string skipped_;
};

}  // namespace daydream::legacy
