// Escaping: one loop over code points, one small rule set for each kind of output.
#include <algorithm>

#include "daydream/kit/text.hpp"
#include "utf8.hpp"

namespace daydream::text {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kWordJoiner = "\xE2\x81\xA0";

// The rules of escape_markdown for one ASCII character, by what stands around it.
class MarkdownEscaper {
 public:
  explicit MarkdownEscaper(std::string_view text) : text_(text) { out_.reserve(text.size() + text.size() / 4); }

  std::string run() {
    for (std::size_t at = 0; at < text_.size();) {
      const CodePoint point = decode_at(text_, at);
      if (!point.valid) {
        out_ += kReplacement;
      } else if (is_hidden(point.value)) {
        append_visible(out_, point.value);
      } else if (point.value < 0x80) {
        ascii(at);
      } else {
        out_.append(text_.substr(at, point.size));
      }
      at += point.size;
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] char before(std::size_t at) const { return at == 0 ? '\0' : text_[at - 1]; }
  [[nodiscard]] char after(std::size_t at) const { return at + 1 < text_.size() ? text_[at + 1] : '\0'; }
  // Nothing but blanks before: here a marker would open a list, a quote or a heading.
  [[nodiscard]] bool opens(std::size_t at) {
    for (; blank_ < at && is_space(text_[blank_]); ++blank_) {
    }
    return blank_ >= at;
  }
  // "12." at the start would be a numbered list.
  [[nodiscard]] bool numbers_list(std::size_t at) {
    std::size_t digits = at;
    while (digits > 0 && at - digits < 10 && is_digit(text_[digits - 1])) --digits;
    return digits < at && opens(digits);
  }

  void escaped(char c) {
    out_ += '\\';
    out_ += c;
  }

  void ascii(std::size_t at) {
    const char c = text_[at];
    switch (c) {
      case '\t':
      case '\n':
      case '\r':
      case ' ':
        // An entity is never indentation (of a code block) nor a hard line break.
        out_ += at == 0 || at + 1 == text_.size() ? "&#32;" : " ";
        break;
      case '<':
        out_ += "&lt;";
        break;
      case '&':
        out_ += "&amp;";
        break;
      case '\\':
      case '`':
      case '*':
      case '[':
      case ']':
      case '|':
      case '~':
      case '$':
        escaped(c);
        break;
      case '_':
        // Inside a word it is never emphasis, and a name stays readable.
        if (is_alnum(before(at)) && is_alnum(after(at))) {
          out_ += c;
        } else {
          escaped(c);
        }
        break;
      default:
        contextual(at, c);
    }
  }

  void contextual(std::size_t at, char c) {
    if (c == '@') {
      // Renderers link "@name" also when it was escaped: only something between stops them.
      out_ += '@';
      out_ += kWordJoiner;
    } else if (c == '#') {
      escaped(c);
      if (is_digit(after(at))) out_ += kWordJoiner;
    } else if (links(at, c) || begins_block(at, c)) {
      escaped(c);
    } else {
      out_ += c;
    }
  }

  // A bare address that renderers would link.
  [[nodiscard]] bool links(std::size_t at, char c) const {
    return (c == ':' && after(at) == '/') || (c == '.' && bare_www(at));
  }
  [[nodiscard]] bool begins_block(std::size_t at, char c) {
    if (c == '-' || c == '+' || c == '=' || c == '>') return opens(at);
    const bool ends = after(at) == '\0' || is_space(after(at));  // "1.4 s" is no list
    return (c == '.' || c == ')') && ends && numbers_list(at);
  }
  [[nodiscard]] bool bare_www(std::size_t at) const {
    return at >= 3 && lower(text_[at - 1]) == 'w' && lower(text_[at - 2]) == 'w' && lower(text_[at - 3]) == 'w';
  }

  std::string_view text_;
  std::string out_;
  std::size_t blank_ = 0;
};

// Controls (the line breaks too), C1, bidi and zero-width as what they are.
void append_shown(std::string& out, const CodePoint& point, std::string_view bytes) {
  switch (point.value) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (is_hidden(point.value)) {
    append_visible(out, point.value);
  } else {
    out.append(bytes);
  }
}

}  // namespace

std::string escape_markdown(std::string_view text) {
  return MarkdownEscaper(text).run();
}

std::string markdown_code(std::string_view text) {
  std::string inner;
  inner.reserve(text.size());
  std::size_t longest = 0;
  std::size_t ticks = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_at(text, at);
    if (!point.valid) {
      inner += kReplacement;
    } else if (point.value == '\n' || point.value == '\r' || point.value == '\t') {
      inner += ' ';
    } else if (is_hidden(point.value)) {
      append_visible(inner, point.value);
    } else {
      inner.append(text.substr(at, point.size));
    }
    ticks = point.value == '`' ? ticks + 1 : 0;
    longest = std::max(longest, ticks);
    at += point.size;
  }
  if (inner.empty()) return "` `";
  const std::string fence(longest + 1, '`');
  // A span that touches its fence, or that a reader would trim, gets one blank on each side.
  const bool edges = inner.front() == '`' || inner.back() == '`' || (inner.front() == ' ' && inner.back() == ' ');
  const char* pad = edges && inner.find_first_not_of(' ') != std::string::npos ? " " : "";
  return fence + pad + inner + pad + fence;
}

std::string escape_terminal(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_at(text, at);
    append_shown(out, point, point.valid ? text.substr(at, point.size) : kReplacement);
    at += point.size;
  }
  return out;
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_at(text, at);
    switch (point.value) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if (is_hidden(point.value)) {
          append_visible(out, point.value);
        } else {
          out.append(point.valid ? text.substr(at, point.size) : kReplacement);
        }
    }
    at += point.size;
  }
  return out;
}

std::string show_path(std::string_view path_bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(path_bytes.size());
  for (std::size_t at = 0; at < path_bytes.size();) {
    const CodePoint point = decode_at(path_bytes, at);
    if (!point.valid) {
      for (std::size_t i = at; i < at + point.size; ++i) {
        const auto byte = static_cast<unsigned char>(path_bytes[i]);
        out += "\\x";
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
      }
    } else if (point.value == '\\') {
      out += "\\\\";  // else a file named "\x41" would look like the byte
    } else {
      append_shown(out, point, path_bytes.substr(at, point.size));
    }
    at += point.size;
  }
  return out;
}

}  // namespace daydream::text
