// daydream-conform: the checks of a step from the command line.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "../check.hpp"
#include "../sample.hpp"
#include "../snapshot.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace {

using namespace daydream;
using namespace daydream::conformance;

constexpr const char* kUsage =
    "usage: daydream-conform STEP.so [--json] [--config FILE] [--tree DIR | --case FILE]\n"
    "                       [--only NAME,..] [--limit SECONDS]\n"
    "       daydream-conform --list\n"
    "Checks what every step has promised, each check in a process of its own.\n"
    "  --json           one JSON object instead of lines\n"
    "  --config FILE    the step's options, JSON; without it those of its schema\n"
    "  --tree DIR       runs look at a copy of this folder; without it at a small sample\n"
    "  --case FILE      runs find what the first case of the .case file gives: tree, options, memory\n"
    "  --only NAMES     these checks, by commas; those that they need are made as well\n"
    "  --limit SECONDS  for each check, 60\n"
    "  --list           names the checks\n"
    "Exit 0: all hold; 1: one does not; 64: these words are wrong or a file is missing.\n";

struct Words {
  std::string step, config, tree, one_case;
  std::set<std::string> only;
  int limit = 60;
  bool json = false, list = false;
};

bool all_known(const std::set<std::string>& names) {
  return std::all_of(names.begin(), names.end(), [](const std::string& name) {
    return std::any_of(checks().begin(), checks().end(), [&](const Check& check) { return name == check.name; });
  });
}

bool parse(int count, char** words, Words& given) {
  for (int index = 1; index < count; ++index) {
    const std::string word = words[index];
    const auto value = [&]() { return ++index < count ? std::string(words[index]) : std::string(); };
    if (word == "--json") {
      given.json = true;
    } else if (word == "--list") {
      given.list = true;
    } else if (word == "--config" || word == "--tree" || word == "--case") {
      std::string& place = word == "--config" ? given.config : word == "--tree" ? given.tree : given.one_case;
      if (place = value(); place.empty()) return false;
    } else if (word == "--only") {
      const std::string names = value();
      for (const auto name : text::split(names, ',')) given.only.emplace(name);
      if (!all_known(given.only)) return false;
    } else if (word == "--limit") {
      const std::string number = value();
      given.limit = std::atoi(number.c_str());
      if (given.limit < 1 || given.limit > 3600) return false;
    } else if (word.starts_with("-") || !given.step.empty()) {
      return false;
    } else {
      given.step = word;
    }
  }
  return given.list || (!given.step.empty() && (given.tree.empty() || given.one_case.empty()));
}

Result<Subject> subject_of(const Words& given) {
  Subject subject;
  std::error_code failed;
  subject.file = std::filesystem::canonical(given.step, failed).native();
  if (failed) return Error::from_errno(failed.value(), given.step);
  subject.limit = std::chrono::seconds(given.limit);
  subject.wanted = given.only;
  subject.start = sample_start();
  if (!given.one_case.empty()) {
    auto start = read_case(given.one_case);
    if (!start) return std::move(start.error());
    subject.config_given = start->config != "{}";
    subject.start = std::move(*start);
  }
  if (!given.tree.empty()) {
    auto files = read_tree(given.tree);
    if (!files) return std::move(files.error());
    subject.start.files = std::move(*files);
    subject.start.history.clear();
  }
  if (!given.config.empty()) {
    auto config = read_config(given.config);
    if (!config) return std::move(config.error());
    subject.start.config = std::move(*config);
    subject.config_given = true;
  }
  return subject;
}

const char* word(Outcome outcome) {
  return outcome == Outcome::kOk ? "ok" : outcome == Outcome::kFail ? "fail" : "skip";
}

void print_line(const Finding& finding) {
  std::printf("%-4s  %s%s%s\n", word(finding.verdict.outcome), finding.name.c_str(),
              finding.verdict.words.empty() ? "" : ": ", finding.verdict.words.c_str());
  std::fflush(stdout);
}

struct Count {
  int ok = 0, fail = 0, skip = 0;
};

Count count_of(const std::vector<Finding>& found) {
  Count count;
  for (const Finding& finding : found) {
    ++(finding.verdict.outcome == Outcome::kOk     ? count.ok
       : finding.verdict.outcome == Outcome::kFail ? count.fail
                                                   : count.skip);
  }
  return count;
}

void print_json(const Subject& subject, const std::vector<Finding>& found) {
  const Count count = count_of(found);
  json::Writer out(true);
  out.begin_object()
      .field("step", subject.file)
      .field("abi", std::to_string(DD_ABI_MAJOR) + "." + std::to_string(DD_ABI_MINOR));
  out.field("ok", count.ok).field("fail", count.fail).field("skip", count.skip);
  out.key("checks").begin_array();
  for (const Finding& finding : found) {
    out.begin_object().field("name", finding.name).field("result", word(finding.verdict.outcome));
    out.field("words", finding.verdict.words).end_object();
  }
  out.end_array().end_object();
  std::printf("%s\n", out.take().c_str());
}

int run(const Words& given) {
  if (given.list) {
    for (const Check& check : checks()) std::printf("%-17s %s\n", check.name, check.promise);
    return 0;
  }
  auto subject = subject_of(given);
  if (!subject) {
    std::fprintf(stderr, "daydream-conform: %s\n", subject.error().message().c_str());
    return 64;
  }
  const auto found = examine(*subject, given.json ? nullptr : &print_line);
  const Count count = count_of(found);
  if (given.json) {
    print_json(*subject, found);
  } else {
    std::printf("%d ok, %d failed, %d skipped: %s\n", count.ok, count.fail, count.skip, subject->file.c_str());
  }
  if (std::fflush(stdout) != 0) return 74;
  return count.fail == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  without_allocator_caches(words);
  Words given;
  if (!parse(count, words, given)) {
    std::fputs(kUsage, stderr);
    return 64;
  }
  try {
    return run(given);
  } catch (const std::exception& thrown) {
    std::fprintf(stderr, "daydream-conform: %s\n", thrown.what());
    return 70;
  }
}
