// HTML as CommonMark sees it: enough to know where a tag ends and what its attributes are.
#include <algorithm>

#include "daydream/kit/text.hpp"
#include "parts.hpp"

namespace daydream::markdown {
namespace {

constexpr std::size_t kLongestTag = 8192;  // keeps hostile text linear

bool is_letter(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}
bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}
bool is_name(char byte) {
  return is_letter(byte) || is_digit(byte) || byte == '-' || byte == '_' || byte == ':' || byte == '.' || byte == '@';
}

// `name`, `name=value`; the position behind it, or npos.
std::size_t read_attribute(std::string_view text, std::size_t at, RawTag::Part& part) {
  const std::size_t begin = at;
  while (at < text.size() && is_name(text[at])) ++at;
  if (at == begin || is_digit(text[begin]) || text[begin] == '-') return kNo;
  part.name = text::to_lower_ascii(text.substr(begin, at - begin));
  const std::size_t equals = skip_space(text, at);
  if (equals >= text.size() || text[equals] != '=') return at;
  at = skip_space(text, equals + 1);
  if (at >= text.size()) return kNo;
  if (text[at] == '"' || text[at] == '\'') {
    const std::size_t end = text.find(text[at], at + 1);
    if (end == kNo) return kNo;
    part.begin = at + 1;
    part.end = end;
    return end + 1;
  }
  part.begin = at;
  while (at < text.size() && !is_space(text[at]) && std::string_view("\"'=<>`").find(text[at]) == kNo) ++at;
  part.end = at;
  return at == part.begin ? kNo : at;
}

std::size_t read_start_tag(std::string_view text, std::size_t at, RawTag& tag) {
  std::size_t end = at + 1;
  while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]) || text[end] == '-')) ++end;
  const std::string name = text::to_lower_ascii(text.substr(at + 1, end - at - 1));
  std::vector<RawTag::Part> attributes;
  for (;;) {
    const std::size_t next = skip_space(text, end);
    if (next >= text.size()) return kNo;
    const bool closed = text[next] == '/' && next + 1 < text.size() && text[next + 1] == '>';
    if (text[next] == '>' || closed) {
      tag.name = name;
      tag.attributes = std::move(attributes);
      return next + (closed ? 2 : 1);
    }
    if (next == end) return kNo;
    RawTag::Part part;
    end = read_attribute(text, next, part);
    if (end == kNo) return kNo;
    attributes.push_back(std::move(part));
  }
}

std::size_t behind(std::string_view text, std::string_view what, std::size_t from) {
  const std::size_t found = text.find(what, from);
  return found == kNo ? kNo : found + what.size();
}

}  // namespace

std::size_t read_html(std::string_view text, std::size_t at, RawTag& tag) {
  const std::string_view whole = text;
  text = text.substr(0, std::min(text.size(), at + kLongestTag));
  if (at + 1 >= text.size()) return kNo;
  const std::string_view rest = text.substr(at);
  if (is_letter(rest[1])) return read_start_tag(text, at, tag);
  if (rest[1] == '/') {
    std::size_t end = at + 2;
    if (end >= text.size() || !is_letter(text[end])) return kNo;
    while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]) || text[end] == '-')) ++end;
    end = skip_space(text, end);
    return end < text.size() && text[end] == '>' ? end + 1 : kNo;
  }
  if (rest.starts_with("<!-->")) return at + 5;
  if (rest.starts_with("<!--->")) return at + 6;
  if (rest.starts_with("<!--")) return behind(whole, "-->", at + 4);
  if (rest[1] == '?') return behind(text, "?>", at + 2);
  if (rest.starts_with("<![CDATA[")) return behind(text, "]]>", at + 9);
  if (rest[1] == '!' && rest.size() > 2 && is_letter(rest[2])) return behind(text, ">", at + 2);
  return kNo;
}

Tag to_tag(const RawTag& raw, const Flat& flat, std::size_t begin, std::size_t end) {
  Tag tag;
  tag.name = raw.name;
  tag.span = flat.span(begin, end);
  for (const RawTag::Part& part : raw.attributes) {
    tag.attributes.push_back({part.name, part.end > part.begin ? flat.span(part.begin, part.end) : Span{}});
  }
  return tag;
}

void scan_html(const Flat& flat, std::vector<Tag>& tags) {
  const std::string_view text = flat.text();
  bool comment_ends = true;  // once a "-->" was not found, none follows
  for (std::size_t at = text.find('<'); at != kNo; at = text.find('<', at)) {
    if (text.substr(at).starts_with("<!--") && !comment_ends) return;
    RawTag tag;
    const std::size_t end = read_html(text, at, tag);
    if (end == kNo) {
      if (text.substr(at).starts_with("<!--")) return;  // an open comment hides the rest of its block
      ++at;
      continue;
    }
    if (!tag.name.empty()) tags.push_back(to_tag(tag, flat, at, end));
    at = end;
    if (tag.name != "script" && tag.name != "style") continue;
    at = text.find("</" + tag.name, end);
    if (at == kNo) return;
  }
}

}  // namespace daydream::markdown
