// Every number and list of the Markdown report, counted again from the JSON report; and both against a
// repository whose answers are known.
#include <catch2/catch.hpp>
#include <set>

#include "daydream/kit/json.hpp"
#include "e2e/reader.hpp"
#include "e2e/running.hpp"

using namespace daydream::e2e;
namespace json = daydream::json;

namespace {

// What legacy_cleanup must find: six safe things in five files, and traps where it must be silent.
void seeded_project(World& world) {
  world.init_git();
  world.write("shop/__init__.py", "");
  world.write("shop/cart.py", "import os\nimport sys\n\n\ndef total():\n    return sys.maxsize\n");  // 1: os
  world.write("shop/price.py",
              "import json\nimport re\n\n\ndef price(text):\n    return re.sub(' ', '', text)\n");  // 2
  world.write("shop/stock.py", "import os\nimport re\nimport os\n\nprint(os.sep, re)\n");           // 3: twice
  world.write("shop/order.py", "def order():\n    return 1\n    print(2)\n    print(3)\n");         // 4: behind
  world.write("shop/bill.py",
              "from os import path, sep\n\n\ndef bill(a):\n    if a:\n        raise ValueError(path)\n        a = 2\n"
              "    return a\n");  // 5: sep, 6: behind raise
  // Traps: taken by another file, told to stay, exported, used in a string annotation or a type comment.
  world.write("shop/compat.py", "from os.path import join\n");
  world.write("shop/taker.py", "from shop.compat import join\n\nprint(join('a', 'b'))\n");
  world.write("shop/told.py", "import os  # noqa: F401\n\nprint(1)\n");
  world.write("shop/exports.py", "from os import sep\n\n__all__ = ['sep']\n");
  world.write("shop/hints.py", "from decimal import Decimal\n\n\ndef f(x: 'Decimal'):\n    return x\n");
  world.write("shop/broken.py", "import os\ndef f(:\n");
  world.write("shop/evaluated.py", "import os\n\nprint(eval('os.sep'))\n");
  world.write("notes.txt", "keep\nBAD remark\nMAYBE another\n");
  for (int i = 0; i < 12; ++i) world.write("many/n" + std::to_string(10 + i) + ".txt", "BAD x\nkeep\n");
  world.commit("start");
  world.manifest(R"({"manifest": 1, "steps": [
    {"id": "marker", "plugin": ")" +
                 std::string(E2E_STEPS) + R"(/marker.so"},
    {"id": "legacy_cleanup", "plugin": "legacy_cleanup"},
    {"id": "daily_report", "plugin": "daily_report"}]})");
}

const std::set<std::string> kSafe = {"shop/cart.py:1 unused-import",     "shop/price.py:1 unused-import",
                                     "shop/stock.py:1 redefined-unused", "shop/order.py:3 unreachable-code",
                                     "shop/bill.py:1 unused-import",     "shop/bill.py:7 unreachable-code"};

