// What is under way when somebody dies.
#include <catch2/catch.hpp>
#include <condition_variable>

#include "e2e/broker/fetching.hpp"
#include "e2e/running.hpp"

using namespace daydream::e2e;

namespace {

// Holds every answer back until it is opened.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20), [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

int child_with(int parent, const char* word) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string stat = daydream::testing::read_file(entry.path() / "stat");
    const auto end = stat.rfind(") ");
    if (end == std::string::npos || std::atoi(stat.c_str() + end + 4) != parent) continue;
    if (contains(daydream::testing::read_file(entry.path() / "cmdline"), word)) return std::stoi(name);
  }
  return 0;
}

std::string ask_for(const HttpServer& server, const char* target, const char* more = "") {
  return R"({"url": ")" + server.url(target) + R"(", "rate_per_second": 0)" + more + "}";
}

}  // namespace

TEST_CASE("a broker that is killed in the middle of a request: the request fails, a new broker does the next") {
  Gate gate;
  HttpServer server([&](const HttpAsked& asked) {
    if (asked.target == "/one") gate.pass();
    HttpSays says;
    says.body = "page " + asked.target;
    return says;
  });
  World world;
  fetching_project(world, {{ask_for(server, "/one"), ask_for(server, "/two")}, {server.authority()}, {}, "", ""});
  Running night = Running::night(world);
  REQUIRE(night.until([&] { return server.asked().size() == 1; }));
  const int broker = child_with(night.pid(), "--broker");
  REQUIRE(broker != 0);
  kill(broker, SIGKILL);
  CHECK(night.until([&] { return server.asked().size() == 2; }));
  gate.open();
  const auto exit = night.wait(std::chrono::seconds(20));
  INFO(night.output());
  REQUIRE(exit.has_value());
  CHECK(exit->exit_code == 0);
  CHECK(contains(night.output(), "the HTTP broker ended in the middle of the request"));
  CHECK(contains(report_json(world), "page /two"));
}

TEST_CASE("a host that is killed in the middle of a request takes its broker along and resumes") {
  Gate gate;
  HttpServer server([&](const HttpAsked& asked) {
    if (asked.target == "/two") gate.pass();
    HttpSays says;
    says.body = "page " + asked.target;
    return says;
  });
  World world;
  fetching_project(world, {{ask_for(server, "/one"), ask_for(server, "/two")}, {server.authority()}, {}, "", ""});
  int broker = 0;
  {
    Running night = Running::night(world);
    REQUIRE(night.until([&] { return server.asked().size() == 2; }));
    broker = child_with(night.pid(), "--broker");
    REQUIRE(broker != 0);
    night.signal(SIGKILL);
    REQUIRE(night.wait(std::chrono::seconds(10)).has_value());
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    const auto gone = [&] {
      const std::string stat = daydream::testing::read_file("/proc/" + std::to_string(broker) + "/stat");
      return stat.empty() || contains(stat, ") Z ");
    };
    while (!gone() && std::chrono::steady_clock::now() < end) usleep(1000);
    CHECK(gone());
  }
  gate.open();
  const Ran ran = world.run();
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(contains(report_json(world), "page /one"));
  CHECK(contains(report_json(world), "page /two"));
  int first = 0;
  for (const auto& asked : server.asked()) first += asked.target == "/one" ? 1 : 0;
  CHECK(first == 1);  // what was committed is not asked for again
}

TEST_CASE("SIGTERM ends a waiting request within half a second") {
  Gate gate;
  HttpServer server([&](const HttpAsked&) {
    gate.pass();
    return HttpSays{};
  });
  World world;
  fetching_project(world, {{ask_for(server, "/one")}, {server.authority()}, {}, "", ""});
  Running night = Running::night(world);
  REQUIRE(night.until([&] { return server.asked().size() == 1; }));
  const auto begun = std::chrono::steady_clock::now();
  night.signal(SIGTERM);
  REQUIRE(
      night.until([&] { return contains(night.output(), "cancelled") || contains(night.output(), "asked to stop"); }));
  const auto exit = night.wait(std::chrono::seconds(10));
  const auto took = std::chrono::steady_clock::now() - begun;
  gate.open();
  INFO(night.output());
  REQUIRE(exit.has_value());
  CHECK(exit->exit_code == 75);
  CHECK(took < std::chrono::milliseconds(2000));  // 0.5 s on a quiet machine; the worker and the store end too
}

TEST_CASE("a hundred requests at once come back, each once") {
  HttpServer server([](const HttpAsked& asked) {
    HttpSays says;
    says.body = "page " + asked.target + ";";
    return says;
  });
  World world;
  Fetching what{{}, {server.authority()}, {}, R"(, "at_once": true)", ""};
  for (int i = 0; i < 100; ++i) what.requests.push_back(ask_for(server, ("/" + std::to_string(i)).c_str()));
  fetching_project(world, what);
  const Ran ran = world.run();
  INFO(ran.err.substr(0, 4000));
  CHECK(ran.exit_code == 0);
  CHECK(server.asked().size() == 100);
  const std::string report = report_json(world);
  for (int i = 0; i < 100; ++i) CHECK(contains(report, "page /" + std::to_string(i) + ";"));
}
