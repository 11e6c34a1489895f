// Reading single values, and the units people write them in.
#include <charconv>
#include <cmath>
#include <limits>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::json {

const Value* find(const Value& object, const char* key) {
  if (!object.IsObject()) return nullptr;
  const auto member = object.FindMember(key);
  return member == object.MemberEnd() ? nullptr : &member->value;
}

std::string get_string(const Value& object, const char* key, std::string_view otherwise) {
  const Value* value = find(object, key);
  return value != nullptr && value->IsString() ? string_of(*value) : std::string(otherwise);
}

std::int64_t get_int(const Value& object, const char* key, std::int64_t otherwise) {
  const Value* value = find(object, key);
  return value != nullptr && value->IsInt64() ? value->GetInt64() : otherwise;
}

double get_double(const Value& object, const char* key, double otherwise) {
  const Value* value = find(object, key);
  return value != nullptr && value->IsNumber() ? value->GetDouble() : otherwise;
}

bool get_bool(const Value& object, const char* key, bool otherwise) {
  const Value* value = find(object, key);
  return value != nullptr && value->IsBool() ? value->GetBool() : otherwise;
}

std::vector<std::string> get_strings(const Value& object, const char* key) {
  std::vector<std::string> strings;
  const Value* value = find(object, key);
  if (value == nullptr || !value->IsArray()) return strings;
  for (const Value& item : value->GetArray()) {
    if (item.IsString()) strings.push_back(string_of(item));
  }
  return strings;
}

namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr Unit kDurations[] = {{"ms", 1},
                               {"s", 1000},
                               {"m", 60'000},
                               {"h", 3600'000},
                               {"d", 24ULL * 3600'000},
                               {"w", std::uint64_t{7} * 24 * 3600'000}};
constexpr Unit kSizes[] = {{"", 1},
                           {"B", 1},
                           {"KB", 1000},
                           {"MB", 1000'000},
                           {"GB", 1000'000'000},
                           {"TB", 1000'000'000'000},
                           {"KiB", 1ULL << 10},
                           {"MiB", 1ULL << 20},
                           {"GiB", 1ULL << 30},
                           {"TiB", 1ULL << 40}};

template <std::size_t kCount>
Result<std::uint64_t> parse_units(std::string_view text, const Unit (&units)[kCount], std::string_view expected) {
  const Error wrong(ErrorKind::kInvalid, "expected " + std::string(expected) + ", not \"" +
                                             text::escape_terminal(text::shorten(text, 40)) + "\"");
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return wrong;
  std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (rest.starts_with(' ')) rest.remove_prefix(1);
  for (const Unit& unit : units) {
    if (unit.name != rest) continue;
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / unit.factor)
      return Error(ErrorKind::kInvalid, "too large: \"" + std::string(text) + "\"");
    return number * unit.factor;
  }
  return wrong;
}

}  // namespace

Result<std::int64_t> parse_duration_ms(std::string_view text) {
  auto parsed =
      parse_units(text, kDurations, "a duration such as \"250ms\", \"90s\", \"20m\", \"3h\", \"1d\" or \"1w\"");
  if (!parsed) return parsed.error();
  return static_cast<std::int64_t>(*parsed);
}

Result<std::uint64_t> parse_size(std::string_view text) {
  return parse_units(text, kSizes, "a size such as \"512\", \"64KiB\", \"64MiB\" or \"2GB\"");
}

}  // namespace daydream::json
