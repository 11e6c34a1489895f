#include "daydream/source/c_lexer.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace daydream::source::c {
namespace {

bool name_start(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || byte >= 0x80;
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}

class Lexer {
 public:
  explicit Lexer(std::string_view content) : content_(content) { lexed_.content = content; }

  Lexed run() {
    if (content_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    while (at_ < content_.size()) step();
    return std::move(lexed_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < content_.size() ? content_[at_ + ahead] : '\0';
  }

  void add(std::size_t begin, TokenKind kind) {
    lexed_.tokens.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_), line_, kind});
    line_ += static_cast<std::uint32_t>(std::count(content_.begin() + static_cast<std::ptrdiff_t>(begin),
                                                   content_.begin() + static_cast<std::ptrdiff_t>(at_), '\n'));
  }

  // The length of a backslash and line end at `from`, 0 when there is none.
  [[nodiscard]] std::size_t splice(std::size_t from) const {
    if (from >= content_.size() || content_[from] != '\\') return 0;
    if (content_.substr(from + 1, 1) == "\n") return 2;
    return content_.substr(from + 1, 2) == "\r\n" ? 3 : 0;
  }

  void step() {
    const char c = peek();
    if (c == '\n') {
      fresh_ = true;
      ++line_;
      ++at_;
      return;
    }
    if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v') {
      ++at_;
      return;
    }
    if (const std::size_t size = splice(at_); size > 0) {
      at_ += size;
      ++line_;
      return;
    }
    const std::size_t begin = at_;
    if (c == '/' && (peek(1) == '/' || peek(1) == '*')) {
      skip_comment();
      return add(begin, TokenKind::kComment);
    }
    const bool starts_line = fresh_;
    fresh_ = false;
    if (c == '#' && starts_line) return directive();
    if (digit(c) || (c == '.' && digit(peek(1)))) return number();
    if (name_start(c)) return name();
    if (c == '"' || c == '\'') return quoted(begin);
    ++at_;
    add(begin, static_cast<unsigned char>(c) < 0x20 ? TokenKind::kOther : TokenKind::kPunctuation);
  }

  void skip_comment() {
    if (peek(1) == '*') {
      const auto end = content_.find("*/", at_ + 2);
      lexed_.broken |= end == std::string_view::npos;
      at_ = end == std::string_view::npos ? content_.size() : end + 2;
      return;
    }
    while (at_ < content_.size() && content_[at_] != '\n') {
      const std::size_t size = splice(at_);
      at_ += std::max<std::size_t>(size, 1);
    }
    if (at_ > 0 && at_ <= content_.size() && content_[at_ - 1] == '\r') --at_;
  }

  void directive() {
    const std::size_t begin = at_;
    while (at_ < content_.size() && content_[at_] != '\n') {
      if (const std::size_t size = splice(at_); size > 0) {
        at_ += size;
      } else if (content_[at_] == '/' && (peek(1) == '/' || peek(1) == '*')) {
        skip_comment();
      } else {
        ++at_;
      }
    }
    if (content_[at_ - 1] == '\r') --at_;
    add(begin, TokenKind::kDirective);
  }

  void number() {
    const std::size_t begin = at_;
    while (at_ < content_.size()) {
      const char c = content_[at_];
      const bool sign =
          (c == '+' || c == '-') && std::string_view("eEpP").find(content_[at_ - 1]) != std::string_view::npos;
      const bool separator = c == '\'' && (digit(peek(1)) || name_start(peek(1)));
      if (!digit(c) && !name_start(c) && c != '.' && !(sign && at_ > begin) && !separator) break;
      ++at_;
    }
    add(begin, TokenKind::kNumber);
  }

  void name() {
    const std::size_t begin = at_;
    while (at_ < content_.size() && (name_start(content_[at_]) || digit(content_[at_]))) ++at_;
    const std::string_view word = content_.substr(begin, at_ - begin);
    if (peek() == '"' && word.size() <= 3 && word.ends_with('R') &&
        (word == "R" || word == "LR" || word == "uR" || word == "UR" || word == "u8R")) {
      return raw(begin);
    }
    if ((peek() == '"' || peek() == '\'') && (word == "L" || word == "u" || word == "U" || word == "u8")) {
      return quoted(begin);
    }
    add(begin, TokenKind::kName);
  }

  void raw(std::size_t begin) {
    const auto open = content_.find('(', at_);
    if (open == std::string_view::npos || open - at_ > 17) {
      ++at_;
      return add(begin, TokenKind::kOther);
    }
    const std::string close = ")" + std::string(content_.substr(at_ + 1, open - at_ - 1)) + "\"";
    const auto end = content_.find(close, open);
    lexed_.broken |= end == std::string_view::npos;
    at_ = end == std::string_view::npos ? content_.size() : end + close.size();
    add(begin, TokenKind::kString);
  }

  void quoted(std::size_t begin) {
    const char quote = peek();
    std::size_t end = at_ + 1;
    while (end < content_.size() && content_[end] != quote && content_[end] != '\n') {
      const std::size_t size = splice(end);
      end += size > 0 ? size : content_[end] == '\\' ? 2 : 1;
    }
    if (end >= content_.size() || content_[end] == '\n') {
      ++at_;
      return add(begin, TokenKind::kOther);
    }
    at_ = end + 1;
    add(begin, quote == '"' ? TokenKind::kString : TokenKind::kCharacter);
  }

  std::string_view content_;
  Lexed lexed_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  bool fresh_ = true;  // nothing but space and comments on this line so far
};

}  // namespace

Lexed lex(std::string_view content) {
  return Lexer(content).run();
}

std::string_view directive_name(std::string_view directive) {
  const auto begin = directive.find_first_not_of("# \t");
  if (begin == std::string_view::npos) return {};
  directive.remove_prefix(begin);
  std::size_t size = 0;
  while (size < directive.size() && (name_start(directive[size]) || digit(directive[size]))) ++size;
  return directive.substr(0, size);
}

std::string_view directive_rest(std::string_view directive) {
  const std::string_view name = directive_name(directive);
  std::string_view rest = directive;
  rest.remove_prefix(static_cast<std::size_t>(name.data() - directive.data()) + name.size());
  rest = rest.substr(0, std::min(rest.find("//"), rest.find("/*")));
  const auto begin = rest.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return rest.substr(begin, rest.find_last_not_of(" \t\r\n") - begin + 1);
}

std::vector<Region> regions(const Lexed& lexed) {
  std::vector<Region> found;
  std::vector<std::size_t> open;
  for (std::uint32_t at = 0; at < lexed.tokens.size(); ++at) {
    if (lexed.tokens[at].kind != TokenKind::kDirective) continue;
    const std::string_view name = directive_name(lexed.text(lexed.tokens[at]));
    if (name == "if" || name == "ifdef" || name == "ifndef") {
      open.push_back(found.size());
      found.push_back({at, 0, 0, 0});
    } else if (name == "else" || name == "elif" || name == "elifdef" || name == "elifndef") {
      if (open.empty()) return {};
      Region& region = found[open.back()];
      if (region.branches++ == 0) region.otherwise = at;
    } else if (name == "endif") {
      if (open.empty()) return {};
      found[open.back()].end = at;
      open.pop_back();
    }
  }
  return open.empty() ? found : std::vector<Region>();
}

}  // namespace daydream::source::c
