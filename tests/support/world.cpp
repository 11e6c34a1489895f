#include "support/world.hpp"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <thread>

namespace daydream::testing {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

void write_file(const fs::path& path, const std::string& content) {
  fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
}

std::string daydream_program() {
  return DAYDREAM_PROGRAM;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

World::World() {
  std::string pattern = (fs::temp_directory_path() / "daydream-world-XXXXXX").string();
  REQUIRE(mkdtemp(pattern.data()) != nullptr);
  root_ = fs::canonical(pattern);
  repository_ = root_ / "repository";
  fs::create_directories(repository_);
  fs::create_directories(root_ / "home");
  const char* path = getenv("PATH");
  environment = {{"PATH", path != nullptr ? path : "/usr/bin:/bin"},
                 {"HOME", (root_ / "home").string()},
                 {"XDG_CACHE_HOME", (root_ / "cache").string()},
                 {"XDG_CONFIG_HOME", (root_ / "config").string()},
                 {"DAYDREAM_SYSTEM_DIR", (root_ / "etc").string()},
                 {"TZ", "UTC"},
                 {"LC_ALL", "C.UTF-8"},
                 {"GIT_CONFIG_NOSYSTEM", "1"},
                 {"NO_COLOR", "1"}};
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = getenv(name)) environment[name] = value;
  }
}

World::~World() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

void World::init_git() {
  git({"init", "-q", "-b", "main"});
  git({"config", "user.name", "Ada"});
  git({"config", "user.email", "ada@example.invalid"});
}

void World::write(const std::string& path, const std::string& content) const {
  write_file(repository_ / path, content);
}
std::string World::read(const std::string& path) const {
  return read_file(repository_ / path);
}
bool World::has(const std::string& path) const {
  return fs::exists(fs::symlink_status(repository_ / path));
}

void World::commit(const std::string& message, const std::string& date) {
  git({"add", "-A"});
  process::Command command;
  command.arguments = {"git", "commit", "-q", "--allow-empty", "-m", message};
  command.directory = repository_.string();
  command.environment = environment;
  command.extra = {{"GIT_AUTHOR_DATE", date}, {"GIT_COMMITTER_DATE", date}};
  auto outcome = process::run(command);
  REQUIRE(outcome.ok());
  INFO(outcome->error);
  REQUIRE(outcome->good());
}

Ran World::try_git(const std::vector<std::string>& arguments) const {
  process::Command command;
  command.arguments = {"git"};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.directory = repository_.string();
  command.environment = environment;
  auto outcome = process::run(command);
  REQUIRE(outcome.ok());
  return {outcome->exit_code, outcome->signal, outcome->output, outcome->error};
}

std::string World::git(const std::vector<std::string>& arguments) const {
  Ran ran = try_git(arguments);
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  while (!ran.out.empty() && ran.out.back() == '\n') ran.out.pop_back();
  return ran.out;
}

void World::manifest(const std::string& json) {
  manifest_ = root_ / "pipeline.json";
  write_file(manifest_, json);
}

Ran World::daydream(std::vector<std::string> arguments, std::chrono::milliseconds timeout) const {
  process::Command command;
  command.arguments = {program};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.directory = repository_.string();
  command.environment = environment;
  command.timeout = timeout;
  command.max_error = std::size_t{4} << 20;
  auto outcome = process::run(command);
  REQUIRE(outcome.ok());
  INFO(outcome->error);
  CHECK_FALSE(outcome->timed_out);
  return {outcome->exit_code, outcome->signal, outcome->output, outcome->error};
}

std::vector<std::string> World::run_arguments(const std::vector<std::string>& more) const {
  std::vector<std::string> arguments{"run"};
  auto given = [&more](const char* flag) { return std::find(more.begin(), more.end(), flag) != more.end(); };
  if (!manifest_.empty() && !given("--manifest")) {
    arguments.insert(arguments.end(), {"--manifest", manifest_.string()});
  }
  if (!given("--now")) arguments.insert(arguments.end(), {"--now", "2026-11-22T02:30:00Z"});
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

Ran World::run(std::vector<std::string> more) const {
  return daydream(run_arguments(more));
}

bool World::run_and_kill_after(std::chrono::microseconds delay) const {
  process::Child::Options options;
  options.arguments = {program};
  for (const auto& argument : run_arguments({"--if-due"})) options.arguments.push_back(argument);
  options.directory = repository_.string();
  options.environment = environment;
  auto child = process::Child::start(options);
  REQUIRE(child.ok());
  const auto until = std::chrono::steady_clock::now() + delay;
  while (std::chrono::steady_clock::now() < until) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (child->wait(std::max(left, std::chrono::milliseconds(0)))) return false;
  }
  kill(child->pid(), SIGKILL);
  const auto exit = child->wait(std::chrono::seconds(10));
  REQUIRE(exit.has_value());
  return exit->signal == SIGKILL;
}

std::map<std::string, std::string> World::snapshot(const fs::path& folder) {
  std::map<std::string, std::string> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = fs::relative(entry.path(), folder).string();
    if (entry.is_symlink())
      files[name] = "-> " + fs::read_symlink(entry.path()).string();
    else if (entry.is_regular_file())
      files[name] = read_file(entry.path());
  }
  return files;
}

std::string World::users_view() const {
  std::string view = git({"status", "--porcelain=v2", "--untracked-files=all"}) + "\n" + git({"rev-parse", "HEAD"}) +
                     "\n" + git({"ls-files", "--stage"}) + "\n";
  view += try_git({"symbolic-ref", "HEAD"}).out;
  for (const auto& [path, content] : snapshot(repository_)) {
    if (path.rfind(".git/", 0) == 0 || path.rfind("logs/", 0) == 0) continue;
    view += path + "\n" + content + "\n";
  }
  return view;
}

std::string World::night_view(const std::string& date) const {
  const std::string ref = "refs/heads/daydream/" + date;
  if (try_git({"rev-parse", "--verify", "-q", ref}).exit_code != 0) return "";
  return git({"log", "--format=%H %s%n%b", "main.." + ref}) + "\n" + git({"ls-tree", "-r", ref});
}

}  // namespace daydream::testing
