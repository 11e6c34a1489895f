#include "plugins/legacy_cleanup/suppressions.hpp"

#include <algorithm>
#include <array>

#include "daydream/kit/text.hpp"

namespace daydream::legacy {
namespace {

// "F401, W0611,unused-import  because" -> the codes up to what is no code.
std::vector<std::string> codes_of(std::string_view text) {
  std::vector<std::string> codes;
  while (true) {
    const auto begin = text.find_first_not_of(" \t,[]():=");
    if (begin == std::string_view::npos) return codes;
    text.remove_prefix(begin);
    const auto end = std::min(text.find_first_of(" \t,[]():="), text.size());
    codes.push_back(text::to_lower_ascii(text.substr(0, end)));
    text.remove_prefix(end);
  }
}

// "f401": letters, then digits. What else follows "noqa:" is a remark, and the noqa then means all.
bool is_code(const std::string& word) {
  const auto digits = word.find_first_of("0123456789");
  return digits != std::string::npos && digits > 0 &&
         std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(digits),
                     [](char c) { return c >= 'a' && c <= 'z'; });
}

void add(std::vector<std::string>& to, std::vector<std::string> codes) {
  to.insert(to.end(), std::make_move_iterator(codes.begin()), std::make_move_iterator(codes.end()));
}

bool generated(std::string_view comment) {
  const std::string lower = text::to_lower_ascii(comment);
  return lower.find("@generated") != std::string::npos || lower.find("do not edit") != std::string::npos ||
         lower.find("do not modify") != std::string::npos;
}

}  // namespace

Suppressions::Suppressions(const source::python::Lexed& lexed) {
  using source::python::TokenKind;
  for (std::size_t at = 0; at < lexed.tokens.size(); ++at) {
    const auto& token = lexed.tokens[at];
    if (token.kind != TokenKind::kComment) continue;
    const bool own_line =
        at == 0 || lexed.tokens[at - 1].kind == TokenKind::kNewline || lexed.tokens[at - 1].line != token.line;
    const std::string_view text = lexed.text(token);
    if (token.line <= 10 && generated(text)) whole_.everything = true;
    read(text, own_line, token.line);
  }
}

// A comment may hold several: "# type: ignore  # noqa: F401".
void Suppressions::read(std::string_view comment, bool own_line, std::uint32_t line) {
  Mark mark;
  while (!comment.empty()) {
    const auto begin = comment.find_first_not_of("# \t");
    if (begin == std::string_view::npos) break;
    comment.remove_prefix(begin);
    const auto end = std::min(comment.find('#'), comment.size());
    read_part(comment.substr(0, end), own_line, mark);
    comment.remove_prefix(end);
  }
  if (!own_line) lines_[line] = std::move(mark);
}

void Suppressions::read_part(std::string_view part, bool own_line, Mark& mark) {
  const std::string lower = text::to_lower_ascii(part);
  const std::string_view text = lower;
  const auto after = [&](std::string_view word) { return text.substr(std::min(text.size(), word.size())); };
  const auto noqa = [&](std::string_view rest, Mark& into) {
    std::vector<std::string> codes;
    if (rest.starts_with(":") || rest.starts_with("[")) codes = codes_of(rest);
    const bool listed = !codes.empty() && (is_code(codes.front()) || codes.front().size() == 1);
    into.everything |= !listed;
    if (listed) add(into.codes, std::move(codes));
  };
  if (text.starts_with("noqa")) return noqa(after("noqa"), mark);
  for (const std::string_view file : {"flake8: noqa", "flake8:noqa", "ruff: noqa", "ruff:noqa", "ruff: file-ignore"}) {
    if (text.starts_with(file)) return noqa(after(file), whole_);
  }
  if (text.starts_with("ruff: disable") || text.starts_with("ruff: ignore")) {
    return add(own_line ? whole_.codes : mark.codes, codes_of(after("ruff: ignore ")));
  }
  if (text.starts_with("pylint:")) {
    const std::string_view rest = text::trim(after("pylint:"));
    if (rest.starts_with("skip-file")) whole_.everything = true;
    if (rest.starts_with("disable")) add(own_line ? whole_.codes : mark.codes, codes_of(rest.substr(7)));
    return;
  }
  if (text.starts_with("nopycln: file") || text.starts_with("autoflake: skip_file")) {
    whole_.everything = true;
    return;
  }
  static constexpr std::array<std::string_view, 12> kLeave{"type: ignore", "type:ignore",   "pragma:", "nosec",
                                                           "nopycln",      "isort:",        "fmt:",    "pyright:",
                                                           "noinspection", "unused-import", "lint:",   "mypy:"};
  const bool leave =
      std::any_of(kLeave.begin(), kLeave.end(), [&](std::string_view word) { return text.starts_with(word); });
  mark.everything |= leave;
  mark.words |= !leave && !text::trim(text).empty();
}

bool Suppressions::matches(const Mark& mark, const Codes& codes) {
  if (mark.everything) return true;
  for (const std::string& said : mark.codes) {
    if (said == "all") return true;
    for (const std::string_view code : codes) {
      const std::string known = text::to_lower_ascii(code);
      // flake8 and ruff take "F4" and "F" for all that begin with it.
      if (said == known || (said.size() < known.size() && said.size() >= 1 && known.starts_with(said) &&
                            known.find('-') == std::string::npos)) {
        return true;
      }
    }
  }
  return false;
}

bool Suppressions::file(const Codes& codes) const {
  return matches(whole_, codes);
}

bool Suppressions::lines(std::uint32_t first, std::uint32_t last, const Codes& codes) const {
  for (auto at = lines_.lower_bound(first); at != lines_.end() && at->first <= last; ++at) {
    if (matches(at->second, codes)) return true;
  }
  return false;
}

bool Suppressions::remarks(std::uint32_t first, std::uint32_t last) const {
  for (auto at = lines_.lower_bound(first); at != lines_.end() && at->first <= last; ++at) {
    if (at->second.words) return true;
  }
  return false;
}

}  // namespace daydream::legacy
