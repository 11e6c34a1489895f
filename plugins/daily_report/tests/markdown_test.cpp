#include "markdown.hpp"

#include <catch2/catch.hpp>
#include <cctype>

#include "daydream/kit/text.hpp"
#include "model_fixture.hpp"

namespace daydream::daily_report {
namespace {

using test::kSixSteps;

std::string page_of(const std::string& model, std::size_t items = 10) {
  auto parsed = json::Text::parse(model);
  if (!parsed) FAIL(parsed.error().message());
  return to_markdown(parsed->root(), {items});
}

TEST_CASE("headings and lines stand exactly in the order that is promised") {
  const std::string page = page_of(kSixSteps);
  std::string skeleton;
  for (std::string_view line : text::split(page, '\n')) {
    if (line.starts_with("  ") || line.empty()) continue;
    skeleton += std::string(line) + "\n";
  }
  CHECK(skeleton == R"(# Daydream Report - 2026-11-22
## Summary
- Steps completed: 5/7 (skipped: sentry_review; failed: task_cleanup)
- Duration: 1 h 02 min
- Issues found: 3
## Legacy Code Cleanup
- Removed 3 dead code blocks (1 of them would be: mode patch does not do it)
- Cleaned 0 deprecated patterns
## Log Analysis
- Analyzed 120345 log entries
- Found 0 recurring patterns
- Flagged 1 anomalies
## Sentry Review
- Skipped: no organization is configured
## Task Management
- Failed: tasks.md is a folder
## Documentation
- Updated 0 files
- Verified 12.50 links
## Team Lint
- Looked at 7 files
## Action Required
- Step task_cleanup failed: tasks.md is a folder: `daydream run`
- Note: the kernel cannot confine workers
)");
}

TEST_CASE("every item is named under its line with place, matter, action and commit") {
  std::string page = page_of(kSixSteps);
  CHECK_THAT(page, Catch::Contains("- Removed 3 dead code blocks (1 of them would be: mode patch does not do it)\n"
                                   "  - `src/a.py:3`: os is imported but never used; applied; `1a2b3c4d5e`\n"
                                   "  - `src/b.py:9`: x is assigned but never used; proposed, would be applied\n"));
  CHECK_THAT(page, Catch::Contains("  - log line appears 900 times; reported (seen first tonight)\n"));
}

TEST_CASE("a long list ends with how many more there are and the command that shows them") {
  std::string page = page_of(kSixSteps, 1);
  CHECK_THAT(page, Catch::Contains("`1a2b3c4d5e`\n  - and 2 more (`daydream report --date 2026-11-22 --format "
                                   "json`)\n- Cleaned"));
}

TEST_CASE("a step that is not in the pipeline has no section, and nothing to do is one line") {
  std::string page = page_of(R"({"run_id": "2026-11-22", "duration": "12 ms", "steps": [
    {"id": "daily_report", "status": "completed", "title": "", "role": "report", "lines": []}],
    "summary": {"completed": 1, "total": 1, "others": [], "issues": 0}, "findings": [], "action_required": []})");
  CHECK(page == R"(# Daydream Report - 2026-11-22

## Summary
- Steps completed: 1/1
- Duration: 12 ms
- Issues found: 0

## Action Required
- Nothing to do
)");
}

TEST_CASE("what comes from repositories and logs cannot write into the page, and secrets do not reach it") {
  std::string page = page_of(R"({"run_id": "2026-11-22", "steps": [{"id": "x", "status": "completed", "title": "X\n# Y",
    "lines": [{"rendered": "Found 1 <script>alert(1)</script>", "items": ["a"]}]}],
    "findings": [{"id": "a", "path": "a`b\n## c.py", "line": 2, "action": "reported",
      "message": "[click](javascript:x) ![i](http://evil/x.png)\n# Heading @everyone password=hunter2secret"}],
    "action_required": [{"text": "**now** <b>", "command": "echo `id`"}], "notices": ["a\n- b"]})");
  for (const char* harmful :
       {"\n# ", "\n## c.py", "<script", "click](", "![i]", "hunter2", "**now**", "<b>", "\n- b", "X\n"}) {
    INFO(harmful << " in\n" << page);
    CHECK(page.find(harmful) == std::string::npos);
  }
}

TEST_CASE("a model with missing or mistyped parts makes a page all the same") {
  for (const char* model : {"{}", R"({"run_id": 3, "steps": [1, {"title": "T", "lines": [2, {"items": 3}],
           "status": "completed"}], "findings": {}, "summary": [], "action_required": [null], "notices": 7})"}) {
    std::string page = page_of(model);
    CHECK_THAT(page, Catch::StartsWith("# Daydream Report - ") && Catch::Contains("## Action Required\n- Nothing"));
  }
}

// The first number of a line.
double number_in(std::string_view line) {
  std::size_t at = 0;
  while (at < line.size() && std::isdigit(static_cast<unsigned char>(line[at])) == 0) ++at;
  return std::stod(std::string(line.substr(at)));
}

bool has(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// What a line must say, from findings and metrics alone.
double recount(const json::Value& model, const json::Value& step, const json::Value& line) {
  if (auto metric = json::get_string(line, "metric"); !metric.empty()) {
    return json::get_double(model["metrics"][json::get_string(step, "id").c_str()], metric.c_str());
  }
  auto rules = json::get_strings(line, "rules");
  auto actions = json::get_strings(line, "actions");
  double count = 0;
  for (const json::Value& finding : model["findings"].GetArray()) {
    bool done = has(actions, json::get_string(finding, "action")) ||
                (has(actions, "applied") && json::get_bool(finding, "would_apply"));
    bool counts = json::get_string(finding, "step") == json::get_string(step, "id") &&
                  has(rules, json::get_string(finding, "rule")) && done;
    count += counts ? 1 : 0;
  }
  return count;
}

TEST_CASE("every number on the page can be recomputed from the findings and metrics of the JSON") {
  auto parsed = json::Text::parse(kSixSteps);
  REQUIRE(parsed);
  std::vector<std::string> lines;
  std::string page = to_markdown(parsed->root(), {10});
  for (std::string_view line : text::split(page, '\n')) {
    if (line.starts_with("- ")) lines.emplace_back(line);
  }
  int issues = 0;
  for (const json::Value& finding : parsed->root()["findings"].GetArray()) {
    issues += json::get_string(finding, "severity") == "info" ? 0 : 1;
  }
  CHECK(number_in(lines[2]) == issues);
  std::size_t checked = 0;
  for (const json::Value& step : parsed->root()["steps"].GetArray()) {
    for (const json::Value& line : step["lines"].GetArray()) {
      auto text = json::get_string(line, "text");
      auto start = "- " + text.substr(0, text.find("{n}"));
      auto end = text.substr(text.find("{n}") + 3);
      auto found = std::find_if(lines.begin(), lines.end(), [&](const std::string& one) {
        return one.starts_with(start) && one.find(end) != std::string::npos;
      });
      INFO(text);
      REQUIRE(found != lines.end());
      CHECK(number_in(*found) == recount(parsed->root(), step, line));
      ++checked;
    }
  }
  CHECK(checked == 8);
}

}  // namespace
}  // namespace daydream::daily_report
