#include "daydream/source/python_lexer.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

namespace daydream::source::python {
namespace {

enum : std::uint8_t { kSpace = 1, kNameStart = 2, kNameRest = 4, kDigit = 8, kQuote = 16, kStop = 32 };

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> table{};
  for (int c = 0; c < 256; ++c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
    const bool digit = c >= '0' && c <= '9';
    std::uint8_t bits = 0;
    if (letter) bits = kNameStart | kNameRest;
    if (digit) bits = kDigit | kNameRest;
    if (c == ' ' || c == '\t' || c == '\f') bits = kSpace;
    if (c == '"' || c == '\'') bits = kQuote;
    if (c == '\\' || c == '\n') bits = kStop;
    table[static_cast<std::size_t>(c)] = bits;
  }
  return table;
}
constexpr std::array<std::uint8_t, 256> kClasses = make_classes();
bool is_class(char c, int bits) {
  return (kClasses[static_cast<unsigned char>(c)] & bits) != 0;
}

constexpr std::size_t kMaxStringNesting = 64;

// An f-string whose replacement field is being read.
struct OpenString {
  char quote = 0;
  bool triple = false, raw = false;
  int depth = 0;  // brackets open when the field began
};

class Lexer {
 public:
  explicit Lexer(std::string_view content) : content_(content) {
    out_.content = content;
    out_.tokens.reserve(content.size() / 5 + 16);
    out_.lines.reserve(content.size() / 40 + 4);
  }

  Lexed run() {
    if (content_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    start_line();
    while (at_ < content_.size()) step();
    if (depth_ > 0 || !strings_.empty()) out_.broken = true;
    end_line(at_);
    return std::move(out_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < content_.size() ? content_[at_ + ahead] : '\0';
  }
  [[nodiscard]] bool nested() const { return depth_ > 0 || !strings_.empty(); }

  void add(TokenKind kind, std::size_t begin, std::uint32_t line) {
    out_.tokens.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_), line, kind, nested()});
  }

  // At the start of a physical line outside brackets: measures the indentation.
  void start_line() {
    indent_ = 0;
    for (; at_ < content_.size() && is_class(content_[at_], kSpace); ++at_) {
      const char c = content_[at_];
      indent_ = c == '\t' ? (indent_ / 8 + 1) * 8 : c == '\f' ? 0 : indent_ + 1;
    }
    first_ = out_.tokens.size();
    line_has_code_ = false;
  }

