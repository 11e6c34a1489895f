#include "plugins/docs_update/formats/rst_inline.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "daydream/kit/text.hpp"
#include "plugins/docs_update/formats/formats.hpp"

namespace daydream::docs {
namespace {

std::optional<Use> use_of(std::string_view role) {
  if (role == "doc") return Use::kDocument;
  if (role == "ref" || role == "numref") return Use::kLabel;
  if (role == "download") return Use::kInclude;
  return std::nullopt;
}

// ":role:" that ends right before `at`, or "".
std::string_view role_before(std::string_view content, std::size_t floor, std::size_t at) {
  if (at <= floor || content[at - 1] != ':') return {};
  std::size_t begin = at - 1;
  while (begin > floor && (std::isalnum(static_cast<unsigned char>(content[begin - 1])) != 0 ||
                           std::string_view("-_+.:").find(content[begin - 1]) != std::string_view::npos)) {
    --begin;
  }
  std::string_view role = content.substr(begin, at - 1 - begin);
  return role.starts_with(':') ? role.substr(1) : std::string_view();
}

}  // namespace

void RstInline::add(Use use, std::string_view target, std::uint32_t begin, std::uint32_t line, std::uint32_t column) {
  page_.links.push_back(
      {use, std::string(target), {begin, begin + static_cast<std::uint32_t>(target.size())}, line, column, true});
}

void RstInline::literal(std::uint32_t begin, std::uint32_t end, std::uint32_t line) {
  page_.codes.push_back({std::string(content_.substr(begin, end - begin)), {begin, end}, line});
}

void RstInline::interpreted(std::string_view role, std::uint32_t begin, std::uint32_t end, bool reference,
                            std::uint32_t line) {
  const std::string_view inside = content_.substr(begin, end - begin);
  std::string_view target = inside;
  const auto open = inside.rfind('<');
  const bool titled = open != std::string_view::npos && inside.ends_with('>') && open + 2 < inside.size();
  if (titled) target = inside.substr(open + 1, inside.size() - open - 2);
  Use use = Use::kLink;
  if (!role.empty()) {
    const auto known = use_of(role);
    if (!known || inside.starts_with('!')) return;
    use = *known;
  } else if (!reference || !titled || target.ends_with('_')) {
    return;
  }
  if (target.find('\n') != std::string_view::npos) return;
  const auto at = static_cast<std::uint32_t>(target.data() - content_.data());
  const auto newlines = std::count(content_.begin() + begin, content_.begin() + at, '\n');
  const auto column = at - static_cast<std::uint32_t>(row_of(at)) + 1;
  add(use, target, at, line + static_cast<std::uint32_t>(newlines), column);
}

std::size_t RstInline::row_of(std::size_t at) {
  if (at < row_) row_ = looked_ = 0;
  if (at > looked_) {
    const auto end = content_.substr(looked_, at - looked_).rfind('\n');
    if (end != std::string_view::npos) row_ = looked_ + end + 1;
    looked_ = at;
  }
  return row_;
}

// `words`_ leads to a target, `words <address>`_ is one.
void RstInline::phrase(std::uint32_t begin, std::uint32_t end, std::uint32_t line) {
  const std::string_view inside = content_.substr(begin, end - begin);
  if (const auto open = inside.rfind('<'); open != std::string_view::npos && inside.ends_with('>')) {
    page_.targets.insert(sphinx_label(text::trim(inside.substr(0, open))));
    return;
  }
  const bool anonymous = content_.substr(end).starts_with("`__");
  if (anonymous || inside.find_first_of("\\<>`") != std::string_view::npos || inside.empty()) return;
  page_.names.push_back({Use::kLabel, std::string(inside), {begin, end}, line, 0, true});
}

// "name_" between blanks, in [begin, end). What else stands in its word would make it something else.
void RstInline::simple_names(std::size_t begin, std::size_t end, std::uint32_t line) {
  const auto alnum = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  for (std::size_t at = begin; at < end; ++at) {
    const char c = content_[at];
    if (c == '\n') ++line;
    if (c != '_' || at == begin || !alnum(content_[at - 1])) continue;
    const bool ends = at + 1 >= content_.size() || std::isspace(static_cast<unsigned char>(content_[at + 1])) != 0 ||
                      ((content_[at + 1] == '.' || content_[at + 1] == ',') &&
                       (at + 2 >= content_.size() || std::isspace(static_cast<unsigned char>(content_[at + 2])) != 0));
    if (!ends) continue;  // before anything that looks back: so no byte is looked at twice
    std::size_t first = at;
    while (first > begin && (alnum(content_[first - 1]) || content_[first - 1] == '-' || content_[first - 1] == '_' ||
                             content_[first - 1] == '.')) {
      --first;
    }
    const bool begins = first == 0 || std::isspace(static_cast<unsigned char>(content_[first - 1])) != 0;
    const std::string_view name = content_.substr(first, at - first);
    const bool simple = alnum(name.front()) && name.find("__") == std::string_view::npos &&
                        name.find("..") == std::string_view::npos && name.find("--") == std::string_view::npos;
    // In tables, fields, doctests and lists of options a line is not only text.
    const std::string_view before = text::trim(content_.substr(row_of(at), 8));
    const bool plain = before.empty() || std::string_view("|+=:>-/").find(before.front()) == std::string_view::npos ||
                       before.starts_with("- ");
    if (!begins || !simple || !plain) continue;
    page_.names.push_back({Use::kLabel,
                           std::string(name),
                           {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(at)},
                           line,
                           0,
                           true});
  }
}

void RstInline::read(std::uint32_t begin, std::uint32_t end, std::uint32_t line, bool names) {
  const std::string_view text = content_.substr(0, end);
  std::uint32_t counted = begin;
  std::size_t plain = begin;  // where the text between two marks begins
  const auto between = [&](std::size_t from, std::size_t to, std::uint32_t first) {
    if (names && from < to) simple_names(from, to, first);
  };
  std::size_t at = text.find('`', begin);
  for (; at != std::string_view::npos; at = text.find('`', at)) {
    between(plain, at, line);
    line += static_cast<std::uint32_t>(
        std::count(text.begin() + counted, text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    counted = static_cast<std::uint32_t>(at);
    plain = at;
    if (at > begin && text[at - 1] == '\\') {
      plain = ++at;
      continue;
    }
    if (text.substr(at).starts_with("``")) {
      const auto close = text.find("``", at + 2);
      if (close == std::string_view::npos) return;
      literal(static_cast<std::uint32_t>(at) + 2, static_cast<std::uint32_t>(close), line);
      at = close + 2;
    } else {
      const auto close = text.find('`', at + 1);
      if (close == std::string_view::npos) return;
      const bool reference = close + 1 < text.size() && text[close + 1] == '_';
      const std::string_view role = role_before(text, begin, at);
      const auto inside = static_cast<std::uint32_t>(at) + 1;
      interpreted(role, inside, static_cast<std::uint32_t>(close), reference, line);
      if (role.empty() && reference && (names || text.substr(inside, close - inside).ends_with('>')))
        phrase(inside, static_cast<std::uint32_t>(close), line);
      if (at > begin && text[at - 1] == '_') page_.targets.insert(sphinx_label(text.substr(inside, close - inside)));
      at = close + 1;
    }
    line += static_cast<std::uint32_t>(
        std::count(text.begin() + counted, text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    counted = static_cast<std::uint32_t>(at);
    plain = at;
  }
  between(plain, end, line);
}

std::string rst_plain(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '`' || c == '*' || c == '|' || c == '\\') continue;
    plain += c;
  }
  return plain;
}

}  // namespace daydream::docs
