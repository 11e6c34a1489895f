// daydream-cases: runs .case files against a step.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "daydream/testing/cases.hpp"
#include "daydream/testing/memory_host.hpp"

namespace {

using namespace daydream;
using namespace daydream::testing;

constexpr const char* kUsage =
    "usage: daydream-cases --plugin STEP.so [--accept] [--only NAME] [--in-process] FILE.case...\n"
    "Runs every case as written, once more, and killed after each commit and resumed.\n"
    "  --accept      rewrite the expectations of the files to what happened; review the diff like code\n"
    "  --only NAME   cases whose name holds these words\n"
    "  --in-process  for a debugger: no child process, no kills\n";

struct Arguments {
  std::string plugin, only;
  std::vector<std::string> files;
  bool accept = false;
  CaseOptions options;
};

bool parse(int count, char** words, Arguments& arguments) {
  for (int index = 1; index < count; ++index) {
    const std::string word = words[index];
    if (word == "--accept") {
      arguments.accept = true;
    } else if (word == "--in-process") {
      arguments.options.in_process = true;
    } else if (word == "--plugin" && index + 1 < count) {
      arguments.plugin = words[++index];
    } else if (word == "--only" && index + 1 < count) {
      arguments.only = words[++index];
    } else if (word.starts_with("--")) {
      return false;
    } else {
      arguments.files.push_back(word);
    }
  }
  return !arguments.plugin.empty() && !arguments.files.empty();
}

// Expectations that hold stay as they are written; the others follow what is given.
void accept(Case& one, const std::vector<Section>& actual) {
  std::vector<Section> sections;
  for (const auto& section : one.sections) {
    if (!is_expectation(section.kind)) sections.push_back(section);
  }
  for (const auto& section : actual) {
    const Section* written = nullptr;
    for (const auto& old : one.sections) {
      if (old.kind == section.kind && old.argument == section.argument && old.content == section.content)
        written = &old;
    }
    sections.push_back(written == nullptr ? section : *written);
  }
  one.sections = std::move(sections);
}

bool write_file(const std::string& name, const std::string& bytes) {
  const std::string fresh = name + ".new";
  std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
  out << bytes;
  out.close();
  return out && std::rename(fresh.c_str(), name.c_str()) == 0;
}

struct Count {
  int failed = 0;
  int run = 0;
};

Result<void> run_file(const dd_plugin& plugin, const Arguments& arguments, const std::string& name, Count& count) {
  std::ifstream in(name, std::ios::binary);
  if (!in) return Error(ErrorKind::kNotFound, name + ": cannot be read");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  auto file = parse_cases(text, name);
  if (!file) return std::move(file.error());
  bool rewrite = false;
  for (auto& one : file->cases) {
    if (one.name.find(arguments.only) == std::string::npos) continue;
    ++count.run;
    const CaseReport report = run_case(plugin, one, arguments.options);
    if (report.problems.empty()) {
      std::printf("ok      %s\n", one.name.c_str());
      continue;
    }
    ++count.failed;
    std::printf("FAILED  %s (%s:%d)\n", one.name.c_str(), name.c_str(), one.line);
    for (const auto& problem : report.problems) std::printf("  %s", problem.c_str());
    if (arguments.accept && !report.actual.empty()) {
      accept(one, report.actual);
      rewrite = true;
    }
  }
  if (!rewrite) return {};
  if (!write_file(name, write_cases(*file))) return Error(ErrorKind::kPermanent, name + ": cannot be written");
  std::printf("rewrote %s; review the diff like code\n", name.c_str());
  return {};
}

int run(const Arguments& arguments) {
  auto plugin = open_plugin(arguments.plugin);
  if (!plugin) {
    std::fprintf(stderr, "daydream-cases: %s\n", plugin.error().message().c_str());
    return 65;
  }
  Count count;
  for (const auto& file : arguments.files) {
    if (auto ran = run_file(**plugin, arguments, file, count); !ran) {
      std::fprintf(stderr, "daydream-cases: %s\n", ran.error().message().c_str());
      return 65;
    }
  }
  std::printf("%d of %d cases as expected\n", count.run - count.failed, count.run);
  if (count.run == 0) {
    std::fprintf(stderr, "daydream-cases: no case is named so\n");
    return 64;
  }
  return count.failed == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  Arguments arguments;
  if (!parse(count, words, arguments)) {
    std::fputs(kUsage, stderr);
    return 64;
  }
  try {
    return run(arguments);
  } catch (const std::exception& thrown) {
    std::fprintf(stderr, "daydream-cases: %s\n", thrown.what());
    return 70;
  }
}
