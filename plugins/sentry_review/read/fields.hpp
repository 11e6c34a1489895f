// Reading members whose type is not what the documentation says.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "daydream/kit/json.hpp"
#include "plugins/sentry_review/read/clean.hpp"
#include "plugins/sentry_review/read/time.hpp"

namespace daydream::sentry {

// The member, or nullptr where it is absent, null, or `object` is no object.
inline const json::Value* member(const json::Value& object, const char* key) {
  const json::Value* found = object.IsObject() ? json::find(object, key) : nullptr;
  return found == nullptr || found->IsNull() ? nullptr : found;
}
inline const json::Value* object_member(const json::Value& object, const char* key) {
  const json::Value* found = member(object, key);
  return found != nullptr && found->IsObject() ? found : nullptr;
}
inline const json::Value* array_member(const json::Value& object, const char* key) {
  const json::Value* found = member(object, key);
  return found != nullptr && found->IsArray() ? found : nullptr;
}

// A whole number, also as a text or with a fraction; none for anything else.
inline std::optional<std::int64_t> whole(const json::Value* value) {
  if (value == nullptr) return std::nullopt;
  if (value->IsInt64()) return value->GetInt64();
  if (value->IsNumber()) {
    const double number = value->GetDouble();
    if (!std::isfinite(number) || std::fabs(number) > 9e15) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  if (!value->IsString()) return std::nullopt;
  std::int64_t number = 0;
  const char* begin = value->GetString();
  const char* end = begin + value->GetStringLength();
  const auto read = std::from_chars(begin, end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

// A text, or a number as its digits; cleaned and cut.
inline std::string words(const json::Value& object, const char* key, std::size_t max_bytes) {
  const json::Value* found = member(object, key);
  if (found == nullptr) return "";
  if (found->IsString()) return clean({found->GetString(), found->GetStringLength()}, max_bytes);
  if (found->IsInt64()) return std::to_string(found->GetInt64());
  return "";
}

inline std::optional<bool> flag(const json::Value& object, const char* key) {
  const json::Value* found = member(object, key);
  if (found == nullptr || !found->IsBool()) return std::nullopt;
  return found->GetBool();
}

// An instant as a text or as Unix seconds (or milliseconds, where the number is too large for seconds).
inline Millis instant(const json::Value& object, const char* key) {
  const json::Value* found = member(object, key);
  if (found == nullptr) return 0;
  if (found->IsString()) return parse_time({found->GetString(), found->GetStringLength()});
  if (!found->IsNumber()) return 0;
  const double number = found->GetDouble();
  if (!(number > 0) || number > 4e12) return 0;
  return static_cast<Millis>(number > 4e10 ? number : number * 1000);
}

}  // namespace daydream::sentry
