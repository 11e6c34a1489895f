// JSON (RapidJSON) with what it lacks: iterative parsing with a depth cap, comments, duplicate keys
// refused, a position for every value, and a schema subset whose messages name the nearest key.
#pragma once

#include <rapidjson/document.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/result.hpp"

namespace daydream::json {

using Value = rapidjson::Value;
using Document = rapidjson::Document;

struct Position {
  int line = 0;    // from 1; 0 = unknown
  int column = 0;  // bytes, from 1
};

struct ParseOptions {
  std::string name;       // of the file, for messages: "config/daydream.json"
  bool comments = false;  // allow // and /* */ (and nothing else beyond JSON)
  int max_depth = 64;
  std::size_t max_bytes = std::size_t{64} << 20;
  bool positions = true;  // keep them (costs memory); off for machine data
};

// A parsed text with the place of every key and value. Immutable; [any thread].
class Text {
 public:
  // kInvalid with "name:line:column: message"; also for duplicate keys, depth, invalid UTF-8, trailing bytes.
  static Result<Text> parse(std::string_view bytes, ParseOptions options = {});
  Text(Text&&) noexcept;
  Text& operator=(Text&&) noexcept;
  ~Text();

  [[nodiscard]] const Value& root() const;
  [[nodiscard]] const std::string& name() const;
  // `pointer` is a JSON pointer ("/steps/2/plugin"); falls back to the nearest ancestor.
  [[nodiscard]] Position position(std::string_view pointer) const;
  [[nodiscard]] Position key_position(std::string_view pointer) const;
  // kInvalid: "name:line:column: <path for people, steps[2].plugin>: message".
  [[nodiscard]] Error error_at(std::string_view pointer, std::string_view message) const;

 private:
  struct State;
  explicit Text(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// "/steps/2/plugin" -> "steps[2].plugin"; "" -> "(top level)".
std::string readable_pointer(std::string_view pointer);
// One part of a pointer, escaped.
std::string pointer_part(std::string_view key);

struct Problem {
  std::string pointer;  // of the value, or of the object with the wrong key
  std::string key;      // the wrong or missing key, else empty
  std::string message;  // "unknown key \"comand\"; did you mean \"command\"?"
};

// The subset of JSON Schema draft 4 that plugins may use: type (also a list), enum, properties,
// additionalProperties (false or a schema), required, items, minItems, maxItems, uniqueItems, minimum,
// maximum, exclusiveMinimum/Maximum, minLength, maxLength, pattern, format (duration, size, date, glob,
// regex), default, description, title, definitions + $ref "#/definitions/..", oneOf/anyOf, $schema.
// An object schema without additionalProperties refuses unknown keys.
class Schema {
 public:
  // kInvalid for what the subset does not know: a schema is never silently half-used.
  static Result<Schema> compile(std::string_view schema_json, const std::string& name);
  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) noexcept;
  ~Schema();
  // Every problem, in document order; empty = valid. [any thread]
  [[nodiscard]] std::vector<Problem> check(const Value& value) const;
  // `value` (an object) with the defaults of absent properties filled in, recursively.
  [[nodiscard]] Document with_defaults(const Value& value) const;

 private:
  struct State;
  explicit Schema(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

// Writing: numbers without loss, strings UTF-8 (invalid bytes as U+FFFD).
std::string write(const Value& value);
std::string write_pretty(const Value& value);  // 2 spaces, keys in the order they have

// A small builder for those who write JSON without a document. One thread.
class Writer {
 public:
  explicit Writer(bool pretty = false);
  Writer(Writer&&) noexcept;
  ~Writer();
  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);
  Writer& value(std::string_view text);
  Writer& value(const char* text) { return value(std::string_view(text)); }
  Writer& value(const std::string& text) { return value(std::string_view(text)); }
  Writer& value(bool flag);
  Writer& value(int number) { return value(static_cast<std::int64_t>(number)); }
  Writer& value(std::int64_t number);
  Writer& value(std::uint64_t number);
  Writer& value(double number);
  Writer& null();
  Writer& raw(std::string_view json);  // REQUIRES: one valid JSON value
  Writer& value(const Value& node);
  template <class T>
  Writer& field(std::string_view name, const T& content) {
    key(name);
    return value(content);
  }
  std::string take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Reading with a default; a member of another type counts as absent.
std::string get_string(const Value& object, const char* key, std::string_view otherwise = "");
std::int64_t get_int(const Value& object, const char* key, std::int64_t otherwise = 0);
double get_double(const Value& object, const char* key, double otherwise = 0);
bool get_bool(const Value& object, const char* key, bool otherwise = false);
std::vector<std::string> get_strings(const Value& object, const char* key);
const Value* find(const Value& object, const char* key);  // nullptr when absent
inline std::string string_of(const Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

// "90s", "20m", "3h", "250ms", "1d", "1w" -> milliseconds; kInvalid with the expectation.
Result<std::int64_t> parse_duration_ms(std::string_view text);
// "64MiB", "2GB", "512" -> bytes.
Result<std::uint64_t> parse_size(std::string_view text);

}  // namespace daydream::json
