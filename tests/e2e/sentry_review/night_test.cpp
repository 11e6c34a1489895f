// Whole nights with the real program: manifest, broker, worker, report.
#include <catch2/catch.hpp>

#include "support/world.hpp"
#include "wire.hpp"

using namespace daydream;
using namespace daydream::e2e;
using testing::contains;
using testing::World;

namespace {

class Night {
 public:
  explicit Night(int issues) : server([this](const HttpAsked& asked) { return answer(asked); }) {
    for (int i = 1; i <= issues; ++i)
      fake.issues.push_back({.id = std::to_string(i), .short_id = "PAY-" + std::to_string(i)});
    fake.page_size = 10;
    world.init_git();
    world.write("pay/views.py", "import x\ndef charge1(request):\n    pass\n");
    world.commit("start");
    world.environment["SENTRY_AUTH_TOKEN"] = kToken;
    const std::string host = "\"" + server.authority() + "\"";
    world.manifest(
        R"({"manifest": 1, "secrets": {"SENTRY_AUTH_TOKEN": {"env": "SENTRY_AUTH_TOKEN", "hosts": [)" + host +
        R"(]}}, "hosts": {"sentry_review": [)" + host +
        R"(]}, "steps": [{"id": "sentry_review", "plugin": "sentry_review", "secrets": ["SENTRY_AUTH_TOKEN"],
                      "config": {"organization": "acme", "url": ")" +
        server.url("") +
        R"(", "limits": {"requests_per_second": 100, "events": 5}}}, {"id": "daily_report", "plugin": "daily_report"}]})");
  }
  [[nodiscard]] std::string report() const { return testing::read_file(world.state() / "report_2026-11-22.md"); }

  World world;
  sentry::fake::Server fake;
  std::chrono::milliseconds delay{0};
  HttpServer server;

 private:
  HttpSays answer(const HttpAsked& asked) const {
    HttpSays said = says(fake.answer(asked.target));
    said.delay = delay;
    return said;
  }
};

}  // namespace

TEST_CASE("a night with a server: the report counts what was read, and the token and people are in no file") {
  Night night(25);
  night.fake.issues[0].first_seen = "2026-11-22T00:30:00Z";
  const auto ran = night.world.run();
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  INFO(night.report());
  CHECK(contains(night.report(), "- 1 new errors"));
  CHECK(contains(night.report(), "- 24 recurring issues"));
  CHECK(contains(night.report(), "- 25 suggested fixes"));
  CHECK(contains(night.report(), "pay/views.py:2"));
  for (const auto& [path, content] : World::snapshot(night.world.root())) {
    INFO(path);
    CHECK_FALSE(contains(content, kToken));
    CHECK_FALSE(contains(content, "jane.canary"));
    CHECK_FALSE(contains(content, "203.0.113.77"));
  }
  CHECK_FALSE(contains(ran.out + ran.err, kToken));
}

TEST_CASE("a night killed in the middle of its pages goes on from the cursor and ends the same") {
  Night whole(60);
  REQUIRE(whole.world.run().exit_code == 0);
  Night killed(60);
  killed.delay = std::chrono::milliseconds(40);
  bool died = false;
  for (int i = 0; i < 3; ++i) died = killed.world.run_and_kill_after(std::chrono::milliseconds(350 + 50 * i)) || died;
  CHECK(died);
  killed.delay = std::chrono::milliseconds(0);
  REQUIRE(killed.world.run_if_due().exit_code == 0);
  const auto lines = [](const std::string& report) { return report.substr(report.find("## Sentry Review")); };
  CHECK(lines(killed.report()) == lines(whole.report()));
}

TEST_CASE("without a token the step is skipped and the report says what to set") {
  Night night(3);
  night.world.environment["SENTRY_AUTH_TOKEN"] = "";
  REQUIRE(night.world.run().exit_code == 0);
  INFO(night.report());
  CHECK(contains(night.report(), "skipped: sentry"));
  CHECK(contains(night.report(), "SENTRY"));
}
