#include "sandbox.hpp"

#include <stdlib.h>

#include <cstdio>
#include <fstream>
#include <iterator>

namespace daydream::bench {

namespace fs = std::filesystem;

namespace {

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void put(const fs::path& path, const std::string& content) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

Steady::time_point at(long long nanoseconds) {
  return Steady::time_point(std::chrono::nanoseconds(nanoseconds));
}

}  // namespace

Sandbox::Sandbox() {
  std::string pattern = (fs::temp_directory_path() / "daydream-bench-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) give_up("a temp folder");
  root_ = fs::canonical(pattern);
  fs::create_directories(repository());
  fs::create_directories(root_ / "home");
  git({"init", "-q", "-b", "main"});
  git({"config", "user.name", "Ada"});
  git({"config", "user.email", "ada@example.invalid"});
  fs::create_directories(repository() / ".git/shim");
  fs::copy_file(BENCH_GIT_SHIM, repository() / ".git/shim/git");
  Series spawns;
  for (int turn = 0; turn < 15; ++turn) {
    spawns.add(run_well(program({(repository() / ".git/shim/git").string(), "--shim-only"})).wall);
  }
  shim_spawn_ = spawns.median();
}

Sandbox::~Sandbox() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

Program Sandbox::program(std::vector<std::string> arguments) const {
  Program program;
  program.arguments = std::move(arguments);
  program.directory = repository().string();
  program.environment = {{"PATH", (repository() / ".git/shim").string() + ":/usr/local/bin:/usr/bin:/bin"},
                         {"HOME", (root_ / "home").string()},
                         {"XDG_CACHE_HOME", (root_ / "cache").string()},
                         {"XDG_CONFIG_HOME", (root_ / "config").string()},
                         {"BENCH_GIT_LOG", (root_ / "git.log").string()},
                         {"TZ", "UTC"},
                         {"LC_ALL", "C.UTF-8"},
                         {"GIT_CONFIG_NOSYSTEM", "1"}};
  return program;
}

void Sandbox::write(const std::string& path, const std::string& content) const {
  put(repository() / path, content);
}

void Sandbox::git(const std::vector<std::string>& arguments) const {
  std::vector<std::string> all{"git"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  Program call = program(all);
  call.environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
  call.error = (root_ / "err").string();
  run_well(call);
}

void Sandbox::commit_all() const {
  git({"add", "-A"});
  git({"commit", "-q", "-m", "all"});
}

void Sandbox::manifest(const std::string& steps) const {
  std::string text = R"({"manifest": 1, "steps": [)" + steps + "]}\n";
  const std::string mark = "$STEPS";
  for (std::size_t found; (found = text.find(mark)) != std::string::npos;)
    text.replace(found, mark.size(), BENCH_STEPS);
  put(root_ / "pipeline.json", text);
}

std::string Sandbox::date(int day) {
  char date[48];
  std::snprintf(date, sizeof date, "20%02d-%02d-%02d", 26 + day / 336, 1 + day / 28 % 12, 1 + day % 28);
  return date;
}

std::string Sandbox::step_file(const std::string& name) {
  return std::string(BENCH_STEPS "/") + name + ".so";
}

Program Sandbox::daydream(int day, std::vector<std::string> more) const {
  std::vector<std::string> arguments{BENCH_DAYDREAM, "run",   "--manifest", (root_ / "pipeline.json").string(),
                                     "--state-dir",  state(), "--work-dir", (root_ / "work").string()};
  if (day != kToday) arguments.insert(arguments.end(), {"--now", date(day) + "T02:30:00Z"});
  arguments.insert(arguments.end(), more.begin(), more.end());
  Program daydream = program(arguments);
  daydream.error = (root_ / "err").string();
  return daydream;
}

Program Sandbox::version() const {
  return program({BENCH_DAYDREAM, "--version"});
}

Ended Sandbox::run_daydream(int day, std::vector<std::string> more) const {
  forget_git_calls();
  return run_well(daydream(day, std::move(more)));
}

GitCalls Sandbox::git_calls(Steady::time_point from, Steady::time_point until) const {
  std::ifstream log(root_ / "git.log");
  GitCalls calls;
  for (long long begun = 0, ended = 0; log >> begun >> ended;) {
    std::string words;
    std::getline(log, words);
    if (at(ended) < from || at(ended) > until) continue;
    ++calls.count;
    calls.time += at(ended) - at(begun) + shim_spawn_;
  }
  return calls;
}

void Sandbox::forget_git_calls() const {
  fs::remove(root_ / "git.log");
}

Steady::time_point Sandbox::stamp(const std::string& word) const {
  const std::string said = contents(root_ / "err");
  const std::string mark = "bench-stamp " + word + " ";
  const std::size_t found = said.rfind(mark);
  return found == std::string::npos ? Steady::time_point{} : at(std::atoll(said.c_str() + found + mark.size()));
}

void Sandbox::forget() const {
  fs::remove_all(state());
  fs::remove_all(root_ / "work");
  git({"worktree", "prune"});
}

}  // namespace daydream::bench
