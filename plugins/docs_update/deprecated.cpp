#include "plugins/docs_update/deprecated.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "daydream/kit/text.hpp"
#include "daydream/source/language.hpp"
#include "daydream/source/python_lexer.hpp"

namespace daydream::docs {
namespace {

using source::Language;
using source::python::Lexed;
using source::python::LogicalLine;
using source::python::TokenKind;

bool word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$';
}

std::string one_line(std::string_view words) {
  return text::shorten(text::collapse_space(text::to_utf8(words)), 200);
}

// The first plain string among the tokens, without its quotes.
std::string string_in(const Lexed& lexed, const LogicalLine& line) {
  for (std::size_t i = line.first; i < line.last; ++i) {
    if (lexed.tokens[i].kind != TokenKind::kString) continue;
    std::string_view word = lexed.text(lexed.tokens[i]);
    while (!word.empty() && word.front() != '"' && word.front() != '\'') word.remove_prefix(1);
    while (!word.empty() && (word.front() == '"' || word.front() == '\'')) word.remove_prefix(1);
    while (!word.empty() && (word.back() == '"' || word.back() == '\'')) word.remove_suffix(1);
    return word.find('{') == std::string_view::npos && word.find('%') == std::string_view::npos ? one_line(word) : "";
  }
  return {};
}

bool has_token(const Lexed& lexed, const LogicalLine& line, std::string_view word) {
  for (std::size_t i = line.first; i < line.last; ++i) {
    if (lexed.is(i, word)) return true;
  }
  return false;
}

class PythonReader {
 public:
  PythonReader(std::string_view path, std::string_view content, std::vector<Deprecated>& found)
      : path_(path), lexed_(source::python::lex(content)), found_(found) {}

  void read() {
    if (lexed_.broken) return;
    for (const LogicalLine& line : lexed_.lines) take(line);
  }

 private:
  struct Scope {
    std::uint32_t indent;
    std::string name;
    bool type;
    std::optional<std::uint32_t> body;  // indent of its own statements
    std::uint32_t line;
  };

  void take(const LogicalLine& line) {
    while (!scopes_.empty() && line.indent <= scopes_.back().indent) scopes_.pop_back();
    if (!scopes_.empty() && !scopes_.back().body) scopes_.back().body = line.indent;
    std::size_t at = line.first;
    if (lexed_.is(at, "@")) {
      decorator(line);
      return;
    }
    if (lexed_.is(at, "async")) ++at;
    const bool type = lexed_.is(at, "class");
    if ((type || lexed_.is(at, "def")) && at + 1 < line.last) {
      Scope scope{line.indent, std::string(lexed_.text(lexed_.tokens[at + 1])), type, std::nullopt,
                  lexed_.tokens[at].line};
      if (marked_) put(scope.name, owner(), std::move(*marked_), scope.line);
      marked_.reset();
      scopes_.push_back(std::move(scope));
      return;
    }
    marked_.reset();
    warning(line, at);
  }

  void decorator(const LogicalLine& line) {
    for (std::size_t i = line.first + 1; i < line.last && !lexed_.is(i, "("); ++i) {
      if (lexed_.is(i, "deprecated")) marked_ = string_in(lexed_, line);
    }
  }

  // warnings.warn("...", DeprecationWarning) in the function's own block.
  void warning(const LogicalLine& line, std::size_t at) {
    if (scopes_.empty() || scopes_.back().type || scopes_.back().body != line.indent) return;
    const bool warns = (lexed_.is(at, "warnings") && lexed_.is(at + 2, "warn")) || lexed_.is(at, "warn");
    if (!warns || !has_token(lexed_, line, "DeprecationWarning")) return;
    const Scope function = scopes_.back();
    const std::string outer = owner(1);
    // In __init__ it is the class that is deprecated.
    if (function.name == "__init__") {
      if (!outer.empty()) put(outer, "", string_in(lexed_, line), function.line);
    } else if (!function.name.starts_with("__")) {
      put(function.name, outer, string_in(lexed_, line), function.line);
    }
  }

  [[nodiscard]] std::string owner(std::size_t up = 0) const {
    if (scopes_.size() <= up) return {};
    const Scope& scope = scopes_[scopes_.size() - 1 - up];
    return scope.type ? scope.name : std::string();
  }

  void put(const std::string& name, const std::string& of, std::string words, std::uint32_t line) {
    found_.push_back({name, of, std::move(words), path_, line});
  }

