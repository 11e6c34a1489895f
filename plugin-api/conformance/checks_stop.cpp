// Stops and kills: at any moment, and the result is that of a run nobody disturbed.
#include <algorithm>
#include <chrono>

#include "check.hpp"
#include "isolate.hpp"
#include "lens.hpp"
#include "trial.hpp"

namespace daydream::conformance {
namespace {

constexpr int kMostPoints = 24;                          // of a run, spread over it
constexpr std::chrono::milliseconds kStopWithin{3'000};  // abi.h, dd_host::cancelled

// 1..count, at most kMostPoints of them, the first and the last among them.
std::vector<int> spread(int count, int most = kMostPoints) {
  std::vector<int> points;
  const int taken = std::min(count, most);
  for (int index = 0; index < taken; ++index) {
    points.push_back(taken == count ? index + 1 : 1 + index * (count - 1) / std::max(1, taken - 1));
  }
  return points;
}

std::string nothing_committed(const Trial& whole) {
  return "the run makes no commit (" + outcome_of(whole.answer) +
         "); --config, --tree or --case may give it something to do";
}

Verdict resumed(const dd_plugin& step, testing::MemoryHost& host, const Trial& whole, const std::string& when) {
  stage(when + " and started again");
  testing::Answer answer = host.run_in_child(step);
  const std::string wrong = difference(whole, trial_of(host, std::move(answer)));
  return wrong.empty() ? Verdict::ok() : Verdict::fail(when + " and started again: " + wrong);
}

Verdict killed_at(const dd_plugin& step, testing::MemoryHost& host, const Trial& whole, int commit) {
  const std::string when = "killed after commit " + std::to_string(commit) + " of " + std::to_string(whole.commits);
  host.forget();
  stage("before it was " + when);
  const testing::Answer killed = host.run_killed_after(step, commit);
  if (!killed.killed) {
    const std::string wrong = trouble(killed);
    return Verdict::fail((wrong.empty() ? "it made fewer commits than before" : wrong) + ", to be " + when);
  }
  return resumed(step, host, whole, when);
}

// Every try gets one commit: whoever starts over each time never ends.
Verdict killed_after_each(const dd_plugin& step, testing::MemoryHost& host, const Trial& whole) {
  host.forget();
  const int tries = whole.commits + 2;
  bool done = false;
  for (int turn = 1; turn <= tries && !done; ++turn) {
    stage("killed after each commit, in try " + std::to_string(turn));
    done = !host.run_killed_after(step, 1).killed || host.ledger().summary() == whole.summary;
  }
  if (!done) {
    return Verdict::fail("killed after each commit, it has no end after " + std::to_string(tries) +
                         " tries; alone it makes " + std::to_string(whole.commits) +
                         " commits: resume from the checkpoint");
  }
  return resumed(step, host, whole, "killed after each commit");
}

}  // namespace

Verdict check_kill_and_resume(const Subject& subject) {
  return with_step(subject, [&](const dd_plugin& step) {
    testing::MemoryHost host(subject.start);
    const Trial whole = undisturbed(step, host);
    if (whole.commits == 0) return Verdict::skip(nothing_committed(whole));
    const auto points = spread(whole.commits);
    for (const int commit : points) {
      Verdict verdict = killed_at(step, host, whole, commit);
      if (verdict.outcome != Outcome::kOk) return verdict;
    }
    if (whole.commits <= kMostPoints) {
      Verdict verdict = killed_after_each(step, host, whole);
      if (verdict.outcome != Outcome::kOk) return verdict;
    }
    return Verdict::ok(std::to_string(points.size()) + " of " + std::to_string(whole.commits) +
                       (whole.commits == 1 ? " commit" : " commits"));
  });
}

namespace {

struct Stop {
  testing::Answer answer;
  std::chrono::milliseconds took{};  // from the first "stop" to the end
};

// In this process; the host says stop from the `question`-th time that it is asked.
Stop stopped_at(const dd_plugin& step, testing::MemoryHost& host, int question) {
  Lens lens(step);
  auto said = std::chrono::steady_clock::time_point::max();
  auto begun = said;  // once the host has made its folders
  lens.before_open = [&] { begun = std::chrono::steady_clock::now(); };
  lens.asked_to_stop = [&] {
    if (lens.stop_questions < question) return false;
    said = std::min(said, std::chrono::steady_clock::now());
    return true;
  };
  Stop stop;
  stop.answer = host.run(lens.plugin());
  const auto from = question <= 1 ? begun : said;
  if (from < std::chrono::steady_clock::now()) {
    stop.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - from);
  }
  return stop;
}

std::string too_late(std::chrono::milliseconds took) {
  if (took <= kStopWithin) return "";
  return "it went on for " + std::to_string(took.count()) + " ms; at most 3 s: ask cancelled() in every loop";
}

// `cancelled` says 1 from some question on; everything else goes on as before.
Verdict asked(const dd_plugin& step, const testing::Start& start, const Trial& whole, int question) {
  const std::string when = question <= 1 ? "asked to stop from the beginning"
                                         : "asked to stop the " + std::to_string(question) + "th time it looked";
  testing::MemoryHost host(start);
  stage(when);
  const Stop stop = stopped_at(step, host, question);
  std::string wrong = trouble(stop.answer);
  if (wrong.empty()) wrong = too_late(stop.took);
  const bool fine = stop.answer.status == DD_CANCELLED || stop.answer.status == whole.answer.status;
  if (wrong.empty() && !fine) wrong = "it said " + outcome_of(stop.answer) + ", expected cancelled";
  if (!wrong.empty()) return Verdict::fail(when + ": " + wrong);
  // Work that a stop cuts off is no end: with ok the host would never start it again.
  if (stop.answer.status != DD_CANCELLED && host.ledger().summary() != whole.summary) {
    return Verdict::fail(when + ": it said " + outcome_of(stop.answer) + " with work left: say DD_CANCELLED");
  }
  return stop.answer.status == DD_CANCELLED ? resumed(step, host, whole, when) : Verdict::ok();
}

// The host takes no commit after the first, as it does when a stop has been told.
Verdict refused(const dd_plugin& step, const testing::Start& start, const Trial& whole) {
  const std::string when = "stopped after its first commit";
  testing::MemoryHost host(start);
  host.stop_after_commits(1);
  stage(when);
  Lens lens(step);
  auto from = std::chrono::steady_clock::now();
  bool committed = false;
  lens.before_open = [&] { from = std::chrono::steady_clock::now(); };
  lens.after_commit = [&] {
    if (!committed) from = std::chrono::steady_clock::now();
    committed = true;
  };
  const testing::Answer answer = host.run(lens.plugin());
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - from);
  std::string wrong = trouble(answer);
  if (wrong.empty() && whole.commits > 1 && answer.status != DD_CANCELLED) {
    wrong = "it said " + outcome_of(answer) + " with work left: say DD_CANCELLED";
  }
  if (wrong.empty()) wrong = too_late(took);
  if (!wrong.empty()) return Verdict::fail(when + ": " + wrong);
  return resumed(step, host, whole, when);
}

int questions_of(const dd_plugin& step, const testing::Start& start) {
  testing::MemoryHost host(start);
  Lens lens(step);
  stage("in a run");
  (void)host.run(lens.plugin());
  return lens.stop_questions;
}

}  // namespace

Verdict check_cancel(const Subject& subject) {
  return with_step(subject, [&](const dd_plugin& step) {
    const Trial whole = undisturbed(step, subject.start);
    Verdict verdict = asked(step, subject.start, whole, 0);
    if (verdict.outcome != Outcome::kOk) return verdict;
    if (whole.commits == 0) return Verdict::skip(nothing_committed(whole));
    verdict = refused(step, subject.start, whole);
    if (verdict.outcome != Outcome::kOk) return verdict;
    const int questions = questions_of(step, subject.start);
    for (const int question : spread(questions, 5)) {
      if (question < 2) continue;
      verdict = asked(step, subject.start, whole, question);
      if (verdict.outcome != Outcome::kOk) return verdict;
    }
    return Verdict::ok("it looked " + std::to_string(questions) + (questions == 1 ? " time" : " times"));
  });
}

}  // namespace daydream::conformance