bool holds(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// The findings that a counted line of the model means, by DESIGN section 8.
std::vector<const json::Value*> meant(const json::Value& model, const std::string& step, const json::Value& line,
                                      int& would) {
  const auto rules = json::get_strings(line, "rules");
  const auto actions = json::get_strings(line, "actions");
  std::vector<const json::Value*> found;
  for (const auto& finding : model["findings"].GetArray()) {
    if (json::get_string(finding, "step") != step || !holds(rules, json::get_string(finding, "rule"))) continue;
    const bool forbidden = holds(actions, "applied") && json::get_bool(finding, "would_apply");
    if (!forbidden && !holds(actions, json::get_string(finding, "action"))) continue;
    would += forbidden ? 1 : 0;
    found.push_back(&finding);
  }
  return found;
}

// "- Removed 6 dead code blocks (would be: ...)" -> 6
double number_in(const std::string& text) {
  const auto at = text.find_first_of("0123456789");
  REQUIRE(at != std::string::npos);
  return std::strtod(text.c_str() + at, nullptr);
}

void check_items(const ReadLine& line, const std::vector<const json::Value*>& findings) {
  constexpr std::size_t kShown = 10;
  REQUIRE(line.items.size() == (findings.size() > kShown ? kShown + 1 : findings.size()));
  for (std::size_t i = 0; i < std::min(findings.size(), kShown); ++i) {
    const json::Value& finding = *findings[i];
    INFO(line.items[i]);
    CHECK(contains(line.items[i], "`" + json::get_string(finding, "path") + ":" +
                                      std::to_string(json::get_int(finding, "line")) + "`: "));
    CHECK(contains(line.items[i], json::get_string(finding, "message")));
    CHECK(contains(line.items[i], "; " + json::get_string(finding, "action")));
    const std::string commit = json::get_string(finding, "commit");
    CHECK((commit.empty() || contains(line.items[i], commit.substr(0, 10))));
  }
  if (findings.size() > kShown)
    CHECK(contains(line.items.back(), "and " + std::to_string(findings.size() - kShown) + " more"));
}

void check_section(const json::Value& model, const json::Value& step, const ReadSection& section) {
  const std::string id = json::get_string(step, "id");
  REQUIRE(section.lines.size() == step["lines"].Size());
  for (json::Value::ConstValueIterator line = step["lines"].Begin(); line != step["lines"].End(); ++line) {
    const ReadLine& shown = section.lines[static_cast<std::size_t>(line - step["lines"].Begin())];
    INFO(shown.text);
    const std::string metric = json::get_string(*line, "metric");
    if (!metric.empty()) {
      CHECK(number_in(shown.text) == model["metrics"][id.c_str()][metric.c_str()].GetDouble());
      CHECK(shown.items.empty());
      continue;
    }
    int would = 0;
    const auto findings = meant(model, id, *line, would);
    CHECK(number_in(shown.text) == static_cast<double>(findings.size()));
    CHECK((would > 0) == contains(shown.text, "would be"));
    check_items(shown, findings);
  }
}

void check_summary(const json::Value& model, const ReadSection& section) {
  int completed = 0;
  for (const auto& step : model["steps"].GetArray())
    completed += json::get_string(step, "status") == "completed" ? 1 : 0;
  int issues = 0;
  for (const auto& finding : model["findings"].GetArray())
    issues += json::get_string(finding, "severity") != "info" ? 1 : 0;
  REQUIRE(section.lines.size() == 3);
  CHECK(section.lines[0].text ==
        "Steps completed: " + std::to_string(completed) + "/" + std::to_string(model["steps"].Size()));
  CHECK(section.lines[1].text == "Duration: " + json::get_string(model, "duration"));
  CHECK(section.lines[2].text == "Issues found: " + std::to_string(issues));
}

void check_report(const json::Value& model, const std::string& markdown) {
  const auto sections = read_report(markdown);
  std::vector<std::string> titles;
  for (const auto& section : sections) titles.push_back(section.title);
  REQUIRE(titles == std::vector<std::string>{"Daydream Report - 2026-11-22", "Summary", "Legacy Code Cleanup",
                                             "Marked Lines", "Action Required"});
  check_summary(model, sections[1]);
  for (const auto& step : model["steps"].GetArray()) {
    for (const auto& section : sections) {
      if (section.title == json::get_string(step, "title")) check_section(model, step, section);
    }
  }
  REQUIRE_FALSE(sections[4].lines.empty());
  std::size_t matters = 0;
  for (const auto& line : sections[4].lines) matters += line.text.rfind("Note: ", 0) == 0 ? 0 : 1;
  CHECK(matters == std::max<std::size_t>(1, model["action_required"].Size()));
}

}  // namespace

TEST_CASE("the report's numbers and lists are those of the findings, and of a repository with known answers") {
  for (const std::string mode : {"branch", "observe", "patch", "in-place"}) {
    World world;
    seeded_project(world);
    const Ran ran = world.run({"--mode", mode});
    INFO(mode << "\n" << ran.err << "\n" << report(world));
    REQUIRE(ran.exit_code == 0);
    const auto model = json::Text::parse(report_json(world), {.name = "report"});
    REQUIRE(model.ok());
    check_report(model->root(), report(world));

    std::set<std::string> safe;
    for (const auto& finding : model->root()["findings"].GetArray()) {
      if (json::get_string(finding, "step") != "legacy_cleanup" || json::get_string(finding, "safety") != "safe")
        continue;
      safe.insert(json::get_string(finding, "path") + ":" + std::to_string(json::get_int(finding, "line")) + " " +
                  json::get_string(finding, "rule"));
      CHECK(json::get_string(finding, "action") == (mode == "observe" ? "reported"
                                                    : mode == "patch" ? "proposed"
                                                                      : "applied"));
      CHECK(json::get_bool(finding, "would_apply") == (mode == "observe" || mode == "patch"));
      CHECK(json::get_string(finding, "commit").empty() == (mode != "branch"));
    }
    CHECK(safe == kSafe);
    CHECK(contains(report(world), "- Removed 6 dead code blocks"));
    CHECK(contains(report(world), "- Removed 13 marked lines"));
    CHECK(contains(report(world), "- Looked at 13 files"));
    CHECK(contains(report(world), "and 3 more"));
  }
}

TEST_CASE("state.json's daily_report says the same numbers as the report") {
  World world;
  seeded_project(world);
  REQUIRE(world.run().exit_code == 0);
  const std::string lines = state_member(world, "daily_report");
  CHECK(contains(lines, "legacy_cleanup: removed 6 dead code blocks"));
  CHECK(contains(lines, "marker: removed 13 marked lines"));
  CHECK(state_member(world, "completed_steps") == "[1,2,3]");
}

TEST_CASE("what was applied is what the report says: each commit holds its findings' lines and no more") {
  World world;
  seeded_project(world);
  REQUIRE(world.run().exit_code == 0);
  CHECK(world.git({"diff", "--shortstat", "main", "daydream/2026-11-22", "--", "shop"}) ==
        " 5 files changed, 1 insertion(+), 7 deletions(-)");
  CHECK(world.git({"diff", "--shortstat", "main", "daydream/2026-11-22", "--", "many", "notes.txt"}) ==
        " 13 files changed, 13 deletions(-)");
  CHECK(world.git({"show", "daydream/2026-11-22:shop/cart.py"}) ==
        "import sys\n\n\ndef total():\n    return sys.maxsize");
}
