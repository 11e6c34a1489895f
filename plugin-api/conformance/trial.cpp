#include "trial.hpp"

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

}  // namespace

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
  return look(**step);
}

}  // namespace daydream::conformance
