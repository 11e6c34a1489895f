// Logs in which every line is another: bounded, said, and nothing that recurs is lost in them.
#include <algorithm>
#include <random>

#include "nights.hpp"
#include "plugins/log_review/grouping/patterns.hpp"
#include "plugins/log_review/night/judgement.hpp"

using namespace daydream::logs;
using namespace daydream::logs::testing;

namespace {

constexpr int kLines = 24'000;

std::string words(std::mt19937& random, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += i == 0 ? "" : " ";
    for (auto left = 3 + random() % 6; left > 0; --left) text += static_cast<char>('a' + random() % 26);
  }
  return text;
}

std::uint32_t add(Patterns& patterns, const std::string& message, Severity severity, int line) {
  return patterns.add(message, severity, "", {0, static_cast<std::uint64_t>(line), static_cast<std::uint64_t>(line)});
}

const Pattern* pattern_named(const Patterns::Grouped& grouped, const std::string& text) {
  const auto found = std::find_if(grouped.patterns.begin(), grouped.patterns.end(),
                                  [&](const Pattern& pattern) { return pattern.text == text; });
  return found == grouped.patterns.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("lines that are all different become one pattern that says so, and every one is counted") {
  std::mt19937 random(3);
  Patterns patterns;
  for (int i = 1; i <= kLines; ++i) add(patterns, words(random, 5 + i % 4), Severity::kInfo, i);
  CHECK(patterns.shapes() <= 16'384);
  const auto grouped = patterns.grouped();
  REQUIRE(grouped.patterns.size() == 1);
  CHECK(grouped.patterns[0].text == "(ungrouped info messages)");
  CHECK(grouped.patterns[0].tally.count == kLines);
  CHECK(is_varied(grouped.patterns[0].text));
}

TEST_CASE("in a flood what recurs keeps its pattern, and so does what begins after it") {
  std::mt19937 random(3);
  Patterns patterns;
  for (int i = 1; i <= kLines; ++i) {
    add(patterns, words(random, 5 + i % 4), Severity::kInfo, i);
    if (i % 100 == 0) add(patterns, "request " + std::to_string(i) + " served", Severity::kInfo, i);
    if (i > kLines / 4 * 3 && i % 100 == 50)
      add(patterns, "queue " + std::to_string(i) + " is full", Severity::kInfo, i);
    if (i == kLines - 5) add(patterns, "cannot write to the disk", Severity::kError, i);
  }
  const auto grouped = patterns.grouped();
  REQUIRE(pattern_named(grouped, "request <*> served") != nullptr);
  CHECK(pattern_named(grouped, "request <*> served")->tally.count >= kLines / 100 - 1);
  REQUIRE(pattern_named(grouped, "queue <*> is full") != nullptr);
  CHECK(pattern_named(grouped, "queue <*> is full")->tally.count >= kLines / 400 - 2);
  // The only one of its severity, once.
  REQUIRE(pattern_named(grouped, "cannot write to the disk") != nullptr);
  std::uint64_t all = 0;
  for (const Pattern& pattern : grouped.patterns) all += pattern.tally.count;
  CHECK(all == kLines + kLines / 100 + kLines / 400 + 1);
}

TEST_CASE("a message with a name of its own in each line is one pattern, however many there are") {
  std::mt19937 random(3);
  Patterns patterns;
  for (int i = 1; i <= kLines; ++i)
    add(patterns, "user " + words(random, 1) + " logged in from " + words(random, 1), Severity::kInfo, i);
  const auto grouped = patterns.grouped();
  REQUIRE(grouped.patterns.size() == 1);
  CHECK(grouped.patterns[0].text == "user <*> logged in from <*>");
  CHECK(grouped.patterns[0].tally.count == kLines);
}

TEST_CASE("a flood goes on from its bytes as it would have without") {
  std::mt19937 random(3);
  Patterns whole, parts;
  for (int i = 1; i <= kLines; ++i) {
    const std::string message = i % 7 == 0 ? "job " + words(random, 1) + " took too long" : words(random, 6);
    add(whole, message, Severity::kInfo, i);
    add(parts, message, Severity::kInfo, i);
    if (i % 9'000 != 0) continue;
    auto again = Patterns::from_bytes(parts.to_bytes());
    REQUIRE(again.ok());
    parts = std::move(*again);
  }
  const auto left = whole.grouped(), right = parts.grouped();
  REQUIRE(left.patterns.size() == right.patterns.size());
  for (std::size_t i = 0; i < left.patterns.size(); ++i) {
    CHECK(left.patterns[i].text == right.patterns[i].text);
    CHECK(left.patterns[i].tally.count == right.patterns[i].tally.count);
  }
}

TEST_CASE("a trace among messages without a severity makes an error of one, not of all") {
  std::mt19937 random(3);
  Nights nights;
  std::string text;
  for (int i = 0; i < 20'000; ++i) {
    text += nights.lines(i, 1, words(random, 6));
    if (i == 18'000) text += "\tat com.example.Main.run(Main.java:12)\n";
  }
  nights.files["logs/app.log"] = text;
  // Read after it: here the trace is a record of its own, and keeps its pattern.
  nights.files["logs/late.log"] =
      words(random, 6) + "\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\nKeyError: 1\n";
  nights.run();
  CHECK(nights.entries == 20'002);
  std::sort(nights.messages.rbegin(), nights.messages.rend());
  CHECK(nights.messages == std::vector<std::string>{"log-new-pattern: new error, once: KeyError: <*>",
                                                    "log-new-pattern: 1 error message could not be grouped"});
  CHECK(nights.summary.find("20000 messages could not be grouped, the first in logs/app.log:1\"") != std::string::npos);
  CHECK(nights.summary.find("1 messages of severity error could not be grouped, the first in logs/app.log:18001") !=
        std::string::npos);
}

TEST_CASE("what a trace moved between two patterns of a flood is moved also after a checkpoint") {
  std::mt19937 random(3);
  Patterns patterns;
  for (int i = 1; i <= kLines; ++i) add(patterns, words(random, 6), Severity::kUnknown, i);
  for (int i = 1; i <= 2; ++i) {
    patterns.tell_severity(add(patterns, words(random, 6), Severity::kUnknown, kLines + i), Severity::kError);
    auto again = Patterns::from_bytes(patterns.to_bytes());
    REQUIRE(again.ok());
    patterns = std::move(*again);
  }
  const auto grouped = patterns.grouped();
  REQUIRE(grouped.patterns.size() == 2);
  CHECK(grouped.patterns[0].tally.count == kLines);
  CHECK(grouped.patterns[0].severity() == Severity::kUnknown);
  CHECK(grouped.patterns[1].text == "(ungrouped error messages)");
  CHECK(grouped.patterns[1].tally.count == 2);
  CHECK(grouped.patterns[1].tally.first.line == kLines + 1);
  CHECK(grouped.patterns[1].tally.last.line == kLines + 2);
}

TEST_CASE("how many could not be grouped is no rate: some nights flood, others do not") {
  const auto night_with = [](std::uint64_t ungrouped) {
    std::vector<Pattern> patterns(2);
    patterns[0].text = "request <*> served";
    patterns[0].shape_text = " =request\n *\n =served\n";
    patterns[0].tally.count = 1000;
    patterns[1].text = varied_text(Severity::kWarning);
    patterns[1].shape_text = varied_shape(Severity::kWarning);
    patterns[1].tally.count = ungrouped;
    if (ungrouped == 0) patterns.pop_back();
    return patterns;
  };
  for (const bool more : {true, false}) {
    History history;
    for (int day = 1; day <= 12; ++day) {
      const std::string date = "2026-11-" + std::string(day < 10 ? "0" : "") + std::to_string(day);
      const bool floods = day == 1 || (day == 12 ? more : !more);
      const Judged judged = judge(night_with(floods ? (day == 1 && more ? 1 : 17'000) : 0), {}, date, history);
      INFO("night " << day << (more ? ", then more" : ", then fewer"));
      CHECK(judged.remarks.empty());
      history.nights.push_back(date);
    }
  }
}

TEST_CASE("a night of errors that are all different is one finding with their number") {
  std::mt19937 random(3);
  Nights nights;
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += nights.lines(i, 1, "ERROR " + words(random, 6));
  nights.files["logs/app.log"] = text;
  nights.run();
  REQUIRE(nights.messages.size() == 1);
  CHECK(nights.messages[0] ==
        "log-new-pattern: 20000 error messages could not be grouped: nearly every one is different");
  CHECK(nights.summary.find("20000 messages of severity error could not be grouped") != std::string::npos);
  CHECK(nights.patterns == 0);
}
