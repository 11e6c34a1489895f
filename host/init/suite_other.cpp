// Languages whose own tool knows how to test, as a table; and the scripts that teams write for all of it.
#include <algorithm>
#include <array>
#include <optional>

#include "daydream/kit/text.hpp"
#include "init/suite.hpp"

namespace daydream::init {
namespace {

struct Row {
  const char* file;
  const char* language;
  Words command;
  const char* needs;  // another file that must be there; nullptr = none
};

const std::vector<Row>& rows() {
  static const std::vector<Row> table{{"mvnw", "Java", {"./mvnw", "-q", "test"}, "pom.xml"},
                                      {"pom.xml", "Java", {"mvn", "-q", "test"}, nullptr},
                                      {"gradlew", "Java", {"./gradlew", "-q", "test"}, nullptr},
                                      {"build.gradle", "Java", {"gradle", "-q", "test"}, nullptr},
                                      {"build.gradle.kts", "Java", {"gradle", "-q", "test"}, nullptr},
                                      {".rspec", "Ruby", {"bundle", "exec", "rspec"}, "Gemfile"},
                                      {"Rakefile", "Ruby", {"bundle", "exec", "rake", "test"}, "Gemfile"},
                                      {"mix.exs", "Elixir", {"mix", "test"}, nullptr},
                                      {"phpunit.xml.dist", "PHP", {"vendor/bin/phpunit"}, nullptr},
                                      {"phpunit.xml", "PHP", {"vendor/bin/phpunit"}, nullptr},
                                      {"deno.json", "JavaScript", {"deno", "test"}, nullptr},
                                      {"build.zig", "Zig", {"zig", "build", "test"}, nullptr},
                                      {"Package.swift", "Swift", {"swift", "test", "--quiet"}, nullptr},
                                      {"build.sbt", "Scala", {"sbt", "test"}, nullptr},
                                      {"stack.yaml", "Haskell", {"stack", "test"}, nullptr},
                                      {"pubspec.yaml", "Dart", {"dart", "test"}, nullptr}};
  return table;
}

void cargo_suite(const Survey& survey, const std::string& folder, std::vector<Suite>& suites) {
  const std::string file = inside(folder, "Cargo.toml");
  if (!survey.has(file)) return;
  Words words{"cargo", "test", "--quiet"};
  std::string why = place(file);
  if (survey.says(file, "[workspace]")) words.emplace_back("--workspace");
  if (survey.has(inside(folder, "Cargo.lock"))) words.emplace_back("--locked");
  suites.push_back({folder, "Rust", in_folder(folder, words), {}, {}, why, true});
}

// The modules of a go.work: "use ./a" and "use ( ./a ./b )".
std::vector<std::string> used_modules(const std::string& work) {
  std::vector<std::string> modules;
  bool inside_list = false;
  for (std::string_view line : text::split(work, '\n')) {
    line = text::trim(line.substr(0, line.find("//")));
    if (line.starts_with("use"))
      line = text::trim(line.substr(3));
    else if (!inside_list)
      continue;
    if (line == "(")
      inside_list = true;
    else if (line == ")")
      inside_list = false;
    else if (!line.empty() && text::valid_utf8(line))
      modules.push_back(std::string(line) + "/...");
  }
  return modules;
}

void go_suite(const Survey& survey, const std::string& folder, std::vector<Suite>& suites) {
  const std::string work = inside(folder, "go.work");
  const std::string module = inside(folder, "go.mod");
  if (!survey.has(work) && !survey.has(module)) return;
  const std::string prefix = folder.empty() ? "" : folder + "/";
  const bool tests = std::any_of(survey.files().begin(), survey.files().end(), [&](const std::string& path) {
    return path.starts_with(prefix) && path.ends_with("_test.go");
  });
  Words words{"go", tests ? "test" : "build"};
  const auto modules = survey.has(work) ? used_modules(survey.read(work)) : std::vector<std::string>();
  words.insert(words.end(), modules.begin(), modules.end());
  if (modules.empty()) words.emplace_back("./...");
  std::string why = place(survey.has(work) ? work : module);
  if (!tests) why += "; no *_test.go: the build alone";
  suites.push_back({folder, "Go", in_folder(folder, words), {}, {}, why, true});
}

// The line of a makefile or justfile that makes `target`; 0 = none.
int line_of_target(const std::string& content, std::string_view target) {
  int number = 0;
  for (const std::string_view line : text::split(content, '\n')) {
    ++number;
    if (line.empty() || line.front() == '\t' || line.front() == ' ' || line.front() == '#' || line.front() == '.')
      continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || line.substr(colon + 1).starts_with('=')) continue;
    for (const std::string_view word : text::split(line.substr(0, colon), ' ')) {
      if (word == target) return number;
    }
  }
  return 0;
}

void target_suites(const Survey& survey, const std::string& folder, std::vector<Suite>& suites) {
  const std::pair<const char*, const char*> known_files[] = {
      {"GNUmakefile", "make"}, {"makefile", "make"}, {"Makefile", "make"}, {"justfile", "just"}, {"Justfile", "just"}};
  for (const auto& [name, program] : known_files) {
    const std::string file = inside(folder, name);
    if (!survey.has(file)) continue;
    for (const char* target : {"test", "tests", "check"}) {
      const int line = line_of_target(survey.read(file), target);
      if (line == 0) continue;
      const std::string why = place(file, line) + " has the target \"" + target + "\"";
      suites.push_back({folder, "", in_folder(folder, {program, target}), {}, {}, why, true});
      return;
    }
  }
}

void script_files(const Survey& survey, const std::string& folder, std::vector<Suite>& suites) {
  for (const char* name : {"scripts/test", "script/test", "bin/test", "scripts/test.sh", "script/test.sh", "test.sh",
                           "run_tests.sh", "run-tests.sh", "runtests.sh", "tests/run.sh", "tests/run_tests.sh"}) {
    const std::string file = inside(folder, name);
    if (!survey.has(file)) continue;
    Words words{std::string("./") + name};
    if (!survey.is_program(file)) {
      const std::string_view first = std::string_view(survey.read(file)).substr(0, 80);
      words = {first.substr(0, first.find('\n')).find("bash") != std::string_view::npos ? "bash" : "sh", name};
    }
    suites.push_back({folder, "", in_folder(folder, words), {}, {}, place(file), true});
    return;
  }
}

}  // namespace

void other_suites(const Survey& survey, const std::string& folder, std::vector<Suite>& suites) {
  cargo_suite(survey, folder, suites);
  go_suite(survey, folder, suites);
  for (const Row& row : rows()) {
    const std::string file = inside(folder, row.file);
    if (!survey.has(file) || (row.needs != nullptr && !survey.has(inside(folder, row.needs)))) continue;
    suites.push_back({folder, row.language, in_folder(folder, row.command), {}, {}, place(file), true});
  }
}

void umbrella_suites(const Survey& survey, const std::string& folder, std::vector<Suite>& suites) {
  script_files(survey, folder, suites);
  target_suites(survey, folder, suites);
}

}  // namespace daydream::init
