#include "plugins/log_review/format/pieces.hpp"

#include <algorithm>

namespace daydream::logs {
namespace {

constexpr std::size_t kLongestHead = 160;
constexpr std::size_t kLongestLevel = 64;

bool is_mark(char c) {
  return is_head(c, kMarkBit);
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '-' ||
         c == '$';
}

std::size_t take_marks(std::string_view rest) {
  std::size_t at = 0;
  while (at < rest.size() && at < 4 && is_mark(rest[at])) ++at;
  const bool bar = at > 0 && (rest[at - 1] == '|' || rest[at - 1] == ']');
  if (at == 0 || (at < rest.size() && rest[at] != ' ' && rest[at] != '\t' && !bar)) return 0;
  return at;
}

std::size_t take_field(std::string_view rest) {
  const std::size_t bar = rest.substr(0, kLongestHead).find_first_of("|\t");
  if (bar == std::string_view::npos || bar == 0) return 0;
  std::string_view field = rest.substr(0, bar);
  while (!field.empty() && field.back() == ' ') field.remove_suffix(1);
  return field.find(' ') == std::string_view::npos && field.find('=') == std::string_view::npos ? bar + 1 : 0;
}

std::size_t take_number(std::string_view rest) {
  const std::size_t begin = !rest.empty() && rest[0] == '-' ? 1 : 0;
  std::size_t at = begin;
  while (at < rest.size() && is_digit(rest[at])) ++at;
  if (at == begin || at > 20) return 0;
  if (at < rest.size() && (rest[at] == ':' || rest[at] == ',' || rest[at] == ']')) ++at;
  if (at < rest.size() && rest[at] != ' ' && rest[at] != '\t') return 0;
  return at;
}

std::size_t take_bracket(std::string_view rest) {
  const char open = rest.empty() ? '\0' : rest[0];
  const char close = open == '[' ? ']' : open == '(' ? ')' : open == '{' ? '}' : '\0';
  if (close == '\0') {  // "main.cc:12]", "shop::orders]"
    const std::string_view word = first_word(rest);
    const bool closes = word.size() > 3 && word.back() == ']';
    return closes && word.find('[') == std::string_view::npos ? word.size() : 0;
  }
  int depth = 0;
  for (std::size_t at = 0; at < rest.size() && at < kLongestHead * 2; ++at) {
    if (rest[at] == open) ++depth;
    if (rest[at] == close && --depth == 0) {
      ++at;
      if (at < rest.size() && rest[at] == ':') ++at;
      return at;
    }
  }
  return 0;
}

// "name:", "name[12]:", "name(sub)[12]:", "Two Words[12]:", "name[1] (other[2]):".
std::size_t take_tag(std::string_view rest, Parts& parts) {
  const std::string_view head = rest.substr(0, kLongestHead);
  std::size_t colon = 0;
  for (;; ++colon) {
    colon = head.find(':', colon);
    if (colon == std::string_view::npos || colon == 0) return 0;
    if (colon + 1 >= rest.size() || rest[colon + 1] == ' ' || rest[colon + 1] == '\t') break;
  }
  const std::string_view tag = head.substr(0, colon);
  std::size_t space = std::string_view::npos, bracket = std::string_view::npos;
  for (std::size_t i = 0; i < tag.size(); ++i) {
    if (!is_head(tag[i], kNoTagBit | kTagBit)) continue;
    if (is_head(tag[i], kNoTagBit)) return 0;
    if (tag[i] == ' ' && space == std::string_view::npos) space = i;
    if ((tag[i] == '[' || tag[i] == '(') && bracket == std::string_view::npos) bracket = i;
  }
  if (space != std::string_view::npos) {
    const auto spaces = std::count(tag.begin(), tag.end(), ' ');
    const bool closed = tag.back() == ']' || tag.back() == ')';
    if (!closed || spaces > 4 || bracket == std::string_view::npos) return 0;
    if (tag.back() == ')' && tag.find('[') == std::string_view::npos) return 0;
  }
  parts.component = tag.substr(0, std::min(bracket, tag.size()));
  while (!parts.component.empty() && parts.component.back() == ' ') parts.component.remove_suffix(1);
  return colon + 1;
}

std::size_t take_dash(std::string_view rest, Parts& parts) {
  const std::size_t dash = rest.substr(0, kLongestHead).find(" - ");
  if (dash == std::string_view::npos || dash == 0) return 0;
  const std::string_view head = rest.substr(0, dash);
  if (std::count(head.begin(), head.end(), ' ') > 3) return 0;
  parts.component = first_word(head);
  return dash + 3;
}

std::size_t take_logger(std::string_view rest, Parts& parts) {
  const std::string_view word = first_word(rest);
  if (word.find('.') == std::string_view::npos || is_digit(word[0]) || word.back() == '.') return 0;
  if (!std::all_of(word.begin(), word.end(), is_name)) return 0;
  parts.component = word;
  return word.size();
}

std::size_t without_blanks(std::string_view rest, std::size_t at) {
  while (at < rest.size() && is_head(rest[at], kBlankBit)) ++at;
  return at;
}

// "[core:notice]": the part of the program, and how grave.
std::size_t take_named_level(std::string_view rest, Parts& parts) {
  const std::size_t close = rest.substr(0, kLongestLevel).find(']');
  if (rest.empty() || rest[0] != '[' || close == std::string_view::npos) return 0;
  const std::size_t colon = rest.substr(0, close).rfind(':');
  if (colon == std::string_view::npos) return 0;
  const Severity severity = severity_of_word(rest.substr(colon + 1, close - colon - 1), false);
  if (severity == Severity::kUnknown) return 0;
  parts.severity = severity;
  if (colon > 1) parts.component = rest.substr(1, colon - 1);
  return close + 1;
}

// "[error]", "INFO:root:", "ERROR|x", "[info   ]", "INFO[0012]" begin with it.
std::size_t take_level(std::string_view rest, bool letters, Parts& parts) {
  std::size_t begin = 0;
  while (begin < rest.size() && begin < 3 && is_head(rest[begin], kOpenBit)) ++begin;
  const bool bracket = begin > 0 && rest[begin - 1] == '[';
  if (bracket) begin = without_blanks(rest, begin);
  std::size_t end = begin;
  while (end < rest.size() && end < begin + 16 && !is_head(rest[end], kBlankBit | kLevelEndBit) && rest[end] != '[')
    ++end;
  const Severity severity = severity_of_word(rest.substr(begin, end - begin), letters);
  if (severity == Severity::kUnknown) return take_named_level(rest, parts);
  parts.severity = severity;
  std::size_t taken = end;
  if (bracket) taken = without_blanks(rest, taken);
  if (taken > end && (taken == rest.size() || rest[taken] != ']')) taken = end;
  for (int i = 0; i < 2 && taken < rest.size() && is_head(rest[taken], kLevelEndBit); ++i) ++taken;
  return taken;
}

std::size_t take_words(std::string_view rest, int count) {
  std::size_t at = 0;
  for (int i = 0; i < count; ++i) {
    while (at < rest.size() && (rest[at] == ' ' || rest[at] == '\t')) ++at;
    const std::string_view word = first_word(rest.substr(at));
    if (word.empty()) return 0;
    at += word.size();
  }
  return at;
}

}  // namespace

std::string_view first_word(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && !is_head(text[end], kBlankBit)) ++end;
  return text.substr(0, end);
}

std::string_view without_space(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return text.substr(at);
}

std::size_t take_piece(Op op, std::string_view rest, Parts& parts) {
  switch (op.piece) {
    case Piece::kMarks:
      return take_marks(rest);
    case Piece::kField:
      return take_field(rest);
    case Piece::kLevel:
      return take_level(rest, op.count == 1, parts);
    case Piece::kWords:
      return take_words(rest, op.count);
    case Piece::kNumber:
      return take_number(rest);
    case Piece::kBracket:
      return take_bracket(rest);
    case Piece::kTag:
      return take_tag(rest, parts);
    case Piece::kDash:
      return take_dash(rest, parts);
    case Piece::kColumn: {
      const std::size_t taken = first_word(rest).size();
      parts.component = rest.substr(0, taken);
      return taken;
    }
    case Piece::kLogger:
      return take_logger(rest, parts);
  }
  return 0;
}

}  // namespace daydream::logs
