#include "changes/git_writer.hpp"

#include <poll.h>

#include <cstdlib>
#include <string_view>

#include "changes/stale_lock.hpp"
#include "daydream/kit/git.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::changes {

namespace {

constexpr std::string_view kSettings[] = {
    "core.fsync=objects,reference", "core.fsyncMethod=batch",        "core.hooksPath=/dev/null",
    "core.fsmonitor=false",         "core.untrackedCache=false",     "gc.auto=0",
    "maintenance.auto=false",       "commit.gpgSign=false",          "tag.gpgSign=false",
    "user.name=Daydream",           "user.email=daydream@localhost", "i18n.commitEncoding=UTF-8",
    "submodule.recurse=false",      "rerere.enabled=false",          "advice.detachedHead=false",
    "core.splitIndex=false",        "log.showSignature=false",       "core.safecrlf=false",
};

constexpr int kLockTries = 25;
constexpr int kLockPause = 200;  // milliseconds

// Through the environment, because the name of a driver may hold '='.
void add_settings(std::map<std::string, std::string>& environment,
                  const std::vector<std::pair<std::string, std::string>>& settings) {
  int count = std::atoi(environment["GIT_CONFIG_COUNT"].c_str());
  for (const auto& [key, value] : settings) {
    std::string number = std::to_string(count++);
    environment["GIT_CONFIG_KEY_" + number] = key;
    environment["GIT_CONFIG_VALUE_" + number] = value;
  }
  environment["GIT_CONFIG_COUNT"] = std::to_string(count);
}

std::string last_words(const process::Outcome& outcome) {
  auto words = text::trim(outcome.error);
  if (words.size() > 600) words = words.substr(words.size() - 600);
  return words.empty() ? outcome.describe() : text::escape_terminal(words);
}

}  // namespace

void GitWriter::neutralise(const std::vector<std::string>& drivers) {
  settings_.clear();
  for (const auto& driver : drivers) {
    for (const char* part : {".clean", ".smudge", ".process"}) settings_.emplace_back("filter." + driver + part, "");
    settings_.emplace_back("filter." + driver + ".required", "false");
  }
}

// A lock in the way is waited for, a few seconds; one that a killed git has left behind is removed.
Result<process::Outcome> GitWriter::run(const Call& call) const {
  for (int tries = 0;; ++tries) {
    auto outcome = run_once(call);
    if (!outcome || outcome->good() || tries >= kLockTries) return outcome;
    const auto lock = lock_in_the_way(outcome->error);
    if (!lock) return outcome;
    if (!remove_if_abandoned(*lock)) ::poll(nullptr, 0, kLockPause);
  }
}

Result<process::Outcome> GitWriter::run_once(const Call& call) const {
  process::Command command;
  command.arguments = git::base_arguments();
  for (auto setting : kSettings) {
    command.arguments.emplace_back("-c");
    command.arguments.emplace_back(setting);
  }
  command.arguments.emplace_back("-C");
  command.arguments.push_back(directory_.string());
  command.arguments.insert(command.arguments.end(), call.arguments.begin(), call.arguments.end());
  command.environment = git::base_environment();
  add_settings(*command.environment, settings_);
  command.extra = call.environment;
  command.input = call.input;
  command.timeout = std::chrono::minutes(20);
  command.max_output = std::size_t{1} << 30;
  return process::run(command);
}

Result<std::string> GitWriter::output(const Call& call) const {
  auto outcome = run(call);
  if (!outcome) return std::move(outcome.error());
  if (outcome->good()) return std::move(outcome->output);
  std::string what = call.arguments.empty() ? "" : call.arguments.front();
  const bool later = outcome->error.find("No space left") != std::string::npos ||
                     lock_in_the_way(outcome->error).has_value() || outcome->signal != 0;
  ErrorKind kind = later ? ErrorKind::kRetry : ErrorKind::kPermanent;
  return Error(kind, "git " + what + ": " + last_words(*outcome));
}

Result<std::string> GitWriter::line(const Call& call) const {
  auto result = output(call);
  if (result && !result->empty() && result->back() == '\n') result->pop_back();
  return result;
}

std::map<std::string, std::string> dated(std::int64_t when) {
  std::string date = "@" + std::to_string(when) + " +0000";
  return {{"GIT_AUTHOR_DATE", date},          {"GIT_COMMITTER_DATE", date},
          {"GIT_AUTHOR_NAME", "Daydream"},    {"GIT_AUTHOR_EMAIL", "daydream@localhost"},
          {"GIT_COMMITTER_NAME", "Daydream"}, {"GIT_COMMITTER_EMAIL", "daydream@localhost"}};
}

std::vector<std::string> split_records(std::string_view output) {
  std::vector<std::string> records;
  while (!output.empty()) {
    auto end = output.find('\0');
    records.emplace_back(output.substr(0, end));
    if (end == std::string_view::npos) break;
    output.remove_prefix(end + 1);
  }
  return records;
}

std::string join_records(const std::vector<std::string>& records) {
  std::string joined;
  for (const auto& record : records) {
    joined += record;
    joined += '\0';
  }
  return joined;
}

}  // namespace daydream::changes
