// SIGKILL at a chosen system call: what comes out is what an undisturbed night comes to.
#include <catch2/catch.hpp>

#include "crash/sweep.hpp"
#include "crash/trials.hpp"

using namespace daydream::crash;
using std::chrono::milliseconds;

namespace {

Fault kill_at(Fault::What what, std::uint64_t point) {
  Fault fault;
  fault.what = what;
  fault.at = point / 2;
  fault.at_exit = point % 2 == 1;
  return fault;
}

// How many points a night has; says of whom.
std::uint64_t points_of(Flavour flavour, const Fault& fault) {
  const auto world = Prepared::of(flavour).copy();
  Trace trace(night_of(*world), fault);
  const auto end = trace.whole_end();
  REQUIRE(end.exit_code == 0);
  CHECK(daydream::e2e::difference(Prepared::of(flavour).expected(), outcome(*world)).empty());
  std::map<std::string, int> counts;
  for (const Call& call : end.seen) ++counts[std::string(name_of(call.who)) + " " + name_of(call.kind)];
  std::cout << name_of(flavour) << ":";
  for (const auto& [name, count] : counts) std::cout << " " << name << " " << count << ",";
  std::cout << " calls " << end.calls << std::endl;
  return 2 * end.calls;
}

// Killed at the point; the next start begins at once, while children of the dead may still be at work.
std::string kill_and_resume(Flavour flavour, const Fault& fault) {
  const auto world = Prepared::of(flavour).copy();
  Trace trace(night_of(*world), fault);
  const auto end = trace.host_end();
  const Ran again = start_again(*world);
  (void)trace.whole_end();
  return judged(flavour, *world, end, again);
}

std::string kill_twice(Flavour flavour, const Fault& first, const Fault& second) {
  const auto world = Prepared::of(flavour).copy();
  {
    Trace trace(night_of(*world), first);
    (void)trace.host_end();
    Trace recovery(night_of(*world), second);
    const auto end = recovery.host_end();
    const Ran again = start_again(*world);
    (void)recovery.whole_end();
    (void)trace.whole_end();
    return judged(flavour, *world, end, again);
  }
}

void kill_host(Flavour flavour) {
  if (!permitted()) return;
  const std::uint64_t points = points_of(flavour, {});
  Sweep(std::string("SIGKILL, ") + name_of(flavour), points, milliseconds(5'000)).run([flavour](std::uint64_t point) {
    // Alone, as by a person, or with all of its children, as by the end of a container.
    const auto what = (point / 2) % 2 == 0 ? Fault::What::kKillHost : Fault::What::kKillAll;
    return kill_and_resume(flavour, kill_at(what, point));
  });
}

}  // namespace

TEST_CASE("the host is killed at a system call of its own or of a child, the next start comes to the same") {
  kill_host(Flavour::kBranch);
}

TEST_CASE("the same where the night edits in place and archives a log") {
  kill_host(Flavour::kInPlace);
}

TEST_CASE("the same where last night's branch is carried forward over a human's commit") {
  kill_host(Flavour::kSecondNight);
}

TEST_CASE("the worker is killed at a system call of its own, the run goes on by itself and comes to the same") {
  if (!permitted()) return;
  Fault worker;
  worker.who = {Who::kWorker};
  const std::uint64_t points = points_of(Flavour::kInPlace, worker);
  Sweep("SIGKILL of the worker", points, milliseconds(3'000)).run([worker](std::uint64_t point) -> std::string {
    Fault fault = kill_at(Fault::What::kKillCaller, point);
    fault.who = worker.who;
    const auto world = Prepared::of(Flavour::kInPlace).copy();
    Trace trace(night_of(*world), fault);
    const auto end = trace.whole_end();
    Ran ran;
    ran.exit_code = end.exit_code;
    ran.err = daydream::testing::read_file(world->root() / "output.txt");
    return judged(Flavour::kInPlace, *world, end, ran);
  });
}

TEST_CASE("two kills in a row, the second during recovery") {
  if (!permitted()) return;
  for (const Flavour flavour : {Flavour::kBranch, Flavour::kInPlace, Flavour::kSecondNight}) {
    if (flavour == Flavour::kSecondNight && !is_long()) continue;
    const std::uint64_t points = points_of(flavour, {});
    // The recovery has fewer points: what lies beyond its end does not strike, and it ends undisturbed.
    Sweep(std::string("two kills, ") + name_of(flavour), points, milliseconds(3'000))
        .run([flavour, points](std::uint64_t point) {
          std::mt19937 random(static_cast<unsigned>(point));
          const auto second = std::uniform_int_distribution<std::uint64_t>(0, (points - point) / 2 + 200)(random);
          return kill_twice(flavour, kill_at(Fault::What::kKillAll, point), kill_at(Fault::What::kKillHost, second));
        });
  }
}
