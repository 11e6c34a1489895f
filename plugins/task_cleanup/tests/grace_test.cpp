// A plan of which most is done and whose issue is closed: marked, and ticked when its grace period has passed. What is
// still open below it stays where it is.
#include <catch2/catch.hpp>

#include "daydream/testing/memory_host.hpp"

using namespace daydream::testing;

namespace {

constexpr const char* kList = "PLAN.md";
constexpr const char* kPlan =
    "- [ ] Reader (#12)\n  - [x] plain\n  - [x] compressed\n  - [x] split\n  - [ ] encrypted\n";

Start begun() {
  Start start;
  HistoryCommit first;
  first.message = "start";
  first.date = "2026-10-01T10:00:00Z";
  first.files[kList] = kPlan;
  HistoryCommit second;
  second.message = "Read split files (fixes #12)";
  second.date = "2026-10-02T10:00:00Z";
  second.files["reader.c"] = "int read(void);\n";
  start.history = {first, second};
  start.files = first.files;
  start.files.insert(second.files.begin(), second.files.end());
  start.memory_schema = 1;
  return start;
}

// The night, merged by the next day.
std::string night(Start& start, const std::string& date) {
  auto opened = open_plugin(TASK_CLEANUP_SO);
  REQUIRE(opened);
  start.now = date + "T02:30:00Z";
  MemoryHost host(start);
  const Answer answer = host.run(**opened);
  INFO(answer.message);
  REQUIRE(answer.good());
  start.memory = host.ledger().memory();
  std::string list = host.file(kList);
  if (list != start.files[kList]) {
    HistoryCommit merged;
    merged.message = "task_cleanup\n\nDaydream-Run: " + date;
    merged.date = date + "T09:00:00Z";
    merged.files[kList] = list;
    start.history.push_back(merged);
    start.files[kList] = list;
  }
  return list;
}

}  // namespace

TEST_CASE("a plan that is nearly done and whose issue is closed is ticked after its grace, and nothing is taken out") {
  Start start = begun();
  const std::string marked = night(start, "2026-11-01");
  CHECK(marked.find("Reader (#12) <!-- stale? ") != std::string::npos);
  CHECK(night(start, "2026-11-08") == marked);
  std::string ticked = kPlan;
  ticked.replace(ticked.find("[ ]"), 3, "[x]");
  CHECK(night(start, "2026-11-15") == ticked);
}

TEST_CASE("a plan whose mark is taken away stays open") {
  Start start = begun();
  night(start, "2026-11-01");
  HistoryCommit answer;
  answer.message = "It is not";
  answer.date = "2026-11-02T09:00:00Z";
  answer.files[kList] = kPlan;
  start.history.push_back(answer);
  start.files[kList] = kPlan;
  for (const char* date : {"2026-11-08", "2026-11-15", "2026-12-01"}) CHECK(night(start, date) == kPlan);
}
