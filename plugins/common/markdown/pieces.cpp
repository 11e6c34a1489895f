// The small grammars of CommonMark's links.
#include <algorithm>

#include "daydream/kit/text.hpp"
#include "daydream/markdown/anchors.hpp"
#include "parts.hpp"

namespace daydream::markdown {

bool is_punctuation(char byte) {
  return (byte >= '!' && byte <= '/') || (byte >= ':' && byte <= '@') || (byte >= '[' && byte <= '`') ||
         (byte >= '{' && byte <= '~');
}

bool is_space(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\v' || byte == '\f';
}

std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

namespace {

std::size_t read_pointed(std::string_view text, std::size_t at, std::pair<std::size_t, std::size_t>& inner) {
  for (std::size_t end = at + 1; end < text.size(); ++end) {
    if (text[end] == '\\' && end + 1 < text.size() && is_punctuation(text[end + 1])) {
      ++end;
    } else if (text[end] == '>') {
      inner = {at + 1, end};
      return end + 1;
    } else if (text[end] == '<' || text[end] == '\n' || text[end] == '\r') {
      return kNo;
    }
  }
  return kNo;
}

}  // namespace

std::size_t read_destination(std::string_view text, std::size_t at, std::pair<std::size_t, std::size_t>& inner) {
  if (at < text.size() && text[at] == '<') return read_pointed(text, at, inner);
  constexpr int kMostParentheses = 32;
  int open = 0;
  std::size_t end = at;
  for (; end < text.size(); ++end) {
    const char byte = text[end];
    if (byte == '\\' && end + 1 < text.size() && is_punctuation(text[end + 1])) {
      ++end;
    } else if (byte == '(') {
      if (++open > kMostParentheses) return kNo;
    } else if (byte == ')') {
      if (open == 0) break;
      --open;
    } else if (is_space(byte) || static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F) {
      break;
    }
  }
  if (open != 0) return kNo;
  inner = {at, end};
  return end;
}

std::size_t read_title(std::string_view text, std::size_t at) {
  if (at >= text.size()) return kNo;
  const char opening = text[at];
  if (opening != '"' && opening != '\'' && opening != '(') return kNo;
  const char closing = opening == '(' ? ')' : opening;
  for (std::size_t end = at + 1; end < text.size(); ++end) {
    if (text[end] == '\\' && end + 1 < text.size() && is_punctuation(text[end + 1])) {
      ++end;
    } else if (text[end] == closing) {
      return end + 1;
    } else if (opening == '(' && text[end] == '(') {
      return kNo;
    }
  }
  return kNo;
}

std::size_t read_label(std::string_view text, std::size_t at) {
  constexpr std::size_t kMost = 999;
  bool word = false;
  for (std::size_t end = at + 1; end < text.size() && end - at <= kMost + 1; ++end) {
    if (text[end] == '\\' && end + 1 < text.size() && is_punctuation(text[end + 1])) {
      ++end;
      word = true;
    } else if (text[end] == ']') {
      return word ? end + 1 : kNo;
    } else if (text[end] == '[') {
      return kNo;
    } else if (!is_space(text[end])) {
      word = true;
    }
  }
  return kNo;
}

std::string normal_label(std::string_view label) {
  return to_lower(text::collapse_space(label));
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size() && is_punctuation(text[at + 1])) {
      out += text[++at];
    } else if (text[at] == '&') {
      at += append_entity(text.substr(at), out) - 1;
    } else {
      out += text[at];
    }
  }
  return out;
}

std::size_t read_definitions(const Flat& flat, std::vector<Link>& links, Definitions& known) {
  const std::string& text = flat.text();
  std::size_t at = 0;
  for (;;) {
    const std::size_t begin = skip_space(text, at);
    if (begin >= text.size() || text[begin] != '[') return at;
    const std::size_t label_end = read_label(text, begin);
    if (label_end == kNo || label_end >= text.size() || text[label_end] != ':' || text[begin + 1] == '^') return at;
    std::pair<std::size_t, std::size_t> inner;
    const std::size_t from = skip_space(text, label_end + 1);
    const std::size_t destination = read_destination(text, from, inner);
    if (destination == kNo || destination == from) return at;
    const auto line_end = [&](std::size_t position) {
      while (position < text.size() && (text[position] == ' ' || text[position] == '\t')) ++position;
      return position >= text.size() || text[position] == '\n' ? position : kNo;
    };
    std::size_t end = line_end(destination);
    const std::size_t title_at = skip_space(text, destination);
    if (title_at > destination) {
      const std::size_t title = read_title(text, title_at);
      if (title != kNo && line_end(title) != kNo) end = line_end(title);
    }
    if (end == kNo) return at;
    Link link;
    link.kind = LinkKind::kDefinition;
    link.span = flat.span(begin, end);
    link.text = flat.span(begin + 1, label_end - 1);
    link.destination = flat.span(inner.first, inner.second);
    link.url = unescaped(std::string_view(text).substr(inner.first, inner.second - inner.first));
    known.emplace(normal_label(std::string_view(text).substr(begin + 1, label_end - begin - 2)), link.span.begin);
    links.push_back(std::move(link));
    at = std::min(end + 1, text.size());
  }
}

}  // namespace daydream::markdown
