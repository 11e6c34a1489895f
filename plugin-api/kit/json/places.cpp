#include "places.hpp"

#include <charconv>

namespace daydream::json {

namespace {

std::optional<std::size_t> array_index(std::string_view part) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
  if (error != std::errc() || end != part.data() + part.size()) return std::nullopt;
  return index;
}

}  // namespace

std::string unescape_part(std::string_view part) {
  std::string key;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] == '~' && i + 1 < part.size() && (part[i + 1] == '0' || part[i + 1] == '1')) {
      key += part[++i] == '0' ? '~' : '/';
    } else {
      key += part[i];
    }
  }
  return key;
}

std::string pointer_part(std::string_view key) {
  std::string part;
  for (const char c : key) {
    if (c == '~') {
      part += "~0";
    } else if (c == '/') {
      part += "~1";
    } else {
      part += c;
    }
  }
  return part;
}

std::string readable_pointer(std::string_view pointer) {
  if (pointer.empty()) return "(top level)";
  std::string path;
  while (!pointer.empty() && pointer.front() == '/') {
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    const std::string part = unescape_part(pointer.substr(1, end - 1));
    pointer.remove_prefix(end);
    const bool number = !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
    const bool plain = !part.empty() && part.find_first_of(".[]\" ") == std::string::npos;
    if (number) {
      path += "[" + part + "]";
    } else if (plain) {
      path += (path.empty() ? "" : ".") + part;
    } else {
      path += "[\"" + part + "\"]";
    }
  }
  return path;
}

std::optional<std::size_t> child_index(const Value& value, const std::string& part) {
  if (value.IsObject()) {
    const Value key(rapidjson::StringRef(part.data(), part.size()));
    const auto member = value.FindMember(key);
    if (member == value.MemberEnd()) return std::nullopt;
    return static_cast<std::size_t>(member - value.MemberBegin());
  }
  if (!value.IsArray()) return std::nullopt;
  const auto index = array_index(part);
  if (!index || *index >= value.Size()) return std::nullopt;
  return index;
}

std::size_t nth_child(const std::vector<Place>& places, std::size_t parent, std::size_t n) {
  std::size_t child = parent + 1;
  for (; n > 0; --n) child += places[child].subtree;
  return child;
}

}  // namespace daydream::json
