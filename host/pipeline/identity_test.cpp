#include "pipeline/identity.hpp"

#include <catch2/catch.hpp>

using daydream::checkpoint::Run;
using daydream::checkpoint::RunStatus;
using namespace daydream::pipeline;

namespace {
Run run_of(const std::string& id, RunStatus status, bool full = true) {
  Run run;
  run.id = id;
  run.date = id.substr(0, 10);
  run.status = status;
  run.full = full;
  return run;
}
IdentityQuestion question(std::vector<Run> runs) {
  IdentityQuestion asked;
  asked.runs = std::move(runs);
  asked.today = "2026-11-22";
  return asked;
}
}  // namespace

TEST_CASE("the first run of a day is named for the date") {
  const auto answer = identify(question({}));
  REQUIRE(answer.start);
  CHECK(answer.start->id == "2026-11-22");
  CHECK(answer.start->full);
  CHECK(answer.finish.empty());
}

TEST_CASE("asked for by hand again, a done date gets the next number") {
  const auto answer = identify(question({run_of("2026-11-22", RunStatus::kCompleted)}));
  REQUIRE(answer.start);
  CHECK(answer.start->id == "2026-11-22_2");
  CHECK(identify(question({run_of("2026-11-22", RunStatus::kCompleted), run_of("2026-11-22_2", RunStatus::kCompleted)}))
            .start->id == "2026-11-22_3");
}

TEST_CASE("an unfinished run of yesterday is finished under its own id, then today's starts") {
  const auto answer = identify(question({run_of("2026-11-21", RunStatus::kFailed)}));
  CHECK(answer.finish == std::vector<std::string>{"2026-11-21"});
  REQUIRE(answer.start);
  CHECK(answer.start->id == "2026-11-22");
}

TEST_CASE("an unfinished run of today is finished, and that is all") {
  const auto answer = identify(question({run_of("2026-11-22", RunStatus::kRunning)}));
  CHECK(answer.finish == std::vector<std::string>{"2026-11-22"});
  CHECK_FALSE(answer.start);
}

TEST_CASE("only and from are runs of their own and leave an unfinished run alone") {
  auto asked = question({run_of("2026-11-22", RunStatus::kInterrupted)});
  asked.partial = true;
  const auto answer = identify(asked);
  CHECK(answer.finish.empty());
  REQUIRE(answer.start);
  CHECK(answer.start->id == "2026-11-22_2");
  CHECK_FALSE(answer.start->full);
}

TEST_CASE("a partial run never takes the date's own name, nor makes it done") {
  auto asked = question({});
  asked.partial = true;
  CHECK(identify(asked).start->id == "2026-11-22_2");
  CHECK(identify(question({run_of("2026-11-22_2", RunStatus::kCompleted, false)})).start->id == "2026-11-22");
}

TEST_CASE("fresh abandons what is unfinished and starts anew") {
  auto asked = question({run_of("2026-11-22", RunStatus::kFailed)});
  asked.fresh = true;
  const auto answer = identify(asked);
  CHECK(answer.abandon == std::vector<std::string>{"2026-11-22"});
  REQUIRE(answer.start);
  CHECK(answer.start->id == "2026-11-22_2");
}

TEST_CASE("woken by a timer, only what is due starts") {
  auto asked = question({run_of("2026-11-21", RunStatus::kCompleted)});
  asked.by_hand = false;
  CHECK_FALSE(identify(asked).start);
  asked.due = "2026-11-22";
  CHECK(identify(asked).start->id == "2026-11-22");
  asked.runs.push_back(run_of("2026-11-22", RunStatus::kCompleted));
  CHECK_FALSE(identify(asked).start);
}

TEST_CASE("a due date whose run is unfinished is finished, not started twice") {
  auto asked = question({run_of("2026-11-21", RunStatus::kFailed)});
  asked.by_hand = false;
  asked.due = "2026-11-21";
  const auto answer = identify(asked);
  CHECK(answer.finish == std::vector<std::string>{"2026-11-21"});
  CHECK_FALSE(answer.start);
}
