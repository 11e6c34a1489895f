#include "daydream/kit/json.hpp"

#include <string>
#include <vector>

#include "daydream/kit/text.hpp"
#include "targets.hpp"

namespace daydream::fuzz {

namespace {

bool clean(const std::string& message) {
  return text::escape_terminal(message) == message;
}

struct Step {
  const json::Value* value;
  std::string pointer;
};

// The byte that a value of this type begins with.
bool begins(const json::Value& value, char c) {
  if (value.IsObject()) return c == '{';
  if (value.IsArray()) return c == '[';
  if (value.IsString()) return c == '"';
  if (value.IsNull()) return c == 'n';
  if (value.IsBool()) return c == (value.GetBool() ? 't' : 'f');
  return c == '-' || (c >= '0' && c <= '9');
}

void check_places(const json::Text& parsed, std::string_view bytes) {
  std::vector<std::size_t> lines = {0};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\n') lines.push_back(i + 1);
  }
  const auto byte_at = [&](json::Position place) {
    promise(place.line >= 1 && static_cast<std::size_t>(place.line) <= lines.size(), "a place has a line of the text");
    const std::size_t at = lines[static_cast<std::size_t>(place.line - 1)] + static_cast<std::size_t>(place.column - 1);
    promise(at < bytes.size(), "a place lies in the text");
    return bytes[at];
  };
  std::vector<Step> work = {{&parsed.root(), ""}};
  int left = 200;  // each look walks down from the root
  while (!work.empty() && left-- > 0) {
    const Step step = work.back();
    work.pop_back();
    promise(begins(*step.value, byte_at(parsed.position(step.pointer))), "a value's place is that of its first byte");
    if (step.value->IsArray()) {
      for (rapidjson::SizeType i = 0; i < step.value->Size(); ++i)
        work.push_back({&(*step.value)[i], step.pointer + "/" + std::to_string(i)});
    }
    if (!step.value->IsObject()) continue;
    for (const auto& member : step.value->GetObject()) {
      const std::string pointer = step.pointer + "/" + json::pointer_part(json::string_of(member.name));
      promise(byte_at(parsed.key_position(pointer)) == '"', "a key's place is its quote");
      work.push_back({&member.value, pointer});
    }
  }
}

}  // namespace

void json(std::string_view bytes) {
  if (bytes.empty()) return;
  json::ParseOptions options;
  options.comments = (bytes.front() & 1) != 0;
  options.positions = (bytes.front() & 2) == 0;
  bytes.remove_prefix(1);
  auto parsed = json::Text::parse(bytes, options);
  if (!parsed) return promise(clean(parsed.error().message()), "a message has nothing hidden in it");
  if (options.positions) check_places(*parsed, bytes);
  promise(clean(parsed->error_at("/a/0", "x").message()), "an error's place has nothing hidden in it");
  const std::string written = json::write(parsed->root());
  auto again = json::Text::parse(written, {});
  promise(again.ok(), "what is written can be read");
  promise(again->root() == parsed->root(), "what is read back is the same");
  promise(json::write(again->root()) == written, "writing is stable");
  auto pretty = json::Text::parse(json::write_pretty(parsed->root()), {});
  promise(pretty.ok() && pretty->root() == parsed->root(), "the pretty text says the same");
}

void schema(std::string_view bytes) {
  const Halves parts = halves(bytes);
  auto compiled = json::Schema::compile(parts.first, "schema.json");
  if (!compiled) return promise(clean(compiled.error().message()), "a message has nothing hidden in it");
  auto value = json::Text::parse(parts.second, {});
  if (!value) return;
  for (const json::Problem& problem : compiled->check(value->root())) {
    promise(!problem.message.empty() && clean(problem.message), "a problem says something, with nothing hidden in it");
    promise(problem.message.size() < 4096, "a problem is short");
    (void)value->error_at(problem.pointer, problem.message);
  }
  const json::Document filled = compiled->with_defaults(value->root());
  (void)compiled->check(filled);
  promise(value->root().IsObject() == filled.IsObject(), "defaults change no type");
}

}  // namespace daydream::fuzz