  std::string path_;
  Lexed lexed_;
  std::vector<Deprecated>& found_;
  std::vector<Scope> scopes_;
  std::optional<std::string> marked_;  // what a decorator right above says
};

// "export async function name(", "public Foo bar(", "class Name": the name that a line declares; "" for none.
std::string declared_name(std::string_view line) {
  line = text::trim(line);
  for (const std::string_view keyword :
       {"function", "class", "interface", "enum", "struct", "fn", "type", "const", "let", "var", "using"}) {
    auto at = line.find(std::string(keyword) + " ");
    if (keyword == "function" && at == std::string_view::npos) at = line.find("function* ");
    if (at == std::string_view::npos || (at > 0 && word_character(line[at - 1]))) continue;
    std::string_view rest = text::trim(line.substr(line.find(' ', at)));
    std::size_t end = 0;
    while (end < rest.size() && word_character(rest[end])) ++end;
    if (end > 0) return std::string(rest.substr(0, end));
  }
  const auto open = line.find('(');
  if (open == std::string_view::npos || open == 0) return {};
  std::size_t end = open;
  while (end > 0 && line[end - 1] == ' ') --end;
  std::size_t begin = end;
  while (begin > 0 && word_character(line[begin - 1])) --begin;
  const std::string name(line.substr(begin, end - begin));
  if (name == "if" || name == "for" || name == "while" || name == "switch" || name == "return" || name == "constructor")
    return {};
  return name;
}

void from_comments(std::string_view path, std::string_view content, std::vector<Deprecated>& found) {
  for (std::size_t at = content.find("@deprecated"); at != std::string_view::npos;
       at = content.find("@deprecated", at + 1)) {
    const auto open = content.rfind("/**", at);
    const auto close = content.find("*/", at);
    if (open == std::string_view::npos || close == std::string_view::npos) continue;
    if (content.substr(open, at - open).find("*/") != std::string_view::npos) continue;
    const std::string_view said = content.substr(at + 11, std::min(content.find('\n', at), close) - at - 11);
    std::size_t next = close + 2;
    while (next < content.size() && std::isspace(static_cast<unsigned char>(content[next])) != 0) ++next;
    const std::string_view line = content.substr(next, content.find('\n', next) - next);
    const std::string name = declared_name(line);
    if (name.empty()) continue;
    const auto number = static_cast<std::uint32_t>(
                            std::count(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(next), '\n')) +
                        1;
    // Deeper than the outermost level: a member, whose class is not looked for.
    const auto start = content.rfind('\n', next);
    const bool member = start != std::string_view::npos && next - start > 1;
    found.push_back({name, member ? "?" : "", one_line(said.substr(0, said.find("*/"))), std::string(path), number});
  }
}

void from_attributes(std::string_view path, std::string_view content, std::string_view mark,
                     std::vector<Deprecated>& found) {
  for (std::size_t at = content.find(mark); at != std::string_view::npos; at = content.find(mark, at + 1)) {
    const auto close = content.find(']', at);
    if (close == std::string_view::npos) return;
    const auto line_start = content.rfind('\n', at);
    const std::string_view before = content.substr(line_start == std::string_view::npos ? 0 : line_start + 1,
                                                   at - (line_start == std::string_view::npos ? 0 : line_start + 1));
    if (before.find("//") != std::string_view::npos || before.find('*') != std::string_view::npos) continue;
    const std::string_view inside = content.substr(at, close - at);
    const auto quote = inside.find('"');
    const auto unquote = inside.rfind('"');
    std::string words = quote != std::string_view::npos && unquote > quote
                            ? one_line(inside.substr(quote + 1, unquote - quote - 1))
                            : "";
    std::size_t next = close + 1;
    while (next < content.size() &&
           (content[next] == ']' || std::isspace(static_cast<unsigned char>(content[next])) != 0))
      ++next;
    std::string_view declaration = content.substr(next, content.find_first_of("\n;{", next) - next);
    if (before.find_first_not_of(" \t") != std::string_view::npos) declaration = {};  // in the middle of one
    const std::string name = declared_name(declaration);
    if (name.empty()) continue;
    const auto number = static_cast<std::uint32_t>(
                            std::count(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(next), '\n')) +
                        1;
    found.push_back({name, before.empty() ? "" : "?", std::move(words), std::string(path), number});
  }
}

}  // namespace

void deprecated_names(std::string_view path, std::string_view content, std::vector<Deprecated>& found) {
  if (content.find("eprecat") == std::string_view::npos) return;
  switch (source::detect(path)) {
    case Language::kPython:
      PythonReader(path, content, found).read();
      return;
    case Language::kJavaScript:
    case Language::kTypeScript:
    case Language::kTsx:
    case Language::kJava:
      from_comments(path, content, found);
      return;
    case Language::kC:
    case Language::kCpp:
      from_attributes(path, content, "[[deprecated", found);
      return;
    case Language::kRust:
      from_attributes(path, content, "#[deprecated", found);
      return;
    default:
      return;
  }
}

}  // namespace daydream::docs
