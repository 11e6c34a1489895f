#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>
#include <variant>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::json {

namespace {

using rapidjson::SizeType;
using Buffer = rapidjson::StringBuffer;
// Validation of UTF-8 is ours: RapidJSON's would stop in the middle of the text.
using Plain = rapidjson::Writer<Buffer>;
using Pretty = rapidjson::PrettyWriter<Buffer>;

SizeType size_of(std::string_view text) {
  contract(text.size() < (std::size_t{1} << 32), "a JSON string is shorter than 4 GiB");
  return static_cast<SizeType>(text.size());
}

template <class Target>
void put_string(Target& target, std::string_view text, bool key) {
  std::string mended;
  if (!text::valid_utf8(text)) {
    mended = text::to_utf8(text);
    text = mended;
  }
  const char* data = text.data() == nullptr ? "" : text.data();
  if (key) {
    target.Key(data, size_of(text));
  } else {
    target.String(data, size_of(text));
  }
}

// JSON knows no NaN and no infinity: what is not a number is nothing.
template <class Target>
void put_double(Target& target, double number) {
  if (std::isfinite(number)) {
    target.Double(number);
  } else {
    target.Null();
  }
}

template <class Target>
void put_scalar(Target& target, const Value& value) {
  if (value.IsString()) {
    put_string(target, {value.GetString(), value.GetStringLength()}, false);
  } else if (value.IsDouble()) {
    put_double(target, value.GetDouble());
  } else {
    value.Accept(target);
  }
}

// What is still to be written of an open object or array.
struct Level {
  const Value* value;
  SizeType next = 0;
};

template <class Target>
void open(Target& target, const Value& value, std::vector<Level>& levels) {
  if (value.IsObject()) {
    target.StartObject();
  } else {
    target.StartArray();
  }
  levels.push_back({&value});
}

// Iterative, whatever the depth of a document somebody built.
template <class Target>
void put_value(Target& target, const Value& root) {
  std::vector<Level> levels;
  const auto put = [&](const Value& value) {
    if (value.IsObject() || value.IsArray()) {
      open(target, value, levels);
    } else {
      put_scalar(target, value);
    }
  };
  put(root);
  while (!levels.empty()) {
    Level& level = levels.back();
    const Value& value = *level.value;
    const SizeType index = level.next++;
    if (value.IsObject()) {
      if (index < value.MemberCount()) {
        const auto& member = *(value.MemberBegin() + static_cast<std::ptrdiff_t>(index));
        put_string(target, {member.name.GetString(), member.name.GetStringLength()}, true);
        put(member.value);
        continue;
      }
      target.EndObject();
    } else {
      if (index < value.Size()) {
        put(value[index]);
        continue;
      }
      target.EndArray();
    }
    levels.pop_back();
  }
}

std::string text_of(const Buffer& buffer) {
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace

std::string write(const Value& value) {
  Buffer buffer;
  Plain writer(buffer);
  put_value(writer, value);
  return text_of(buffer);
}

std::string write_pretty(const Value& value) {
  Buffer buffer;
  Pretty writer(buffer);
  writer.SetIndent(' ', 2);
  put_value(writer, value);
  return text_of(buffer);
}

struct Writer::State {
  explicit State(bool pretty) {
    if (pretty) {
      target.emplace<Pretty>(buffer).SetIndent(' ', 2);
    } else {
      target.emplace<Plain>(buffer);
    }
  }
  template <class Action>
  void on(Action action) {
    if (auto* plain = std::get_if<Plain>(&target)) {
      action(*plain);
    } else if (auto* pretty = std::get_if<Pretty>(&target)) {
      action(*pretty);
    }
  }
  Buffer buffer;
  std::variant<std::monostate, Plain, Pretty> target;
};

Writer::Writer(bool pretty) : state_(std::make_unique<State>(pretty)) {}
Writer::Writer(Writer&&) noexcept = default;
Writer::~Writer() = default;

Writer& Writer::begin_object() {
  state_->on([](auto& target) { target.StartObject(); });
  return *this;
}
Writer& Writer::end_object() {
  state_->on([](auto& target) { target.EndObject(); });
  return *this;
}
Writer& Writer::begin_array() {
  state_->on([](auto& target) { target.StartArray(); });
  return *this;
}
Writer& Writer::end_array() {
  state_->on([](auto& target) { target.EndArray(); });
  return *this;
}
Writer& Writer::key(std::string_view name) {
  state_->on([name](auto& target) { put_string(target, name, true); });
  return *this;
}
Writer& Writer::value(std::string_view text) {
  state_->on([text](auto& target) { put_string(target, text, false); });
  return *this;
}
Writer& Writer::value(bool flag) {
  state_->on([flag](auto& target) { target.Bool(flag); });
  return *this;
}
Writer& Writer::value(std::int64_t number) {
  state_->on([number](auto& target) { target.Int64(number); });
  return *this;
}
Writer& Writer::value(std::uint64_t number) {
  state_->on([number](auto& target) { target.Uint64(number); });
  return *this;
}
Writer& Writer::value(double number) {
  state_->on([number](auto& target) { put_double(target, number); });
  return *this;
}
Writer& Writer::null() {
  state_->on([](auto& target) { target.Null(); });
  return *this;
}
Writer& Writer::raw(std::string_view json) {
  state_->on([json](auto& target) { target.RawValue(json.data(), json.size(), rapidjson::kNullType); });
  return *this;
}
Writer& Writer::value(const Value& node) {
  state_->on([&node](auto& target) { put_value(target, node); });
  return *this;
}
std::string Writer::take() {
  std::string text = text_of(state_->buffer);
  state_->buffer.Clear();
  state_->on([this](auto& target) { target.Reset(state_->buffer); });
  return text;
}

}  // namespace daydream::json
