#include "plugins/log_review/grouping/shapes.hpp"

#include <array>

#include "plugins/log_review/grouping/scan.hpp"

namespace daydream::logs {
namespace {

constexpr std::size_t kMostTokens = 160;

}  // namespace

Words::Words() {
  for (int byte = 0; byte < 256; ++byte) texts_.emplace_back(1, static_cast<char>(byte));
  texts_.emplace_back("<*>");
}

std::uint32_t Words::id(std::string_view text) {
  const auto found = ids_.find(text);
  if (found != ids_.end()) return found->second;
  const auto id = static_cast<std::uint32_t>(texts_.size());
  texts_.emplace_back(text);
  ids_.emplace(texts_.back(), id);
  return id;
}

std::uint32_t Words::find(std::string_view text) const {
  const auto found = ids_.find(text);
  return found == ids_.end() ? kUnknown : found->second;
}

namespace {

// `id_of` gives the number of a word.
template <class IdOf>
void fill_shape(std::string_view message, Shape& shape, const IdOf& id_of) {
  auto add = [&shape](std::uint32_t id, bool space) {
    shape.tokens.push_back(id);
    shape.spaces.push_back(space);
  };
  // "key= next" and "key=" have an empty value.
  auto empty_value = [&] { return !shape.tokens.empty() && shape.tokens.back() == '='; };
  std::array<char, 256> masked{};
  scan(message, [&](const Token& token) {
    if (shape.tokens.size() >= kMostTokens) return;
    if (empty_value() && (token.space_before || token.kind == TokenKind::kMark)) {
      if (token.kind != TokenKind::kMark ||
          (token.text[0] != '=' && token.text[0] != '>' && token.text[0] != '"' && token.text[0] != '\'' &&
           token.text[0] != '[' && token.text[0] != '{' && token.text[0] != '(' && token.text[0] != '<')) {
        if (shape.spaces[shape.spaces.size() - 1] == false) add(Words::kValue, false);
      }
    }
    if (shape.tokens.size() > 1 && token.kind == TokenKind::kMark && token.text[0] == ')' && !token.space_before &&
        shape.tokens.back() == '(' && shape.spaces.back()) {
      add(Words::kValue, false);  // "(host)" without the host
    }
    switch (token.kind) {
      case TokenKind::kMark:
        return add(static_cast<unsigned char>(token.text[0]), token.space_before);
      case TokenKind::kValue:
        return add(Words::kValue, token.space_before);
      case TokenKind::kMixed: {
        const std::size_t size = mask_digits(token.text, masked.data(), masked.size());
        const std::uint32_t id = id_of({masked.data(), size});
        const std::size_t count = shape.tokens.size();
        // A list of such names, however long, is one.
        if (count > 1 && shape.tokens[count - 1] == id && shape.tokens[count - 2] == id && token.space_before) return;
        return add(id, token.space_before);
      }
      case TokenKind::kWord:
        return add(id_of(token.text.substr(0, masked.size())), token.space_before);
    }
  });
  if (empty_value()) add(Words::kValue, false);
}

}  // namespace

Shape shape_of(std::string_view message, Words& words) {
  Shape shape;
  shape.tokens.reserve(message.size() / 5 + 2);
  fill_shape(message, shape, [&words](std::string_view text) { return words.id(text); });
  return shape;
}

void read_shape(std::string_view message, const Words& words, Shape& shape) {
  shape.tokens.clear();
  shape.spaces.clear();
  fill_shape(message, shape, [&words](std::string_view text) { return words.find(text); });
}

// A line a token: " " or "." for the space before it, then "*" for a value or "=" and its text.
std::string shape_text(const Shape& shape, const Words& words) {
  std::string text;
  for (std::size_t i = 0; i < shape.tokens.size(); ++i) {
    text += shape.spaces[i] ? ' ' : '.';
    text += shape.tokens[i] == Words::kValue ? "*" : "=" + std::string(words.text(shape.tokens[i]));
    text += '\n';
  }
  return text;
}

Shape shape_from_text(std::string_view text, Words& words) {
  Shape shape;
  while (text.size() > 2 && shape.tokens.size() < kMostTokens) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view token = text.substr(0, end).substr(std::min<std::size_t>(2, end));
    const bool mark = token.size() == 1 && (scanning::class_of(token[0]) & scanning::kSplit) != 0;
    shape.spaces.push_back(text[0] == ' ');
    shape.tokens.push_back(text[1] == '*' ? Words::kValue
                           : mark         ? static_cast<unsigned char>(token[0])
                                          : words.id(token));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return shape;
}

std::string template_of(const Shape& shape, const Words& words) {
  std::string text;
  for (std::size_t i = 0; i < shape.tokens.size(); ++i) {
    if (shape.spaces[i] && !text.empty()) text += ' ';
    const std::string_view token = words.text(shape.tokens[i]);
    for (const char c : token) {
      if (c == '#') {
        text += "<*>";
      } else {
        text += c;
      }
    }
  }
  return text;
}

}  // namespace daydream::logs
