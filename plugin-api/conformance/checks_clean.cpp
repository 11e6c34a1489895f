// What a run leaves behind: nothing but what it put into its transactions.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "check.hpp"
#include "isolate.hpp"
#include "lens.hpp"
#include "snapshot.hpp"
#include "trial.hpp"

namespace daydream::conformance {
namespace {

namespace fs = std::filesystem;

// A plain folder: a new repository for each turn would cost more than it tells.
testing::Start without_history(const testing::Start& start) {
  testing::Start plain = start;
  plain.history.clear();
  return plain;
}

// One whole life, and one whose open() finds no service.
std::string live_once(const dd_plugin& step, const testing::Start& start) {
  {
    testing::MemoryHost host(start);
    const testing::Answer answer = host.run(step);
    if (std::string wrong = trouble(answer); !wrong.empty()) return wrong;
  }
  testing::MemoryHost host(start);
  Lens lens(step);
  lens.service = [](std::string_view, const void*) { return nullptr; };
  (void)host.run(lens.plugin());
  return "";
}

struct Held {
  int descriptors = open_descriptors();
  int threads = conformance::threads();
  std::size_t heap = heap_in_use();
};

// Caches of libraries and of the allocator fill in the first turns, so growth counts only where no window is
// without it.
constexpr int kTurns = 5, kWindows = 6;
constexpr std::size_t kNoise = std::size_t{16} * kTurns;  // bytes a window: less than the smallest block a turn

std::string left_behind(const Held& before, const Held& after) {
  const std::string turns = " in " + std::to_string(kTurns) + " runs";
  if (after.descriptors > before.descriptors) {
    return std::to_string(after.descriptors - before.descriptors) + " descriptors more" + turns;
  }
  if (after.threads > before.threads) return std::to_string(after.threads - before.threads) + " threads more" + turns;
  return "";
}

}  // namespace

Verdict check_leaks(const Subject& subject) {
  return with_step(subject, [&](const dd_plugin& step) {
    const testing::Start start = without_history(subject.start);
    Held before;
    std::size_t grown = 0;
    for (int window = 0; window < kWindows; ++window) {
      for (int turn = 0; turn < kTurns; ++turn) {
        stage("in one of many runs");
        if (const std::string wrong = live_once(step, start); !wrong.empty()) return Verdict::fail(wrong);
        if (has_children()) return Verdict::fail(kChildLeft);
      }
      const Held after;
      const std::string left =
          window == 0 ? "" : left_behind(before, after);  // the first may open a log or a zone file
      if (!left.empty()) return Verdict::fail(left);
      if (after.heap == 0) return Verdict::ok("memory was not measured: this allocator does not tell");
      grown = after.heap > before.heap ? after.heap - before.heap : 0;
      if (window > 0 && grown < kNoise) return Verdict::ok();
      before = after;
    }
    return Verdict::fail("memory grows by " + std::to_string(grown / kTurns) + " bytes with each open, run and close");
  });
}

Verdict check_no_writes(const Subject& subject) {
  return with_step(subject, [&](const dd_plugin& step) {
    std::error_code failed;
    const fs::path scratch = fs::current_path(failed).parent_path();  // work, home and tmp: all that is ours
    std::vector<std::string> folders{scratch.native()};
    FileFacts before;
    std::string wrong;
    const auto compare = [&] {
      if (wrong.empty()) wrong = changed(before, files_below(folders));
    };
    Lens lens(step);
    lens.before_open = [&] {
      steady_times();
      before = files_below(folders);
    };
    lens.before_commit = compare;  // what comes now is the host's doing
    lens.after_commit = [&] { before = files_below(folders); };
    testing::MemoryHost host(subject.start);
    stage("in a run");
    const testing::Answer answer = host.run(lens.plugin());
    compare();
    const std::string at = scratch.native() + "/";
    for (std::size_t found = wrong.find(at); found != std::string::npos; found = wrong.find(at)) {
      wrong.erase(found, at.size());
    }
    if (wrong.empty()) return Verdict::ok(outcome_of(answer));
    return Verdict::fail(wrong + ": a step writes nothing itself, it proposes effects");
  });
}

Verdict check_process(const Subject& subject) {
  return with_step(subject, [&](const dd_plugin& step) {
    testing::MemoryHost host(subject.start);
    ProcessFacts before;
    Lens lens(step);
    lens.before_open = [&] { before = process_facts(); };
    stage("in a run");
    (void)host.run(lens.plugin());
    const std::string wrong = changed(before, process_facts());
    if (!wrong.empty()) return Verdict::fail(wrong + ": the process belongs to the host");
    return Verdict::ok();
  });
}

}  // namespace daydream::conformance
