#include <algorithm>

#include "case_actual.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "daydream/testing/cases.hpp"
#include "daydream/testing/memory_host.hpp"

namespace daydream::testing {

namespace {

struct CommandLine {
  std::string name, arguments = "[]";
};

std::optional<CommandLine> command_of(const Case& one) {
  for (const auto& section : one.sections) {
    if (section.kind != "command") continue;
    CommandLine line;
    line.name = section.argument;
    if (!text::trim(section.content).empty()) line.arguments = text::trim(section.content);
    return line;
  }
  return std::nullopt;
}

std::string list_of(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += "    " + line + "\n";
  return out;
}

// What is wrong with any answer, whatever the case expects.
void add_breaks(std::vector<std::string>& problems, const std::string& when, const Answer& answer) {
  if (!answer.crash.empty()) problems.push_back(when + ": the step ended with " + answer.crash + "\n");
  if (!answer.breaks.empty()) {
    problems.push_back(when + ": the step broke the ABI (" + answer.stage + ")\n" + list_of(answer.breaks));
  }
}

class Runner {
 public:
  Runner(const dd_plugin& plugin, Start start, const CaseOptions& options)
      : plugin_(plugin), host_(std::move(start)), options_(options) {}

  // What the first, undisturbed run came to: the others must come to the same.
  void keep() {
    expected_ = host_.ledger().summary();
    commits_ = host_.commits().size();
  }
  Answer run() { return options_.in_process ? host_.run(plugin_) : host_.run_in_child(plugin_); }
  MemoryHost& host() { return host_; }
  std::vector<std::string> problems;

  // The same start must give the same end.
  void again(const Answer& first) {
    host_.forget();
    const Answer second = run();
    add_breaks(problems, "run a second time", second);
    if (first.status != second.status || host_.ledger().summary() != expected_) {
      problems.push_back("two runs of the same start differ (- first, + second)\n" +
                         diff(expected_, host_.ledger().summary()));
    }
  }

  // Whether a step sees its own edits at once is the host's affair; the end must be the same.
  void visible(const Answer& first) {
    host_.forget();
    host_.start().edits_visible = true;
    const Answer second = run();
    add_breaks(problems, "with its own edits in the tree at once", second);
    if (first.status != second.status || host_.ledger().summary() != expected_) {
      problems.push_back("with its own edits in the tree at once it ended otherwise (- without, + with)\n" +
                         diff(expected_, host_.ledger().summary()));
    }
    if (commits_ > 1 && !options_.in_process) {
      host_.forget();
      add_breaks(problems, "until the kill", host_.run_killed_after(plugin_, 1));
      finish("killed after its first commit, its edits in the tree,", first);
    }
    host_.start().edits_visible = false;
  }

  // Killed after its n-th commit and started again, the step must end as if undisturbed.
  void kills(const Answer& first) {
    const int commits = static_cast<int>(commits_);
    const int points = std::min(commits, options_.most_kills);
    for (int point = 1; point <= points; ++point) {
      const int at = points == commits ? point : 1 + (point - 1) * (commits - 1) / std::max(1, points - 1);
      host_.forget();
      const Answer killed = host_.run_killed_after(plugin_, at);
      add_breaks(problems, "until the kill", killed);
      finish("killed after commit " + std::to_string(at) + " of " + std::to_string(commits), first);
    }
  }

  void stop(const Answer& first) {
    host_.forget();
    host_.stop_after_commits(1);
    const Answer stopped = run();
    add_breaks(problems, "asked to stop after its first commit", stopped);
    if (commits_ > 1 && stopped.status != -3) {
      problems.push_back("asked to stop after its first commit, the step said \"" + status_name(stopped.status) +
                         "\" with work left; expected \"cancelled\"\n");
    }
    finish("stopped after its first commit", first);
  }

 private:
  void finish(const std::string& what, const Answer& first) {
    const Answer resumed = run();
    add_breaks(problems, what + ", then resumed", resumed);
    if (resumed.status != first.status) {
      problems.push_back(what + " and resumed, the step said \"" + status_name(resumed.status) + "\", undisturbed \"" +
                         status_name(first.status) + "\": " + resumed.message + "\n");
    }
    if (host_.ledger().summary() != expected_) {
      problems.push_back(what + " and resumed, it ended otherwise (- undisturbed, + resumed)\n" +
                         diff(expected_, host_.ledger().summary()));
    }
  }

  const dd_plugin& plugin_;
  MemoryHost host_;
  CaseOptions options_;
  std::string expected_;
  std::size_t commits_ = 0;
};

}  // namespace

CaseReport run_case(const dd_plugin& plugin, const Case& one, const CaseOptions& options) {
  CaseReport report;
  auto start = start_of(one);
  if (!start) {
    report.problems.push_back(start.error().message() + "\n");
    return report;
  }
  Runner runner(plugin, std::move(*start), options);
  const auto command = command_of(one);
  const Answer answer = command ? runner.host().command(plugin, command->name, command->arguments) : runner.run();
  add_breaks(report.problems, "as written", answer);
  report.actual = actual_sections(one, answer, runner.host());
  for (auto& problem : compare_sections(one, report.actual)) report.problems.push_back(std::move(problem));
  if (!report.problems.empty() && answer.status != 0 && !answer.message.empty()) {
    report.problems.push_back("the step said (" + answer.stage + ", " + answer.code + "): " + answer.message + "\n");
  }
  if (command || !answer.crash.empty()) return report;
  runner.keep();
  const bool committed = !runner.host().commits().empty();
  runner.again(answer);
  if (committed) runner.visible(answer);
  if (committed && !options.in_process) {
    runner.kills(answer);
    runner.stop(answer);
  }
  // One broken habit shows at every kill; the first few tell it.
  for (std::size_t index = 0; index < std::min<std::size_t>(runner.problems.size(), 3); ++index) {
    report.problems.push_back(runner.problems[index]);
  }
  return report;
}

}  // namespace daydream::testing
