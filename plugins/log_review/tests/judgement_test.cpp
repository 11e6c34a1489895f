// What the nights say: new, more, fewer, silent; and nothing where nothing is.
#include "nights.hpp"
#include "plugins/log_review/night/statistics.hpp"

using namespace daydream::logs;
using namespace daydream::logs::testing;

namespace {

// Ten quiet nights: three patterns in numbers that scatter a little.
void quiet(Nights& nights, int count) {
  for (int night = 0; night < count; ++night) {
    const int day = nights.day;
    nights.files["logs/app.log"] = nights.lines(0, 100 + day * 7 % 23) +
                                   nights.lines(300, 40 + day * 5 % 9, "INFO job {} done") +
                                   nights.lines(400, 20 + day % 5, "WARNING cache miss for key {}");
    nights.run();
  }
}

}  // namespace

TEST_CASE("quiet nights say nothing") {
  Nights nights;
  for (int night = 0; night < 14; ++night) {
    quiet(nights, 1);
    INFO("night " << night);
    CHECK(nights.findings.empty());
  }
}

TEST_CASE("a pattern six times as frequent as ever is said, with what was expected") {
  Nights nights;
  quiet(nights, 10);
  nights.files["logs/app.log"] = nights.lines(0, 110) + nights.lines(300, 44, "INFO job {} done") +
                                 nights.lines(400, 140, "WARNING cache miss for key {}");
  nights.run();
  REQUIRE(nights.messages.size() == 1);
  CHECK(nights.messages[0].find("log-anomaly: 140 against 2") == 0);
  CHECK(nights.messages[0].find("cache miss for key") != std::string::npos);
}

TEST_CASE("a pattern that stays away is said") {
  Nights nights;
  quiet(nights, 10);
  nights.files["logs/app.log"] = nights.lines(0, 110) + nights.lines(400, 22, "WARNING cache miss for key {}");
  nights.run();
  REQUIRE(nights.messages.size() == 1);
  CHECK(nights.messages[0].find("log-anomaly: only 0 against 4") == 0);
}

TEST_CASE("with little history rates are not judged") {
  Nights nights;
  quiet(nights, 5);
  nights.files["logs/app.log"] = nights.lines(0, 110) + nights.lines(400, 900, "WARNING cache miss for key {}");
  nights.run();
  CHECK(nights.findings.empty());
}

TEST_CASE("a new warning is said once there is history, and is known the night after") {
  Nights nights;
  quiet(nights, 8);
  nights.files["logs/app.log"] = nights.lines(0, 110) + nights.lines(300, 44, "INFO job {} done") +
                                 nights.lines(400, 22, "WARNING cache miss for key {}") +
                                 nights.lines(600, 3, "WARNING disk {} is nearly full");
  nights.run();
  REQUIRE(nights.messages.size() == 1);
  CHECK(nights.messages[0] == "log-new-pattern: new warning, 3 times: disk <*> is nearly full");
  const std::string before = nights.files["logs/app.log"];
  nights.files["logs/app.log"] = nights.lines(0, 110) + nights.lines(300, 44, "INFO job {} done") +
                                 nights.lines(400, 22, "WARNING cache miss for key {}") +
                                 nights.lines(600, 2, "WARNING disk {} is nearly full");
  nights.run();
  CHECK(nights.messages.empty());
}

TEST_CASE("one name of a pattern that was seen with many is the same pattern") {
  Nights nights;
  for (int night = 0; night < 8; ++night) {
    std::string text;
    for (const char* user : {"anna", "bert", "carla", "dora", "emil", "fritz"}) {
      text += nights.lines(0, 2, "ERROR session closed for user " + std::string(user));
    }
    nights.files["logs/app.log"] = text;
    nights.run();
  }
  nights.files["logs/app.log"] = nights.lines(0, 12, "ERROR session closed for user gustav");
  nights.run();
  CHECK(nights.messages.empty());
}

TEST_CASE("a log that stops growing is said") {
  Nights nights;
  nights.files["logs/other.log"] = "";
  for (int night = 0; night < 9; ++night) {
    nights.files["logs/other.log"] = nights.lines(0, 20, "INFO beat {}");
    quiet(nights, 1);
  }
  quiet(nights, 1);
  bool said = false;
  for (const std::string& message : nights.messages)
    said = said || message.find("nothing was written tonight to") != std::string::npos;
  CHECK(said);
}

TEST_CASE("a night killed after any commit and resumed ends like one that was not") {
  Nights whole, killed;
  for (Nights* nights : {&whole, &killed}) {
    nights->files["logs/a.log"] = nights->lines(0, 20'000) + nights->lines(0, 3, "ERROR disk {} is gone");
    nights->files["logs/b.log"] = nights->lines(0, 20'000, "INFO job {} done");
  }
  killed.config.insert(1, R"("batch": "0ms", )");  // a commit every few thousand lines
  whole.run();
  killed.run(8);
  CHECK(whole.entries == killed.entries);
  for (Nights* nights : {&whole, &killed}) {  // these hold the times of files
    std::erase_if(nights->memory, [](const auto& entry) { return entry.first.starts_with("generation/"); });
  }
  CHECK(whole.memory == killed.memory);
  CHECK(killed.kills >= 4);
  CHECK(whole.messages == killed.messages);
}

TEST_CASE("a night killed between the lines of a record goes on between records") {
  for (const bool dated : {true, false}) {
    Nights whole, killed;
    killed.config.insert(1, R"("batch": "0ms", )");
    for (Nights* nights : {&whole, &killed}) {
      std::string& log = nights->files["logs/a.log"];
      for (int i = 0; i < 3'000; ++i) {
        if (dated) log += nights->lines(5 * i, 5, "job {} failed");
        log += "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    g()\n";
        log += "KeyError: " + std::to_string(i) + "\n";
        if (!dated) log += "job " + std::to_string(i) + " goes on\n";
      }
    }
    whole.run();
    killed.run(8);
    INFO((dated ? "dated" : "not dated"));
    CHECK(whole.entries == (dated ? 15'000 : 6'000));
    CHECK(killed.entries == whole.entries);
    CHECK(killed.messages == whole.messages);
    CHECK(killed.kills > 0);
  }
}

TEST_CASE("more findings than wanted are folded into one") {
  Nights nights;
  nights.config = R"({"files": ["logs/**"], "exclude": [], "inputs": [], "window": "24h", "max_findings": 2})";
  const char* const what[] = {"ERROR disk full", "ERROR no route to database", "ERROR template missing in page",
                              "ERROR certificate has expired"};
  for (const char* message : what) nights.files["logs/app.log"] += nights.lines(0, 2, message);
  nights.run();
  CHECK(nights.messages.size() == 3);
  CHECK(nights.messages.back() == "log-more: 2 more patterns are new or out of the ordinary");
}

TEST_CASE("the negative binomial sums to one and has heavier tails than Poisson") {
  CHECK(chance_of_at_least(0, 5, .1) == Approx(1));
  CHECK(chance_of_at_most(5000, 5, .1) == Approx(1));
  CHECK(chance_of_at_least(7, 5, .1) + chance_of_at_most(6, 5, .1) == Approx(1));
  CHECK(chance_of_at_least(20, 5, 1e-6) == Approx(3.45e-7).epsilon(.05));  // Poisson(5), P(X >= 20)
  CHECK(chance_of_at_least(20, 5, .5) > 1000 * chance_of_at_least(20, 5, 1e-6));
}
