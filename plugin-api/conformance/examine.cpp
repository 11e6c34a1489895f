#include <algorithm>

#include "check.hpp"
#include "daydream/kit/text.hpp"
#include "isolate.hpp"

namespace daydream::conformance {

const std::vector<Check>& checks() {
  static const std::vector<Check> kAll{
      {"symbols", "exports daydream_plugin_v1 and nothing else", Check::kFile, check_symbols},
      {"table", "can be loaded; its table is whole and of this ABI", Check::kFile, check_table},
      {"descriptor", "descriptor and option schema are valid", Check::kTable, check_descriptor},
      {"run", "runs to an end that it can explain, and breaks no rule of the headers", Check::kDescriptor, check_run},
      {"configuration", "wrong options are refused with a message", Check::kRun, check_configuration},
      {"commands", "its commands end well, or say why not", Check::kRun, check_commands},
      {"missing-services", "fails cleanly where the host lacks a service", Check::kRun, check_missing_services},
      {"smallest-tables", "reads no table beyond its struct_size", Check::kRun, check_smallest_tables},
      {"newest-tables", "works with tables that have grown", Check::kRun, check_newest_tables},
      {"run-twice", "a second run in one process comes to the same", Check::kRun, check_run_twice},
      {"two-instances", "two of it in one process do not meet", Check::kRun, check_two_instances},
      {"deterministic", "the result depends on tree and options alone", Check::kRun, check_deterministic},
      {"cancel", "stops in time when asked, and goes on later", Check::kRun, check_cancel},
      {"kill-and-resume", "killed after any commit it comes to the same", Check::kRun, check_kill_and_resume},
      {"leaks", "leaves no memory, descriptor, thread or child behind", Check::kRun, check_leaks},
      {"no-writes", "writes to no file", Check::kRun, check_no_writes},
      {"process", "leaves environment, folder, umask, signals and locale alone", Check::kRun, check_process},
  };
  return kAll;
}

namespace {

// One line that any terminal and log can show, with nothing of a secret in it.
std::string presentable(const std::string& words) {
  return text::shorten(text::escape_terminal(text::mask(words)), 1000);
}

bool failed(const std::vector<Finding>& found, const char* name) {
  return std::any_of(found.begin(), found.end(), [&](const Finding& finding) {
    return finding.name == name && finding.verdict.outcome == Outcome::kFail;
  });
}

const char* missing_need(const Check& check, const std::vector<Finding>& found) {
  if (check.needs != Check::kFile && failed(found, "table")) return "table";
  if (check.needs >= Check::kDescriptor && failed(found, "descriptor")) return "descriptor";
  return check.needs == Check::kRun && failed(found, "run") ? "run" : nullptr;
}

bool wanted(const Check& check, const std::set<std::string>& names) {
  return names.empty() || names.contains(check.name) || check.needs != Check::kRun;
}

}  // namespace

std::vector<Finding> examine(const Subject& subject, void (*each)(const Finding& finding)) {
  std::vector<Finding> found;
  for (const Check& check : checks()) {
    if (!wanted(check, subject.wanted)) continue;
    const char* need = missing_need(check, found);
    Verdict verdict = need != nullptr
                          ? Verdict::skip(std::string("needs \"") + need + "\", which failed")
                          : isolated([&] { return check.look(subject); }, std::chrono::milliseconds(subject.limit));
    verdict.words = presentable(verdict.words);
    found.push_back({check.name, std::move(verdict)});
    if (each != nullptr) each(found.back());
  }
  return found;
}

}  // namespace daydream::conformance
