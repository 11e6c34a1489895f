// Weights that never turn around: more events or users, a graver level or a sharper trend never lower a priority.
#include <catch2/catch.hpp>

#include "plugins/sentry_review/judge/category.hpp"

using namespace daydream::sentry;

namespace {

int score(const std::string& level, bool unhandled, std::int64_t events, std::int64_t users,
          Novelty novelty = Novelty::kRecurring) {
  return categorise({level, unhandled, "", events, users, true, novelty, {}}).score;
}

}  // namespace

TEST_CASE("a priority is monotone in events, users and level") {
  const std::vector<std::int64_t> numbers{0, 1, 2, 9, 10, 99, 100, 999, 1000, 1'000'000'000'000};
  for (const std::string level : {"debug", "info", "warning", "error", "fatal", "odd", ""}) {
    for (std::size_t i = 1; i < numbers.size(); ++i) {
      for (const std::int64_t other : numbers) {
        CHECK(score(level, false, numbers[i], other) >= score(level, false, numbers[i - 1], other));
        CHECK(score(level, false, other, numbers[i]) >= score(level, false, other, numbers[i - 1]));
        CHECK(score(level, true, numbers[i], other) >= score(level, false, numbers[i], other));
      }
    }
  }
}

TEST_CASE("both axes are printed with what they rest on") {
  const Category category = categorise({"error", true, "", 42, 7, true, Novelty::kNew, {}});
  CHECK(category.words == "P2: severity high, frequency 10-99");
  CHECK(category.reasons == "level error, unhandled; 42 events, 7 users");
  CHECK(categorise({"fatal", true, "", 5000, 2000, true, Novelty::kRegressed, {}}).priority == 0);
  CHECK(categorise({"error", true, "noise", 5000, 2000, true, Novelty::kNew, {}}).severity == Weight::kInfo);
  CHECK(categorise({"error", false, "outage", 1, 0, true, Novelty::kNew, {}}).severity == Weight::kHigh);
}

TEST_CASE("a trend needs history, and never calms down because there are more events") {
  CHECK(trend_of(500, {1, 1}, false).kind == Trend::Kind::kUnknown);
  CHECK(trend_of(1, {}, true).kind == Trend::Kind::kEscalating);
  for (const std::vector<double>& history :
       {std::vector<double>{0, 0, 0}, {5, 6, 4, 5, 6, 4, 5}, {100, 3, 0, 900, 4, 1, 2, 80, 3}}) {
    int last = 0;
    for (std::int64_t count = 0; count < 20'000; count += 7) {
      const int points = trend_of(count, history, false).points();
      CHECK(points >= last);
      last = points;
    }
    CHECK(last == 2);
  }
  CHECK(trend_of(5, {5, 6, 4, 5}, false).kind == Trend::Kind::kSteady);
  CHECK(trend_of(1, {90, 100, 95}, false).kind == Trend::Kind::kFalling);
}
