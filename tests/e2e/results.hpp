// What two runs that ought to come to the same must have in common, and where they part.
#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>
#include <string>

#include "daydream/kit/json.hpp"
#include "e2e/fixtures.hpp"

namespace daydream::e2e {

// 26 files, two steps that commit per file or batch, and the report.
inline void busy_project(World& world) {
  world.init_git();
  for (int i = 0; i < 25; ++i) {
    const std::string number = std::to_string(i);
    std::string text;
    for (const char* word : {"keep ", "\nBAD ", "\nMAYBE "}) text.append(word).append(number);
    world.write("f" + number + ".txt", text.append("\nend\n"));
  }
  world.write("app.py", "import os\nimport sys\n\nprint(sys.argv)\n");
  world.commit("start");
  world.manifest(R"({"manifest": 1, "steps": [
    {"id": "marker", "plugin": ")" +
                 std::string(E2E_STEPS) + R"(/marker.so"},
    {"id": "legacy_cleanup", "plugin": "legacy_cleanup"},
    {"id": "daily_report", "plugin": "daily_report"}]})");
}

// The report without what may differ: durations, attempts, how often it was resumed, memory.
inline std::string steady(const std::string& text) {
  auto parsed = json::Text::parse(text, {.name = "report", .positions = false});
  REQUIRE(parsed.ok());
  std::string view;
  for (const char* key : {"run_id", "findings", "metrics", "action_required"}) {
    if (const json::Value* value = json::find(parsed->root(), key)) view += json::write(*value) + "\n";
  }
  if (const json::Value* steps = json::find(parsed->root(), "steps")) {
    for (const auto& step : steps->GetArray())
      view += json::get_string(step, "id") + " " + json::get_string(step, "status") + "\n";
  }
  return view;
}

inline std::string result_of(const World& world) {
  std::string view = world.night_view() + "\n" + steady(report_json(world)) + "\n";
  for (const auto& [name, content] : World::snapshot(world.state() / "patches"))
    view.append(name).append("\n").append(content);
  return view;
}

// Where two results part, for people.
inline std::string difference(const std::string& left, const std::string& right) {
  if (left == right) return "";
  std::size_t at = 0;
  while (at < left.size() && at < right.size() && left[at] == right[at]) ++at;
  const std::size_t from = at < 200 ? 0 : at - 200;
  return "expected: " + left.substr(from, 500) + "\n---- but: " + right.substr(from, 500);
}

// Of random moments: DAYDREAM_SEED repeats a run of a test.
inline unsigned seed() {
  const char* given = std::getenv("DAYDREAM_SEED");
  return given != nullptr ? static_cast<unsigned>(std::atoi(given)) : std::random_device{}();
}

}  // namespace daydream::e2e
