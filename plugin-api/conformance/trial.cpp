#include "trial.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "daydream/kit/text.hpp"
#include "daydream/testing/cases.hpp"
#include "isolate.hpp"

namespace daydream::conformance {
namespace {

std::string said(const testing::Answer& answer) {
  return answer.message.empty() ? "" : " (" + answer.code + "): " + answer.message;
}

bool known(dd_status status) {
  return status >= DD_NOT_FOUND && status <= DD_SKIPPED;
}

// The first few lines that testing::diff marks with - or +, as one.
std::string on_one_line(std::string_view difference) {
  std::string out;
  int taken = 0;
  for (const std::string_view line : text::split(difference, '\n')) {
    if (!line.starts_with("  - ") && !line.starts_with("  + ")) continue;
    if (taken++ == 4) return out + " ...";
    out += (out.empty() ? "" : " | ") + std::string(text::trim(line));
  }
  return out;
}

// A step may look at the times of files. Those of the in-memory host's folders are of this moment, so that two
// runs would differ: all get the same.
constexpr timespec kWritten{1'795'262'400, 0};  // 2026-11-21T12:00:00Z

const dd_plugin* the_step = nullptr;

dd_status open_in_steady_time(const dd_host* host, dd_run* run, dd_text configuration, void** self) noexcept {
  steady_times();
  return the_step->open(host, run, configuration, self);
}

}  // namespace

void steady_times() {
  namespace fs = std::filesystem;
  const char* folder = std::getenv("TMPDIR");  // of this check alone: see isolated()
  std::error_code failed;
  auto place = fs::recursive_directory_iterator(folder == nullptr ? "" : folder, failed);
  for (; !failed && place != fs::recursive_directory_iterator(); place.increment(failed)) {
    struct stat facts {};
    const char* path = place->path().c_str();
    if (::lstat(path, &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_mtim.tv_sec == kWritten.tv_sec) continue;
    const timespec times[2] = {kWritten, kWritten};
    ::utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
  }
}

Trial trial_of(const testing::MemoryHost& host, testing::Answer answer) {
  return {std::move(answer), host.ledger().summary(), static_cast<int>(host.commits().size())};
}

Trial undisturbed(const dd_plugin& step, testing::MemoryHost& host) {
  stage("in a run of its own");
  testing::Answer answer = host.run_in_child(step);
  return trial_of(host, std::move(answer));
}

Trial undisturbed(const dd_plugin& step, const testing::Start& start) {
  testing::MemoryHost host(start);
  return undisturbed(step, host);
}

std::string trouble(const testing::Answer& answer) {
  if (!answer.crash.empty()) return "it ended with " + answer.crash;
  if (!answer.breaks.empty()) return "in " + answer.stage + ": " + answer.breaks.front();
  if (!known(answer.status))
    return answer.stage + " answered " + std::to_string(answer.status) + ", which is no status";
  if (answer.status == DD_OK || answer.status == DD_CANCELLED || !answer.message.empty()) return "";
  return answer.stage + " said \"" + testing::status_name(answer.status) + "\" without a word why: call explain first";
}

std::string outcome_of(const testing::Answer& answer) {
  return testing::status_name(answer.status) + (answer.status == DD_OK ? "" : said(answer));
}

std::string difference(const Trial& expected, const Trial& actual) {
  if (const std::string wrong = trouble(actual.answer); !wrong.empty()) return wrong;
  if (expected.answer.status != actual.answer.status) {
    return "it said " + outcome_of(actual.answer) + ", before " + outcome_of(expected.answer);
  }
  if (expected.summary == actual.summary) return "";
  return "it came to something else: " + on_one_line(testing::diff(expected.summary, actual.summary));
}

Verdict with_step(const Subject& subject, const std::function<Verdict(const dd_plugin& step)>& look) {
  stage("while it was loaded");
  auto step = testing::open_plugin(subject.file);
  if (!step) return Verdict::fail(step.error().message());
  the_step = *step;
  dd_plugin steady = **step;
  steady.open = &open_in_steady_time;
  return look(steady);
}

}  // namespace daydream::conformance
