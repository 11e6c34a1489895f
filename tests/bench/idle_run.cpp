// Row 1: a run with nothing to do, six steps, warm, against six spawns of `daydream --version` and twelve
// durable appends. Git is told apart.
#include <string>

#include "sandbox.hpp"

using namespace daydream::bench;

namespace {

constexpr const char* kSix = R"({"id": "legacy_cleanup", "plugin": "legacy_cleanup"},
  {"id": "two", "plugin": "$STEPS/nothing.so"}, {"id": "three", "plugin": "$STEPS/nothing.so"},
  {"id": "four", "plugin": "$STEPS/nothing.so"}, {"id": "five", "plugin": "$STEPS/nothing.so"},
  {"id": "daily_report", "plugin": "daily_report"})";
constexpr const char* kOne = R"({"id": "two", "plugin": "$STEPS/nothing.so"})";

Seconds control(const Sandbox& sandbox) {
  const Appender log((sandbox.root() / "control").string());
  const std::string bytes(2048, 'c');
  return time_of([&] {
    for (int step = 0; step < 6; ++step) {
      run_well(sandbox.version());
      log.append(bytes);
      log.append(bytes);
    }
  });
}

struct Warm {
  Series whole, without_git, git, cpu;
  int git_calls = 0;

  void add(const Ended& ended, const GitCalls& calls) {
    whole.add(ended.wall);
    without_git.add(ended.wall - calls.time);
    git.add(calls.time);
    cpu.add(ended.cpu);
    git_calls = calls.count;
  }
};

void turn(const Sandbox& sandbox, const char* steps, int day, Warm& into) {
  sandbox.manifest(steps);
  const Ended ended = sandbox.run_daydream(day);
  into.add(ended, sandbox.git_calls());
}

}  // namespace

int main() {
  const Sandbox sandbox;
  sandbox.write("a.py", "import os\n\n\ndef f():\n    return os.getcwd()\n");
  sandbox.write("README.md", "# A repository with nothing to do\n");
  sandbox.commit_all();
  Warm cold, six, one;
  Series control_time;
  int day = 1;
  turn(sandbox, kSix, day++, cold);
  turn(sandbox, kOne, day++, cold);
  for (int left = repetitions(9); left > 0; --left) {
    control_time.add(control(sandbox));
    turn(sandbox, kSix, day++, six);
    turn(sandbox, kOne, day++, one);
  }
  row("idle run, six steps, git apart", six.without_git.median(), control_time.median(), 4);
  figure("  the same with git", six.whole.median(), control_time.median());
  figure("  a run of one step that does nothing, git apart", one.without_git.median(), control_time.median());
  figure("  each further step", (six.without_git.median() - one.without_git.median()) / 5, control_time.median());
  figure("  processor time of the host and its children", six.cpu.median(), control_time.median());
  note("git calls of the host: " + std::to_string(six.git_calls) + " (bar 3: " + (six.git_calls <= 3 ? "ok" : "over") +
       "), " + std::to_string(six.git.median().count() * 1e3).substr(0, 5) + " ms");
}
