// Row 4: a run killed in a step is started again; how long until the plugin's first instruction, against a
// spawn of `daydream --version`, one read of the store and one dlopen. Git is told apart.
#include <dlfcn.h>

#include <thread>

#include "checkpoint/store.hpp"
#include "sandbox.hpp"

using namespace daydream;
using namespace daydream::bench;

namespace {

constexpr const char* kStep = R"({"id": "waits", "plugin": "$STEPS/waits_once.so"})";

void kill_in_the_step(const Sandbox& sandbox, int day) {
  const Started host(sandbox.daydream(day));
  const auto patience = Steady::now() + std::chrono::seconds(30);
  while (sandbox.stamp("waiting") == Steady::time_point{}) {
    if (Steady::now() > patience) give_up("the step was never entered");
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  host.kill();
  host.wait();
}

void read_the_store(const Sandbox& sandbox, const std::string& run) {
  auto store = checkpoint::Store::open(
      {.state_directory = sandbox.state(), .marker_directory = sandbox.root() / "work", .read_only = true});
  if (!store) give_up(store.error().message());
  auto checkpoint = (*store)->checkpoint(run, "waits");
  if (!checkpoint || !*checkpoint) give_up("the killed run left no checkpoint");
}

Seconds control(const Sandbox& sandbox, const std::string& run) {
  return time_of([&] {
    run_well(sandbox.version());
    read_the_store(sandbox, run);
    void* library = ::dlopen(sandbox.step_file("waits_once").c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) give_up(::dlerror());
    ::dlclose(library);
  });
}

}  // namespace

int main() {
  const Sandbox sandbox;
  sandbox.write("README.md", "# A repository\n");
  sandbox.commit_all();
  sandbox.manifest(kStep);
  Series restart, without_git, control_time;
  int calls = 0;
  for (int day = 1, days = repetitions(15); day <= days; ++day) {
    kill_in_the_step(sandbox, day);
    control_time.add(control(sandbox, sandbox.date(day)));
    const Ended again = sandbox.run_daydream(day);
    const auto entered = sandbox.stamp("again");
    if (entered == Steady::time_point{}) give_up("the run did not go on from its checkpoint");
    const GitCalls git = sandbox.git_calls(Steady::time_point::min(), entered);
    restart.add(entered - again.begun);
    without_git.add(entered - again.begun - git.time);
    calls = git.count;
  }
  row("restart to the plugin's first instruction, git apart", without_git.median(), control_time.median(), 3);
  figure("  the same with git", restart.median(), control_time.median());
  note("git calls until then: " + std::to_string(calls));
}
