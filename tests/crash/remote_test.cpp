// Kills around remote changes: whatever happens, none is sent twice blindly, and none is lost in silence.
#include <catch2/catch.hpp>

#include "crash/sweep.hpp"
#include "crash/trials.hpp"
#include "e2e/broker/fetching.hpp"

using namespace daydream::crash;
using namespace daydream::e2e;
using std::chrono::milliseconds;

namespace {

constexpr int kChanges = 3;

// `happened`: what the step says when it is asked what came of a change in doubt; "": it cannot tell.
void changing_project(World& world, const HttpServer& server, const std::string& happened) {
  Fetching what{{}, {server.authority()}, {}, R"(, "effects": true, "happened": ")" + happened + '"', ""};
  for (int i = 0; i < kChanges; ++i) {
    what.requests.push_back(R"({"method": "PUT", "url": ")" + server.url("/" + std::to_string(i)) +
                            R"(", "rate_per_second": 0, "attempts": 1})");
  }
  fetching_project(world, what);
}

HttpSays fine(const HttpAsked& /*asked*/) {
  return {};
}

// What is wrong with the remote log, seen beside the report. Only a new start asks the step what came of a change.
std::string wrong_with(const World& world, const HttpServer& server, const std::string& happened, bool restarted) {
  std::map<std::string, int> arrived;
  for (const auto& asked : server.asked()) ++arrived["change" + asked.target.substr(1)];
  const std::string text = report_json(world);
  auto parsed = daydream::json::Text::parse(text, {.name = "report", .positions = false});
  if (!parsed) return "no report: " + parsed.error().message();
  const auto* findings = daydream::json::find(parsed->root(), "findings");
  if (findings == nullptr || findings->Size() != kChanges) return "not every change has its finding:\n" + text;
  for (const auto& finding : findings->GetArray()) {
    const std::string symbol = daydream::json::get_string(finding, "symbol");
    const bool applied = daydream::json::get_string(finding, "action") == "applied";
    const bool in_doubt = contains(daydream::json::write(finding), "doubt");
    const int times = arrived[symbol];
    const std::string words =
        symbol + " arrived " + std::to_string(times) + " times; " + daydream::json::write(finding);
    if (happened.empty() && times > 1) return "sent twice blindly: " + words;
    if (applied && times == 0) return "said to be done: " + words;
    if (!applied && !in_doubt) return "neither done nor in doubt: " + words;
    if (restarted && !happened.empty() && !applied) return "could have been done: " + words;
  }
  return "";
}

std::uint64_t points_of(Fault fault) {
  fault.what = Fault::What::kNone;
  HttpServer server(fine);
  World world;
  changing_project(world, server, "");
  Trace trace(night_of(world), fault);
  const auto end = trace.whole_end();
  REQUIRE(end.exit_code == 0);
  REQUIRE(wrong_with(world, server, "no", true).empty());
  return 2 * end.calls;
}

std::string kill_and_judge(Fault fault, std::uint64_t point, const std::string& happened) {
  fault.at = point / 2;
  fault.at_exit = point % 2 == 1;
  HttpServer server(fine);
  World world;
  changing_project(world, server, happened);
  Trace trace(night_of(world), fault);
  auto end = trace.host_end();
  Ran ran;
  ran.exit_code = end.exit_code;
  if (end.signal != 0) ran = start_again(world);
  (void)trace.whole_end();
  const std::string where = described(end) + ": ";
  if (ran.exit_code != 0)
    return where + "exit " + std::to_string(ran.exit_code) + "\n" + ran.err +
           daydream::testing::read_file(world.root() / "output.txt");
  const std::string wrong = wrong_with(world, server, happened, end.signal != 0);
  return wrong.empty() ? "" : where + wrong;
}

void sweep(const std::string& title, const Fault& fault, milliseconds time) {
  const std::uint64_t points = points_of(fault);
  for (const std::string happened : {"", "no"}) {
    Sweep(title + (happened.empty() ? ", nobody can tell" : ", the step can tell"), points, time)
        .run([&](std::uint64_t point) { return kill_and_judge(fault, point, happened); });
  }
}

}  // namespace

TEST_CASE("the host is killed around remote changes") {
  if (!permitted()) return;
  Fault fault;
  fault.what = Fault::What::kKillHost;
  sweep("SIGKILL of the host around remote changes", fault, milliseconds(1'500));
}

TEST_CASE("the broker is killed at a system call of its own") {
  if (!permitted()) return;
  Fault fault;
  fault.what = Fault::What::kKillCaller;
  fault.who = {Who::kBroker};
  sweep("SIGKILL of the broker", fault, milliseconds(1'000));
}
