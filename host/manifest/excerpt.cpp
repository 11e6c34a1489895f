#include "manifest/excerpt.hpp"

#include <algorithm>
#include <charconv>

#include "daydream/kit/text.hpp"

namespace daydream::manifest {
namespace {

constexpr std::size_t kWidest = 100;  // bytes of a line that are shown
constexpr std::size_t kBefore = 60;   // of them in front of the caret, where the line is longer

std::string_view line_of(std::string_view bytes, int line) {
  for (; line > 1; --line) {
    const auto end = bytes.find('\n');
    if (end == std::string_view::npos) return {};
    bytes.remove_prefix(end + 1);
  }
  bytes = bytes.substr(0, bytes.find('\n'));
  if (bytes.ends_with('\r')) bytes.remove_suffix(1);
  return bytes;
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// How far the word that begins at `column` reaches: a text to its quote, else to what ends a word in JSON.
std::size_t word_length(std::string_view line, std::size_t start) {
  if (start >= line.size()) return 1;
  std::size_t end = start + 1;
  if (line[start] == '"') {
    while (end < line.size() && line[end] != '"') end += line[end] == '\\' ? 2 : 1;
    return std::min(end + 1, line.size()) - start;
  }
  if (std::string_view("{}[]:,").find(line[start]) != std::string_view::npos) return 1;
  while (end < line.size() && std::string_view("{}[]:, \t").find(line[end]) == std::string_view::npos) ++end;
  return end - start;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

// A part of a line that is harmless on a terminal. One column a character, but for what is made visible.
std::string shown(std::string_view part) {
  std::string spaced(part);
  std::replace(spaced.begin(), spaced.end(), '\t', ' ');
  return text::escape_terminal(text::to_utf8(spaced));
}

// The part of a long line around `start`; characters stay whole.
std::pair<std::size_t, std::size_t> window(std::string_view line, std::size_t start) {
  if (line.size() <= kWidest) return {0, line.size()};
  std::size_t from = start > kBefore ? start - kBefore : 0;
  while (from > 0 && continues(line[from])) --from;
  std::size_t to = std::min(line.size(), from + kWidest);
  while (to < line.size() && continues(line[to])) ++to;
  return {from, to};
}

bool in_secrets(std::string_view pointer) {
  return pointer == "/secrets" || pointer.starts_with("/secrets/");
}

Error placed(const File& file, std::string words, bool quiet) {
  return {ErrorKind::kInvalid, quiet ? std::move(words) : with_excerpt(std::move(words), file.text.name(), file.bytes)};
}

}  // namespace

std::string excerpt(std::string_view bytes, json::Position at) {
  if (at.line < 1 || at.column < 1) return "";
  const std::string_view line = line_of(bytes, at.line);
  const std::size_t start = static_cast<std::size_t>(at.column) - 1;
  if (start > line.size() || text::trim(line).empty() || text::mask(line) != line) return "";
  const auto [from, to] = window(line, start);
  const std::string before = shown(line.substr(from, start - from));
  const std::size_t end = std::min(start + word_length(line, start), std::max(to, start + 1));
  const std::string number = std::to_string(at.line);
  std::string result = "\n  " + number + " | " + (from > 0 ? "..." : "") + before +
                       shown(line.substr(start, to - std::min(to, start))) + (to < line.size() ? "..." : "");
  result.append("\n  ").append(number.size(), ' ').append(" | ").append(from > 0 ? 3 : 0, ' ');
  result.append(characters(before), ' ').append("^");
  const std::size_t width = characters(line.substr(start, end - std::min(end, start)));
  return result.append(width > 1 ? width - 1 : 0, '~');
}

std::string with_excerpt(std::string message, std::string_view name, std::string_view bytes) {
  if (!message.starts_with(name)) return message;
  const char* const end = message.data() + message.size();
  const char* next = message.data() + name.size();
  json::Position at;
  for (int* number : {&at.line, &at.column}) {
    if (next == end || *next != ':') return message;
    const auto parsed = std::from_chars(next + 1, end, *number);
    if (parsed.ec != std::errc()) return message;
    next = parsed.ptr;
  }
  return message += excerpt(bytes, at);
}

Error error_at(const Place& place, std::string_view message) {
  return placed(*place.file, place.file->text.error_at(place.pointer, message).message(), in_secrets(place.pointer));
}

Error error_at_key(const Place& place, std::string_view message) {
  const json::Text& text = place.file->text;
  const json::Position at = text.key_position(place.pointer);
  std::string words = text.name() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " +
                      json::readable_pointer(place.pointer) + ": " + std::string(message);
  return placed(*place.file, std::move(words), in_secrets(place.pointer));
}

Error error_of(const File& file, const json::Problem& problem, const std::string& base_pointer) {
  const std::string pointer = base_pointer + problem.pointer;
  const std::string key_pointer = pointer + "/" + json::pointer_part(problem.key);
  if (problem.key.empty() || !has_value(file.text.root(), key_pointer)) {
    return error_at({&file, pointer}, problem.message);
  }
  const json::Position at = file.text.key_position(key_pointer);
  std::string words = file.text.name() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " +
                      json::readable_pointer(pointer) + ": " + problem.message;
  return placed(file, std::move(words), in_secrets(pointer));
}

}  // namespace daydream::manifest
