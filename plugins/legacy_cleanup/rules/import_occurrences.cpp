#include "plugins/legacy_cleanup/rules/import_occurrences.hpp"

#include <algorithm>

namespace daydream::legacy {

namespace python = source::python;
using python::TokenKind;

namespace {

bool import_line(const python::Lexed& lexed, std::size_t at) {
  const std::string_view word = lexed.text(lexed.tokens[at]);
  if (word != "import" && word != "from") return false;
  if (at == 0) return true;
  const auto& before = lexed.tokens[at - 1];
  const std::string_view text = lexed.text(before);
  return before.kind == TokenKind::kNewline || before.kind == TokenKind::kComment || text == ";" || text == ":";
}

bool alias_follows(const python::Lexed& lexed, std::size_t at) {
  while (lexed.is(at + 1, ".")) at += 2;
  return lexed.is(at + 1, "as");
}

}  // namespace

const Codes& import_codes() {
  static const Codes kCodes{"F401", "W0611", "unused-import", "W0614", "PLW0611"};
  return kCodes;
}

Occurrences::Occurrences(const python::Lexed& lexed) : suppressions_(lexed) {
  read_imports(lexed);
  if (counts_.empty()) return;
  count(lexed);
  count_exports(lexed);
}

bool Occurrences::worth_a_look() const {
  return !suppressions_.file(import_codes()) && std::any_of(counts_.begin(), counts_.end(), [](const auto& item) {
    const Count& count = item.second;
    return count.bound > 1 || (count.read == 0 && !count.excused);
  });
}

std::size_t Occurrences::of(std::string_view name) const {
  const auto found = counts_.find(name);
  return found == counts_.end() ? 0 : found->second.seen;
}

void Occurrences::read_imports(const python::Lexed& lexed) {
  imports_.assign(lexed.tokens.size(), false);
  for (std::size_t at = 0; at < lexed.tokens.size(); ++at) {
    if (lexed.tokens[at].kind != TokenKind::kName || !import_line(lexed, at)) continue;
    const std::size_t first = at;
    bound_.clear();
    bool names = lexed.is(at, "import");
    for (; at < lexed.tokens.size() && lexed.tokens[at].kind != TokenKind::kNewline && !lexed.is(at, ";"); ++at) {
      imports_[at] = true;
      names |= lexed.is(at, "import");
      if (names && lexed.tokens[at].kind == TokenKind::kName) bound(lexed, at);
    }
    excuse(lexed, first, at);
  }
}

void Occurrences::excuse(const python::Lexed& lexed, std::size_t first, std::size_t last) {
  const auto quiet = [&](std::size_t at) {
    return suppressions_.lines(lexed.tokens[at].line, lexed.tokens[at].line, import_codes());
  };
  const bool whole = quiet(first) || quiet(last - 1) || lexed.is(first + 1, "__future__");
  const bool margin =
      first == 0 || lexed.tokens[first].begin == 0 || lexed.content[lexed.tokens[first].begin - 1] == '\n';
  for (const std::size_t at : bound_) {
    Count& count = counts_.at(lexed.text(lexed.tokens[at]));
    const bool same = at >= first + 2 && lexed.is(at - 1, "as") && lexed.is(at - 2, lexed.text(lexed.tokens[at]));
    count.outermost &= margin;
    count.excused |= whole || same || quiet(at);
  }
}

void Occurrences::count_exports(const python::Lexed& lexed) {
  for (const auto& line : lexed.lines) {
    if (line.indent != 0 || !lexed.is(line.first, "__all__")) continue;
    for (std::size_t at = line.first; at < line.last && !lexed.is(at, ";"); ++at) {
      if (lexed.tokens[at].kind != TokenKind::kString) continue;
      const std::string_view name = lexed.text(lexed.tokens[at]);
      if (name.size() < 3 || (name[0] != '"' && name[0] != '\'')) continue;
      const auto found = counts_.find(name.substr(1, name.size() - 2));
      if (found != counts_.end()) found->second.excused |= found->second.outermost;
    }
  }
}

void Occurrences::bound(const python::Lexed& lexed, std::size_t at) {
  const std::string_view word = lexed.text(lexed.tokens[at]);
  if (word == "import" || word == "as" || (at > 0 && lexed.is(at - 1, "."))) return;
  const bool aliased = lexed.is(at + 1, "as") || (lexed.is(at + 1, ".") && alias_follows(lexed, at));
  if (aliased) return;
  ++counts_[word].bound;
  bound_.push_back(at);
}

void Occurrences::count(const python::Lexed& lexed) {
  for (std::size_t at = 0; at < lexed.tokens.size(); ++at) {
    if (lexed.tokens[at].kind != TokenKind::kName || imports_[at] || (at > 0 && lexed.is(at - 1, "."))) continue;
    const auto found = counts_.find(lexed.text(lexed.tokens[at]));
    if (found == counts_.end()) continue;
    ++found->second.seen;
    // `x = None` and `f(x=1)` read nothing; f"{x=}" does.
    const bool stored =
        lexed.is(at + 1, "=") && at + 2 < lexed.tokens.size() && lexed.tokens[at + 2].kind != TokenKind::kFString;
    found->second.read += stored ? 0 : 1;
  }
}

}  // namespace daydream::legacy
