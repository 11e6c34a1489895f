#include "daydream/kit/text.hpp"

#include <charconv>
#include <string>

#include "targets.hpp"

namespace daydream::fuzz {

namespace {

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string without(std::string text, std::string_view part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at)) text.erase(at, part.size());
  return text;
}

// Valid UTF-8 with no control, bidi or zero-width character left.
bool harmless(const std::string& text) {
  return text::valid_utf8(text) && text::escape_terminal(text) == text;
}

void append_code_point(std::string& out, unsigned value) {
  if (value < 0x80) {
    out += static_cast<char>(value);
  } else if (value < 0x800) {
    out += static_cast<char>(0xC0 | value >> 6);
    out += static_cast<char>(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    out += static_cast<char>(0xE0 | value >> 12);
    out += static_cast<char>(0x80 | (value >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (value & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | value >> 18);
    out += static_cast<char>(0x80 | (value >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (value >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (value & 0x3F));
  }
}

// The bytes that show_path() was given.
std::string unshow(std::string_view shown) {
  std::string out;
  for (std::size_t at = 0; at < shown.size(); ++at) {
    if (shown[at] != '\\') {
      out += shown[at];
      continue;
    }
    const char kind = shown[++at];
    unsigned value = 0;
    if (kind == 'x') {
      std::from_chars(shown.data() + at + 1, shown.data() + at + 3, value, 16);
      out += static_cast<char>(value);
      at += 2;
    } else if (kind == 'u') {
      const std::size_t end = shown.find('}', at);
      std::from_chars(shown.data() + at + 2, shown.data() + end, value, 16);
      append_code_point(out, value);
      at = end;
    } else {
      out += kind == 'n' ? '\n' : kind == 'r' ? '\r' : kind == 't' ? '\t' : kind;
    }
  }
  return out;
}

void check_escapes(std::string_view bytes) {
  const std::string markdown = text::escape_markdown(bytes);
  promise(harmless(without(markdown, "\u2060")), "Markdown is harmless");
  promise(!holds(markdown, "<"), "Markdown has no tag");
  const std::string code = text::markdown_code(bytes);
  promise(harmless(code) && code.size() >= 3, "a code span is harmless");
  const std::string fence = code.substr(0, code.find_first_not_of('`'));
  promise(code.find(fence, fence.size()) == code.size() - fence.size(), "a code span ends where it should");
  promise(harmless(text::escape_terminal(bytes)), "a terminal line is harmless");
  const std::string html = without(without(without(text::escape_html(bytes), "\n"), "\t"), "\r");
  promise(harmless(html) && !holds(html, "<") && !holds(html, ">") && !holds(html, "\""), "HTML is harmless");
  const std::string path = text::show_path(bytes);
  promise(harmless(path), "a shown path is harmless");
  promise(unshow(path) == bytes, "no two paths look alike");
}

void check_masking(std::string_view secret, std::string_view bytes) {
  const std::string plain = text::mask(bytes);
  promise(plain.size() <= bytes.size() * 4, "masking does not blow up");
  text::Masker masker;
  masker.add_secret(secret);
  const std::string masked = masker.mask(bytes);
  // A secret that is itself a part of a label, or could go over one, proves nothing.
  const bool telling = secret.size() >= 6 && !holds("[masked mail][masked card]", secret) && !holds(secret, "masked");
  promise(!telling || !holds(masked, secret), "a given secret is nowhere in what is masked");
}

}  // namespace

void text(std::string_view bytes) {
  const std::size_t line = std::min(bytes.find('\n'), bytes.size());
  const std::string_view secret = bytes.substr(0, line);
  const std::string_view rest = line < bytes.size() ? bytes.substr(line + 1) : bytes;
  const std::string mended = text::to_utf8(rest);
  promise(text::valid_utf8(mended), "mended text is UTF-8");
  promise(text::to_utf8(mended) == mended, "good text is left alone");
  promise((mended == rest) == text::valid_utf8(rest), "only bad text is mended");
  for (const std::size_t size : {0, 1, 2, 3, 7, 20}) {
    const std::string cut = text::shorten(mended, static_cast<std::size_t>(size));
    promise(cut.size() <= static_cast<std::size_t>(size) && text::valid_utf8(cut),
            "a shortened text is short and whole");
  }
  check_escapes(rest);
  check_masking(secret, rest);
  (void)text::nearest(secret, {"command", "timeout", std::string(rest.substr(0, 70))});
  const std::string collapsed = text::collapse_space(rest);
  promise(text::collapse_space(collapsed) == collapsed, "collapsing twice is collapsing once");
  (void)text::line_column(rest, secret.size());
}

}  // namespace daydream::fuzz
