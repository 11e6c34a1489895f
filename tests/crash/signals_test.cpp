// Signals at random moments to the host or to one of its children: killed, asked to stop, or stopped for a while.
// DAYDREAM_LONG: 10,000 of them (every DAYDREAM_STRIDE-th). DAYDREAM_SEED repeats a run.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <random>
#include <sstream>

#include "crash/sweep.hpp"
#include "crash/trials.hpp"
#include "daydream/kit/process.hpp"

using namespace daydream::crash;
using daydream::process::Child;
using std::chrono::milliseconds;

namespace {

constexpr std::uint64_t kSignals = 10'000;

struct Plan {
  int number;
  const char* name;
  bool child;  // of the host, where it has one just then
  std::chrono::microseconds moment;
  milliseconds pause;  // SIGSTOP: until SIGCONT
};

Plan plan_of(unsigned seed, std::chrono::microseconds night) {
  std::mt19937 random(seed);
  const std::pair<int, const char*> signals[] = {{SIGKILL, "SIGKILL"}, {SIGTERM, "SIGTERM"}, {SIGSTOP, "SIGSTOP"}};
  const auto& [number, name] = signals[random() % 3];
  const auto moment = static_cast<std::int64_t>(random() % static_cast<unsigned long>(night.count()));
  return {number, name, random() % 3 == 0, std::chrono::microseconds(moment), milliseconds(10 + random() % 300)};
}

// The children that process has just now, by the kernel's list of them.
pid_t child_of(pid_t parent, unsigned choice) {
  const std::string list = "/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children";
  std::istringstream words(daydream::testing::read_file(list));
  std::vector<pid_t> all;
  for (pid_t child = 0; words >> child;) all.push_back(child);
  return all.empty() ? parent : all[choice % all.size()];
}

Child start(const World& world) {
  const Program program = night_of(world);
  Child::Options options;
  options.arguments = program.arguments;
  options.directory = program.directory;
  options.environment = program.environment;
  const int output = ::open(program.output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  REQUIRE(output >= 0);
  options.descriptors = {{1, output}, {2, output}};
  auto child = Child::start(options);
  ::close(output);
  REQUIRE(child.ok());
  return std::move(*child);
}

// Exit code; -1 when a signal ended it.
int run_with(const World& world, const Plan& plan) {
  Child host = start(world);
  ::usleep(static_cast<useconds_t>(plan.moment.count()));
  const pid_t target = plan.child ? child_of(host.pid(), static_cast<unsigned>(plan.moment.count())) : host.pid();
  const bool there = ::kill(target, plan.number) == 0;
  if (there && plan.number == SIGSTOP) {
    ::usleep(static_cast<useconds_t>(std::chrono::microseconds(plan.pause).count()));
    (void)::kill(target, SIGCONT);
  }
  const auto exit = host.wait(std::chrono::seconds(100));
  REQUIRE(exit.has_value());
  return exit->signal != 0 ? -1 : exit->exit_code;
}

std::string signal_and_resume(Flavour flavour, const Plan& plan) {
  const auto world = Prepared::of(flavour).copy();
  const std::string words = std::string(plan.name) + (plan.child ? " to a child" : " to the host") + " after " +
                            std::to_string(plan.moment.count()) + " us: ";
  const int code = run_with(*world, plan);
  // Refused before a run began: the child was the one that looks at the plugins.
  const bool refused = code == 65 && plan.child && !std::filesystem::exists(world->state() / "state.json");
  if (code != 0 && code != 75 && code != -1 && !refused) return words + "exit " + std::to_string(code);
  Ran again;
  again.exit_code = code;
  if (code != 0) again = start_again(*world);
  const std::string wrong = judged(flavour, *world, {}, again, Caches::kMayLack);
  return wrong.empty() ? "" : words + wrong;
}

std::chrono::microseconds length_of(Flavour flavour) {
  const auto world = Prepared::of(flavour).copy();
  const auto begin = std::chrono::steady_clock::now();
  REQUIRE(start_again(*world).exit_code == 0);
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
}

}  // namespace

TEST_CASE("a signal that kills or stops at a random moment: the same result in the end") {
  const char* given = std::getenv("DAYDREAM_SEED");
  const unsigned seed = given != nullptr ? static_cast<unsigned>(std::atoi(given)) : std::random_device{}();
  std::cout << "signals: DAYDREAM_SEED=" << seed << std::endl;
  for (const Flavour flavour : {Flavour::kInPlace, Flavour::kBranch}) {
    const auto night = length_of(flavour);
    Sweep(std::string("random signals, ") + name_of(flavour), kSignals / 2, milliseconds(3'000))
        .run([&](std::uint64_t point) {
          return signal_and_resume(flavour, plan_of(seed + static_cast<unsigned>(point), night));
        });
  }
}
