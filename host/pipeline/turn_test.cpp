// `when` and `every`: whether a step runs, and the words when it does not.
#include "pipeline/turn.hpp"

#include <catch2/catch.hpp>

using namespace daydream;
using namespace daydream::pipeline;
using manifest::Every;
using manifest::When;

namespace {

checkpoint::Step row(const std::string& id, checkpoint::StepStatus status) {
  checkpoint::Step step;
  step.id = id;
  step.status = status;
  return step;
}

std::string calendar(Every every, const std::string& last, const std::string& date) {
  const Turn turn = turn_by_calendar(every, {last, ""}, date);
  return turn.runs ? "runs" : turn.why;
}

}  // namespace

TEST_CASE("a week begins on Monday, also over the end of a year") {
  CHECK(period_of(Every::kWeek, "2026-11-22") == "2026-11-16");  // a Sunday
  CHECK(period_of(Every::kWeek, "2026-11-23") == "2026-11-23");
  CHECK(period_of(Every::kWeek, "2027-01-01") == "2026-12-28");
  CHECK(period_of(Every::kWeek, "2024-02-29") == "2024-02-26");
  CHECK(period_of(Every::kMonth, "2026-11-30") == "2026-11");
  CHECK(period_of(Every::kDay, "2026-11-30") == "2026-11-30");
}

TEST_CASE("a step with every runs once in the period, and makes up for a night that was missed") {
  CHECK(calendar(Every::kWeek, "", "2026-11-18") == "runs");
  CHECK(calendar(Every::kWeek, "2026-11-16", "2026-11-22") ==
        "every week: it ran in the night of 2026-11-16; it is due again from 2026-11-23");
  CHECK(calendar(Every::kWeek, "2026-11-16", "2026-11-24") == "runs");  // the Monday was missed
  CHECK(calendar(Every::kMonth, "2026-11-01", "2026-11-30") ==
        "every month: it ran in the night of 2026-11-01; it is due again from 2026-12-01");
  CHECK(calendar(Every::kMonth, "2026-11-30", "2026-12-02") == "runs");
  CHECK(calendar(Every::kDay, "2026-11-22", "2026-11-22") ==
        "every day: it ran in the night of 2026-11-22; it is due again from 2026-11-23");
  CHECK(calendar(Every::kRun, "2026-11-22", "2026-11-22") == "runs");
}

TEST_CASE("a clock that was wrong once does not silence a step for years") {
  CHECK(calendar(Every::kMonth, "2038-01-19", "2026-11-22") == "runs");
}

TEST_CASE("success and failure look at the steps before") {
  using Status = checkpoint::StepStatus;
  const std::vector<checkpoint::Step> good{row("a", Status::kCompleted), row("b", Status::kSkipped)};
  std::vector<checkpoint::Step> bad = good;
  bad.push_back(row("c", Status::kFailed));
  CHECK(turn_by_outcome(When::Kind::kSuccess, good).runs);
  CHECK(turn_by_outcome(When::Kind::kSuccess, bad).why == "when success: c failed");
  CHECK(turn_by_outcome(When::Kind::kSuccess, {row("d", Status::kQuarantined)}).why ==
        "when success: d is quarantined");
  CHECK(turn_by_outcome(When::Kind::kFailure, good).why == "when failure: no step before it failed");
  CHECK(turn_by_outcome(When::Kind::kFailure, bad).runs);
  CHECK(turn_by_outcome(When::Kind::kAlways, bad).runs);
  CHECK(turn_by_outcome(When::Kind::kInTurn, bad).runs);
}

TEST_CASE("changed looks at the names of files") {
  const LastTurn last{"2026-11-21", "c0ffee"};
  CHECK(turn_by_changes({"src/**"}, {"README.md", "src/a/b.py"}, last).runs);
  CHECK(turn_by_changes({"*.py"}, {"src/a/b.py"}, last).runs);
  CHECK(turn_by_changes({"src/**", "*.py"}, {"README.md"}, last).why ==
        "when changed: no file that matches src/**, *.py has changed since the night of 2026-11-21");
  CHECK_FALSE(turn_by_changes({"src/**"}, {}, last).runs);
}

TEST_CASE("what a run was started with is kept with it") {
  const Facts facts = Facts::from_json(Facts{"Europe/Berlin", {"a"}, true}.to_json());
  CHECK(facts.forced);
  CHECK(facts.only == std::vector<std::string>{"a"});
}