  void end_line(std::size_t at) {
    if (!line_has_code_) return;
    out_.tokens.push_back(
        {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at), line_, TokenKind::kNewline, false});
    out_.lines.push_back({static_cast<std::uint32_t>(first_), static_cast<std::uint32_t>(out_.tokens.size()), indent_});
    line_has_code_ = false;
  }

  void step() {
    const char c = content_[at_];
    if (is_class(c, kSpace)) {
      ++at_;
    } else if (c == '\n' || c == '\r') {
      newline();
    } else if (c == '#') {
      comment();
    } else if (c == '\\' && (peek(1) == '\n' || peek(1) == '\r')) {
      at_ += peek(1) == '\r' && peek(2) == '\n' ? 3 : 2;
      ++line_;
    } else {
      token(c);
    }
  }

  void token(char c) {
    if (!line_has_code_ && !nested()) {
      line_has_code_ = true;
      first_ = out_.tokens.size();
    }
    if (is_class(c, kNameStart)) {
      name_or_string();
    } else if (is_class(c, kQuote)) {
      string(at_, false, false);
    } else if (is_class(c, kDigit) || (c == '.' && is_class(peek(1), kDigit))) {
      number();
    } else {
      other(c);
    }
  }

  void newline() {
    const std::size_t begin = at_;
    at_ += content_[at_] == '\r' && peek(1) == '\n' ? 2 : 1;
    if (nested()) {
      ++line_;
      return;
    }
    end_line(begin);
    ++line_;
    start_line();
  }

  void comment() {
    const std::size_t begin = at_;
    const std::size_t stop = content_.find_first_of("\r\n", at_);
    at_ = stop == std::string_view::npos ? content_.size() : stop;
    add(TokenKind::kComment, begin, line_);
  }

  void name_or_string() {
    const std::size_t begin = at_;
    while (at_ < content_.size() && is_class(content_[at_], kNameRest)) ++at_;
    if (at_ - begin <= 2 && at_ < content_.size() && is_class(content_[at_], kQuote)) {
      bool format = false, raw = false, prefix = true;
      for (std::size_t i = begin; i < at_; ++i) {
        const char c = static_cast<char>(content_[i] | 0x20);
        format |= c == 'f' || c == 't';
        raw |= c == 'r';
        prefix &= c == 'f' || c == 't' || c == 'r' || c == 'b' || c == 'u';
      }
      if (prefix) return string(begin, format, raw);
    }
    add(TokenKind::kName, begin, line_);
  }

  void number() {
    const std::size_t begin = at_;
    while (at_ < content_.size()) {
      const char c = content_[at_];
      const bool sign = (c == '+' || c == '-') && (content_[at_ - 1] | 0x20) == 'e' && at_ > begin &&
                        (content_.substr(begin, 2) != "0x") && (content_.substr(begin, 2) != "0X");
      if (!is_class(c, kNameRest) && c != '.' && !sign) break;
      ++at_;
    }
    add(TokenKind::kNumber, begin, line_);
  }

  // at_ is on the quote; `begin` on the prefix.
  void string(std::size_t begin, bool format, bool raw) {
    OpenString open;
    open.quote = content_[at_];
    open.triple = peek(1) == open.quote && peek(2) == open.quote;
    open.raw = raw;
    at_ += open.triple ? 3 : 1;
    if (format && strings_.size() < kMaxStringNesting) {
      format_piece(begin, open, false);
    } else {
      plain_string(begin, open);
    }
  }

  void plain_string(std::size_t begin, const OpenString& open) {
    const std::uint32_t line = line_;
    while (true) {
      while (at_ < content_.size() && !is_class(content_[at_], kQuote | kStop)) ++at_;
      if (at_ == content_.size()) {
        out_.broken = true;
        break;
      }
      if (content_[at_] == '\\') {
        line_ += peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n') ? 1 : 0;
        at_ = std::min(content_.size(), at_ + (peek(1) == '\r' && peek(2) == '\n' ? 3 : 2));
      } else if (content_[at_] == '\n') {
        if (!open.triple) {
          out_.broken = true;
          break;
        }
        ++line_;
        ++at_;
      } else if (closes(open)) {
        at_ += open.triple ? 3 : 1;
        break;
      } else {
        ++at_;
      }
    }
    add(TokenKind::kString, begin, line);
  }

  [[nodiscard]] bool closes(const OpenString& open) const {
    return content_[at_] == open.quote && (!open.triple || (peek(1) == open.quote && peek(2) == open.quote));
  }

  [[nodiscard]] bool in_specification() const { return !strings_.empty() && strings_.back().depth < 0; }

  // The text of an f-string up to its end or to the next replacement field, or, in a format
  // specification, up to the '}' that ends it.
  void format_piece(std::size_t begin, OpenString open, bool specification) {
    const std::uint32_t line = line_;
    while (at_ < content_.size()) {
      const char c = content_[at_];
      if (closes(open)) {
        at_ += open.triple ? 3 : 1;
        if (specification) {
          strings_.pop_back();
          out_.broken = true;
        }
        add(TokenKind::kFString, begin, line);
        return;
      }
      if (c == '\\' && !open.raw && at_ + 1 < content_.size()) {
        if (peek(1) == 'N' && peek(2) == '{') {
          const std::size_t close = content_.find('}', at_);
          at_ = close == std::string_view::npos ? content_.size() : close + 1;
          continue;
        }
        if (peek(1) != '{' && peek(1) != '}') {
          line_ += peek(1) == '\n' ? 1 : 0;
          at_ += 2;
          continue;
        }
        ++at_;
        continue;
      }
      if (c == '\\' && open.raw && (peek(1) == open.quote || peek(1) == '\\')) {
        at_ += 2;
        continue;
      }
      if ((c == '{' || c == '}') && peek(1) == c && !specification) {
        at_ += 2;
        continue;
      }
      if (c == '{') {
        ++at_;
        add(TokenKind::kFString, begin, line);
        open.depth = depth_;
        strings_.push_back(open);
        return;
      }
      if (c == '}' && specification) {
        ++at_;
        add(TokenKind::kFString, begin, line);
        strings_.pop_back();
        return format_piece(at_, open, in_specification());
      }
      if (c == '\n') {
        if (!open.triple) break;
        ++line_;
      }
      ++at_;
    }
    out_.broken = true;
    add(TokenKind::kFString, begin, line);
  }

  void other(char c) {
    if (!strings_.empty() && depth_ == strings_.back().depth && end_of_field(c)) return;
    const std::size_t begin = at_;
    at_ += operator_size();
    if (c == '(' || c == '[' || c == '{') {
      add(TokenKind::kOperator, begin, line_);
      ++depth_;
      return;
    }
    if ((c == ')' || c == ']' || c == '}') && depth_ > 0) --depth_;
    add(static_cast<unsigned char>(c) < 0x20 || c == '$' || c == '?' || c == '`' ? TokenKind::kOther
                                                                                 : TokenKind::kOperator,
        begin, line_);
  }

  // In a replacement field at its own level: '}' ends it, ':' begins its format specification.
  bool end_of_field(char c) {
    if (c == '}') {
      const OpenString open = strings_.back();
      strings_.pop_back();
      const std::size_t begin = at_++;
      format_piece(begin, open, in_specification());
      return true;
    }
    if (c == ':') {
      OpenString open = strings_.back();
      const std::size_t begin = at_++;
      strings_.back().depth = -1;  // marks: the specification of this field is being read
      format_piece(begin, open, true);
      return true;
    }
    if (c == '!' && peek(1) != '=') {
      ++at_;
      while (at_ < content_.size() && is_class(content_[at_], kNameRest)) ++at_;
      return true;
    }
    return false;
  }

  [[nodiscard]] std::size_t operator_size() const {
    const std::string_view three = content_.substr(at_, 3);
    if (three == "**=" || three == "//=" || three == ">>=" || three == "<<=" || three == "...") return 3;
    const char c = peek(), d = peek(1);
    if (d == '=' && std::strchr("<>=!+-*/%&|^@:", c) != nullptr) return 2;
    if (c == d && std::strchr("*/<>", c) != nullptr) return 2;
    return c == '-' && d == '>' ? 2 : 1;
  }

  std::string_view content_;
  Lexed out_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1, indent_ = 0;
  std::size_t first_ = 0;
  bool line_has_code_ = false;
  int depth_ = 0;
  std::vector<OpenString> strings_;
};

}  // namespace

Lexed lex(std::string_view content) {
  return Lexer(content).run();
}

bool is_keyword(std::string_view word) {
  static constexpr std::array<std::string_view, 35> kWords{
      "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
      "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
      "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
      "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};
  if (word.size() < 2 || word.size() > 8) return false;
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

std::string normal_name(std::string_view name) {
  const bool ascii =
      std::none_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (ascii) return std::string(name);
  utf8proc_uint8_t* folded = nullptr;
  const auto size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(name.data()), static_cast<utf8proc_ssize_t>(name.size()),
                   &folded, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT));
  if (size < 0 || folded == nullptr) return std::string(name);
  std::string result(reinterpret_cast<const char*>(folded), static_cast<std::size_t>(size));
  std::free(folded);  // NOLINT: utf8proc allocates with malloc
  return result;
}

}  // namespace daydream::source::python
