// Legacy clean-up of 5 MB of Python (the .py files of Django's source distribution), cold and on an
// unchanged second night, against `wc -l` over the same files and the linters that people use for this. All
// of them only look: the mode is observe. bench_legacy PACKAGE TOOLS: both made by scripts/bench.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "daydream/kit/json.hpp"
#include "sandbox.hpp"

using namespace daydream;
using namespace daydream::bench;
namespace fs = std::filesystem;

namespace {

constexpr const char* kAll = R"({"history_budget": 0})";
constexpr const char* kThree = R"({"history_budget": 0, "rules": {"unused-variable": "off", "redefined-unused": "off",
  "unreachable-code": "off", "build-artifact": "off", "expired-bridge": "off", "half-migration": "off"}})";
constexpr const char* kHistory = "{}";

struct Taken {
  Series step, whole, cpu;
};

// How long the host saw the step run: the spawn of its worker is in it, its settling is not.
Seconds step_time(const Sandbox& sandbox) {
  fs::path newest;
  for (const auto& entry : fs::directory_iterator(sandbox.state())) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("report_") || !name.ends_with(".json")) continue;
    if (newest.empty() || entry.last_write_time() > fs::last_write_time(newest)) newest = entry.path();
  }
  std::ifstream file(newest, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  auto report = json::Text::parse(content, {.name = newest.string(), .positions = false});
  const json::Value* steps = report ? json::find(report->root(), "steps") : nullptr;
  if (steps == nullptr || !steps->IsArray() || steps->Empty()) give_up("no report was written");
  return std::chrono::milliseconds(json::get_int((*steps)[0], "duration_ms"));
}

void night(const Sandbox& sandbox, Taken& taken) {
  const Ended ended = sandbox.run_daydream(Sandbox::kToday, {"--mode", "observe"});
  taken.step.add(step_time(sandbox));
  taken.whole.add(ended.wall);
  taken.cpu.add(ended.cpu);
}

void cold_night(const Sandbox& sandbox, const std::string& configuration, Taken& taken) {
  sandbox.forget();
  sandbox.manifest(R"({"id": "legacy_cleanup", "plugin": "legacy_cleanup", "config": )" + configuration + "}");
  night(sandbox, taken);
}

std::vector<std::string> python_files(const fs::path& package) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(package)) {
    if (entry.path().extension() == ".py") files.push_back(entry.path().string());
  }
  return files;
}

// The files of Python and nothing else: they are what the bar is about. (Django has catalogues and scripts too.)
void copy_python(const fs::path& from, const fs::path& to) {
  for (const auto& file : python_files(from)) {
    const fs::path copy = to / fs::path(file).lexically_relative(from);
    fs::create_directories(copy.parent_path());
    fs::copy_file(file, copy);
  }
}

struct Tool {
  std::string name;
  std::vector<std::string> arguments;
  Taken taken{};
};

std::vector<Tool> linters(const fs::path& tools, const std::string& package) {
  std::vector<Tool> wanted{
      {"ruff", {"ruff", "check", "-q", "--isolated", "--no-cache", "--select", "F401,F811,F841,ERA,UP", package}},
      {"pyflakes", {"pyflakes", package}},
      {"autoflake", {"autoflake", "-r", "--remove-all-unused-imports", "--remove-unused-variables", package}},
      {"vulture", {"vulture", package}}};
  std::vector<Tool> there;
  for (Tool& tool : wanted) {
    tool.arguments[0] = (tools / tool.name).string();
    if (fs::exists(tool.arguments[0]))
      there.push_back(std::move(tool));
    else
      note(tool.name + ": not in " + tools.string() + ", left out");
  }
  return there;
}

void look(const Sandbox& sandbox, Tool& tool) {
  Program program = sandbox.version();
  program.arguments = tool.arguments;
  const Ended ended = run(program);
  if (ended.exit_code < 0 || ended.exit_code > 3) give_up(tool.name + " ended with " + std::to_string(ended.exit_code));
  tool.taken.whole.add(ended.wall);
  tool.taken.cpu.add(ended.cpu);
}

void print(const std::string& name, const Taken& taken, Seconds counted) {
  figure("  " + name + ", whole run", taken.whole.median(), counted);
  figure("  " + name + ", processor time", taken.cpu.median(), counted);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) give_up("usage: bench_legacy PACKAGE TOOLS");
  const Sandbox sandbox;
  const fs::path package = sandbox.repository() / "django";
  copy_python(arguments[1], package);
  sandbox.commit_all();
  Tool lines{"wc -l", {"wc", "-l"}};
  std::uintmax_t bytes = 0;
  for (const auto& file : python_files(package)) {
    bytes += fs::file_size(file);
    lines.arguments.push_back(file);
  }
  note(std::to_string(lines.arguments.size() - 2) + " files, " + std::to_string(bytes) + " bytes of Python");
  std::vector<Tool> others = linters(arguments[2], package.string());
  Taken three, all, unchanged, history;
  for (int left = repetitions(3); left > 0; --left) {
    look(sandbox, lines);
    cold_night(sandbox, kThree, three);
    cold_night(sandbox, kAll, all);
    night(sandbox, unchanged);
    cold_night(sandbox, kHistory, history);
    for (Tool& tool : others) look(sandbox, tool);
  }
  const Seconds counted = lines.taken.whole.median();
  limit("legacy: imports, comments, patterns, cold (step)", three.step.median(), std::chrono::milliseconds(350));
  print("imports, comments, patterns", three, counted);
  limit("legacy: all rules, cold (step)", all.step.median(), std::chrono::seconds(1));
  print("all rules", all, counted);
  row("legacy: unchanged second night (step) by wc -l", unchanged.step.median(), counted, 3);
  print("unchanged", unchanged, counted);
  figure("legacy: cold with history (step; budget 5 s)", history.step.median(), counted);
  for (const Tool& tool : others) {
    figure(tool.name, tool.taken.whole.median(), counted);
    figure("  legacy, all rules, cold (whole run) by " + tool.name, all.whole.median(), tool.taken.whole.median());
    figure("  the same by processor time", all.cpu.median(), tool.taken.cpu.median());
  }
}
