// A compiled schema: a list of nodes that name each other by number, so that "$ref" may be recursive.
#pragma once

#include <re2/re2.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daydream/kit/json.hpp"

namespace daydream::json {

using NodeIndex = std::size_t;

enum TypeBit : unsigned {
  kTypeNull = 1,
  kTypeBoolean = 2,
  kTypeInteger = 4,
  kTypeNumber = 8,
  kTypeString = 16,
  kTypeArray = 32,
  kTypeObject = 64,
};
constexpr unsigned kAnyType = 127;

enum class Format { kAny, kDuration, kSize, kDate, kGlob, kRegex };

struct SchemaNode {
  unsigned types = kAnyType;
  const Value* allowed = nullptr;   // "enum", an array
  const Value* fallback = nullptr;  // "default"
  std::optional<NodeIndex> reference;
  std::vector<NodeIndex> one_of, any_of;
  // objects
  std::vector<std::pair<std::string, NodeIndex>> properties;
  std::vector<std::string> required;
  std::optional<NodeIndex> additional;
  bool closed = false;  // keys that are neither a property nor `additional` are refused
  // arrays
  std::optional<NodeIndex> items;
  std::optional<std::uint64_t> min_items, max_items;
  bool unique_items = false;
  // numbers
  std::optional<double> minimum, maximum;
  bool exclusive_minimum = false, exclusive_maximum = false;
  // strings
  std::optional<std::uint64_t> min_length, max_length;
  std::unique_ptr<re2::RE2> pattern;
  Format format = Format::kAny;
};

struct Schema::State {
  std::vector<SchemaNode> nodes;  // nodes[0] is the whole
  std::unique_ptr<Text> text;     // what `allowed` and `fallback` point into
};

// Deeper values are refused before anything recursive looks at them.
constexpr std::size_t kMaxValueDepth = 128;
std::size_t depth_of(const Value& value);

std::vector<Problem> check_value(const std::vector<SchemaNode>& nodes, NodeIndex node, const Value& value);

// Adds the defaults of what is absent below `value`. False when `budget` values were not enough.
bool fill_defaults(const std::vector<SchemaNode>& nodes, NodeIndex node, Value& value,
                   Document::AllocatorType& allocator, std::size_t& budget);

// What `format` asks of a text; empty when it has it.
std::string format_problem(Format format, std::string_view text);
std::string type_name(unsigned types);  // "a string or a number"
unsigned type_of(const Value& value);
// For messages: short, in one line.
std::string show_value(const Value& value);

}  // namespace daydream::json
