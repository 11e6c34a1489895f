// Wrong options: made from the schema, each refused by it or by open(), with words.
#include <algorithm>

#include "check.hpp"
#include "daydream/kit/text.hpp"
#include "descriptor.hpp"
#include "isolate.hpp"
#include "lens.hpp"
#include "trial.hpp"

namespace daydream::conformance {
namespace {

constexpr std::size_t kMostOptions = 200;

// One value of each type, and some that are hardly meant.
const std::vector<std::string> kStrangers = {"null",
                                             "true",
                                             "-7777777",
                                             "0.5",
                                             R"("\u0001 no such value ")",
                                             R"([{"no such": []}])",
                                             R"({"no such key": [null]})"};

struct Mutant {
  std::string option;  // "archive.apply"
  std::string config;
};

// The object with `value` at the path; objects on the way are made.
std::string nested(const std::vector<std::string>& path, const std::string& value) {
  std::string out = value;
  for (auto part = path.rbegin(); part != path.rend(); ++part) {
    json::Writer object;
    object.begin_object().key(*part).raw(out).end_object();
    out = object.take();
  }
  return out;
}

struct Place {
  std::vector<std::string> path;
  bool is_object = false;  // with options below it
};

// Options at all depths, parents first; the way down is a queue, a schema of strangers may be deep.
std::vector<Place> options_of(const json::Value& schema) {
  std::vector<Place> places{{{}, true}};
  std::vector<const json::Value*> nodes{&schema};
  for (std::size_t at = 0; at < nodes.size() && places.size() < kMostOptions; ++at) {
    const json::Value* options = nodes[at]->IsObject() ? json::find(*nodes[at], "properties") : nullptr;
    if (options == nullptr || !options->IsObject()) continue;
    for (const auto& option : options->GetObject()) {
      std::vector<std::string> path = places[at].path;
      path.push_back(json::string_of(option.name));
      const bool deeper = option.value.IsObject() && json::find(option.value, "properties") != nullptr;
      places.push_back({std::move(path), deeper});
      nodes.push_back(&option.value);
    }
  }
  return places;
}

std::vector<Mutant> mutants_of(const Place& place) {
  std::vector<Mutant> mutants;
  const std::string name = text::join(place.path, ".");
  if (!place.path.empty()) {
    for (const std::string& value : kStrangers) mutants.push_back({name, nested(place.path, value)});
  }
  if (place.is_object) {
    std::vector<std::string> unknown = place.path;
    unknown.emplace_back("no_such_option");
    mutants.push_back({name, nested(unknown, "1")});
  }
  return mutants;
}

// What open() says of it, past the host's own look at the schema.
testing::Answer opened_with(const dd_plugin& step, const testing::Start& start, const std::string& config) {
  Lens lens(step);
  lens.configuration = config;
  lens.without_run = true;
  testing::MemoryHost host(start);
  stage("in open with the options " + config);
  return host.run(lens.plugin());
}

// The same small tree for every open: it is the options that count.
testing::Start bare(const testing::Start& start) {
  testing::Start small = start;
  small.history.clear();
  small.files = {{"a.txt", "a\n"}};
  return small;
}

}  // namespace

Verdict check_configuration(const Subject& subject) {
  return with_step(subject, [&](const dd_plugin& step) {
    auto descriptor = read_descriptor(step.descriptor);
    if (!descriptor) return Verdict::fail(descriptor.error().message());
    auto schema = json::Text::parse(descriptor->schema_json);
    if (!schema) return Verdict::fail(schema.error().message());
    const testing::Start start = bare(subject.start);
    int refused = 0;
    for (const Place& place : options_of(schema->root())) {
      bool any = false;
      for (const Mutant& mutant : mutants_of(place)) {
        auto value = json::Text::parse(mutant.config);
        if (!value) return Verdict::fail(value.error().message());
        const bool by_schema = !descriptor->schema.check(value->root()).empty();
        const testing::Answer answer = opened_with(step, start, mutant.config);
        if (const std::string wrong = trouble(answer); !wrong.empty()) {
          return Verdict::fail("with the options " + mutant.config + ": " + wrong);
        }
        const bool by_open = answer.status < 0;
        if (by_schema || by_open) ++refused;
        any = any || by_schema || by_open;
        const bool unknown_key = mutant.config.find("no_such_option") != std::string::npos;
        if (unknown_key && !by_schema && !by_open) {
          return Verdict::fail("an unknown option is taken: " + mutant.config +
                               ": leave \"additionalProperties\" away, or say what may be there");
        }
      }
      if (!any) return Verdict::fail("option \"" + text::join(place.path, ".") + "\" takes a value of any type");
    }
    for (const char* no_options : {"", "{", "[1]", "null", "\"x\"", "{\"a\":\"\xff\"}"}) {
      const testing::Answer answer = opened_with(step, start, no_options);
      if (!answer.crash.empty() || !answer.breaks.empty()) return Verdict::fail(trouble(answer));
    }
    return Verdict::ok(std::to_string(refused) + " refused");
  });
}

}  // namespace daydream::conformance
